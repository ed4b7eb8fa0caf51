// Bytes of a fixed size, as hexadecimal text and back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/sha256.h"

namespace marktwacht {

template <class Bytes>
std::string hex_of(const Bytes& bytes) {
  return hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// Exactly so many bytes, in lower case.
template <class Bytes>
bool read_hex(std::string_view text, Bytes& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (text.size() != 2 * bytes.size() || text.find_first_not_of(digits) != text.npos) {
    return false;
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    bytes[at] =
        static_cast<std::uint8_t>(digits.find(text[2 * at]) * 16 + digits.find(text[2 * at + 1]));
  }
  return true;
}

}  // namespace marktwacht
