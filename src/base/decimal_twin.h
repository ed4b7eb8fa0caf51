// Slow, clear decimals on strings of digits: the oracle of decimal_test.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace marktwacht {

// ± digits × 10^exponent with neither leading nor trailing zeros; zero has no digits.
struct DecimalTwin {
  bool negative = false;
  std::string digits;
  long exponent = 0;
};

// Any number of JSON's grammar, of any size; nothing for anything else.
std::optional<DecimalTwin> parse_twin(std::string_view text);

// Plain digits without an exponent.
std::string format_twin(const DecimalTwin& value);

// `value` × 10^scale as digits with sign; nothing when that is no integer.
std::optional<std::string> scaled_twin(const DecimalTwin& value, int scale);

}  // namespace marktwacht
