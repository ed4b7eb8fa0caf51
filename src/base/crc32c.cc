// By the processor's instruction where it has one, else by table. Both give the same sums.
#include "base/crc32c.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace marktwacht {
namespace {

constexpr std::uint32_t polynomial = 0x82F6'3B78;  // reflected

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value >> 1) ^ ((value & 1) != 0 ? polynomial : 0);
    }
    table[i] = value;
  }
  return table;
}

constexpr std::array<std::uint32_t, 256> table = make_table();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::string_view bytes,
                                                               std::uint32_t sum) {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t wide = sum;
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  sum = static_cast<std::uint32_t>(wide);
  for (; left > 0; ++at, --left) {
    sum = _mm_crc32_u8(sum, static_cast<std::uint8_t>(*at));
  }
  return sum;
}
#endif

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) {
    return ~by_instruction(bytes, ~before);
  }
#endif
  return crc32c_by_table(bytes, before);
}

std::uint32_t crc32c_by_table(std::string_view bytes, std::uint32_t before) {
  std::uint32_t sum = ~before;
  for (const char c : bytes) {
    sum = (sum >> 8) ^ table[(sum ^ static_cast<std::uint8_t>(c)) & 0xFF];
  }
  return ~sum;
}

}  // namespace marktwacht
