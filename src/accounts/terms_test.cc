// Notional, value and gain: worked examples, and random terms against exact fractions.
#include "accounts/terms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "accounts/accounts_twin.h"

namespace marktwacht {
namespace {

Terms linear(int price_scale, int quantity_scale, int settle_decimals) {
  Terms terms;
  terms.price_scale = price_scale;
  terms.quantity_scale = quantity_scale;
  terms.notional_scale = price_scale + quantity_scale;
  terms.gain_scale = std::max(terms.notional_scale, settle_decimals);
  return terms;
}

// Contracts of 100 quote units, settled with eight decimals.
Terms inverse_hundred() {
  Terms terms;
  terms.inverse = true;
  terms.price_scale = 1;
  terms.multiplier = 100;
  terms.gain_scale = 8;
  return terms;
}

TEST(Terms, linear_is_exact) {
  const Terms terms = linear(2, 3, 8);  // 10^-5 notional, 10^-8 gain
  EXPECT_EQ(notional(terms, Price{12345}, Quantity{2500})->units, 30'862'500);
  EXPECT_EQ(value(terms, Price{12345}, Quantity{2500})->units, 30'862'500'000);
  EXPECT_EQ(gain(terms, true, Price{10000}, Price{10001}, Quantity{1000})->units, 1'000'000);
  EXPECT_EQ(gain(terms, false, Price{10000}, Price{10001}, Quantity{1000})->units, -1'000'000);
  EXPECT_EQ(gain(terms, true, Price{-500}, Price{500}, Quantity{1})->units, 1'000'000);
}

TEST(Terms, inverse_rounds_once_half_even) {
  const Terms terms = inverse_hundred();
  EXPECT_EQ(notional(terms, Price{999}, Quantity{7})->units, 700);
  // 700 / 50,000.0 = 0.014
  EXPECT_EQ(value(terms, Price{500'000}, Quantity{7})->units, 1'400'000);
  // 100 × (1/50,000 − 1/60,000) = 0.000333333…
  EXPECT_EQ(gain(terms, true, Price{500'000}, Price{600'000}, Quantity{1})->units, 33'333);
  EXPECT_EQ(gain(terms, false, Price{500'000}, Price{600'000}, Quantity{1})->units, -33'333);

  Terms halves = inverse_hundred();
  halves.price_scale = 0;
  halves.multiplier = 1;
  halves.gain_scale = 0;
  EXPECT_EQ(value(halves, Price{2}, Quantity{1})->units, 0);  // 0.5
  EXPECT_EQ(value(halves, Price{2}, Quantity{3})->units, 2);  // 1.5
  EXPECT_EQ(value(halves, Price{2}, Quantity{5})->units, 2);  // 2.5
  EXPECT_EQ(gain(halves, false, Price{1}, Price{2}, Quantity{3})->units, -2);
}

TEST(Terms, an_inverse_contract_has_no_value_at_zero_or_below) {
  const Terms terms = inverse_hundred();
  EXPECT_FALSE(value(terms, Price{0}, Quantity{1}));
  EXPECT_FALSE(gain(terms, true, Price{-1}, Price{5}, Quantity{1}));
  EXPECT_FALSE(gain(terms, true, Price{5}, Price{0}, Quantity{1}));
}

TEST(Terms, what_does_not_fit_is_nothing) {
  Terms terms = linear(0, 0, 0);
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(notional(terms, Price{huge}, Quantity{huge}));
  // A rise of 2^64 − 1 over 2^63 − 1 units is below 2^127.
  EXPECT_TRUE(gain(terms, true, Price{std::numeric_limits<std::int64_t>::min()}, Price{huge},
                   Quantity{huge}));
  terms.multiplier = 4;
  EXPECT_FALSE(notional(terms, Price{huge}, Quantity{huge}));
  EXPECT_EQ(notional(terms, Price{0}, Quantity{huge})->units, 0);
  terms.multiplier = 1;
  terms.gain_scale = 18;
  EXPECT_FALSE(value(terms, Price{huge}, Quantity{huge}));
}

std::int64_t any_size(std::mt19937_64& random) {
  return static_cast<std::int64_t>(random() >> (1 + random() % 63));
}

Terms any_terms(std::mt19937_64& random) {
  Terms terms;
  terms.inverse = random() % 2 != 0;
  terms.price_scale = static_cast<int>(random() % 20);
  terms.quantity_scale = static_cast<int>(random() % 20);
  terms.multiplier_scale = static_cast<int>(random() % 10);
  terms.multiplier = Int128{any_size(random)} + 1;
  if (random() % 8 == 0) {
    terms.multiplier *= any_size(random) | 1;
  }
  terms.notional_scale = terms.quantity_scale + terms.multiplier_scale;
  terms.gain_scale = static_cast<int>(random() % 31);
  if (!terms.inverse) {
    terms.notional_scale += terms.price_scale;
    terms.gain_scale = std::max(terms.notional_scale, terms.gain_scale);
  }
  return terms;
}

void expect_same(const std::optional<Money>& ours, const std::optional<BigInt>& exact) {
  const auto expected = exact ? fitting(*exact) : std::nullopt;
  ASSERT_EQ(ours.has_value(), expected.has_value());
  if (expected) {
    ASSERT_EQ(big(ours->units), *exact);
  }
}

TEST(Terms, random_terms_agree_with_exact_fractions) {
  std::mt19937_64 random(7);
  int fitted = 0, nothing = 0;
  for (int i = 0; i < 60'000; ++i) {
    const Terms terms = any_terms(random);
    const std::int64_t sign = random() % 4 == 0 ? -1 : 1;
    const Price entry{any_size(random) * sign};
    const Price exit{random() % 3 == 0 ? entry.units + static_cast<std::int64_t>(random() % 9)
                                       : any_size(random)};
    const Quantity quantity{any_size(random)};
    const bool long_leg = random() % 2 != 0;
    const auto gained = gain(terms, long_leg, entry, exit, quantity);
    ++(gained ? fitted : nothing);
    ASSERT_NO_FATAL_FAILURE(expect_same(gained, exact_gain(terms, long_leg, entry, exit, quantity)))
        << i;
    ASSERT_NO_FATAL_FAILURE(
        expect_same(value(terms, entry, quantity), exact_value(terms, entry, quantity)))
        << i;
  }
  EXPECT_GT(fitted, 10'000);
  EXPECT_GT(nothing, 1'000);
}

}  // namespace
}  // namespace marktwacht
