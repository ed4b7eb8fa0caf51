// The table of kinds against enforcement.md's, row by row; what the gate is given of each.
#include "measures/measure_table.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace marktwacht {
namespace {

using Actions = std::vector<GateAction>;
using enum GateAction;

template <class E>
std::string words(const std::vector<E>& list) {
  std::string text;
  for (const E word : list) {
    text += (text.empty() ? "" : " ") + std::string(word_of(word));
  }
  return text;
}

// Sound parameters with all that the kind needs.
MeasureParameters sound(MeasureKind kind) {
  MeasureParameters said;
  if (kind == MeasureKind::limit_withdrawal || kind == MeasureKind::limit_deposit) {
    said.amount = parse_decimal("250.5");
    said.asset = "USDT";
  } else if (kind == MeasureKind::cap_leverage) {
    said.leverage_max = parse_decimal("5");
  } else if (kind == MeasureKind::min_holding_time) {
    said.held_min = {60 * second.ns};
  } else if (kind == MeasureKind::restrict_access) {
    said.channel = Channel::api;
  } else if (kind == MeasureKind::require_kyc) {
    said.kyc_level = 2;
  } else if (kind == MeasureKind::custom) {
    said.text = "Ask for the source of the funds.";
    said.actions = {withdraw};
  }
  return said;
}

std::vector<Restriction> denied(MeasureKind kind) {
  return restrictions_of(kind, sound(kind), Time{77}, 5);
}

// What the gate denies, as the table says it: the actions in the order of their numbers.
std::string gate_denies(MeasureKind kind) {
  Actions actions;
  for (const Restriction& one : denied(kind)) {
    actions.push_back(one.action);
  }
  return words(actions);
}

const std::string all_but_cancel_and_reduce =
    "register login api place_order open_position withdraw deposit transfer use_leverage";
const std::string all_but_cancel =
    "register login api place_order open_position reduce_position withdraw deposit transfer "
    "use_leverage";

struct TableRow {
  std::string kind, clause, denies, jobs, undone_by;
  bool always_two = false;
};

// enforcement.md, "Measures", with its units named: funds = withdraw, transfer.
const TableRow spec[] = {
    {"warn", "3.8", "", "notice", ""},
    {"watch", "3.8", "", "", "end"},
    {"require_report", "3.7", "", "notice", "report"},
    {"require_kyc", "2.3", "withdraw", "notice", "lift level"},
    {"block_withdrawal", "3.4", "withdraw transfer", "", "lift"},
    {"limit_withdrawal", "3.4", "withdraw transfer", "", "lift"},
    {"block_deposit", "3.4", "deposit", "", "lift"},
    {"limit_deposit", "3.4", "deposit", "", "lift"},
    {"freeze_funds", "3.2", "withdraw transfer", "", "lift"},
    {"freeze_trading", "3.2", "place_order open_position", "cancel_opening_orders", "lift"},
    {"freeze_account", "2.1", "place_order open_position withdraw transfer",
     "cancel_opening_orders", "lift"},
    {"close_only", "3.5", "open_position", "cancel_opening_orders", "lift"},
    {"close_by", "3.5", "open_position", "cancel_opening_orders", "lift"},
    {"liquidate", "3.5", "open_position", "close_positions", "", true},
    {"min_holding_time", "2.4", "reduce_position", "", "lift"},
    {"restrict_access", "3.6", "api", "", "lift expiry"},
    {"suspend_access", "3.6", "login api", "", "lift expiry"},
    {"restrict_login", "2.3", "login", "", "lift"},
    {"ban_access", "3.6", "register login api", "", "lift", true},
    {"block_account", "2.3", all_but_cancel_and_reduce, "cancel_opening_orders", "lift"},
    {"deactivate", "3.3", all_but_cancel, "cancel_orders close_positions", "reverse", true},
    {"forfeit_balance", "3.3", "", "ledger_entries", "mirrored_entry", true},
    {"deduct_gains", "2.1", "", "ledger_entries", "mirrored_entry", true},
    {"compensate", "2.2", "", "ledger_entries", "mirrored_entry", true},
    {"void_trades", "3.8", "", "void_trades", "", true},
    {"terminate", "3.1", all_but_cancel, "cancel_orders close_positions", "reverse", true},
    {"suspend_instrument", "2.5", "place_order", "", "lift"},
    {"cap_leverage", "2.5", "use_leverage", "", "lift"},
    {"delist_instrument", "2.5", "place_order", "", "lift", true},
    {"custom", "3.8", "withdraw", "free_text", "lift"},
};

TEST(MeasureTableTest, EveryRowIsAsEnforcementHasIt) {
  ASSERT_EQ(std::size(spec), Words<MeasureKind>::list.size());
  for (std::size_t i = 0; i < std::size(spec); ++i) {
    const auto kind = static_cast<MeasureKind>(i);
    const MeasureTerms& terms = terms_of(kind);
    EXPECT_EQ(word_of(kind), spec[i].kind);
    EXPECT_EQ(terms.kind, kind);
    EXPECT_EQ(terms.clauses.front(), spec[i].clause) << spec[i].kind;
    EXPECT_EQ(gate_denies(kind), spec[i].denies) << spec[i].kind;
    EXPECT_EQ(words(terms.jobs.list()), spec[i].jobs) << spec[i].kind;
    EXPECT_EQ(words(terms.undone_by.list()), spec[i].undone_by) << spec[i].kind;
    EXPECT_EQ(terms.always_two, spec[i].always_two) << spec[i].kind;
  }
}

TEST(MeasureTableTest, EveryRestrictionNamesItsMeasureAndEnd) {
  for (std::size_t i = 0; i < Words<MeasureKind>::list.size(); ++i) {
    const auto kind = static_cast<MeasureKind>(i);
    const auto all = denied(kind);
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Restriction::action)) << word_of(kind);
    for (const Restriction& one : all) {
      EXPECT_EQ(one.reason, kind);
      EXPECT_EQ(one.measure, 5u);
      EXPECT_EQ(one.until, Time{77});
      EXPECT_NE(one.action, cancel_order) << word_of(kind);
    }
  }
}

TEST(MeasureTableTest, FreezesLetCancelReduceAndPayMarginIn) {
  for (const MeasureKind kind :
       {MeasureKind::freeze_funds, MeasureKind::freeze_trading, MeasureKind::freeze_account}) {
    for (const Restriction& one : denied(kind)) {
      EXPECT_NE(one.action, reduce_position) << word_of(kind);
      EXPECT_NE(one.action, deposit) << word_of(kind);
    }
  }
}

TEST(MeasureTableTest, LimitsCarryAmountAndAsset) {
  for (const MeasureKind kind : {MeasureKind::limit_withdrawal, MeasureKind::limit_deposit}) {
    for (const Restriction& one : denied(kind)) {
      EXPECT_EQ(one.asset, "USDT");
      ASSERT_TRUE(one.limit);
      EXPECT_EQ(format_decimal(*one.limit), "250.5");
    }
  }
  for (const Restriction& one : denied(MeasureKind::block_withdrawal)) {
    EXPECT_EQ(one.asset, "");
    EXPECT_FALSE(one.limit);
  }
}

TEST(MeasureTableTest, ParametersReachTheirRestriction) {
  EXPECT_EQ(denied(MeasureKind::min_holding_time)[0].held_min, Duration{60 * second.ns});
  EXPECT_EQ(denied(MeasureKind::cap_leverage)[0].limit, parse_decimal("5"));

  MeasureParameters said;
  said.devices = {"d1", "d2"};
  EXPECT_EQ(restrictions_of(MeasureKind::restrict_login, said, {}, 1)[0].devices, said.devices);

  said = {};
  said.instrument_id = "BTC-USDT";
  const auto one = restrictions_of(MeasureKind::close_only, said, {}, 1);
  EXPECT_EQ(one[0].instrument_id, "BTC-USDT");
  EXPECT_FALSE(one[0].until);
  said.actions = {withdraw, open_position};
  const auto custom = restrictions_of(MeasureKind::custom, said, {}, 1);
  ASSERT_EQ(custom.size(), 2u);  // in order; only trading happens on an instrument
  EXPECT_EQ(custom[0].action, open_position);
  EXPECT_EQ(custom[0].instrument_id, "BTC-USDT");
  EXPECT_EQ(custom[1].instrument_id, "");
}

TEST(MeasureTableTest, AChannelIsALoginOrTheApi) {
  for (const Channel channel : {Channel::web, Channel::app, Channel::api, Channel::fix}) {
    MeasureParameters said;
    said.channel = channel;
    ASSERT_EQ(parameter_fault(MeasureKind::restrict_access, said), "");
    const auto all = restrictions_of(MeasureKind::restrict_access, said, {}, 1);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].action, channel == Channel::web || channel == Channel::app ? login : api);
  }
}

TEST(MeasureTableTest, BansAndTerminationsReachDevicesAndAddresses) {
  for (std::size_t i = 0; i < Words<MeasureKind>::list.size(); ++i) {
    const auto kind = static_cast<MeasureKind>(i);
    Actions actions;
    for (const Restriction& one : device_restrictions_of(kind, {}, 9)) {
      EXPECT_EQ(one.reason, kind);
      EXPECT_EQ(one.measure, 9u);
      actions.push_back(one.action);
    }
    EXPECT_EQ(words(actions), kind == MeasureKind::ban_access  ? "register login api"
                              : kind == MeasureKind::terminate ? "register"
                                                               : "")
        << word_of(kind);
  }
}

TEST(MeasureTableTest, WhatIsNotToBeUndoneIsNeverDecidedByOne) {
  for (std::size_t i = 0; i < Words<MeasureKind>::list.size(); ++i) {
    const MeasureTerms& terms = terms_of(static_cast<MeasureKind>(i));
    EXPECT_TRUE(terms.reversible || terms.always_two) << word_of(terms.kind);
    EXPECT_TRUE(!terms.is_money || terms.always_two) << word_of(terms.kind);
    EXPECT_EQ(terms.is_money, terms.jobs.has(ExchangeJob::ledger_entries)) << word_of(terms.kind);
    // Whatever stays in force has a way out, but for closing positions that are gone.
    EXPECT_EQ(terms.lasts && terms.undone_by == SetOf<MeasureUndo>{},
              terms.kind == MeasureKind::liquidate)
        << word_of(terms.kind);
  }
  EXPECT_EQ(terms_of(MeasureKind::close_by).followed_by, MeasureKind::liquidate);
  EXPECT_EQ(terms_of(MeasureKind::delist_instrument).followed_by, MeasureKind::close_by);
}

TEST(MeasureTableTest, AMeasureCitesTheOffencesClauseWhereItProvidesForIt) {
  EXPECT_EQ(clause_for(MeasureKind::deduct_gains, "2.2"), "2.2");
  EXPECT_EQ(clause_for(MeasureKind::deduct_gains, "2.6"), "2.6");
  EXPECT_EQ(clause_for(MeasureKind::deduct_gains, "2.3"), "2.1");
  EXPECT_EQ(clause_for(MeasureKind::freeze_funds, "2.3"), "2.3");
  EXPECT_EQ(clause_for(MeasureKind::freeze_funds, "2.2"), "3.2");
  EXPECT_EQ(clause_for(MeasureKind::warn, ""), "3.8");
}

TEST(MeasureTableTest, ParametersThatAKindNeedsOrCannotUse) {
  for (std::size_t i = 0; i < Words<MeasureKind>::list.size(); ++i) {
    const auto kind = static_cast<MeasureKind>(i);
    EXPECT_EQ(parameter_fault(kind, sound(kind)), "") << word_of(kind);
    // What another kind needs is refused, unless this one needs it too.
    for (std::size_t k = 0; k < Words<MeasureKind>::list.size(); ++k) {
      const auto other = static_cast<MeasureKind>(k);
      if (sound(other) == sound(kind) || (terms_of(kind).is_money && sound(other).amount)) {
        continue;
      }
      const MeasureParameters none;
      if (sound(other) != none) {
        EXPECT_NE(parameter_fault(kind, sound(other)), "") << word_of(kind) << word_of(other);
      } else {
        EXPECT_NE(parameter_fault(kind, none), "") << word_of(kind);
      }
    }
  }
}

TEST(MeasureTableTest, ParametersOutOfTheirRange) {
  MeasureParameters said = sound(MeasureKind::limit_deposit);
  said.amount = parse_decimal("-1");
  EXPECT_NE(parameter_fault(MeasureKind::limit_deposit, said), "");
  said = sound(MeasureKind::limit_deposit);
  said.asset = "";
  EXPECT_NE(parameter_fault(MeasureKind::limit_deposit, said), "");
  said = {};
  said.leverage_max = parse_decimal("0");
  EXPECT_NE(parameter_fault(MeasureKind::cap_leverage, said), "");
  said = {};
  said.channel = Channel::liquidation;
  EXPECT_NE(parameter_fault(MeasureKind::restrict_access, said), "");
  said = {};
  said.kyc_level = 4;
  EXPECT_NE(parameter_fault(MeasureKind::require_kyc, said), "");
  said = sound(MeasureKind::custom);
  said.actions.push_back(cancel_order);
  EXPECT_NE(parameter_fault(MeasureKind::custom, said), "");
  said = {};
  said.instrument_id = "BTC-USDT";
  EXPECT_NE(parameter_fault(MeasureKind::freeze_funds, said), "");
  EXPECT_EQ(parameter_fault(MeasureKind::close_only, said), "");
}

}  // namespace
}  // namespace marktwacht
