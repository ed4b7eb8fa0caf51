// The names in the gate's table: SipHash-1-3 with 128 bits of output, under a key of the
// deployment. Nobody without the key can make two names collide, nor tell from the table who is in
// it.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace marktwacht {

struct NameKey {
  std::uint64_t low = 0, high = 0;
};

struct NameHash {
  std::uint64_t low = 0, high = 0;
  bool operator==(const NameHash&) const = default;
};

namespace detail {

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
  std::uint64_t tail = 0;
  for (std::size_t byte = 0; byte < left; ++byte) {
    tail |= std::uint64_t{static_cast<std::uint8_t>(at[byte])} << (8 * byte);
  }
  tail |= std::uint64_t{kind} << (8 * left);
  if (left == 7) {
    state.take(tail);
    tail = 0;
  }
  state.take(tail | (std::uint64_t{name.size() + 1} << 56));
  const std::uint64_t low = state.half(0xEE);
  return {low, state.half(std::uint64_t{0xDD} << 8)};
}

}  // namespace marktwacht
