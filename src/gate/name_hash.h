// The names in the gate's table: SipHash-1-3 with 128 bits of output, under a key of the
// deployment. Nobody without the key can make two names collide, nor tell from the table who is in
// it.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/int128.h"

namespace marktwacht {

struct NameKey {
  std::uint64_t low = 0, high = 0;
};

struct NameHash {
  std::uint64_t low = 0, high = 0;
  bool operator==(const NameHash&) const = default;
};

namespace detail {

// Fewer than 8 bytes as a number.
inline std::uint64_t low_bytes(const char* at, std::size_t size) {
  std::uint64_t word = 0;
  if ((size & 4) != 0) {
    std::uint32_t four = 0;
    std::memcpy(&four, at + (size & 3), 4);
    word = std::uint64_t{four} << (8 * (size & 3));
  }
  if ((size & 2) != 0) {
    std::uint16_t two = 0;
    std::memcpy(&two, at + (size & 1), 2);
    word |= std::uint64_t{two} << (8 * (size & 1));
  }
  return (size & 1) == 0 ? word : word | static_cast<std::uint8_t>(*at);
}

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void take(std::uint64_t word) {
    v3 ^= word;
    round();
    v0 ^= word;
  }
  std::uint64_t half(std::uint64_t tweak) {
    v2 ^= tweak & 0xFF;
    v1 ^= tweak >> 8;
    round();
    round();
    round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

}  // namespace detail

// Of the bytes of `name` and then the byte `kind`, which keeps names of unlike things apart. Stored
// in the gate's shared memory: never change what it gives.
inline NameHash hash_name(const NameKey& key, std::uint8_t kind, std::string_view name) {
  static_assert(std::endian::native == std::endian::little);
  detail::SipState state{key.low ^ 0x736f'6d65'7073'6575, key.high ^ 0x646f'7261'6e64'6f6d ^ 0xEE,
                         key.low ^ 0x6c79'6765'6e65'7261, key.high ^ 0x7465'6462'7974'6573};
  std::size_t left = name.size();
  const char* at = name.data();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    state.take(word);
  }
  std::uint64_t tail = detail::low_bytes(at, left) | std::uint64_t{kind} << (8 * left);
  if (left == 7) {
    state.take(tail);
    tail = 0;
  }
  state.take(tail | (std::uint64_t{name.size() + 1} << 56));
  const std::uint64_t low = state.half(0xEE);
  return {low, state.half(std::uint64_t{0xDD} << 8)};
}

// Where a name has its bit in a filter of names: a number that is quick to make, and as good as any
// for who does not know the key. Stored like hash_name.
inline std::uint64_t filter_hash(const NameKey& key, std::uint8_t kind, std::string_view name) {
  const auto fold = [](std::uint64_t a, std::uint64_t b) {
    const auto product = static_cast<UInt128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const auto eight = [](const char* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    return word;
  };
  const auto four = [](const char* at) {
    std::uint32_t word = 0;
    std::memcpy(&word, at, 4);
    return std::uint64_t{word};
  };
  std::uint64_t hash = key.low ^ (std::uint64_t{name.size()} << 8 | kind);
  const auto mix = [&](std::uint64_t a, std::uint64_t b) { hash = fold(a ^ key.high, b ^ hash); };
  const char* const end = name.data() + name.size();
  if (name.size() > 16) {
    for (const char* at = name.data(); end - at > 16; at += 16) {
      mix(eight(at), eight(at + 8));
    }
    mix(eight(end - 16), eight(end - 8));
  } else if (name.size() >= 4) {
    // Four reads that overlap, for each length the same: names of 4 to 16 bytes are nearly all
    // there are, and a branch on their length would be guessed wrong half of the time.
    const std::size_t step = name.size() / 8 * 4;
    mix(four(name.data()) << 32 | four(name.data() + step),
        four(end - 4) << 32 | four(end - 4 - step));
  } else {
    mix(detail::low_bytes(name.data(), name.size()), 0);
  }
  return fold(hash, key.high | 1);
}

}  // namespace marktwacht
