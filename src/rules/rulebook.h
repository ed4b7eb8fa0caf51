// Rulebooks as they stand in their files: docs/rules.md.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "base/time.h"
#include "detectors/catalogue.h"
#include "findings/finding.h"
#include "rules/number.h"
#include "rules/scope.h"

namespace marktwacht {

enum class KeyPart : std::uint8_t {
  account,
  group,
  person,
  instrument,
  device,
  ip,
  asset,
  address
};

enum class WindowKind : std::uint8_t { trading_day, sliding, cycle };

struct Window {
  WindowKind kind{};
  Duration length;  // of a day: 24 h

  auto operator<=>(const Window&) const = default;
};

// An expression as it stands in the file.
struct SourceText {
  std::string text;
  int line = 0, column = 0;  // of its first character, from 1; column 0: not known
};

struct RuleSpec {
  std::string id;
  std::string clause;
  std::vector<RuleEvent> on;
  std::vector<KeyPart> by;
  Window window;
  SourceText where;                                     // empty: all
  std::vector<std::pair<std::string, Number>> params;   // with `set` applied
  std::vector<std::pair<std::string, SourceText>> let;  // in the order of the file
  SourceText when, warn_when;                           // warn_when empty: never
  Severity severity = Severity::medium;
  Maturity maturity = Maturity::stable;
  std::string text_en, text_de;
  std::uint32_t entries_max = 1'000'000;
  int line = 0;
  Digest hash{};  // over everything above but lines: equal content, equal hash
};

struct RulebookError {
  int line = 0;
  std::string rule;  // empty: not in a rule
  std::string what;  // with what is allowed
  int column = 0;    // 0: the line as a whole
};

// "FILE:12: rule frequent_cancel: …", or "FILE:12:30: …" where the column is known; one a line.
std::string format_errors(std::string_view file, const std::vector<RulebookError>& errors);

// "day", "sliding 10s", "cycle 10m"; "group"; as in a rulebook.
std::string format_window(const Window& window);
std::string_view word_of(KeyPart part);
// Whether the part is a text of the stream, not a thing with a number of its own.
bool is_text_key(KeyPart part);

}  // namespace marktwacht
