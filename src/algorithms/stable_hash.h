// A hash of a text that is the same on every machine: for what is stored, or decides anything.
#pragma once

#include <cstdint>
#include <string_view>

namespace marktwacht {

// FNV-1a over 64 bits, its bits mixed once more (MurmurHash3's finalizer), so that texts that
// differ in one byte differ in half of the bits.
constexpr std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
  for (const char byte : text) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x0000'0100'0000'01B3;
  }
  hash = (hash ^ hash >> 33) * 0xFF51'AFD7'ED55'8CCD;
  hash = (hash ^ hash >> 33) * 0xC4CE'B9FE'1A85'EC53;
  return hash ^ hash >> 33;
}

}  // namespace marktwacht
