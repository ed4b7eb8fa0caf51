// The exchange that obeys enforcement: once each, whatever is lost or comes twice.
#include "sim/exchange.h"

#include <gtest/gtest.h>

namespace marktwacht::sim {
namespace {

constexpr Time start{1'000 * second.ns};

std::vector<std::string> all_of(Exchange& exchange) {
  std::vector<std::string> lines;
  while (exchange.next_due()) {
    for (std::string& line : exchange.take_next()) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

std::string deduction(int attempt, const std::string& step = "ledger_entries",
                      const std::string& from = "a", const std::string& to = "recovery") {
  return R"({"command_id":"m-5/a/)" + step + "/" + std::to_string(attempt) +
         R"(","command":"ledger_entries","account_id":"a","measure_id":"m-5","entries":[)" +
         R"({"account_id":")" + from + R"(","asset":"USDT","amount":"-10"},{"account_id":")" + to +
         R"(","asset":"USDT","amount":"10"}]})";
}

std::string restrict_to(int revision, const std::string& restrictions) {
  return R"({"command_id":"r/account/a/)" + std::to_string(revision) +
         R"(/1","command":"set_restrictions","account_id":"a","revision":)" +
         std::to_string(revision) + R"(,"restrictions":)" + restrictions + "}";
}

TEST(ExchangeTest, AttemptsOfOneCommandAreDoneOnceAndAnsweredEach) {
  Exchange exchange(1, {});
  exchange.credit("a", "USDT", Decimal{25, 0});
  exchange.send(deduction(1), start);
  exchange.send(deduction(2), start);
  const auto lines = all_of(exchange);
  EXPECT_EQ(lines.size(), 4U);  // two entries, two answers
  EXPECT_EQ(format_decimal(exchange.balance("a", "USDT")), "15");
  EXPECT_EQ(format_decimal(exchange.balance("recovery", "USDT")), "10");
  exchange.send(deduction(1, "undo_ledger_entries", "recovery", "a"), start);
  all_of(exchange);
  EXPECT_EQ(format_decimal(exchange.balance("a", "USDT")), "25");
  EXPECT_TRUE(exchange.moved_by("m-5").empty());
}

TEST(ExchangeTest, TakesNoMoreThanThereIs) {
  Exchange exchange(1, {});
  exchange.credit("a", "USDT", Decimal{4, 0});
  exchange.send(deduction(1), start);
  const auto lines = all_of(exchange);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_NE(lines.back().find(R"("result":"applied","amount":"4")"), std::string::npos);
  EXPECT_TRUE(exchange.balance("a", "USDT").zero());
}

TEST(ExchangeTest, AnOlderRevisionIsPassedOver) {
  Exchange exchange(1, {});
  exchange.send(restrict_to(2, R"([{"action":"withdraw"}])"), start);
  exchange.send(restrict_to(1, "[]"), start);
  EXPECT_EQ(all_of(exchange).size(), 1U);
  EXPECT_EQ(exchange.obeyed().at("account a").revision, 2U);
  EXPECT_TRUE(exchange.denies("a", "withdraw"));
  EXPECT_FALSE(exchange.denies("a", "login"));
}

TEST(ExchangeTest, WhatIsLostOrRefusedIsNotDone) {
  Exchange lossy(1, {.lost = 100});
  lossy.credit("a", "USDT", Decimal{25, 0});
  lossy.send(deduction(1), start);
  EXPECT_FALSE(lossy.next_due());
  Exchange stubborn(1, {.refused = 100});
  stubborn.credit("a", "USDT", Decimal{25, 0});
  stubborn.send(deduction(1), start);
  const auto lines = all_of(stubborn);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find(R"("result":"failed")"), std::string::npos);
  stubborn.heal();
  stubborn.send(deduction(2), start);
  all_of(stubborn);
  EXPECT_EQ(format_decimal(stubborn.balance("a", "USDT")), "15");
}

}  // namespace
}  // namespace marktwacht::sim
