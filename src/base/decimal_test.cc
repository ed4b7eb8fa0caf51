// Exact decimals against the string twin, on chosen texts and on random ones.
#include "base/decimal.h"

#include <gtest/gtest.h>

#include <random>

#include "base/decimal_twin.h"
#include "base/int128_twin.h"

namespace marktwacht {
namespace {

// The twin's value where a Decimal can hold it: 38 digits, exponent within ±127.
std::optional<DecimalTwin> expected(std::string_view text) {
  const auto twin = parse_twin(text);
  if (!twin || twin->digits.size() > 38 || twin->exponent < -127 || twin->exponent > 127) {
    return std::nullopt;
  }
  return twin;
}

void expect_like_twin(std::string_view text) {
  const auto twin = expected(text);
  const auto value = parse_decimal(text);
  ASSERT_EQ(value.has_value(), twin.has_value()) << text;
  if (!value) {
    return;
  }
  const std::string digits = value->zero() ? "" : digits_of(value->mantissa);
  ASSERT_EQ(digits, twin->digits) << text;
  ASSERT_EQ(value->exponent, twin->exponent) << text;
  ASSERT_EQ(value->negative(), twin->negative) << text;
  ASSERT_EQ(format_decimal(*value), format_twin(*twin)) << text;
  ASSERT_EQ(parse_decimal(format_decimal(*value)), value) << text;
}

TEST(Decimal, ChosenTexts) {
  const std::string nines(38, '9');
  for (const std::string& text :
       std::vector<std::string>{"0",
                                "-0",
                                "0.0",
                                "-0.000",
                                "0e5",
                                "0e999999999999",
                                "1",
                                "-1",
                                "10",
                                "100",
                                "1000000",
                                "0.1",
                                "0.10",
                                "12.5",
                                "-12.5e-3",
                                "1e5",
                                "1E5",
                                "1e+5",
                                "1e-5",
                                "1.50e2",
                                "123.456",
                                "0.00012",
                                "1e127",
                                "1e128",
                                "1e-127",
                                "1e-128",
                                "10e127",
                                "10e-128",
                                "0.1e128",
                                "999999999999999999",
                                "9999999999999999999",
                                "0.999999999999999999",
                                "123456789012345678",
                                "-123456789012345678",
                                "12345678901234567.8",
                                nines,
                                nines + "9",
                                nines + "0",
                                "-" + nines,
                                "0." + nines,
                                "0.0" + nines,
                                nines + "." + nines,
                                nines + ".000",
                                nines + "e89",
                                "1" + std::string(127, '0'),
                                "1" + std::string(200, '0'),
                                "0." + std::string(126, '0') + "1",
                                "0." + std::string(127, '0') + "1",
                                "1" + std::string(300, '0') + "e-300",
                                "0." + std::string(300, '0') + "1e301",
                                "170141183460469231731687303715884105727"}) {
    expect_like_twin(text);
  }
}

TEST(Decimal, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"",     "-",    "+1",   ".5",   "5.",    "-.5",         "01",    "-01",      "00",
        "00.5", "1.",   "1.e5", "1e",   "1e+",   "1e-",         "1e5.5", "1.2.3",    "--1",
        "1-",   "0x10", "1,5",  "1 ",   " 1",    "1_000",       "NaN",   "Infinity", "-Infinity",
        "abc",  "1a",   "e5",   "1ee5", "1e5e5", "\xEF\xBC\x91"}) {
    EXPECT_FALSE(parse_decimal(text)) << text;
    EXPECT_FALSE(parse_twin(text)) << text;
  }
  EXPECT_FALSE(parse_decimal(std::string_view("1\0", 2)));
}

// Sums of places that would wrap or saturate into a small exponent.
TEST(Decimal, HugeExponentsDoNotWrap) {
  EXPECT_FALSE(parse_decimal("1e4294967296"));
  EXPECT_FALSE(parse_decimal("1e-4294967296"));
  EXPECT_FALSE(parse_decimal("1e99999999999999999999999"));
  const std::string zeros(1 << 20, '0');
  EXPECT_FALSE(parse_decimal("0." + zeros + "1e1048577"));  // too long a text
  EXPECT_FALSE(parse_decimal("0." + zeros.substr(100) + "1e99999999"));
  const auto one = parse_decimal("0." + zeros.substr(100) + "1e1048477");
  ASSERT_TRUE(one);
  EXPECT_EQ(format_decimal(*one), "1");
}

std::string random_number(std::mt19937_64& random) {
  const auto digits = [&](std::size_t max) {
    std::string text(1 + random() % max, '0');
    for (char& c : text) {
      c = random() % 3 == 0 ? '0' : static_cast<char>('0' + random() % 10);
    }
    return text;
  };
  std::string text = random() % 2 == 0 ? "-" : "";
  text += random() % 3 == 0 ? "0" : digits(random() % 4 == 0 ? 45 : 12);
  if (random() % 2 == 0) {
    text += "." + digits(random() % 4 == 0 ? 45 : 10);
  }
  if (random() % 3 == 0) {
    text += random() % 2 == 0 ? "e" : "E-";
    text += digits(3);
  }
  return text;
}

TEST(Decimal, RandomTextsLikeTheTwin) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 30'000; ++i) {
    std::string text = random_number(random);
    if (random() % 10 == 0) {
      text[random() % text.size()] = "0123456789.-+eE x"[random() % 17];
    }
    expect_like_twin(text);
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(Decimal, ScaledLikeTheTwin) {
  std::mt19937_64 random(2);
  int fine = 0, fits = 0, large = 0;
  for (int i = 0; i < 30'000; ++i) {
    const std::string text = random_number(random);
    const auto value = parse_decimal(text);
    if (!value) {
      continue;
    }
    const int scale = static_cast<int>(random() % 40);
    const auto exact = scaled_twin(*parse_twin(text), scale);
    const auto scaled = scaled_int128(*value, scale);
    if (!exact) {
      ++fine;
      ASSERT_EQ(scaled.error(), ScaleFault::finer) << text << " at " << scale;
      continue;
    }
    const std::string magnitude = exact->starts_with('-') ? exact->substr(1) : *exact;
    if (less_digits(digits_of(int128_max), magnitude)) {
      ++large;
      ASSERT_EQ(scaled.error(), ScaleFault::too_large) << text << " at " << scale;
      continue;
    }
    ++fits;
    ASSERT_TRUE(scaled) << text << " at " << scale;
    ASSERT_EQ((*scaled < 0 ? "-" : "") + digits_of(*scaled), *exact) << text << " at " << scale;
    ASSERT_EQ(scaled_int64(*value, scale).has_value(),
              *scaled <= INT64_MAX && *scaled >= -INT64_MAX);
    ASSERT_EQ(parse_decimal(format_scaled(*scaled, scale)), value) << text << " at " << scale;
  }
  EXPECT_GT(fine, 500);
  EXPECT_GT(fits, 500);
  EXPECT_GT(large, 500);
}

// Where 64 bits end: in the mantissa, in the power and in the product.
TEST(Decimal, ScaledAtTheEndsOf64Bits) {
  const Int128 largest = INT64_MAX;
  const Int128 mantissas[] = {0,
                              1,
                              -1,
                              9,
                              -9,
                              largest,
                              largest - 1,
                              largest + 1,
                              -largest,
                              -largest - 1,
                              largest / 7,
                              -largest,
                              largest * 2,
                              1LL << 62,
                              922'337'203'685'477'581,
                              9'223'372'036'854'775};
  for (const Int128 mantissa : mantissas) {
    for (int exponent = -25; exponent <= 25; ++exponent) {
      for (const int scale : {0, 3, 18, 19, 25}) {
        const Decimal value{mantissa, exponent};
        const auto wide = scaled_int128(value, scale);
        const auto narrow = scaled_int64(value, scale);
        if (!wide) {
          ASSERT_EQ(narrow, std::unexpected(wide.error()));
        } else if (*wide > largest || *wide < -largest) {
          ASSERT_EQ(narrow, std::unexpected(ScaleFault::too_large));
        } else {
          ASSERT_EQ(narrow, static_cast<std::int64_t>(*wide));
        }
      }
    }
  }
}

TEST(Decimal, MakeDecimal) {
  EXPECT_EQ(make_decimal(1200, -2), (Decimal{12, 0}));
  EXPECT_EQ(make_decimal(0, 500), Decimal{});
  EXPECT_EQ(make_decimal(10, 126), (Decimal{1, 127}));
  EXPECT_FALSE(make_decimal(10, 127));
  EXPECT_FALSE(make_decimal(1, -128));
  EXPECT_FALSE(make_decimal(int128_max, 0));
  EXPECT_FALSE(make_decimal(int128_min, 0));
  EXPECT_TRUE(make_decimal(power_of_ten(38) - 1, 0));
  EXPECT_EQ(make_decimal(power_of_ten(38), 0), (Decimal{1, 38}));
}

TEST(Decimal, FormatScaled) {
  EXPECT_EQ(format_scaled(0, 18), "0");
  EXPECT_EQ(format_scaled(12345, 2), "123.45");
  EXPECT_EQ(format_scaled(-5, 3), "-0.005");
  EXPECT_EQ(format_scaled(1500, 3), "1.5");
  EXPECT_EQ(format_scaled(int128_max, 0), "170141183460469231731687303715884105727");
  EXPECT_EQ(format_scaled(int128_min, 18), "-170141183460469231731.687303715884105728");
}

TEST(Decimal, Questions) {
  EXPECT_TRUE(parse_decimal("-1")->negative());
  EXPECT_TRUE(parse_decimal("-0")->zero());
  EXPECT_FALSE(parse_decimal("-0")->negative());
  EXPECT_TRUE(parse_decimal("0.1")->positive());
  EXPECT_EQ(parse_decimal("1.250")->places(), 2);
  EXPECT_EQ(parse_decimal("1e5")->places(), 0);
}

TEST(Decimal, SumsAreExactOrNothing) {
  const auto sum = [](const char* a, const char* b) {
    return sum_of(*parse_decimal(a), *parse_decimal(b));
  };
  EXPECT_EQ(sum("0.1", "0.2"), parse_decimal("0.3"));
  EXPECT_EQ(sum("5", "-5"), parse_decimal("0"));
  EXPECT_EQ(sum("1e30", "0"), parse_decimal("1e30"));
  EXPECT_EQ(sum("-1.5", "2e3"), parse_decimal("1998.5"));
  EXPECT_FALSE(sum("1e60", "1"));
  EXPECT_EQ(negated(*parse_decimal("1.5")), parse_decimal("-1.5"));
}

TEST(Decimal, IsLessWhateverTheExponents) {
  const char* ascending[] = {"-1e60", "-3", "-1e-60", "0", "1e-60", "0.1", "2", "1e60"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      EXPECT_EQ(is_less(*parse_decimal(ascending[i]), *parse_decimal(ascending[j])), i < j)
          << ascending[i] << " " << ascending[j];
    }
  }
}

}  // namespace
}  // namespace marktwacht
