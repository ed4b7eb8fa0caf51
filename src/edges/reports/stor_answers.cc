// Keeping answers, and the forms that many of them share.
#include "edges/reports/stor_answers.h"

#include <algorithm>

#include "base/check.h"
#include "edges/reports/stor_template.h"

namespace marktwacht {

void StorAnswers::add(std::string_view field, StorAnswer answer) {
  const auto at = std::ranges::find(stor_fields(), field, &StorField::name);
  check(at != stor_fields().end(), "a field of the template");
  const ReportText& said = answer.is_na() ? answer.na_reason : answer.value;
  check(!said.en.empty() && !said.de.empty(), "a value, or why there is none, in both languages");
  check(answers_.emplace(at->name, std::move(answer)).second, "each field is answered once");
}

StorAnswer StorAnswers::take(std::string_view field) {
  const auto at = answers_.find(field);
  check(at != answers_.end(), "each field of the template is answered");
  StorAnswer answer = std::move(at->second);
  answers_.erase(at);
  return answer;
}

ReportText span_text(Time from, Time to) {
  const std::string first = format_rfc3339(from), last = format_rfc3339(to);
  return from == to ? same_text(first) : ReportText{first + " to " + last, first + " bis " + last};
}

ReportText list_text(const std::vector<std::string>& items, std::size_t most) {
  std::string shown;
  for (std::size_t at = 0; at < std::min(most, items.size()); ++at) {
    shown += (at == 0 ? "" : ", ") + items[at];
  }
  if (items.size() <= most) {
    return same_text(shown);
  }
  const std::string left = std::to_string(items.size() - most);
  return {shown + " and " + left + " more", shown + " und " + left + " weitere"};
}

void add_line(ReportText& text, const ReportText& line) {
  text.en += (text.en.empty() ? "" : "\n") + line.en;
  text.de += (text.de.empty() ? "" : "\n") + line.de;
}

ReportText counted(std::uint64_t count, const CountedWord& word) {
  const std::string number = std::to_string(count) + " ";
  return {number + std::string(count == 1 ? word.one_en : word.many_en),
          number + std::string(count == 1 ? word.one_de : word.many_de)};
}

}  // namespace marktwacht
