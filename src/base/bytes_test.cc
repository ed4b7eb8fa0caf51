// What ByteWriter writes, ByteReader reads; what it would not write is refused.
#include "base/bytes.h"

#include <gtest/gtest.h>

#include <random>

#include "base/sha256.h"

namespace marktwacht {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) {
    out.push_back(static_cast<char>(value));
  }
  return out;
}

TEST(Bytes, KnownForms) {
  std::string out;
  ByteWriter writer(out);
  writer.byte(0xAB);
  writer.fixed<std::uint32_t>(0x01020304);
  writer.varint(0);
  writer.varint(127);
  writer.varint(128);
  writer.varint(~std::uint64_t{0});
  writer.zigzag(0);
  writer.zigzag(-1);
  writer.zigzag(1);
  writer.text("hi");
  EXPECT_EQ(hex(out),
            "ab"
            "04030201"
            "00"
            "7f"
            "8001"
            "ffffffffffffffffff01"
            "00"
            "01"
            "02"
            "026869");
}

TEST(Bytes, RandomRoundTrips) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t wide = random() >> (random() % 64);
    const auto number = static_cast<std::int64_t>(random()) >> (random() % 64);
    const UInt128 wider = ((UInt128{random()} << 64) | random()) >> (random() % 128);
    const Int128 widest =
        static_cast<Int128>((UInt128{random()} << 64) | random()) >> (random() % 128);
    const std::string text(random() % 300, static_cast<char>(random()));
    std::string out;
    ByteWriter writer(out);
    writer.varint(wide);
    writer.zigzag(number);
    writer.varint128(wider);
    writer.zigzag128(widest);
    writer.text(text);
    ByteReader reader(out);
    ASSERT_EQ(reader.varint(), wide);
    ASSERT_EQ(reader.zigzag(), number);
    ASSERT_TRUE(reader.varint128() == wider);
    ASSERT_TRUE(reader.zigzag128() == widest);
    ASSERT_EQ(reader.text(), text);
    ASSERT_TRUE(reader.ok() && reader.done());
  }
}

TEST(Bytes, Extremes) {
  for (const Int128 value : {int128_max, int128_min, Int128{0}, Int128{-1}}) {
    std::string out;
    ByteWriter(out).zigzag128(value);
    ByteReader reader(out);
    EXPECT_TRUE(reader.zigzag128() == value);
    EXPECT_TRUE(reader.ok() && reader.done());
  }
  for (const std::int64_t value : {INT64_MAX, INT64_MIN, std::int64_t{0}}) {
    std::string out;
    ByteWriter(out).zigzag(value);
    ByteReader reader(out);
    EXPECT_EQ(reader.zigzag(), value);
  }
}

TEST(Bytes, FaultsEndTheReading) {
  ByteReader short_fixed(std::string_view("abc"));
  EXPECT_EQ(short_fixed.fixed<std::uint32_t>(), 0U);
  EXPECT_FALSE(short_fixed.ok());
  EXPECT_EQ(short_fixed.byte(), 0);

  const std::string past_end = bytes({5, 'a', 'b'});
  ByteReader short_text(past_end);
  EXPECT_EQ(short_text.text(), "");
  EXPECT_FALSE(short_text.ok());

  const std::string endless(30, '\xFF');
  ByteReader open_varint(endless);
  open_varint.varint();
  EXPECT_FALSE(open_varint.ok());
  ByteReader open_varint128(endless);
  open_varint128.varint128();
  EXPECT_FALSE(open_varint128.ok());
}

// One number, one form: otherwise equal events could be unequal bytes.
TEST(Bytes, NeedlessBytesAreRefused) {
  for (const std::string& longer :
       {bytes({0x80, 0x00}), bytes({0xFF, 0x80, 0x00}),
        bytes({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02})}) {
    ByteReader reader(longer);
    reader.varint();
    EXPECT_FALSE(reader.ok()) << hex(longer);
  }
  ByteReader wide(std::string_view("\x80\x00", 2));
  wide.varint128();
  EXPECT_FALSE(wide.ok());
  std::string over(18, '\xFF');
  over.push_back(4);  // bit 128
  ByteReader wider(over);
  wider.varint128();
  EXPECT_FALSE(wider.ok());
}

}  // namespace
}  // namespace marktwacht
