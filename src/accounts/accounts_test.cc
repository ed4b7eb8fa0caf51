// Accounts: worked examples, and random streams against the slow twin.
#include "accounts/accounts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>

#include "accounts/accounts_twin.h"

namespace marktwacht {
namespace {

constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();

Terms plain() { return {}; }

Terms spot_terms() {
  Terms terms;
  terms.spot = true;
  return terms;
}

PositionKey key(std::uint32_t account, std::uint32_t instrument = 0, Leg leg = Leg::net) {
  return {AccountIndex{account}, InstrumentIndex{instrument}, leg};
}

Execution buy(std::int64_t quantity, std::int64_t price, std::int64_t at_ms = 0, Int128 fee = 0) {
  return {key(0),       Side::buy,
          Price{price}, Quantity{quantity},
          Money{fee},   Time{at_ms * millisecond.ns}};
}

Execution sell(std::int64_t quantity, std::int64_t price, std::int64_t at_ms = 0, Int128 fee = 0) {
  Execution execution = buy(quantity, price, at_ms, fee);
  execution.side = Side::sell;
  return execution;
}

Execution on(Leg leg, Execution execution) {
  execution.key.leg = leg;
  return execution;
}

std::string saved(const Accounts& accounts) {
  std::string bytes;
  ByteWriter out(bytes);
  accounts.save(out);
  return bytes;
}

TEST(Accounts, closes_the_oldest_first_and_turns) {
  Accounts accounts;
  const auto first = accounts.execute(plain(), buy(10, 100, 0));
  EXPECT_TRUE(first->opened_position);
  EXPECT_EQ(first->opened.units, 10);
  EXPECT_FALSE(accounts.execute(plain(), buy(10, 110, 1'000))->opened_position);

  const auto closed = accounts.execute(plain(), sell(15, 120, 2'000));
  EXPECT_EQ(closed->closed.units, 15);
  EXPECT_EQ(closed->opened.units, 0);
  EXPECT_EQ(closed->realised_gain.units, 10 * 20 + 5 * 10);
  EXPECT_EQ(closed->held_ms, 1'666);  // (10 × 2,000 + 5 × 1,000) / 15
  ASSERT_EQ(accounts.lots(key(0)).size(), 1U);
  EXPECT_EQ(accounts.lots(key(0))[0].price.units, 110);

  const auto turned = accounts.execute(plain(), sell(8, 100, 3'000));
  EXPECT_EQ(turned->closed.units, 5);
  EXPECT_EQ(turned->opened.units, 3);
  EXPECT_EQ(turned->realised_gain.units, -50);
  EXPECT_FALSE(turned->opened_position);  // it had one
  EXPECT_EQ(accounts.position(key(0)).units, -3);
  EXPECT_EQ(accounts.execute(plain(), buy(3, 90, 4'000))->realised_gain.units, 30);
  EXPECT_TRUE(accounts.lots(key(0)).empty());
}

TEST(Accounts, fees_are_charged_by_part_and_nothing_is_lost) {
  Accounts accounts;
  accounts.execute(plain(), buy(3, 100, 0, 10));
  // Entry shares of 10 over 3: 3 (3.33), then 4 of 7 over 2 (3.5 to even), then 3.
  EXPECT_EQ(accounts.execute(plain(), sell(1, 100, 1))->realised_gain.units, -3);
  EXPECT_EQ(accounts.execute(plain(), sell(1, 100, 1))->realised_gain.units, -4);
  // The exit's fee of 8 over 4: 2 to the one closed, 6 go with the three opened; a rebate adds.
  const auto turned = accounts.execute(plain(), sell(4, 100, 1, 8));
  EXPECT_EQ(turned->realised_gain.units, -3 - 2);
  EXPECT_EQ(turned->gross_gain.units, 0);
  EXPECT_EQ(accounts.lots(key(0))[0].fee.units, 6);
  EXPECT_EQ(accounts.execute(plain(), buy(3, 100, 1, -9))->realised_gain.units, -6 + 9);
}

TEST(Accounts, fills_of_one_price_and_instant_are_one_lot) {
  Accounts accounts;
  accounts.execute(plain(), buy(3, 100, 5, 1));
  accounts.execute(plain(), buy(4, 100, 5, 2));
  ASSERT_EQ(accounts.lots(key(0)).size(), 1U);
  EXPECT_EQ(accounts.lots(key(0))[0].quantity.units, 7);
  EXPECT_EQ(accounts.lots(key(0))[0].fee.units, 3);
  accounts.execute(plain(), buy(4, 100, 6));
  accounts.execute(plain(), buy(4, 101, 6));
  EXPECT_EQ(accounts.lots(key(0)).size(), 3U);
}

TEST(Accounts, spot_sells_only_what_it_holds) {
  Accounts accounts;
  const auto bought = accounts.execute(spot_terms(), buy(5, 100));
  EXPECT_EQ(bought->opened.units, 5);
  const auto sold = accounts.execute(spot_terms(), sell(10, 110, 0, 4));
  EXPECT_EQ(sold->closed.units, 5);
  EXPECT_EQ(sold->opened.units, 0);
  EXPECT_EQ(sold->realised_gain.units, 50 - 2);  // half of the fee fell to the unknown half
  EXPECT_EQ(accounts.position(key(0)).units, 0);
  const auto nothing = accounts.execute(spot_terms(), sell(10, 110, 0, 4));
  EXPECT_EQ(nothing->closed.units, 0);
  EXPECT_EQ(nothing->realised_gain.units, 0);
}

TEST(Accounts, a_spot_position_stated_below_zero_counts_as_none) {
  Accounts accounts;
  accounts.state_position(key(0), Quantity{-4}, Price{1}, Time{});
  EXPECT_EQ(accounts.execute(spot_terms(), sell(1, 100))->closed.units, 0);
  const auto bought = accounts.execute(spot_terms(), buy(1, 100));
  EXPECT_TRUE(bought->opened_position);
  EXPECT_EQ(bought->opened.units, 1);
  EXPECT_EQ(accounts.position(key(0)).units, 1);
}

TEST(Accounts, a_leg_never_turns) {
  Accounts accounts;
  accounts.execute(plain(), on(Leg::long_leg, buy(5, 100)));
  accounts.execute(plain(), on(Leg::short_leg, sell(7, 100)));
  EXPECT_EQ(accounts.position(key(0, 0, Leg::long_leg)).units, 5);
  EXPECT_EQ(accounts.position(key(0, 0, Leg::short_leg)).units, -7);
  EXPECT_EQ(accounts.position(key(0)).units, 0);

  const auto closed = accounts.execute(plain(), on(Leg::long_leg, sell(9, 101)));
  EXPECT_EQ(closed->closed.units, 5);
  EXPECT_EQ(closed->opened.units, 0);
  EXPECT_EQ(closed->realised_gain.units, 5);
  const auto covered = accounts.execute(plain(), on(Leg::short_leg, buy(9, 101)));
  EXPECT_EQ(covered->closed.units, 7);
  EXPECT_EQ(covered->realised_gain.units, -7);
  EXPECT_EQ(accounts.execute(plain(), on(Leg::short_leg, buy(9, 101)))->closed.units, 0);
}

TEST(Accounts, holdings_of_unknown_price_have_age_but_no_gain) {
  Accounts accounts;
  accounts.state_position(key(0), Quantity{4}, std::nullopt, Time{});
  accounts.execute(plain(), buy(4, 100, 10));
  const auto closed = accounts.execute(plain(), sell(8, 110, 20, 16));
  EXPECT_EQ(closed->closed.units, 8);
  EXPECT_EQ(closed->gross_gain.units, 40);
  EXPECT_EQ(closed->realised_gain.units, 40 - 8);  // half of the fee fell to the unknown lot
  EXPECT_EQ(closed->held_ms, 15);
}

TEST(Accounts, a_statement_of_what_is_known_keeps_the_holdings) {
  Accounts accounts;
  accounts.execute(plain(), buy(2, 100, 1));
  accounts.execute(plain(), buy(2, 101, 2));
  EXPECT_TRUE(accounts.state_position(key(0), Quantity{4}, Price{7}, Time{9}));
  EXPECT_EQ(accounts.lots(key(0)).size(), 2U);
  EXPECT_TRUE(accounts.state_position(key(0), Quantity{-4}, Price{7}, Time{9}));
  ASSERT_EQ(accounts.lots(key(0)).size(), 1U);
  EXPECT_EQ(accounts.lots(key(0))[0].price.units, 7);
  EXPECT_EQ(accounts.position(key(0)).units, -4);
  EXPECT_FALSE(accounts.state_position(key(0), Quantity{-huge - 1}, Price{7}, Time{9}));
  EXPECT_EQ(accounts.position(key(0)).units, -4);
  EXPECT_TRUE(accounts.state_position(key(0), Quantity{}, std::nullopt, Time{9}));
  EXPECT_TRUE(accounts.lots(key(0)).empty());
  // A leg's sign is its own.
  accounts.state_position(key(0, 0, Leg::short_leg), Quantity{3}, Price{7}, Time{9});
  EXPECT_EQ(accounts.position(key(0, 0, Leg::short_leg)).units, -3);
}

TEST(Accounts, what_does_not_fit_changes_nothing) {
  Accounts accounts;
  accounts.execute(plain(), buy(huge, 100));
  const std::string before = saved(accounts);
  EXPECT_FALSE(accounts.execute(plain(), buy(1, 100)));
  Terms large = plain();
  large.multiplier = int128_max;
  EXPECT_FALSE(accounts.execute(large, sell(5, 103)));
  Terms inverse = plain();
  inverse.inverse = true;
  EXPECT_FALSE(accounts.execute(inverse, sell(5, 0)));
  EXPECT_EQ(saved(accounts), before);

  const AccountIndex account{3};
  const AssetIndex asset{2};
  EXPECT_TRUE(accounts.change_balance(account, asset, Money{int128_max}));
  EXPECT_FALSE(accounts.change_balance(account, asset, Money{1}));
  EXPECT_EQ(accounts.balance(account, asset).total.units, int128_max);
  accounts.state_balance(account, asset, Money{0}, Money{int128_min});
  EXPECT_FALSE(accounts.last_statement().whole);
  EXPECT_FALSE(accounts.change_balance(account, asset, Money{-1}));
  EXPECT_EQ(accounts.balance(account, asset).total.units, 0);
}

TEST(Accounts, a_statement_says_what_explains_it) {
  Accounts accounts;
  const AccountIndex account{3};
  const AssetIndex asset{2};
  const auto state = [&](Int128 total) {
    accounts.state_balance(account, asset, Money{total}, Money{0});
    return accounts.last_statement();
  };
  accounts.change_balance(account, asset, Money{40});
  Statement statement = state(100);
  EXPECT_EQ(statement.account, account);
  EXPECT_EQ(statement.asset, asset);
  EXPECT_TRUE(statement.whole);
  EXPECT_EQ(statement.unexplained(), 60);
  accounts.change_balance(account, asset, Money{-30});
  accounts.change_balance(AccountIndex{4}, asset, Money{7});
  statement = state(75);
  EXPECT_EQ(statement.explained, 70);
  EXPECT_EQ(statement.unexplained(), 5);
  EXPECT_EQ(state(75).unexplained(), 0);
  accounts.miss_change(account, asset);
  EXPECT_FALSE(state(80).whole);
  EXPECT_TRUE(state(int128_max).whole);
  EXPECT_FALSE(state(-2).unexplained());

  accounts.state_position(key(0), Quantity{-5}, std::nullopt, Time{});
  accounts.execute(plain(), buy(2, 100));
  accounts.state_position(key(0), Quantity{-7}, std::nullopt, Time{});
  EXPECT_EQ(accounts.last_statement().instrument, key(0).instrument);
  EXPECT_FALSE(accounts.last_statement().asset.exists());
  EXPECT_EQ(accounts.last_statement().explained, -3);
  EXPECT_EQ(accounts.last_statement().stated, -7);
}

TEST(Accounts, rescaling_is_exact_or_not_at_all) {
  Accounts accounts;
  const AssetIndex asset{1};
  accounts.change_balance(AccountIndex{0}, asset, Money{1'500});
  accounts.state_balance(AccountIndex{9}, asset, Money{-20}, Money{100});
  accounts.change_balance(AccountIndex{9}, AssetIndex{0}, Money{7});
  EXPECT_FALSE(accounts.can_rescale(asset, 18, 16));
  EXPECT_TRUE(accounts.can_rescale(asset, 18, 17));
  EXPECT_FALSE(accounts.rescale_asset(asset, 18, 16));  // −20 would lose a digit
  EXPECT_EQ(accounts.balance(AccountIndex{0}, asset).total.units, 1'500);
  EXPECT_TRUE(accounts.rescale_asset(asset, 18, 17));
  EXPECT_EQ(accounts.balance(AccountIndex{0}, asset).total.units, 150);
  EXPECT_EQ(accounts.balance(AccountIndex{9}, asset).total.units, -2);
  EXPECT_EQ(accounts.balance(AccountIndex{9}, asset).available.units, 10);
  EXPECT_FALSE(accounts.rescale_asset(asset, 0, 38));
  EXPECT_EQ(accounts.balance(AccountIndex{9}, AssetIndex{0}).total.units, 7);
  EXPECT_TRUE(accounts.rescale_asset(AssetIndex{77}, 0, 38));
}

TEST(Accounts, spot_opens_only_above_the_peak_of_the_day) {
  Accounts accounts;
  const auto opened = [&](Side side, std::int64_t quantity, std::int64_t day_number) {
    return accounts.spot_opened(key(0), side, Quantity{quantity}, day_number).units;
  };
  EXPECT_EQ(opened(Side::buy, 10, 5), 10);
  EXPECT_EQ(opened(Side::sell, 8, 5), 0);
  EXPECT_EQ(opened(Side::buy, 5, 5), 0);
  EXPECT_EQ(opened(Side::buy, 5, 5), 2);
  EXPECT_EQ(opened(Side::sell, 30, 6), 0);
  EXPECT_EQ(opened(Side::buy, 31, 6), 1);
  EXPECT_EQ(opened(Side::buy, huge, 6), huge);
  EXPECT_EQ(opened(Side::buy, huge, 6), huge);
}

TEST(Accounts, visitors_see_order_by_key) {
  Accounts accounts;
  for (const std::uint32_t account : {900U, 3U, 70'000U, 5U}) {
    accounts.change_balance(AccountIndex{account}, AssetIndex{account % 4}, Money{1});
    accounts.change_balance(AccountIndex{account}, AssetIndex{0}, Money{1});
    accounts.state_position(key(account, 2), Quantity{1}, std::nullopt, Time{});
    accounts.state_position(key(account, 1, Leg::short_leg), Quantity{1}, std::nullopt, Time{});
    accounts.state_position(key(account, 1), Quantity{1}, std::nullopt, Time{});
  }
  std::vector<PositionKey> positions;
  accounts.visit_positions([&](const PositionKey& at, Quantity) { positions.push_back(at); });
  EXPECT_EQ(positions.size(), 12U);
  EXPECT_TRUE(std::is_sorted(positions.begin(), positions.end()));
  std::vector<std::pair<AccountIndex, AssetIndex>> balances;
  accounts.visit_balances([&](AccountIndex account, AssetIndex asset, const Balance&) {
    balances.emplace_back(account, asset);
  });
  EXPECT_EQ(balances.size(), 6U);
  EXPECT_TRUE(std::is_sorted(balances.begin(), balances.end()));
}

TEST(Accounts, a_million_lots_open_and_close_quickly) {
  Accounts accounts;
  constexpr std::int64_t count = 1'000'000;
  for (std::int64_t i = 0; i < count; ++i) {
    accounts.execute(plain(), buy(2, 100 + i % 2, i));
  }
  EXPECT_EQ(accounts.lots(key(0)).size(), 1'000'000U);
  for (std::int64_t i = 0; i < 2 * count; ++i) {
    ASSERT_EQ(accounts.execute(plain(), sell(1, 100, count))->closed.units, 1);
  }
  EXPECT_TRUE(accounts.lots(key(0)).empty());
}

// A market of few accounts and instruments, so that positions open, close and turn often.
class Stream {
 public:
  explicit Stream(std::uint64_t seed) : random_(seed), tiny_(seed % 3 != 0) {
    for (int i = 0; i < 6; ++i) {
      Terms terms;
      terms.spot = i % 3 == 0;
      terms.inverse = i % 3 == 1;
      terms.price_scale = static_cast<int>(random_() % 6);
      terms.quantity_scale = static_cast<int>(random_() % 6);
      terms.multiplier = terms.spot ? 1 : 1 + static_cast<Int128>(random_() % 1000);
      terms.multiplier_scale = terms.spot ? 0 : static_cast<int>(random_() % 3);
      terms.notional_scale =
          terms.quantity_scale + terms.multiplier_scale + (terms.inverse ? 0 : terms.price_scale);
      terms.gain_scale = terms.inverse ? static_cast<int>(random_() % 19)
                                       : terms.notional_scale + static_cast<int>(random_() % 4);
      instruments_.push_back(terms);
    }
  }

  // One act on both; false when they differ.
  void step(Accounts& ours, AccountsTwin& twin) {
    now_ += static_cast<std::int64_t>(random_() % 3) * (tiny_ ? 7'123'457 : huge / 4'000);
    switch (random_() % 16) {
      case 0:
        return state_position(ours, twin);
      case 1:
      case 2:
        return change_balance(ours, twin);
      case 3:
        return spot(ours, twin);
      default:
        return execute(ours, twin);
    }
  }

 private:
  std::int64_t size() {
    return tiny_ ? static_cast<std::int64_t>(random_() % 12)
                 : static_cast<std::int64_t>(random_() >> (1 + random_() % 63));
  }
  Int128 money() {
    const Int128 amount = tiny_ ? Int128{size()} : Int128{size()} * size() * 2;
    return random_() % 3 == 0 ? -amount : amount;
  }
  PositionKey any_key() {
    return {AccountIndex{static_cast<std::uint32_t>(random_() % 4)},
            InstrumentIndex{static_cast<std::uint32_t>(random_() % instruments_.size())},
            static_cast<Leg>(random_() % 3)};
  }
  Price any_price() { return {random_() % 20 == 0 ? -size() : 1 + size() / 2}; }

  void execute(Accounts& ours, AccountsTwin& twin) {
    const PositionKey at = any_key();
    const Execution execution{at,
                              random_() % 2 != 0 ? Side::buy : Side::sell,
                              any_price(),
                              Quantity{std::max<std::int64_t>(1, size())},
                              Money{money()},
                              Time{now_}};
    const Terms& terms = instruments_[at.instrument.value];
    const auto effect = ours.execute(terms, execution);
    const auto expected = twin.execute(terms, execution);
    ASSERT_EQ(effect.has_value(), expected.has_value());
    refused += effect ? 0 : 1;
    if (effect) {
      ASSERT_EQ(effect->opened, expected->opened);
      ASSERT_EQ(effect->closed, expected->closed);
      ASSERT_EQ(effect->held_ms, expected->held_ms);
      ASSERT_EQ(effect->gross_gain, expected->gross_gain);
      ASSERT_EQ(effect->realised_gain, expected->realised_gain);
      ASSERT_EQ(effect->opened_position, expected->opened_position);
      ASSERT_EQ(effect->gain_known, expected->gain_known);
      ASSERT_EQ(effect->opened_first, expected->opened_first);
      ASSERT_EQ(effect->opened_last, expected->opened_last);
      closed += effect->closed.units != 0 ? 1 : 0;
      turned += effect->closed.units != 0 && effect->opened.units != 0 ? 1 : 0;
    }
    compare(ours, twin, at);
  }

  void state_position(Accounts& ours, AccountsTwin& twin) {
    const PositionKey at = any_key();
    const Quantity quantity =
        random_() % 2 != 0 ? ours.position(at) : Quantity{random_() % 2 != 0 ? size() : -size()};
    const auto price = random_() % 2 != 0 ? std::optional(any_price()) : std::nullopt;
    ours.state_position(at, quantity, price, Time{now_});
    twin.state_position(at, quantity, price, Time{now_});
    compare_statements(ours, twin);
    compare(ours, twin, at);
  }

  static void compare_statements(const Accounts& ours, const AccountsTwin& twin) {
    const Statement& said = ours.last_statement();
    ASSERT_EQ(said.account, twin.last_statement.account);
    ASSERT_EQ(said.asset, twin.last_statement.asset);
    ASSERT_EQ(said.instrument, twin.last_statement.instrument);
    ASSERT_EQ(said.stated, twin.last_statement.stated);
    ASSERT_EQ(said.explained, twin.last_statement.explained);
    ASSERT_EQ(said.whole, twin.last_statement.whole);
  }

  void change_balance(Accounts& ours, AccountsTwin& twin) {
    const AccountIndex account{static_cast<std::uint32_t>(random_() % 4)};
    const AssetIndex asset{static_cast<std::uint32_t>(random_() % 3)};
    const Money amount{money()}, other{money()};
    switch (random_() % 8) {
      case 0:
        ours.state_balance(account, asset, amount, other);
        twin.state_balance(account, asset, amount, other);
        compare_statements(ours, twin);
        break;
      case 2:
        ours.miss_change(account, asset);
        twin.miss_change(account, asset);
        break;
      case 1: {
        const int from = static_cast<int>(random_() % 4), to = static_cast<int>(random_() % 4);
        ASSERT_EQ(ours.rescale_asset(asset, from, to), twin.rescale_asset(asset, from, to));
        break;
      }
      default:
        ASSERT_EQ(ours.change_balance(account, asset, amount),
                  twin.change_balance(account, asset, amount));
    }
    const Balance balance = ours.balance(account, asset);
    const auto& expected = twin.balances[{account, asset}];
    ASSERT_EQ(big(balance.total.units), expected.total);
    ASSERT_EQ(big(balance.available.units), expected.available);
    ASSERT_EQ(balance.stated, expected.stated);
    ASSERT_EQ(balance.missed, expected.missed);
  }

  void spot(Accounts& ours, AccountsTwin& twin) {
    const PositionKey at = any_key();
    const Side side = random_() % 2 != 0 ? Side::buy : Side::sell;
    const Quantity quantity{size()};
    day_ += random_() % 50 == 0 ? 1 : 0;
    ASSERT_EQ(ours.spot_opened(at, side, quantity, day_),
              twin.spot_opened(at, side, quantity, day_));
  }

  static void compare(const Accounts& ours, AccountsTwin& twin, const PositionKey& at) {
    const auto& expected = twin.positions[at];
    ASSERT_EQ(ours.position(at).units,
              static_cast<std::int64_t>(BigInt(expected.held() * expected.sign)));
    const auto lots = ours.lots(at);
    ASSERT_EQ(lots.size(), expected.lots.size());
    std::size_t i = 0;
    for (const auto& lot : expected.lots) {
      ASSERT_EQ(lots[i].quantity.units, lot.quantity);
      ASSERT_EQ(lots[i].price.units, lot.price);
      ASSERT_EQ(lots[i].price_known, lot.price_known);
      ASSERT_EQ(lots[i].opened.ns, lot.opened);
      ASSERT_EQ(big(lots[i].fee.units), lot.fee);
      ++i;
    }
  }

 public:
  int refused = 0, closed = 0, turned = 0;

 private:
  std::mt19937_64 random_;
  bool tiny_;
  std::int64_t now_ = 0, day_ = 0;
  std::vector<Terms> instruments_;
};

TEST(Accounts, random_streams_agree_with_the_twin) {
  int refused = 0, closed = 0, turned = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    Accounts accounts;
    AccountsTwin twin;
    Stream stream(seed);
    for (int i = 0; i < 3'000; ++i) {
      stream.step(accounts, twin);
      ASSERT_FALSE(testing::Test::HasFatalFailure()) << "seed " << seed << " step " << i;
    }
    refused += stream.refused;
    closed += stream.closed;
    turned += stream.turned;
  }
  EXPECT_GT(refused, 5'000);
  EXPECT_GT(closed, 50'000);
  EXPECT_GT(turned, 3'000);
}

TEST(Accounts, a_restored_copy_writes_the_same_bytes_and_goes_on_alike) {
  for (std::uint64_t seed = 100; seed < 106; ++seed) {
    Accounts accounts;
    AccountsTwin twin;
    Stream stream(seed);
    for (int i = 0; i < 700; ++i) {
      stream.step(accounts, twin);
    }
    const std::string bytes = saved(accounts);
    Accounts copy;
    ByteReader in(bytes);
    ASSERT_TRUE(copy.load(in));
    EXPECT_TRUE(in.done());
    EXPECT_EQ(saved(copy), bytes);
    Stream stream_again = stream;
    AccountsTwin twin_again = twin;
    for (int i = 0; i < 700; ++i) {
      stream.step(accounts, twin);
      stream_again.step(copy, twin_again);
      ASSERT_FALSE(testing::Test::HasFatalFailure()) << "seed " << seed << " step " << i;
    }
    EXPECT_NE(saved(accounts), bytes);
    EXPECT_EQ(saved(copy), saved(accounts));
  }
}

TEST(Accounts, cut_snapshots_are_refused) {
  Accounts accounts;
  AccountsTwin twin;
  Stream stream(1);
  for (int i = 0; i < 60; ++i) {
    stream.step(accounts, twin);
  }
  const std::string bytes = saved(accounts);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Accounts copy;
    ByteReader in(std::string_view(bytes).substr(0, size));
    EXPECT_FALSE(copy.load(in)) << size;
  }
}

}  // namespace
}  // namespace marktwacht
