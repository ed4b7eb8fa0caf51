// By string surgery.
#include "base/decimal_twin.h"

#include <algorithm>

namespace marktwacht {
namespace {

bool take_one_of(std::string_view set, std::string_view& text) {
  if (text.empty() || set.find(text[0]) == set.npos) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

std::string take_digits(std::string_view& text) {
  const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string digits(text.substr(0, size));
  text.remove_prefix(size);
  return digits;
}

// Without leading zeros.
std::string stripped(const std::string& digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

}  // namespace

std::optional<DecimalTwin> parse_twin(std::string_view text) {
  DecimalTwin value;
  value.negative = take_one_of("-", text);
  const std::string whole = take_digits(text);
  const bool has_point = take_one_of(".", text);
  const std::string fraction = has_point ? take_digits(text) : "";
  const bool has_exponent = take_one_of("eE", text);
  const bool small = has_exponent && take_one_of("-", text);
  if (has_exponent && !small) {
    take_one_of("+", text);
  }
  const std::string power = has_exponent ? take_digits(text) : "";
  if (!text.empty() || whole.empty() || (whole.size() > 1 && whole[0] == '0') ||
      has_point == fraction.empty() || has_exponent == power.empty()) {
    return std::nullopt;
  }
  // More than nine digits are far out of any range: a billion stands for them.
  const std::string digits = stripped(power);
  const long size = digits.size() > 9 ? 1'000'000'000 : std::stol("0" + digits);
  value.digits = stripped(whole + fraction);
  value.exponent = (small ? -size : size) - static_cast<long>(fraction.size());
  while (value.digits.ends_with('0')) {
    value.digits.pop_back();
    ++value.exponent;
  }
  return value.digits.empty() ? DecimalTwin{} : value;
}

std::string format_twin(const DecimalTwin& value) {
  if (value.digits.empty()) {
    return "0";
  }
  std::string text = value.digits;
  if (value.exponent >= 0) {
    text.append(static_cast<std::size_t>(value.exponent), '0');
  } else {
    const auto places = static_cast<std::size_t>(-value.exponent);
    if (text.size() <= places) {
      text.insert(0, places + 1 - text.size(), '0');
    }
    text.insert(text.size() - places, ".");
  }
  return (value.negative ? "-" : "") + text;
}

std::optional<std::string> scaled_twin(const DecimalTwin& value, int scale) {
  DecimalTwin moved = value;
  moved.exponent += moved.digits.empty() ? 0 : scale;
  if (moved.exponent < 0) {
    return std::nullopt;
  }
  return format_twin(moved);
}

}  // namespace marktwacht
