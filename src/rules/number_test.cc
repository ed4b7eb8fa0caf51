// Exact fractions against wide integers; texts and doublings.
#include "rules/number.h"

#include <gtest/gtest.h>

#include <random>

namespace marktwacht {
namespace {

Number fraction(std::int64_t numerator, std::int64_t denominator, int scale = 0) {
  return Number::of(numerator, scale) / Number::of(denominator);
}

// Small enough that a cross product fits 128 bits with either scale.
struct Small {
  std::int64_t numerator = 0, denominator = 1;
  int scale = 0;

  static Small draw(std::mt19937_64& random) {
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
    const std::uint64_t size = random() % 3 == 0 ? 5 : 1'000'000'000'000;
    return {below(2 * size) - static_cast<std::int64_t>(size), 1 + below(size),
            static_cast<int>(below(6))};
  }
  Number number() const { return fraction(numerator, denominator, scale); }
  Int128 top() const { return numerator; }
  Int128 bottom() const { return Int128{denominator} * power_of_ten(scale); }
};

std::strong_ordering compare_tops(const Small& a, const Small& b) {
  return a.top() * b.bottom() <=> b.top() * a.bottom();
}

TEST(NumberTest, ComparesFractionsExactly) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    const Small a = Small::draw(random);
    Small b = Small::draw(random);
    if (i % 4 == 0) {  // nearly or quite equal
      const std::int64_t times = 1 + static_cast<std::int64_t>(random() % 3);
      b = {a.numerator * times + static_cast<std::int64_t>(random() % 3) - 1, a.denominator * times,
           a.scale};
    }
    EXPECT_EQ(compare(a.number(), b.number()), compare_tops(a, b))
        << a.numerator << "/" << a.denominator << "e-" << a.scale << " " << b.numerator << "/"
        << b.denominator << "e-" << b.scale;
  }
}

// a/b against (a ± 1)/b with all of 128 bits, where a cross product leaves them.
TEST(NumberTest, ComparesWhatLeaves128BitsExactly) {
  std::mt19937_64 random(2);
  const auto wide = [&] {
    const Int128 value = static_cast<Int128>((UInt128{random()} << 64 | random()) >> 1);
    return value >> (random() % 90);
  };
  for (int i = 0; i < 100'000; ++i) {
    const Int128 bottom = wide() + 1, top = wide() / 2 + 2;
    const int scale = static_cast<int>(random() % 121);
    const Number a{top, bottom, scale, Number::State::known};
    const Number more{top + 1, bottom, scale, Number::State::known};
    EXPECT_EQ(compare(a, more), std::strong_ordering::less);
    EXPECT_EQ(compare(more, a), std::strong_ordering::greater);
    EXPECT_EQ(compare(-more, -a), std::strong_ordering::less);
    EXPECT_EQ(compare(-a, a), std::strong_ordering::less);
    if (bottom < int128_max) {
      const Number below{top, bottom + 1, scale, Number::State::known};
      EXPECT_EQ(compare(below, a), std::strong_ordering::less);
      EXPECT_EQ(compare(-below, -a), std::strong_ordering::greater);
    }
    // One and the same, written with other digits.
    const Int128 thin = top >> 70;
    const int finer = static_cast<int>(random() % 19);
    const Number once{thin, bottom, scale % 90, Number::State::known};
    const Number again{thin * power_of_ten(finer), bottom, scale % 90 + finer,
                       Number::State::known};
    EXPECT_EQ(compare(once, again), std::strong_ordering::equal);
    EXPECT_EQ(compare(again, once), std::strong_ordering::equal);
  }
}

TEST(NumberTest, SmallNumbersCompareAsNumbersDo) {
  std::mt19937_64 random(5);
  const auto draw = [&] {
    const auto units = static_cast<std::int64_t>(random() >> random() % 64);
    return random() % 2 == 0 ? units : -(units >> 1);
  };
  for (int i = 0; i < 200'000; ++i) {
    const int scale = static_cast<int>(random() % 19);
    const std::int64_t denominator = i % 2 == 0 ? 1 : 1 + static_cast<std::int64_t>(random() >> 2);
    SmallNumber a = SmallNumber::fraction(draw(), denominator);
    a.scale = denominator == 1 ? static_cast<int>(random() % 19) : 0;
    const SmallNumber b = SmallNumber::of(i % 3 == 0 ? a.numerator : draw(), scale);
    const Number whole = {a.numerator, a.denominator, a.scale, Number::State::known};
    ASSERT_EQ(compare(a, b), compare(whole, Number::of(b.numerator, b.scale))) << i;
  }
  EXPECT_FALSE(SmallNumber::of(Int128{1} << 63).known());
  EXPECT_FALSE(SmallNumber::of(1, 19).known());
}

TEST(NumberTest, ArithmeticIsExact) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 100'000; ++i) {
    Small a = Small::draw(random), b = Small::draw(random);
    a = {a.numerator % 1'000'000, a.denominator % 1'000 + 1, a.scale % 3};
    b = {b.numerator % 1'000'000, b.denominator % 1'000 + 1, b.scale % 3};
    const auto equals = [&](const Number& made, Int128 top, Int128 bottom) {
      ASSERT_TRUE(made.known());
      EXPECT_GT(made.denominator, 0);
      const Int128 left = made.numerator * bottom;
      const Int128 right = top * made.denominator * power_of_ten(made.scale);
      EXPECT_TRUE(left == right) << a.numerator << " " << b.numerator;
    };
    const Number x = a.number(), y = b.number();
    equals(x + y, a.top() * b.bottom() + b.top() * a.bottom(), a.bottom() * b.bottom());
    equals(x - y, a.top() * b.bottom() - b.top() * a.bottom(), a.bottom() * b.bottom());
    equals(x * y, a.top() * b.top(), a.bottom() * b.bottom());
    if (b.numerator != 0) {
      equals(x / y, a.top() * b.bottom(), a.bottom() * b.top());
    } else {
      EXPECT_EQ((x / y).state, Number::State::faulty);
    }
  }
}

TEST(NumberTest, FaultyComesBeforeAbsentAndBothPassThrough) {
  const Number one = Number::of(1), most = Number::of(int128_max);
  EXPECT_EQ((one + Number::absent()).state, Number::State::absent);
  EXPECT_EQ((Number::absent() * Number::faulty()).state, Number::State::faulty);
  EXPECT_EQ((Number::faulty() - Number::absent()).state, Number::State::faulty);
  EXPECT_EQ((-Number::absent()).state, Number::State::absent);
  EXPECT_EQ((Number::absent() / Number::of(0)).state, Number::State::absent);
  EXPECT_EQ((one / Number::of(0)).state, Number::State::faulty);
  EXPECT_EQ((Number::of(0) / Number::of(0)).state, Number::State::faulty);
  EXPECT_EQ((most + one).state, Number::State::faulty);
  EXPECT_EQ((most * Number::of(2)).state, Number::State::faulty);
  EXPECT_EQ((-Number::of(int128_min)).state, Number::State::faulty);
  EXPECT_EQ((Number::of(1, 100) * Number::of(1, 100)).state, Number::State::faulty);
}

TEST(NumberTest, TextsAreExactOrHalfEvenAt12Places) {
  struct Case {
    Number number;
    std::string_view text;
  };
  const std::int64_t half_of = 2'000'000'000'000;  // 1/half_of = 0.0000000000005
  for (const auto& [number, text] : std::vector<Case>{
           {Number::of(0), "0"},
           {Number::of(12), "12"},
           {Number::of(-1'250, 3), "-1.25"},
           {Number::of(1, 30), "0.000000000000000000000000000001"},
           {fraction(1, 3), "0.333333333333"},
           {fraction(-2, 3), "-0.666666666667"},
           {fraction(6, 3), "2.0"},
           {fraction(1, 8), "0.125"},
           {fraction(1, half_of), "0.0"},
           {fraction(3, half_of), "0.000000000002"},
           {fraction(5, half_of), "0.000000000002"},
           {fraction(-3, half_of), "-0.000000000002"},
           {fraction(1, 3, 60), "0"},
           {fraction(1, 3, 13), "0.0"},
       }) {
    const auto made = format_number(number);
    ASSERT_TRUE(made.has_value());
    // A whole number may be written with or without ".0".
    const auto bare = [](std::string_view from) {
      return std::string(from.ends_with(".0") ? from.substr(0, from.size() - 2) : from);
    };
    EXPECT_EQ(bare(*made), bare(text));
  }
  EXPECT_FALSE(format_number(Number::absent()));
  EXPECT_FALSE(format_number(Number::faulty()));
}

TEST(NumberTest, TextsOfRandomFractionsAreTheNearest) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 100'000; ++i) {
    const auto top = static_cast<std::int64_t>(random() % 2'000'000) - 1'000'000;
    const auto bottom = static_cast<std::int64_t>(random() % 1'000'000) + 2;
    const Int128 exact = Int128{top} * power_of_ten(12);
    Int128 units = exact / bottom;
    const Int128 rest = exact - units * bottom;
    const Int128 twice = 2 * (rest < 0 ? -rest : rest);
    if (twice > bottom || (twice == bottom && units % 2 != 0)) {
      units += top < 0 ? -1 : 1;
    }
    EXPECT_EQ(format_number(fraction(top, bottom)), format_scaled(units, 12));
  }
}

TEST(NumberTest, FullDoublingsBeyond) {
  struct Case {
    Number a, b;
    int count;
  };
  for (const auto& [a, b, count] : std::vector<Case>{
           {Number::of(5), Number::of(5), 0},
           {Number::of(9), Number::of(5), 0},
           {Number::of(10), Number::of(5), 1},
           {Number::of(19), Number::of(5), 1},
           {Number::of(20), Number::of(5), 2},
           {Number::of(4), Number::of(5), 0},
           {Number::of(1'000'000), Number::of(5), 4},
           {fraction(2, 3), fraction(1, 3), 1},
           {Number::of(199, 2), Number::of(1), 0},
           {Number::of(200, 2), Number::of(1), 1},
           {Number::of(1), Number::of(0), 4},
           {Number::of(0), Number::of(0), 0},
           {Number::of(-1), Number::of(0), 0},
           {Number::of(0), Number::of(-1), 4},
           {Number::of(int128_max), Number::of(int128_max), 0},
       }) {
    EXPECT_EQ(doublings(a, b, 4), count) << *format_number(a) << " " << *format_number(b);
  }
}

TEST(NumberTest, WhatIsSavedLoads) {
  for (const Number& number : {Number::of(0), Number::of(int128_min), fraction(-7, 3, 5),
                               Number::absent(), Number::faulty(), Number::of(1, 120)}) {
    std::string bytes;
    ByteWriter out(bytes);
    save_number(number, out);
    ByteReader in(bytes);
    const Number loaded = load_number(in);
    EXPECT_TRUE(in.done());
    EXPECT_EQ(loaded.state, number.state);
    EXPECT_TRUE(loaded.numerator == number.numerator && loaded.denominator == number.denominator);
    EXPECT_EQ(loaded.scale, number.scale);
  }
}

}  // namespace
}  // namespace marktwacht
