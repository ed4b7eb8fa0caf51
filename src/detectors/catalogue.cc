// From the lines of catalogue.def to entries.
#include "detectors/catalogue.h"

#include <algorithm>

namespace marktwacht {

#define MW_DETECTOR(id) CatalogueEntry catalogue_##id();
#include "detectors/catalogue.def"
#undef MW_DETECTOR

std::span<const CatalogueEntry> catalogue() {
#define MW_DETECTOR(id) catalogue_##id(),
  static const CatalogueEntry entries[] = {
#include "detectors/catalogue.def"
  };
#undef MW_DETECTOR
  return entries;
}

const CatalogueEntry* find_detector(std::string_view id) {
  const auto found = std::ranges::find(catalogue(), id,
                                       [](const CatalogueEntry& entry) { return entry.spec->id; });
  return found == catalogue().end() ? nullptr : &*found;
}

DetectorSetup default_setup(const DetectorSpec& spec) {
  DetectorSetup setup;
  for (const ParamSpec& param : spec.params) {
    setup.params.push_back(param.value);
  }
  setup.entries_max = spec.entries_max;
  return setup;
}

}  // namespace marktwacht
