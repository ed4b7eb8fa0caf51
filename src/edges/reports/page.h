// What all reports have in common: two languages, and a page that needs nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace marktwacht {

enum class ReportLanguage : std::uint8_t { en, de };

struct ReportText {
  std::string en, de;

  const std::string& in(ReportLanguage language) const {
    return language == ReportLanguage::en ? en : de;
  }
};

// The same in both: names, ids, numbers.
inline ReportText same_text(std::string text) { return {text, std::move(text)}; }
inline ReportText operator+(const ReportText& a, const ReportText& b) {
  return {a.en + b.en, a.de + b.de};
}

// As text between tags, or within the quotes of an attribute.
std::string escaped_html(std::string_view text);
// A page up to its heading, and its end. It runs no script and asks for nothing.
std::string page_start(ReportLanguage language, std::string_view title);
std::string page_end();

}  // namespace marktwacht
