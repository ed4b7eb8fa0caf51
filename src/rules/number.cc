// Exact arithmetic; products that leave 128 bits are compared in more.
#include "rules/number.h"

#include <array>

namespace marktwacht {
namespace {

constexpr int scale_max = 120;
constexpr int fraction_places = 12;

Number::State worse(const Number& a, const Number& b) { return std::max(a.state, b.state); }

// `units` at the finer scale `to`, or nothing.
std::optional<Int128> finer(Int128 units, int from, int to) {
  if (from == to) {
    return units;
  }
  return units == 0 ? std::optional<Int128>(0) : rescale(units, from, to);
}

// Magnitudes: enough bits for two 128-bit factors and 10^scale_max.
class Wide {
 public:
  explicit Wide(UInt128 value) {
    limbs_[0] = static_cast<std::uint64_t>(value);
    limbs_[1] = static_cast<std::uint64_t>(value >> 64);
  }
  void multiply(UInt128 factor) {
    Wide low(*this), high(*this);
    low.multiply_limb(static_cast<std::uint64_t>(factor));
    high.multiply_limb(static_cast<std::uint64_t>(factor >> 64));
    std::uint64_t carry = 0;
    for (std::size_t at = 0; at < size; ++at) {
      const UInt128 sum = UInt128{low.limbs_[at]} + (at > 0 ? high.limbs_[at - 1] : 0) + carry;
      limbs_[at] = static_cast<std::uint64_t>(sum);
      carry = static_cast<std::uint64_t>(sum >> 64);
    }
  }
  void scale(int exponent) {
    for (; exponent > 0; exponent -= 38) {
      multiply(static_cast<UInt128>(power_of_ten(std::min(exponent, 38))));
    }
  }
  std::strong_ordering operator<=>(const Wide& other) const {
    for (std::size_t at = size; at-- > 0;) {
      if (limbs_[at] != other.limbs_[at]) {
        return limbs_[at] <=> other.limbs_[at];
      }
    }
    return std::strong_ordering::equal;
  }

 private:
  static constexpr std::size_t size = 12;  // 768 bits: 128 + 128 + log2(10^120) < 656

  void multiply_limb(std::uint64_t factor) {
    std::uint64_t carry = 0;
    for (std::uint64_t& limb : limbs_) {
      const UInt128 product = UInt128{limb} * factor + carry;
      limb = static_cast<std::uint64_t>(product);
      carry = static_cast<std::uint64_t>(product >> 64);
    }
  }

  std::array<std::uint64_t, size> limbs_{};
};

UInt128 magnitude(Int128 value) {
  return value < 0 ? ~static_cast<UInt128>(value) + 1 : static_cast<UInt128>(value);
}

int sign(Int128 value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

// |a| × denominator of b × 10^scale of b: what is compared.
Wide crossed(const Number& a, const Number& b) {
  Wide product(magnitude(a.numerator));
  product.multiply(static_cast<UInt128>(b.denominator));
  product.scale(b.scale);
  return product;
}

bool is_narrow(Int128 value) { return value == static_cast<std::int64_t>(value); }

// Cheap, and enough for most: of numbers whose parts have 64 bits no product leaves 128.
std::optional<std::strong_ordering> compare_narrow(const Number& a, const Number& b) {
  if (!is_narrow(a.numerator) || !is_narrow(b.numerator) || !is_narrow(a.denominator) ||
      !is_narrow(b.denominator)) {
    return std::nullopt;
  }
  const auto product = [](Int128 one, Int128 other) {
    return Int128{static_cast<std::int64_t>(one)} * static_cast<std::int64_t>(other);
  };
  const Int128 left = product(a.numerator, b.denominator);
  const Int128 right = product(b.numerator, a.denominator);
  const int finer_by = a.scale - b.scale;
  if (finer_by == 0) {
    return left <=> right;
  }
  if (a.denominator != 1 || b.denominator != 1 || finer_by < -18 || finer_by > 18) {
    return std::nullopt;
  }
  return finer_by > 0 ? left <=> right * power_of_ten(finer_by)
                      : left * power_of_ten(-finer_by) <=> right;
}

// Nearly always enough: nothing where a product leaves 128 bits.
std::optional<std::strong_ordering> compare_within_128_bits(const Number& a, const Number& b) {
  if (const auto order = compare_narrow(a, b)) [[likely]] {
    return order;
  }
  Int128 left = a.numerator, right = b.numerator;
  bool left_out = __builtin_mul_overflow(left, b.denominator, &left);
  left_out |= __builtin_mul_overflow(right, a.denominator, &right);
  const int finer_by = a.scale - b.scale;
  if (finer_by > 0 && finer_by <= 38) {
    left_out |= __builtin_mul_overflow(right, power_of_ten(finer_by), &right);
  } else if (finer_by < 0 && finer_by >= -38) {
    left_out |= __builtin_mul_overflow(left, power_of_ten(-finer_by), &left);
  } else {
    left_out |= finer_by != 0;
  }
  return left_out ? std::nullopt : std::optional(left <=> right);
}

Number checked(std::optional<Int128> numerator, std::optional<Int128> denominator, int scale) {
  if (!numerator || !denominator || scale > scale_max) {
    return Number::faulty();
  }
  return {*numerator, *denominator, scale, Number::State::known};
}

}  // namespace

Number Number::of(const Decimal& value) {
  if (value.exponent <= 0) {
    return of(value.mantissa, -value.exponent);
  }
  const auto units = rescale(value.mantissa, 0, value.exponent);
  return value.exponent <= 38 && units ? of(*units) : faulty();
}

Number operator+(const Number& a, const Number& b) {
  if (!a.known() || !b.known()) {
    return {0, 1, 0, worse(a, b)};
  }
  const int scale = std::max(a.scale, b.scale);
  auto left = finer(a.numerator, a.scale, scale), right = finer(b.numerator, b.scale, scale);
  if (!left || !right) {
    return Number::faulty();
  }
  if (a.denominator == b.denominator) {
    return checked(add(*left, *right), a.denominator, scale);
  }
  left = multiply(*left, b.denominator);
  right = multiply(*right, a.denominator);
  return checked(left && right ? add(*left, *right) : std::nullopt,
                 multiply(a.denominator, b.denominator), scale);
}

Number operator-(const Number& a) {
  if (!a.known()) {
    return a;
  }
  return checked(multiply(a.numerator, -1), a.denominator, a.scale);
}

Number operator-(const Number& a, const Number& b) { return a + (-b); }

Number operator*(const Number& a, const Number& b) {
  if (!a.known() || !b.known()) {
    return {0, 1, 0, worse(a, b)};
  }
  return checked(multiply(a.numerator, b.numerator), multiply(a.denominator, b.denominator),
                 a.scale + b.scale);
}

Number operator/(const Number& a, const Number& b) {
  if (!a.known() || !b.known()) {
    return {0, 1, 0, worse(a, b)};
  }
  if (b.numerator == 0 || b.numerator == int128_min) {
    return Number::faulty();
  }
  const Int128 turn = b.numerator < 0 ? -1 : 1;
  auto numerator = multiply(a.numerator, b.denominator * turn);
  auto denominator = multiply(a.denominator, b.numerator * turn);
  const int scale = a.scale - b.scale;
  if (scale < 0) {
    numerator = numerator ? finer(*numerator, 0, -scale) : std::nullopt;
  }
  return checked(numerator, denominator, std::max(scale, 0));
}

std::strong_ordering compare(const Number& a, const Number& b) {
  if (a.scale == b.scale && a.denominator == b.denominator) {
    return a.numerator <=> b.numerator;
  }
  if (const auto quick = compare_within_128_bits(a, b)) [[likely]] {
    return *quick;
  }
  const int left = sign(a.numerator), right = sign(b.numerator);
  if (left != right || left == 0) {
    return left <=> right;
  }
  const auto order = crossed(a, b) <=> crossed(b, a);
  return left > 0 ? order : 0 <=> order;
}

std::optional<std::string> format_number(const Number& number) {
  if (!number.known()) {
    return std::nullopt;
  }
  if (number.denominator == 1) {
    return format_scaled(number.numerator, number.scale);
  }
  const int shift = fraction_places - number.scale;
  if (shift < -38) {
    return "0";
  }
  const auto divisor = shift < 0 ? multiply(number.denominator, power_of_ten(-shift))
                                 : std::optional(number.denominator);
  const auto units =
      divisor ? multiply_divide(number.numerator, power_of_ten(std::max(shift, 0)), *divisor)
              : std::nullopt;
  return units ? std::optional(format_scaled(*units, fraction_places)) : std::nullopt;
}

void save_number(const Number& number, ByteWriter& out) {
  out.byte(static_cast<std::uint8_t>(number.state));
  out.zigzag128(number.numerator);
  out.zigzag128(number.denominator);
  out.varint(static_cast<std::uint64_t>(number.scale));
}

Number load_number(ByteReader& in) {
  Number number;
  const std::uint8_t state = in.byte();
  number.state = static_cast<Number::State>(state);
  number.numerator = in.zigzag128();
  number.denominator = in.zigzag128();
  const std::uint64_t scale = in.varint();
  if (state > 2 || number.denominator < 1 || scale > scale_max) {
    in.fail();
    return Number::absent();
  }
  number.scale = static_cast<std::int32_t>(scale);
  return number;
}

int doublings(const Number& a, const Number& b, int most) {
  if (sign(b.numerator) <= 0) {
    return compare(a, b) > 0 ? most : 0;
  }
  int count = 0;
  for (Number bound = b; count < most; ++count) {
    bound = bound * Number::of(2);
    if (!bound.known() || compare(a, bound) < 0) {
      break;
    }
  }
  return count;
}

}  // namespace marktwacht
