// The shipped ladder against enforcement.md's table, word for word; how it is climbed and switched.
#include "measures/policy.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "measures/measure_table.h"
#include "measures/policy_reader.h"

namespace marktwacht {
namespace {

constexpr Duration minute{60 * second.ns};
constexpr Duration hour{3'600 * second.ns};

// The default, with everything switched on that may be.
Policy switched_on() {
  Policy policy = default_policy();
  policy.automatic = true;
  for (const LadderRow& row : std::vector<LadderRow>(policy.ladder)) {
    for (std::uint32_t step = 1; step <= row.steps.size(); ++step) {
      (void)set_automatic(policy, row.id, step, true);
    }
  }
  return policy;
}

std::string time_of(Duration length) {
  return length >= Duration{5 * day.ns} ? std::to_string(length.ns / day.ns) + " days"
         : length.ns % hour.ns == 0     ? std::to_string(length.ns / hour.ns) + " h"
         : length.ns % minute.ns == 0   ? std::to_string(length.ns / minute.ns) + " min"
                                        : std::to_string(length.ns / second.ns) + " s";
}

// As the table of enforcement.md writes it.
std::string words(const Proposed& proposed) {
  const Proposal& proposal = proposed.proposal;
  const MeasureParameters& said = proposal.parameters;
  std::string text(word_of(proposal.kind));
  text += proposal.on_instrument ? " on the instrument" : "";
  text += proposal.amount_of == AmountOf::loss_entered ? " of the loss entered" : "";
  text += said.channel ? " " + std::string(word_of(*said.channel)) : "";
  text += said.held_min.ns > 0 ? " " + std::to_string(said.held_min.ns / second.ns) + " s" : "";
  text += proposal.deadline ? " " + time_of(*proposal.deadline) : "";
  text += proposed.duration ? " " + time_of(*proposed.duration) : "";
  text += proposal.severity_min == Severity::critical ? " at critical" : "";
  return text + (proposed.automatic ? " (auto)" : "");
}

std::string words(const LadderAnswer& answer) {
  std::string text;
  for (const Proposed& proposed : answer.proposals) {
    text += (text.empty() ? "" : " + ") + words(proposed);
  }
  return text.empty() ? "a person decides" : text;
}

// Grave, sure, and of the clause's usual source.
Offence offence(std::string_view clause, bool is_rule, std::uint32_t confirmed_before = 0) {
  Offence said;
  said.clause = clause;
  said.is_rule = is_rule;
  said.severity = Severity::critical;
  said.score = 100;
  said.evidence_kinds = 3;
  said.confirmed_before = confirmed_before;
  said.alerts_in_window = 1;
  return said;
}

struct TableRow {
  std::vector<std::string_view> clauses;
  std::vector<bool> is_rule;  // as which sources it counts
  std::string first, second, third;
};

const TableRow spec[] = {
    {{"2.7", "2.8", "2.9"}, {true}, "warn (auto)", "watch", "close_only 30 days"},
    {{"2.10"},
     {true, false},
     "close_only on the instrument 5 days (auto)",
     "close_only on the instrument 30 days",
     "close_only on the instrument 60 days"},
    // Third: "at 10 in 24 h", else the second again.
    {{"2.11"},
     {true, false},
     "close_only on the instrument 10 min (auto)",
     "close_only on the instrument 1 h (auto)",
     "close_only on the instrument 1 h (auto)"},
    {{"2.3"},
     {true, false},
     "block_withdrawal 24 h (auto) + require_kyc 24 h (auto)",
     "freeze_funds",
     "terminate + deduct_gains"},
    {{"2.4"},
     {true, false},
     "warn (auto)",
     "min_holding_time 60 s + close_only 7 days",
     "terminate"},
    {{"2.1", "2.7", "2.8", "2.9"},
     {false},
     "freeze_account 24 h (auto)",
     "freeze_account 24 h (auto) + deduct_gains",
     "terminate"},
    {{"2.2"}, {true, false}, "freeze_funds 24 h + compensate", "deduct_gains", "terminate"},
    {{"2.6"},
     {true, false},
     "require_report 72 h",
     "deduct_gains of the loss entered",
     "suspend_access"},
    {{"2.5"},
     {true, false},
     "suspend_instrument 5 min at critical (auto)",
     "cap_leverage",
     "delist_instrument"},
    {{"2.12"}, {true, false}, "watch", "a person decides", "a person decides"},
};

TEST(PolicyTest, TheLadderIsAsEnforcementHasIt) {
  const Policy policy = switched_on();
  for (const TableRow& row : spec) {
    for (const std::string_view clause : row.clauses) {
      for (const bool is_rule : row.is_rule) {
        const std::string steps[] = {row.first, row.second, row.third, row.third, row.third};
        for (std::uint32_t n = 0; n < std::size(steps); ++n) {
          EXPECT_EQ(words(proposals_for(policy, offence(clause, is_rule, n))), steps[n])
              << clause << ", " << n << " before";
        }
      }
    }
  }
}

TEST(PolicyTest, AsShippedNothingIsAutomatic) {
  for (const TableRow& row : spec) {
    for (const std::string_view clause : row.clauses) {
      for (const bool is_rule : {true, false}) {
        for (std::uint32_t n = 0; n < 3; ++n) {
          const auto answer = proposals_for(default_policy(), offence(clause, is_rule, n));
          EXPECT_EQ(words(answer).find("auto"), std::string::npos) << clause;
        }
      }
    }
  }
  // Then it lasts as long as people decide: the level is reached or it is lifted.
  EXPECT_EQ(words(proposals_for(default_policy(), offence("2.3", false))),
            "block_withdrawal 24 h + require_kyc");
}

TEST(PolicyTest, BothSwitchesMustBeOn) {
  Policy policy = default_policy();
  policy.automatic = true;
  EXPECT_EQ(words(proposals_for(policy, offence("2.4", true))), "warn");
  ASSERT_TRUE(set_automatic(policy, "2.4", 1, true));
  EXPECT_EQ(words(proposals_for(policy, offence("2.4", true))), "warn (auto)");
  policy.automatic = false;
  EXPECT_EQ(words(proposals_for(policy, offence("2.4", true))), "warn");
}

TEST(PolicyTest, TenInADayLoseTheApi) {
  const Policy policy = switched_on();
  for (const std::uint32_t confirmed : {0u, 1u, 2u, 7u}) {
    Offence said = offence("2.11", true, confirmed);
    said.alerts_in_window = 9;
    EXPECT_EQ(proposals_for(policy, said).step, confirmed == 0 ? 1u : 2u);
    said.alerts_in_window = 10;
    EXPECT_EQ(words(proposals_for(policy, said)), "restrict_access api 24 h");
    EXPECT_EQ(proposals_for(policy, said).step, 3u);
    said.alerts_in_window = 50;
    EXPECT_EQ(proposals_for(policy, said).step, 3u);
  }
  EXPECT_EQ(policy.count_window, Duration{24 * hour.ns});
}

TEST(PolicyTest, AFreezeIsAutomaticAtNinetyAndTwoKindsOfEvidence) {
  const Policy policy = switched_on();
  Offence said = offence("2.7", false);
  said.score = 90;
  said.evidence_kinds = 2;
  EXPECT_EQ(words(proposals_for(policy, said)), "freeze_account 24 h (auto)");
  said.score = 89;
  EXPECT_EQ(words(proposals_for(policy, said)), "freeze_account 24 h");
  said.score = 90;
  said.evidence_kinds = 1;
  EXPECT_EQ(words(proposals_for(policy, said)), "freeze_account 24 h");
}

TEST(PolicyTest, AnInstrumentIsSuspendedAtCriticalOnly) {
  const Policy policy = switched_on();
  Offence said = offence("2.5", false);
  said.severity = Severity::high;
  EXPECT_EQ(words(proposals_for(policy, said)), "a person decides");
  EXPECT_EQ(proposals_for(policy, said).row, "2.5");
  said.confirmed_before = 1;
  EXPECT_EQ(words(proposals_for(policy, said)), "cap_leverage");
}

TEST(PolicyTest, AClauseWithoutARowIsForAPerson) {
  EXPECT_EQ(proposals_for(default_policy(), offence("2.13", true)), LadderAnswer{});
  EXPECT_EQ(proposals_for(Policy{}, offence("2.7", true)), LadderAnswer{});
}

TEST(PolicyTest, WhomTheLadderMeans) {
  const auto target = [](std::string_view clause, std::uint32_t before) {
    const auto answer = proposals_for(default_policy(), offence(clause, false, before));
    return answer.proposals.at(0).proposal.target;
  };
  EXPECT_EQ(target("2.5", 0), ProposalTarget::instrument);
  EXPECT_EQ(target("2.5", 2), ProposalTarget::instrument);
  EXPECT_EQ(target("2.11", 0), ProposalTarget::account);
  for (const std::string_view clause : {"2.1", "2.2", "2.3", "2.4", "2.7", "2.8", "2.9", "2.10"}) {
    EXPECT_EQ(target(clause, 2), ProposalTarget::group) << clause;
  }
}

TEST(PolicyTest, TheFirstRowThatFitsIsTaken) {
  const auto policy = read_policy(
      "[[ladder]]\nid = \"grave\"\nclauses = [\"2.8\"]\nsource = \"rule\"\nseverity_min = "
      "\"high\"\n"
      "[[ladder.step]]\nproposals = [{ kind = \"freeze_funds\" }]\n"
      "[[ladder]]\nid = \"rest\"\nclauses = [\"2.8\", \"2.9\"]\n"
      "[[ladder.step]]\nproposals = [{ kind = \"watch\" }]\n");
  ASSERT_TRUE(policy);
  Offence said = offence("2.8", true);
  EXPECT_EQ(proposals_for(*policy, said).row, "grave");
  said.severity = Severity::medium;
  EXPECT_EQ(proposals_for(*policy, said).row, "rest");
  EXPECT_EQ(proposals_for(*policy, offence("2.8", false)).row, "rest");
  EXPECT_EQ(proposals_for(*policy, offence("2.9", true)).row, "rest");
}

TEST(PolicyTest, ASwitchIsOfOneClauseOrOfARow) {
  Policy policy = default_policy();
  policy.automatic = true;
  const auto is_auto = [&](std::string_view clause, bool is_rule) {
    return proposals_for(policy, offence(clause, is_rule)).proposals.at(0).automatic;
  };
  ASSERT_TRUE(set_automatic(policy, "2.8", 1, true));  // rules and patterns
  EXPECT_TRUE(is_auto("2.8", true));
  EXPECT_TRUE(is_auto("2.8", false));
  EXPECT_FALSE(is_auto("2.7", true));
  ASSERT_TRUE(set_automatic(policy, "2.8", 1, false));
  EXPECT_FALSE(is_auto("2.8", true));

  ASSERT_TRUE(set_automatic(policy, "2.7-2.9 rules", 1, true));
  EXPECT_TRUE(is_auto("2.7", true));
  EXPECT_TRUE(is_auto("2.9", true));
  EXPECT_FALSE(is_auto("2.9", false));
  ASSERT_TRUE(set_automatic(policy, "2.7-2.9 rules", 1, true));  // a second time changes nothing
  ASSERT_TRUE(set_automatic(policy, "2.7-2.9 rules", 1, false));
  policy.automatic = false;
  EXPECT_EQ(policy, default_policy());
}

TEST(PolicyTest, WhatCannotBeSwitched) {
  Policy policy = default_policy();
  EXPECT_FALSE(set_automatic(policy, "2.13", 1, true));
  EXPECT_FALSE(set_automatic(policy, "2.4", 0, true));
  EXPECT_FALSE(set_automatic(policy, "2.4", 4, true));
  EXPECT_FALSE(set_automatic(policy, "2.4", 3, true));   // terminate: two people, always
  EXPECT_FALSE(set_automatic(policy, "2.11", 3, true));  // not an "(auto)" of the ladder
  EXPECT_EQ(policy, default_policy());
}

TEST(PolicyTest, TheNumbersOfEnforcement) {
  const Policy& policy = default_policy();
  EXPECT_EQ(policy.memory, Duration{365 * day.ns});
  EXPECT_EQ(policy.case_gap, Duration{7 * day.ns});
  EXPECT_EQ(policy.human_review, Duration{4 * hour.ns});
  EXPECT_EQ(policy.impose_max, Duration{72 * hour.ns});
  EXPECT_EQ(policy.many_accounts, 20u);
  EXPECT_FALSE(policy.automatic);
  EXPECT_TRUE(policy.country_bans.empty());
}

TEST(PolicyTest, TheShippedFileIsTheDefaultAndSaysEveryKey) {
  std::ostringstream text;
  text << std::ifstream(MARKTWACHT_SOURCE_DIR "/config/policy.toml").rdbuf();
  EXPECT_EQ(text.str(), default_policy_text());
  // Other defaults change nothing: the file leaves nothing to them.
  Policy other;
  other.automatic = true;
  other.memory = other.case_gap = other.count_window = other.human_review = day;
  other.impose_max = other.ack_deadline = other.retry_first = other.retry_most = day;
  other.many_accounts = 3;
  other.case_due.fill(day);
  other.recovery_account_id = "x";
  other.country_bans = {{"DE", {MeasureKind::warn}}};
  for (const LegalBasis& basis : default_policy().legal_bases) {
    other.legal_bases.push_back({basis.clause, "x"});
  }
  const auto policy = read_policy(text.str(), other);
  ASSERT_TRUE(policy);
  EXPECT_EQ(*policy, default_policy());
}

TEST(PolicyTest, EveryMeasureNamesItsLegalBasis) {
  for (const LadderRow& row : default_policy().ladder) {
    for (const LadderStep& step : row.steps) {
      for (const Proposal& proposal : step.proposals) {
        for (const std::string& clause : row.clauses) {
          const std::string_view cited = clause_for(proposal.kind, clause);
          EXPECT_NE(legal_basis_of(default_policy(), cited), "") << row.id << " " << cited;
        }
      }
    }
  }
  EXPECT_EQ(legal_basis_of(default_policy(), "2.13"), "");
}

TEST(PolicyTest, ACountryMayForbidKinds) {
  const auto policy = read_policy("[country_bans]\nDE = [\"void_trades\", \"forfeit_balance\"]\n");
  ASSERT_TRUE(policy);
  EXPECT_TRUE(is_banned(*policy, "DE", MeasureKind::forfeit_balance));
  EXPECT_TRUE(is_banned(*policy, "DE", MeasureKind::void_trades));
  EXPECT_FALSE(is_banned(*policy, "DE", MeasureKind::warn));
  EXPECT_FALSE(is_banned(*policy, "FR", MeasureKind::forfeit_balance));
  EXPECT_FALSE(is_banned(*policy, "", MeasureKind::forfeit_balance));
}

}  // namespace
}  // namespace marktwacht
