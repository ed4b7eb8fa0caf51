// A hash that is the same on every machine: for what becomes part of the state.
#pragma once

#include <cstdint>
#include <string_view>

namespace marktwacht {

// FNV-1a.
inline std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
  for (const char each : text) {
    hash = (hash ^ static_cast<unsigned char>(each)) * 0x100'0000'01B3;
  }
  return hash;
}

}  // namespace marktwacht
