// What the report says so far, field by field.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "edges/reports/stor.h"

namespace marktwacht {

class StorAnswers {
 public:
  void say(std::string_view field, ReportText value) { add(field, {std::move(value), {}}); }
  void say(std::string_view field, std::string value) { say(field, same_text(std::move(value))); }
  void say_na(std::string_view field, ReportText why) { add(field, {{}, std::move(why)}); }
  // NA where there is no value.
  void say_or(std::string_view field, ReportText value, ReportText why) {
    value.en.empty() ? say_na(field, std::move(why)) : say(field, std::move(value));
  }
  void say_or(std::string_view field, std::string value, ReportText why) {
    say_or(field, same_text(std::move(value)), std::move(why));
  }
  // There is one.
  StorAnswer take(std::string_view field);

 private:
  void add(std::string_view field, StorAnswer answer);

  std::map<std::string_view, StorAnswer> answers_;  // by the template's names
};

// Each says all fields of its part of the template.
void answer_filer(const StorFiler& filer, const StorCase& of, StorAnswers& answers);
void answer_crypto_assets(const StorFiler& filer, const StorCase& of, StorAnswers& answers);
void answer_orders(const StorCase& of, StorAnswers& answers);
void answer_suspicion(const StorCase& of, StorAnswers& answers);
void answer_more(const StorCase& of, StorAnswers& answers);
void answer_person(const StorCase& of, const std::vector<const StorAccount*>& accounts,
                   StorAnswers& answers);
void answer_habits(const StorCase& of, const std::vector<const StorAccount*>& accounts,
                   StorAnswers& answers);

// "2026-03-02T08:00:00.000000000Z" of a span: one, or from and to.
ReportText span_text(Time from, Time to);
// "a, b, c"; of many the first ones, and how many more.
ReportText list_text(const std::vector<std::string>& items, std::size_t most);
// Lines, one below the other.
void add_line(ReportText& text, const ReportText& line);
// A count and what is counted: "1 order", "3 orders".
struct CountedWord {
  std::string_view one_en, many_en, one_de, many_de;
};
ReportText counted(std::uint64_t count, const CountedWord& word);

}  // namespace marktwacht
