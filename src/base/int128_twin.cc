// The way it is done on paper.
#include "base/int128_twin.h"

#include <algorithm>
#include <vector>

namespace marktwacht {
namespace {

std::string stripped(std::string digits) {
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  return digits.substr(first);
}

}  // namespace

std::string digits_of(Int128 value) {
  std::string digits;
  do {
    const int digit = static_cast<int>(value % 10);
    digits.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  std::ranges::reverse(digits);
  return digits;
}

bool less_digits(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

std::string add_digits(const std::string& a, const std::string& b) {
  std::string sum;
  int carry = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry != 0; ++i) {
    carry += i < a.size() ? a[a.size() - 1 - i] - '0' : 0;
    carry += i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
    sum.push_back(static_cast<char>('0' + carry % 10));
    carry /= 10;
  }
  std::ranges::reverse(sum);
  return stripped(sum);
}

std::string subtract_digits(const std::string& a, const std::string& b) {
  std::string rest = a;
  int borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    int digit = a[a.size() - 1 - i] - '0' - borrow;
    digit -= i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
    borrow = digit < 0 ? 1 : 0;
    rest[a.size() - 1 - i] = static_cast<char>('0' + digit + 10 * borrow);
  }
  return stripped(rest);
}

std::string multiply_digits(const std::string& a, const std::string& b) {
  std::vector<int> sums(a.size() + b.size(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      sums[i + j + 1] += (a[i] - '0') * (b[j] - '0');
    }
  }
  std::string product(sums.size(), '0');
  int carry = 0;
  for (std::size_t i = sums.size(); i-- > 0;) {
    carry += sums[i];
    product[i] = static_cast<char>('0' + carry % 10);
    carry /= 10;
  }
  return stripped(product);
}

DigitsDivision divide_digits(const std::string& a, const std::string& b) {
  DigitsDivision result{"", "0"};
  for (const char digit : a) {
    result.remainder = stripped(result.remainder + digit);
    char times = '0';
    while (!less_digits(result.remainder, b)) {
      result.remainder = subtract_digits(result.remainder, b);
      ++times;
    }
    result.quotient.push_back(times);
  }
  result.quotient = stripped(result.quotient);
  return result;
}

std::string divide_half_even_digits(const std::string& a, const std::string& b) {
  const DigitsDivision division = divide_digits(a, b);
  const std::string twice = add_digits(division.remainder, division.remainder);
  const bool odd = (division.quotient.back() - '0') % 2 != 0;
  const bool up = less_digits(b, twice) || (twice == b && odd);
  return up ? add_digits(division.quotient, "1") : division.quotient;
}

}  // namespace marktwacht
