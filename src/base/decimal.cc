// Parsing, printing and scaling of exact decimals.
#include "base/decimal.h"

#include <algorithm>
#include <limits>

namespace marktwacht {
namespace {

constexpr int exponent_max = 127;
constexpr int mantissa_digits_max = 38;
constexpr std::size_t text_bytes_max = 1 << 20;  // keeps the sums of places within an int
constexpr int places_max = 1 << 29;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A cursor over the text of one number.
struct Scan {
  const char* at;
  const char* end;

  bool done() const { return at == end; }
  bool take(char c) {
    if (done() || *at != c) {
      return false;
    }
    ++at;
    return true;
  }
};

struct Digits {
  Int128 mantissa = 0;
  int exponent = 0;  // of the last digit kept
  int count = 0;     // significant digits kept, pending zeros not among them
  int zeros = 0;     // zeros seen after the last kept digit
  bool overflow = false;

  // Takes `digit`; zeros wait until a digit follows, so that trailing ones cost no precision.
  void take(char digit) {
    if (digit == '0') {
      zeros += count > 0 ? 1 : 0;
      return;
    }
    if (count + zeros + 1 > mantissa_digits_max) {
      overflow = true;
      return;
    }
    mantissa = mantissa * power_of_ten(zeros + 1) + (digit - '0');
    count += zeros + 1;
    zeros = 0;
  }
};

// Reads the digits of one part; false when there is none.
bool take_digits(Scan& scan, Digits& digits, int& seen) {
  const char* start = scan.at;
  while (!scan.done() && is_digit(*scan.at)) {
    digits.take(*scan.at++);
  }
  seen = static_cast<int>(scan.at - start);
  return seen > 0;
}

std::optional<int> take_exponent(Scan& scan) {
  const bool negative = scan.take('-');
  if (!negative) {
    scan.take('+');
  }
  if (scan.done() || !is_digit(*scan.at)) {
    return std::nullopt;
  }
  std::int64_t digits = 0;
  while (!scan.done() && is_digit(*scan.at)) {
    digits = std::min<std::int64_t>(digits * 10 + (*scan.at++ - '0'), places_max);
  }
  const auto value = static_cast<int>(digits);
  return negative ? -value : value;
}

// The common short form: at most 18 digits, one optional point, no exponent.
std::optional<Decimal> parse_short(std::string_view text) {
  const char* at = text.data();
  const char* end = at + text.size();
  const bool negative = at != end && *at == '-';
  at += negative ? 1 : 0;
  const char* first = at;
  std::int64_t mantissa = 0;
  const char* point = nullptr;
  for (; at != end; ++at) {
    if (is_digit(*at)) {
      mantissa = mantissa * 10 + (*at - '0');
    } else if (*at == '.' && point == nullptr && at != first) {
      point = at;
    } else {
      return std::nullopt;
    }
  }
  const bool leading_zero = first != end && *first == '0' && first + 1 != end && first[1] != '.';
  if (first == end || leading_zero || point == end - 1) {
    return std::nullopt;
  }
  int exponent = point == nullptr ? 0 : -static_cast<int>(end - point - 1);
  while (mantissa != 0 && mantissa % 10 == 0) {
    mantissa /= 10;
    ++exponent;
  }
  return Decimal{negative ? -mantissa : mantissa, mantissa == 0 ? 0 : exponent};
}

// Most values fit 64 bits, which divide much faster.
int take_last_digit(UInt128& value) {
  const auto low = static_cast<std::uint64_t>(value);
  const int digit = static_cast<int>(low == value ? low % 10 : value % 10);
  value = low == value ? low / 10 : value / 10;
  return digit;
}

Decimal lowest_terms(Int128 mantissa, int exponent) {
  if (mantissa == 0) {
    return {};
  }
  while (mantissa % 10 == 0) {
    mantissa /= 10;
    ++exponent;
  }
  return {mantissa, exponent};
}

}  // namespace

std::optional<Decimal> make_decimal(Int128 mantissa, int exponent) {
  const Decimal value = lowest_terms(mantissa, exponent);
  const Int128 limit = power_of_ten(mantissa_digits_max);
  if (value.exponent < -exponent_max || value.exponent > exponent_max || value.mantissa >= limit ||
      value.mantissa <= -limit) {
    return std::nullopt;
  }
  return value;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  if (text.size() <= 18) {
    if (const auto value = parse_short(text)) {
      return value;
    }
  }
  if (text.size() > text_bytes_max) {
    return std::nullopt;
  }
  Scan scan{text.data(), text.data() + text.size()};
  const bool negative = scan.take('-');
  Digits digits;
  int whole = 0, fraction = 0;
  const bool leading_zero = !scan.done() && *scan.at == '0';
  if (!take_digits(scan, digits, whole) || (leading_zero && whole > 1)) {
    return std::nullopt;
  }
  if (scan.take('.') && !take_digits(scan, digits, fraction)) {
    return std::nullopt;
  }
  int exponent = 0;
  if (scan.take('e') || scan.take('E')) {
    const auto given = take_exponent(scan);
    if (!given) {
      return std::nullopt;
    }
    exponent = *given;
  }
  if (!scan.done() || digits.overflow) {
    return std::nullopt;
  }
  const Int128 mantissa = negative ? -digits.mantissa : digits.mantissa;
  return make_decimal(mantissa, exponent + digits.zeros - fraction);
}

std::string format_decimal(const Decimal& value) {
  if (value.zero()) {
    return "0";
  }
  const bool negative = value.negative();
  UInt128 rest = negative ? UInt128{0} - static_cast<UInt128>(value.mantissa)
                          : static_cast<UInt128>(value.mantissa);
  std::string digits;  // last digit first
  digits.append(static_cast<std::size_t>(std::max(value.exponent, 0)), '0');
  for (int place = value.exponent; rest != 0; ++place) {
    if (place == 0 && value.exponent < 0) {
      digits.push_back('.');
    }
    digits.push_back(static_cast<char>('0' + take_last_digit(rest)));
  }
  const auto written = static_cast<int>(digits.size());
  if (value.exponent < 0 && written <= -value.exponent) {
    digits.append(static_cast<std::size_t>(-value.exponent - written), '0');
    digits += ".0";
  }
  if (negative) {
    digits.push_back('-');
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string format_scaled(Int128 value, int scale) {
  // Not by make_decimal: an Int128 can have a digit more than a Decimal takes.
  return format_decimal(lowest_terms(value, -scale));
}

std::expected<Int128, ScaleFault> scaled_int128(const Decimal& value, int scale) {
  if (value.zero()) {
    return Int128{0};
  }
  const int shift = value.exponent + scale;
  if (shift < 0) {
    return std::unexpected(ScaleFault::finer);
  }
  const auto result =
      shift <= mantissa_digits_max ? multiply(value.mantissa, power_of_ten(shift)) : std::nullopt;
  if (!result) {
    return std::unexpected(ScaleFault::too_large);
  }
  return *result;
}

std::expected<std::int64_t, ScaleFault> decimal_parts::scaled_wide(const Decimal& value,
                                                                   int scale) {
  const auto wide = scaled_int128(value, scale);
  if (!wide) {
    return std::unexpected(wide.error());
  }
  if (*wide > std::numeric_limits<std::int64_t>::max() ||
      *wide < -std::numeric_limits<std::int64_t>::max()) {
    return std::unexpected(ScaleFault::too_large);
  }
  return static_cast<std::int64_t>(*wide);
}

std::optional<Decimal> sum_of(const Decimal& a, const Decimal& b) {
  if (a.zero() || b.zero()) {
    return a.zero() ? b : a;
  }
  const int exponent = std::min(a.exponent, b.exponent);
  const auto x = scaled_int128(a, -exponent), y = scaled_int128(b, -exponent);
  if (!x || !y) {
    return std::nullopt;
  }
  const auto sum = add(*x, *y);
  return sum ? make_decimal(*sum, exponent) : std::nullopt;
}

// Values that no common scale holds are far apart: then the larger magnitude decides.
bool is_less(const Decimal& a, const Decimal& b) {
  const int exponent = std::min(a.exponent, b.exponent);
  const auto x = scaled_int128(a, -exponent), y = scaled_int128(b, -exponent);
  if (x && y) {
    return *x < *y;
  }
  return x ? b.positive() : a.negative();
}

}  // namespace marktwacht
