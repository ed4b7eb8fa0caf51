// Slow, clear integers of any size as decimal digits: the oracle of the 128-bit tests.
#pragma once

#include <string>

#include "base/int128.h"

namespace marktwacht {

// Digits of |value|, no leading zeros; zero is "0".
std::string digits_of(Int128 value);

std::string add_digits(const std::string& a, const std::string& b);
std::string multiply_digits(const std::string& a, const std::string& b);
// a − b, where a >= b.
std::string subtract_digits(const std::string& a, const std::string& b);
bool less_digits(const std::string& a, const std::string& b);

struct DigitsDivision {
  std::string quotient;
  std::string remainder;
};
DigitsDivision divide_digits(const std::string& a, const std::string& b);

// a / b with halves to the even neighbour.
std::string divide_half_even_digits(const std::string& a, const std::string& b);

}  // namespace marktwacht
