// CRC-32C against the vectors of RFC 3720 and a bit-by-bit sum; the instruction equals the table.
#include "base/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace marktwacht {
namespace {

std::uint32_t slow_sum(std::string_view bytes) {
  std::uint32_t sum = ~0U;
  for (const char c : bytes) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0x82F63B78U : 0U);
    }
  }
  return ~sum;
}

TEST(Crc32c, KnownVectors) {
  std::string up, down;
  for (int i = 0; i < 32; ++i) {
    up.push_back(static_cast<char>(i));
    down.push_back(static_cast<char>(31 - i));
  }
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(crc32c(up), 0x46DD794EU);
  EXPECT_EQ(crc32c(down), 0x113FDB5CU);
}

TEST(Crc32c, InstructionTableAndBitsAgree) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes(random() % 80, '\0');
    for (char& c : bytes) {
      c = static_cast<char>(random());
    }
    const std::size_t cut = random() % (bytes.size() + 1);
    const std::string_view all = bytes, head = all.substr(0, cut), tail = all.substr(cut);
    ASSERT_EQ(crc32c(all), slow_sum(all));
    ASSERT_EQ(crc32c_by_table(all), slow_sum(all));
    ASSERT_EQ(crc32c(tail, crc32c(head)), crc32c(all));
    ASSERT_EQ(crc32c_by_table(tail, crc32c_by_table(head)), crc32c(all));
  }
}

}  // namespace
}  // namespace marktwacht
