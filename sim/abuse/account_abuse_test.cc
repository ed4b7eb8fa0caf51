// Abuse of accounts, funds and programmes: each label is true of the stream, as clause 2 words it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/abuse/flow_twin.h"

namespace marktwacht::sim {
namespace {

Flow run(std::string_view abuse) {
  Flow flow({.seed = 13, .events = 500'000, .severity_per_mille = 600, .abuse = {abuse}});
  flow.keep_labels_of(abuse);
  return flow;
}

std::int64_t count(const Flow& flow, const SeenLabel& label, EventType type,
                   std::string_view says = "") {
  const auto lines = flow.lines_of(label);
  return std::ranges::count_if(
      lines, [&](const SeenLine* line) { return line->type == type && line->says(says); });
}

double sum(const Flow& flow, const SeenLabel& label, EventType type, std::string_view says = "") {
  double amounts = 0;
  for (const SeenLine* line : flow.lines_of(label)) {
    amounts += line->type == type && line->says(says) ? line->amount : 0;
  }
  return amounts;
}

TEST(AccountAbuse, PassThroughFunds) {
  const Flow flow = run("pass_through_funds");
  ASSERT_GE(flow.labels.size(), 4U);
  for (const SeenLabel& label : flow.labels) {
    EXPECT_GE(count(flow, label, EventType::withdrawal), 2);
    EXPECT_GE(sum(flow, label, EventType::withdrawal),
              0.7 * sum(flow, label, EventType::deposit, "source_address"));
  }
}

TEST(AccountAbuse, Structuring) {
  const Flow flow = run("structuring");
  ASSERT_GE(flow.labels.size(), 4U);
  for (const SeenLabel& label : flow.labels) {
    const auto lines = flow.lines_of(label);
    EXPECT_GE(std::ranges::count_if(lines,
                                    [](auto* line) {
                                      return (line->type == EventType::deposit ||
                                              line->type == EventType::withdrawal) &&
                                             line->amount >= 9'000 && line->amount < 10'000;
                                    }),
              3);
  }
}

TEST(AccountAbuse, AccountTakeover) {
  const Flow flow = run("account_takeover");
  ASSERT_GE(flow.labels.size(), 4U);
  for (const SeenLabel& label : flow.labels) {
    EXPECT_EQ(label.accounts.size(), 1U);
    EXPECT_GE(count(flow, label, EventType::login, "failed"), 1);
    EXPECT_GE(count(flow, label, EventType::login, "\"ok\""), 1);
    EXPECT_GE(count(flow, label, EventType::credential), 1);
    EXPECT_GE(count(flow, label, EventType::withdrawal), 1);
    EXPECT_LT(label.to - label.from, Duration{3'600 * second.ns});
  }
}

TEST(AccountAbuse, AbnormalProfit) {
  const Flow flow = run("abnormal_profit");
  ASSERT_GE(flow.labels.size(), 1U);
  for (const SeenLabel& label : flow.labels) {
    std::map<std::string, double> gain, held, price;  // by instrument
    for (const SeenFill* fill : flow.fills_of(label)) {
      const double sign = label.has(fill->buyer) ? 1 : -1;
      held[fill->instrument] += sign * fill->quantity;
      gain[fill->instrument] -= sign * fill->quantity * fill->price;
      price[fill->instrument] = fill->price;
    }
    double all = 0;
    for (const auto& [instrument, lots] : held) {
      all += gain[instrument] + lots * price[instrument];
    }
    EXPECT_GT(all, 0);
    EXPECT_GE(std::ranges::count_if(flow.lines,
                                    [&](const SeenLine& line) {
                                      return line.type == EventType::announcement &&
                                             label.during(line.ts);
                                    }),
              3);
  }
}

TEST(AccountAbuse, LockstepAccounts) {
  const Flow flow = run("lockstep_accounts");
  ASSERT_GE(flow.labels.size(), 4U);
  for (const SeenLabel& label : flow.labels) {
    std::map<std::string, std::set<std::pair<std::int64_t, double>>> acts;  // second and price
    for (const SeenOrder* order : flow.orders_of(label)) {
      acts[order->account].insert({order->placed.ns / second.ns, order->price});
    }
    ASSERT_GE(acts.size(), 3U);
    const auto& first = acts.begin()->second;
    for (const auto& [account, own] : acts) {
      std::vector<std::pair<std::int64_t, double>> both;
      std::ranges::set_intersection(first, own, std::back_inserter(both));
      EXPECT_GE(both.size(), 25U);
      EXPECT_GE(static_cast<double>(both.size()),
                0.6 * static_cast<double>(first.size() + own.size() - both.size()));
    }
  }
}

TEST(AccountAbuse, LoopholeGain) {
  const Flow flow = run("loophole_gain");
  ASSERT_GE(flow.labels.size(), 5U);
  for (const SeenLabel& label : flow.labels) {
    EXPECT_GE(count(flow, label, EventType::balance), 1);
    // Each stated balance is more than the last payment, and all of it is withdrawn.
    double paid = 0, stated = 0;
    for (const SeenLine* line : flow.lines_of(label)) {
      if (line->type == EventType::deposit) {
        paid = line->amount;
      } else if (line->type == EventType::balance) {
        const std::size_t at = line->text.find("\"total\":\"");
        stated = std::stod(line->text.substr(at + 9));
        EXPECT_GE(stated, 1.2 * paid);
      } else if (line->type == EventType::withdrawal && stated > 0) {
        EXPECT_EQ(line->amount, stated);
        stated = 0;
      }
    }
  }
}

TEST(AccountAbuse, BonusHunting) {
  const Flow flow = run("bonus_hunting");
  ASSERT_GE(flow.labels.size(), 2U);
  for (const SeenLabel& label : flow.labels) {
    const auto members = static_cast<std::int64_t>(label.accounts.size());
    EXPECT_GE(members, 3);
    EXPECT_GE(count(flow, label, EventType::reward, "released"), members);
    EXPECT_GE(count(flow, label, EventType::withdrawal), members);
    // Each traded what its programme asks for, and hardly more.
    const bool welcome = count(flow, label, EventType::reward, "welcome-2025") > 0;
    const double required = welcome ? 20'000 : 60'000;
    std::map<std::string, double> traded;
    for (const SeenFill* fill : flow.fills_of(label)) {
      traded[fill->buyer] += fill->quantity * fill->price;
      traded[fill->seller] += fill->quantity * fill->price;
    }
    for (const std::string& account : label.accounts) {
      EXPECT_GE(traded[account], 0.95 * required);
      EXPECT_LE(traded[account], 1.25 * required);
    }
  }
}

TEST(AccountAbuse, ReferralRing) {
  const Flow flow = run("referral_ring");
  ASSERT_GE(flow.labels.size(), 4U);
  for (const SeenLabel& label : flow.labels) {
    EXPECT_GE(count(flow, label, EventType::reward, "commission"), 3);
    int referred = 0;
    for (const SeenLine& line : flow.lines) {
      const std::size_t at = line.text.find("\"referrer_id\":\"");
      if (line.type == EventType::account && at != line.text.npos && label.has(line.account)) {
        referred += label.has(line.text.substr(at + 15, 12)) ? 1 : 0;
      }
    }
    EXPECT_EQ(referred, static_cast<int>(label.accounts.size()) - 1);
  }
}

TEST(AccountAbuse, FeeFarming) {
  const Flow flow = run("fee_farming");
  const auto labels = flow.labels_of("fee_farming");
  ASSERT_GE(labels.size(), 4U);
  for (const SeenLabel* label : labels) {
    double inside = 0, worth = 0;
    for (const SeenFill* fill : flow.fills_of(*label)) {
      const bool both = label->has(fill->buyer) && label->has(fill->seller);
      inside += both ? 1 : 0;
      worth += both ? fill->quantity * fill->price : 0;
    }
    EXPECT_GE(inside, 8);
    // What the trades cost: 6 hundredths of a percent in fees.
    EXPECT_GE(sum(flow, *label, EventType::reward, "fee_rebate"), 0.0006 * worth);
  }
}

TEST(AccountAbuse, HedgedPair) {
  const Flow flow = run("hedged_pair");
  ASSERT_GE(flow.labels.size(), 3U);
  for (const SeenLabel& label : flow.labels) {
    ASSERT_EQ(label.accounts.size(), 2U);
    std::map<std::string, double> held;
    for (const SeenFill* fill : flow.fills_of(label)) {
      held[fill->buyer] += fill->quantity;
      held[fill->seller] -= fill->quantity;
    }
    const double one = held[*label.accounts.begin()], other = held[*label.accounts.rbegin()];
    EXPECT_LT(one * other, 0);
    EXPECT_LE(std::abs(one + other), 0.05 * (std::abs(one) + std::abs(other)));
    EXPECT_GE(count(flow, label, EventType::reward, "open-positions"), 2);
  }
}

TEST(AccountAbuse, Rumour) {
  const Flow flow = run("rumour");
  ASSERT_GE(flow.labels.size(), 3U);
  for (const SeenLabel& label : flow.labels) {
    std::set<std::string> authors;
    bool corrected = false;
    for (const SeenLine& line : flow.lines) {
      if (label.during(line.ts) && line.says("\"" + label.instrument + "\"")) {
        const std::size_t at = line.text.find("\"author\":\"");
        if (line.type == EventType::post) {
          authors.insert(line.text.substr(at, 20));
        }
        corrected = corrected || line.says("refutes_post_id");
      }
    }
    EXPECT_GE(authors.size(), 3U);
    EXPECT_TRUE(corrected);
    EXPECT_FALSE(flow.fills_of(label).empty());
  }
}

}  // namespace
}  // namespace marktwacht::sim
