// A scanner that trusts nothing: it goes by quotes, brackets and colons, whether or not they fit.
#include "edges/vault/mask.h"

#include <algorithm>
#include <vector>

#include "edges/vault/personal_fields.h"
#include "events/json_text.h"

namespace marktwacht {
namespace {

constexpr std::string_view mask = "***";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 24 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

bool is_number_or_literal(std::string_view text) {
  return text == "true" || text == "false" || text == "null" || is_json_number(text);
}

bool is_plain(char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; }

class Masker {
 public:
  explicit Masker(std::string_view head) : rest_(head) {}

  std::string run() {
    while (!rest_.empty()) {
      const char c = rest_[0];
      if (is_space(c)) {
        out_ += ' ';
        rest_.remove_prefix(1);
      } else if (c == '"') {
        take_string();
      } else if (signs.find(c) != signs.npos) {
        take_sign(c);
      } else {
        take_bare();
      }
    }
    return std::move(out_);
  }

 private:
  static constexpr std::string_view signs = "{}[]:,";
  struct Level {
    char bracket;
    bool hidden;  // members here are not shown, whatever they are called
    Shown value;  // of elements, and what was before
  };

  bool in_array() const { return !levels_.empty() && levels_.back().bracket == '['; }
  bool hidden() const { return !levels_.empty() && levels_.back().hidden; }

  void take_sign(char c) {
    out_ += c;
    rest_.remove_prefix(1);
    if (c == '{') {
      const bool inner = !levels_.empty() || value_ != Shown::no;
      levels_.push_back({c, hidden() || (inner && value_ == Shown::no), Shown::no});
    } else if (c == '[') {
      levels_.push_back({c, hidden(), value_});
    } else if ((c == '}' || c == ']') && !levels_.empty()) {
      levels_.pop_back();
    }
    if (c != ':' || !named_) {
      value_ = in_array() && c != ':' ? levels_.back().value : Shown::no;
    }
    named_ = false;
  }

  // Where a string ends that the text starts with.
  static std::size_t end_of(std::string_view text) {
    for (std::size_t at = 1; at < text.size(); ++at) {
      if (text[at] == '\\') {
        ++at;
      } else if (text[at] == '"') {
        return at;
      }
    }
    return text.npos;
  }

  void take_string() {
    const std::size_t end = end_of(rest_);
    if (end == rest_.npos) {  // cut off: what it would have been is not known
      out_ += '"';
      out_ += mask;
      rest_ = {};
      return;
    }
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    const auto next = std::ranges::find_if_not(rest_, is_space);
    named_ = next != rest_.end() && *next == ':';
    const bool shown = named_ ? is_member_name(text) : shows(text);
    value_ = !named_ || hidden() ? Shown::no : shown_when_refused(text);
    out_ += '"';
    out_ += shown ? text : mask;
    out_ += '"';
  }
  bool shows(std::string_view text) const {
    return std::ranges::all_of(text, is_plain) &&
           (value_ == Shown::yes || (value_ == Shown::word && is_word(text)));
  }

  void take_bare() {
    const auto end = std::ranges::find_if(
        rest_, [](char c) { return is_space(c) || c == '"' || signs.find(c) != signs.npos; });
    const std::string_view text = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(text.size());
    out_ += value_ == Shown::yes && is_number_or_literal(text) ? text : mask;
    value_ = Shown::no;
    named_ = false;
  }

  std::string_view rest_;
  std::string out_;
  std::vector<Level> levels_;
  Shown value_ = Shown::no;  // of what comes next
  bool named_ = false;       // a member's name was just taken
};

}  // namespace

std::string mask_personal(std::string_view head) { return Masker(head).run(); }

}  // namespace marktwacht
