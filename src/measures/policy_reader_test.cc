// A policy as text: what has its default, and everything that is refused, with its line.
#include "measures/policy_reader.h"

#include <gtest/gtest.h>

namespace marktwacht {
namespace {

std::string errors_of(std::string_view text) {
  const auto policy = read_policy(text);
  std::string all;
  for (const PolicyError& error : policy ? std::vector<PolicyError>{} : policy.error()) {
    all += std::to_string(error.line) + ": " + error.what + "\n";
  }
  return all;
}

// A ladder of one row and one step with this proposal, on line 5.
std::string ladder_with(std::string_view proposal) {
  return "[[ladder]]\nid = \"r\"\nclauses = [\"2.7\"]\n[[ladder.step]]\nproposals = [{ " +
         std::string(proposal) + " }]\n";
}

TEST(PolicyReaderTest, WhatIsNotSaidHasItsDefault) {
  const auto empty = read_policy("");
  ASSERT_TRUE(empty);
  EXPECT_EQ(*empty, default_policy());

  const auto policy = read_policy(
      "memory_days = 30\nrecovery_account_id = \"house\"\n[case_due_h]\nlow = 200\n"
      "[legal_basis]\n\"2.7\" = \"Terms 12\"\n");
  ASSERT_TRUE(policy) << errors_of("memory_days = 30\n");
  Policy expected = default_policy();
  expected.memory = {30 * day.ns};
  expected.recovery_account_id = "house";
  expected.case_due[0] = {200 * 3'600 * second.ns};
  for (LegalBasis& basis : expected.legal_bases) {
    basis.text = basis.clause == "2.7" ? "Terms 12" : basis.text;
  }
  EXPECT_EQ(*policy, expected);
}

TEST(PolicyReaderTest, ALadderReplacesTheWhole) {
  const auto policy = read_policy(
      "[[ladder]]\nid = \"all\"\nclauses = [\"2.8\", \"2.7\"]\nsource = \"rule\"\n"
      "severity_min = \"high\"\n"
      "[[ladder.step]]\nautomatic = true\nproposals = [{ kind = \"limit_withdrawal\", target = "
      "\"account\", amount = \"1000.5\", asset = \"USDT\", duration_min = 90, automatic = { "
      "allowed = true, score_min = 80, evidence_kinds_min = 1, duration_s = 45 } }]\n"
      "[[ladder.step]]\ncount_min = 4\nproposals = []\n");
  ASSERT_TRUE(policy);
  Proposal limit;
  limit.kind = MeasureKind::limit_withdrawal;
  limit.target = ProposalTarget::account;
  limit.parameters.amount = parse_decimal("1000.5");
  limit.parameters.asset = "USDT";
  limit.duration = Duration{90 * 60 * second.ns};
  limit.automatic = {true, 80, 1, Duration{45 * second.ns}};
  EXPECT_EQ(policy->ladder,
            (std::vector<LadderRow>{{"all",
                                     {"2.7", "2.8"},
                                     OffenceSource::rule,
                                     Severity::high,
                                     {{0, {limit}, {"2.7", "2.8"}}, {4, {}, {}}}}}));
}

TEST(PolicyReaderTest, EveryParameterIsRead) {
  const auto read = [](std::string_view text) {
    const auto policy = read_policy(ladder_with(text));
    EXPECT_TRUE(policy) << errors_of(ladder_with(text));
    return policy ? policy->ladder[0].steps[0].proposals[0] : Proposal{};
  };
  EXPECT_EQ(read("kind = \"min_holding_time\", held_min_s = 60").parameters.held_min,
            Duration{60 * second.ns});
  EXPECT_EQ(read("kind = \"cap_leverage\", leverage_max = \"2.5\"").parameters.leverage_max,
            parse_decimal("2.5"));
  EXPECT_EQ(read("kind = \"cap_leverage\", leverage_max = 3").target, ProposalTarget::instrument);
  EXPECT_EQ(read("kind = \"restrict_access\", channel = \"web\"").parameters.channel, Channel::web);
  EXPECT_EQ(read("kind = \"require_kyc\", kyc_level = 3").parameters.kyc_level, 3);
  EXPECT_EQ(read("kind = \"close_by\", deadline_h = 48").deadline,
            Duration{48 * 3'600 * second.ns});
  EXPECT_EQ(read("kind = \"compensate\", amount_of = \"loss\"").amount_of, AmountOf::loss);
  const auto fee =
      read("kind = \"deduct_gains\", amount_of = \"stated\", amount = 5, asset = \"USDT\"");
  EXPECT_EQ(fee.parameters.amount, parse_decimal("5"));
  const auto custom =
      read("kind = \"custom\", text = \"Call the user.\", actions = [\"withdraw\", \"register\"]");
  EXPECT_EQ(custom.parameters.text, "Call the user.");
  EXPECT_EQ(custom.parameters.actions,
            (std::vector<GateAction>{GateAction::register_, GateAction::withdraw}));
  EXPECT_EQ(read("kind = \"close_only\", severity_min = \"high\"").severity_min, Severity::high);
}

TEST(PolicyReaderTest, AllErrorsAtOnceWithTheirLines) {
  EXPECT_EQ(errors_of("memory_days = 0\n"
                      "automatic = \"yes\"\n"
                      "impose_max_h = 100\n"
                      "mercy = 1\n"
                      "recovery_account_id = \"\"\n"
                      "[case_due_h]\n"
                      "urgent = 1\n"
                      "[legal_basis]\n"
                      "\"2,7\" = \"x\"\n"
                      "\"2.7\" = 3\n"
                      "[country_bans]\n"
                      "DE = [\"fine\"]\n"
                      "FR = []\n"),
            "1: memory_days must be a whole number from 1 to 3650\n"
            "2: automatic must be true or false\n"
            "3: impose_max_h must be a whole number from 1 to 72\n"
            "4: unknown key \"mercy\"; allowed: automatic, memory_days, case_gap_days, "
            "count_window_h, human_review_h, impose_max_h, many_accounts, ack_deadline_s, "
            "retry_first_s, retry_most_s, recovery_account_id, case_due_h, legal_basis, "
            "country_bans, ladder\n"
            "5: recovery_account_id must be a text in quotes, 1 to 128 bytes\n"
            "7: case_due_h: unknown key \"urgent\"; allowed: low, medium, high, critical\n"
            "9: legal_basis: \"2,7\" must be a clause in quotes, as \"2.7\"\n"
            "10: legal_basis: 2.7 must be a text in quotes, 1 to 1000 bytes\n"
            "12: country_bans: DE: unknown \"fine\"; allowed: warn, watch, require_report, "
            "require_kyc, block_withdrawal, limit_withdrawal, block_deposit, limit_deposit, "
            "freeze_funds, freeze_trading, freeze_account, close_only, close_by, liquidate, "
            "min_holding_time, restrict_access, suspend_access, restrict_login, ban_access, "
            "block_account, deactivate, forfeit_balance, deduct_gains, compensate, void_trades, "
            "terminate, suspend_instrument, cap_leverage, delist_instrument, custom\n"
            "13: country_bans: FR must be a list of texts in quotes, none twice\n");
  EXPECT_NE(errors_of("memory_days = = 1"), "");
  EXPECT_EQ(errors_of("case_due_h = 3\nladder = 4\n"),
            "1: case_due_h must be a table\n2: ladder must be a list of [[ladder]] rows\n");
}

TEST(PolicyReaderTest, NumbersThatMustFitEachOther) {
  EXPECT_EQ(errors_of("retry_first_s = 400\n"),
            "0: retry_first_s must not be above retry_most_s\n");
  EXPECT_EQ(errors_of("[case_due_h]\ncritical = 30\n"),
            "0: case_due_h: the graver a case the sooner it is due: the hours must not rise from "
            "low to critical\n");
  EXPECT_EQ(errors_of("[[ladder]]\nid = \"r\"\nclauses = [\"7.1\"]\n[[ladder.step]]\nproposals = "
                      "[]\n"),
            "0: legal_basis has no text for the clauses 7.1\n");
}

TEST(PolicyReaderTest, FaultsOfRowsAndSteps) {
  EXPECT_EQ(errors_of("[[ladder]]\nclauses = [\"2\"]\nsource = \"hunch\"\ncolour = 1\n"
                      "[[ladder]]\nid = \"a\"\nclauses = [\"2.7\"]\n"
                      "[[ladder.step]]\ncount_min = 3\n"
                      "[[ladder.step]]\ncount_min = 3\nautomatic = true\nproposals = []\n"
                      "[[ladder]]\nid = \"a\"\nclauses = [\"2.8\", \"2.7\"]\n"
                      "[[ladder.step]]\nproposals = [4]\n"),
            "1: ladder row: a row must have id and clauses\n"
            "1: ladder row: clauses: \"2\" must be a clause, as \"2.7\"\n"
            "1: ladder row: a row must have a step without count_min: for the first offence\n"
            "3: ladder row: source must be one of: any, rule, detector\n"
            "4: ladder row: unknown key \"colour\"; allowed: id, clauses, source, severity_min, "
            "step\n"
            "5: ladder a: a row must have a step without count_min: for the first offence\n"
            "5: ladder a: two steps have the same count_min\n"
            "8: ladder a: step 1: a step must have proposals; [] = a person decides\n"
            "10: ladder a: step 2: automatic must be false where no proposal has "
            "automatic.allowed\n"
            "14: ladder a: two rows have this id\n"
            "14: ladder a: never reached for 2.7: the row a above fits first\n"
            "18: ladder a: step 1: proposals must be a list of proposals\n");
}

TEST(PolicyReaderTest, FaultsOfProposals) {
  const auto fault = [](std::string_view proposal) {
    const std::string text = errors_of(ladder_with(proposal));
    const std::string start = "5: ladder r: step 1: ";
    EXPECT_TRUE(text.starts_with(start)) << proposal << "\n" << text;
    return text.substr(std::min(start.size(), text.size()));
  };
  EXPECT_EQ(fault("target = \"group\""), "a proposal must say its kind\n");
  EXPECT_EQ(fault("kind = \"freeze_funds\", duration_h = 24, duration_s = 3"),
            "freeze_funds: duration_s beside duration_h: only one of them may be said\n");
  EXPECT_EQ(fault("kind = \"freeze_funds\", duration_days = 4000"),
            "freeze_funds: duration_days must be a whole number from 1 to 3650\n");
  EXPECT_EQ(fault("kind = \"freeze_funds\", target = \"instrument\""),
            "freeze_funds: target must be account or group\n");
  EXPECT_EQ(fault("kind = \"suspend_instrument\", target = \"account\""),
            "suspend_instrument: target must be instrument\n");
  EXPECT_EQ(fault("kind = \"freeze_funds\", on_instrument = true"),
            "freeze_funds: on_instrument is for measures on the trading of accounts alone\n");
  EXPECT_EQ(fault("kind = \"warn\", duration_h = 1"),
            "warn: duration_… must be absent: it is over once it is done\n");
  EXPECT_EQ(fault("kind = \"require_report\""), "require_report: deadline_h must be said\n");
  EXPECT_EQ(fault("kind = \"watch\", deadline_h = 1"),
            "watch: deadline_h is for require_report and close_by alone\n");
  EXPECT_EQ(fault("kind = \"deduct_gains\""),
            "deduct_gains: amount_of must be one of: stated, gain, loss, loss_entered\n");
  EXPECT_EQ(fault("kind = \"watch\", amount_of = \"gain\""),
            "watch: amount_of is for measures of money alone\n");
  EXPECT_EQ(fault("kind = \"deduct_gains\", amount_of = \"stated\""),
            "deduct_gains: amount and asset must be said where amount_of is stated\n");
  EXPECT_EQ(fault("kind = \"deduct_gains\", amount_of = \"gain\", amount = 1, asset = \"USDT\""),
            "deduct_gains: amount must be absent unless amount_of is stated\n");
  EXPECT_EQ(fault("kind = \"limit_deposit\""),
            "limit_deposit: amount must be a number of 0 or more: what is allowed a day\n");
  EXPECT_EQ(fault("kind = \"limit_deposit\", amount = 1.5, asset = \"USDT\""),
            "limit_deposit: amount must be a whole number, or a decimal in quotes\n");
  EXPECT_EQ(fault("kind = \"warn\", fine = 3").substr(0, 24), "warn: unknown key \"fine\"");
}

TEST(PolicyReaderTest, WhatMayNeverBeAutomatic) {
  const auto fault = [](std::string_view proposal) { return errors_of(ladder_with(proposal)); };
  for (const std::string_view kind : {"terminate", "ban_access", "void_trades"}) {
    EXPECT_EQ(fault("kind = \"" + std::string(kind) + "\", automatic = { allowed = true }"),
              "5: ladder r: step 1: " + std::string(kind) +
                  ": automatic.allowed must be false: two people decide it, always\n");
  }
  EXPECT_EQ(fault("kind = \"freeze_funds\", automatic = { allowed = true }"),
            "5: ladder r: step 1: freeze_funds: automatic measures expire: duration_… must be "
            "said\n");
  EXPECT_EQ(fault("kind = \"freeze_funds\", automatic = { score_min = 90 }"),
            "5: ladder r: step 1: freeze_funds: automatic: conditions without allowed = true say "
            "nothing\n");
  EXPECT_EQ(fault("kind = \"freeze_funds\", automatic = { allowed = true, score_min = 101 }"),
            "5: ladder r: step 1: freeze_funds: automatic: score_min must be a whole number from 0 "
            "to 100\n");
  EXPECT_EQ(fault("kind = \"warn\", automatic = { allowed = true }"), "");
}

}  // namespace
}  // namespace marktwacht
