// Joins of two, in every way in which they may differ.
#include "measures/effective.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace marktwacht {
namespace {

Restriction deny(GateAction action, std::uint64_t measure, std::optional<Time> until = {}) {
  Restriction one;
  one.action = action;
  one.measure = measure;
  one.until = until;
  return one;
}

Restriction limit(std::string_view amount, std::uint64_t measure) {
  Restriction one = deny(GateAction::withdraw, measure);
  one.asset = "USDT";
  one.limit = parse_decimal(amount);
  return one;
}

using Restrictions = std::vector<Restriction>;

TEST(JoinRestrictions, UnitesDenialsAndKeepsTheLonger) {
  const Restriction freeze = deny(GateAction::withdraw, 1, Time{100});
  const Restriction block = deny(GateAction::withdraw, 2, Time{200});
  const Restriction login = deny(GateAction::login, 3);
  EXPECT_EQ(join_restrictions({freeze, login, block}), (Restrictions{login, block}));
  EXPECT_EQ(join_restrictions({deny(GateAction::login, 9), login}), (Restrictions{login}));
  EXPECT_EQ(join_restrictions({freeze, deny(GateAction::withdraw, 5)}).front().measure, 5u);
}

TEST(JoinRestrictions, TheLeastLimitStandsUnlessAllIsDenied) {
  EXPECT_EQ(join_restrictions({limit("100", 1), limit("20.5", 2)}),
            (Restrictions{limit("20.5", 2)}));
  const Restriction all = deny(GateAction::withdraw, 7, Time{50});
  EXPECT_EQ(join_restrictions({limit("100", 1), all}), (Restrictions{all}));
  Restriction others = limit("0", 1);
  others.asset.clear();
  EXPECT_EQ(join_restrictions({limit("100", 1), others}).size(), 2u);
}

TEST(JoinRestrictions, AScopeOfOneInstrumentIsCoveredByAll) {
  Restriction on_btc = deny(GateAction::reduce_position, 1);
  on_btc.instrument_id = "BTC";
  on_btc.held_min = {60};
  EXPECT_EQ(join_restrictions({on_btc, deny(GateAction::reduce_position, 2)}),
            (Restrictions{deny(GateAction::reduce_position, 2)}));
  Restriction longer = on_btc;
  longer.held_min = {90};
  EXPECT_EQ(join_restrictions({on_btc, longer}), (Restrictions{longer}));
}

TEST(JoinRestrictions, KnownDevicesAreThoseThatBothKnow) {
  Restriction a = deny(GateAction::login, 1), b = deny(GateAction::login, 2);
  a.devices = {"phone", "laptop"};
  b.devices = {"laptop"};
  EXPECT_EQ(join_restrictions({a, b}).front().devices, (std::vector<std::string>{"laptop"}));
  b.devices = {"tablet"};
  EXPECT_TRUE(join_restrictions({a, b}).front().devices.empty());
}

TEST(JoinRestrictions, TheOrderOfMeasuresDoesNotMatter) {
  Restrictions all{limit("100", 1), limit("7", 2), deny(GateAction::login, 3, Time{5}),
                   deny(GateAction::login, 4), deny(GateAction::transfer, 5)};
  const Restrictions first = join_restrictions(all);
  std::ranges::reverse(all);
  EXPECT_EQ(join_restrictions(all), first);
}

}  // namespace
}  // namespace marktwacht
