// Evidence that expires between an alert and the next event: whom a measure is about must be the
// same in the engine that was there and in a replay, which stops at the alert's record.
#include <gtest/gtest.h>

#include "sim/system_twin.h"

namespace marktwacht::sim {
namespace {

constexpr std::string_view rulebook =
    "[rulebook]\nid = \"own\"\n[[rule]]\nid = \"deposits\"\nclause = \"2.3\"\non = [\"deposit\"]\n"
    "by = [\"group\"]\nwindow = \"cycle 10m\"\nlet = { n = \"count()\" }\nwhen = \"n >= 2\"\n"
    "severity = \"high\"\n";
constexpr std::string_view policy =
    "automatic = true\n[[ladder]]\nid = \"2.3\"\nclauses = [\"2.3\"]\n[[ladder.step]]\n"
    "automatic = true\nproposals = [{ kind = \"block_withdrawal\", duration_h = 24, "
    "automatic = { allowed = true } }]\n";

std::string at(std::int64_t day, std::int64_t minute) {
  return std::to_string((day * 24 * 60 + minute) * 60 * second.ns);
}

std::string config(std::string_view name, std::string_view text) {
  std::string line =
      R"({"type":"config","ts":)" + at(1, 0) + R"(,"name":")" + std::string(name) + R"(","text":)";
  write_json_string(text, line);
  return line + "}";
}

std::string login(const char* account, const std::string& ts) {
  return R"({"type":"login","ts":)" + ts + R"(,"account_id":")" + account +
         R"(","result":"ok","device_id":"d1"})";
}

// ann, bob and cy share a device; cy has logged in first, so that after 180 days cy is alone again,
// five minutes after the alert and long before the next event.
void tell(System& system) {
  ASSERT_EQ(system.take(config("rulebook", rulebook)).outcome, Step::Outcome::accepted);
  ASSERT_EQ(system.take(config("policy", policy)).outcome, Step::Outcome::accepted)
      << format_errors("", system.engine().config_errors());
  system.take(R"({"type":"asset","ts":)" + at(1, 0) + R"(,"asset":"USDT","decimals":6})");
  for (const char* account : {"ann", "bob", "cy"}) {
    system.take(R"({"type":"account","ts":)" + at(1, 0) + R"(,"account_id":")" + account + "\"}");
  }
  system.take(login("cy", at(1, 5)));
  system.take(login("ann", at(2, 5)));
  system.take(login("bob", at(2, 5)));
  for (const char* account : {"ann", "cy"}) {
    system.take(R"({"type":"deposit","ts":)" + at(180, 24 * 60 - 5) + R"(,"account_id":")" +
                account + R"(","asset":"USDT","amount":"5"})");
  }
  system.take(R"({"type":"tick","ts":)" + at(181, 60) + "}");
}

TEST(EvidenceTimeTest, AMeasureIsAboutTheSameInAReplay) {
  System system;
  tell(system);
  const Enforcement& enforcement = system.engine().enforcement();
  ASSERT_EQ(enforcement.measures().all().size(), 1U);
  const Measure& measure = enforcement.measures().all().begin()->second;
  EXPECT_TRUE(measure.automatic);
  EXPECT_EQ(measure.account_ids, (std::vector<std::string>{"ann", "bob", "cy"}))
      << "as at the time of the alert";
  EXPECT_EQ(system.engine().market().group(
                system.engine().market().directory().find_account(make_text("cy"))),
            GroupIndex::none())
      << "cy is alone by the next event";
  const auto again = system.replayed();
  EXPECT_EQ(difference(system.outputs(), again.outputs), "");
  EXPECT_EQ(system.engine().state_hash(), again.engine->state_hash());
}

}  // namespace
}  // namespace marktwacht::sim
