// What a rulebook says of one of its rules, or the catalogue of a detector.
#include "app/alert_words.h"

#include <algorithm>
#include <memory>

#include "detectors/catalogue.h"

namespace marktwacht {

void add_words(Alert& alert, const Rulebook* book) {
  FindingSource source = *alert.source;
  const CatalogueEntry* detector = find_detector(source.detector);
  source.is_rule = detector == nullptr;
  if (book != nullptr) {
    for (const CompiledRule& rule : book->rules) {
      if (rule.spec.id == source.detector) {
        source.is_rule = true;
        source.text_en = rule.spec.text_en;
        source.text_de = rule.spec.text_de;
      }
    }
  }
  if (!source.is_rule) {
    source.text_en = detector->spec->text_en;
    source.text_de = detector->spec->text_de;
  }
  alert.source = std::make_shared<const FindingSource>(std::move(source));
}

}  // namespace marktwacht
