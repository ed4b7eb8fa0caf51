// The template's fields in their order, each with its answer.
#include "edges/reports/stor.h"

#include <algorithm>

#include "edges/reports/stor_answers.h"
#include "edges/reports/stor_template.h"

namespace marktwacht {
namespace {

using OwnAccounts = std::vector<const StorAccount*>;

// The accounts of one person together; each whose person is not stated for itself.
std::vector<OwnAccounts> persons_of(const StorCase& of) {
  std::vector<OwnAccounts> persons;
  for (const StorAccount& account : of.accounts) {
    const auto same = std::ranges::find_if(persons, [&](const OwnAccounts& person) {
      return !account.person_id.empty() && person.front()->person_id == account.person_id;
    });
    same == persons.end() ? persons.push_back({&account}) : same->push_back(&account);
  }
  if (persons.empty()) {
    persons.emplace_back();
  }
  return persons;
}

StorPart part_of(int section, StorAbout about, StorAnswers& answers) {
  StorPart part;
  for (const StorField& field : stor_fields()) {
    if (field.section == section && field.about == about) {
      part.answers.emplace_back(field.name, answers.take(field.name));
    }
  }
  return part;
}

}  // namespace

StorReport stor_report(const StorFiler& filer, const StorCase& of) {
  StorAnswers general;
  answer_filer(filer, of, general);
  answer_crypto_assets(filer, of, general);
  answer_orders(of, general);
  answer_suspicion(of, general);
  answer_more(of, general);

  StorReport report{of.case_id, of.made, of.last_seq, {}, of.evidence, of.evidence_left_out};
  for (const StorTitle& title : stor_sections()) {
    StorSection& section = report.sections.emplace_back(StorSection{title.number});
    if (StorPart part = part_of(title.number, StorAbout::everything, general);
        !part.answers.empty()) {
      section.parts.push_back(std::move(part));
    }
  }
  for (const OwnAccounts& person : persons_of(of)) {
    StorAnswers answers;
    answer_person(of, person, answers);
    for (StorSection& section : report.sections) {
      StorPart part = part_of(section.number, StorAbout::person, answers);
      for (const StorAccount* account : person) {
        part.account_ids.push_back(account->account_id);
      }
      if (!part.answers.empty()) {
        section.parts.push_back(std::move(part));
      }
    }
  }
  return report;
}

}  // namespace marktwacht
