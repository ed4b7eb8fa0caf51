// All abuse together: every behaviour comes about, equal seeds give equal bytes and labels, and
// nothing but what they do tells the abusers from the others.
#include "sim/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "sim/abuse/flow_twin.h"

namespace marktwacht::sim {
namespace {

std::vector<std::string_view> all_names() {
  std::vector<std::string_view> names;
  for (const Behaviour& abuse : abuse_catalogue) {
    names.push_back(abuse.name);
  }
  return names;
}

SimulationOptions everything(std::uint64_t events, std::int64_t severity = 500) {
  return {.seed = 5, .events = events, .severity_per_mille = severity, .abuse = all_names()};
}

bool same_labels(const SeenLabel& a, const SeenLabel& b) {
  return a.detector == b.detector && a.accounts == b.accounts && a.instrument == b.instrument &&
         a.from == b.from && a.to == b.to;
}

// Those of which there is one in a million events may meet a market that somebody else has emptied:
// several seeds.
TEST(Catalogue, EveryBehaviourComesAbout) {
  std::set<std::string, std::less<>> found;
  for (const std::uint64_t seed : {5, 6}) {
    SimulationOptions options = everything(2'000'000, 1'000);
    options.seed = seed;
    const Flow flow(options);
    for (const SeenLabel& label : flow.labels) {
      found.insert(label.detector);
      EXPECT_TRUE(label.clause.starts_with("2."));
      EXPECT_LE(label.from, label.to);
    }
  }
  for (const std::string_view name : all_names()) {
    EXPECT_TRUE(found.contains(name)) << name;
  }
}

TEST(Catalogue, OneSeedOneStream) {
  const Flow once(everything(150'000)), again(everything(150'000));
  EXPECT_EQ(once.hash, again.hash);
  EXPECT_TRUE(std::ranges::equal(once.labels, again.labels, same_labels));
  SimulationOptions other = everything(150'000);
  other.seed = 6;
  EXPECT_NE(once.hash, Flow(other).hash);
}

TEST(Catalogue, WithoutAbuseNoLabels) {
  SimulationOptions honest = everything(60'000);
  honest.abuse.clear();
  EXPECT_TRUE(Flow(honest).labels.empty());
}

// The more severe, the fewer evade: none at 1, and then each episode of a rule reaches its limit.
TEST(Catalogue, SeverityBringsMoreToTheLimit) {
  SimulationOptions mild{.seed = 5, .severity_per_mille = 0, .abuse = {"message_burst"}};
  SimulationOptions blatant = mild;
  blatant.severity_per_mille = 1000;
  const std::size_t few = Flow(mild).labels.size(), many = Flow(blatant).labels.size();
  EXPECT_EQ(many, 20U);
  EXPECT_LT(few, many);
  EXPECT_GT(few, 0U);
}

// Ids of abusers are like all others: in every tenth of the range, with every last digit; so are
// the channels they use and the members their accounts are declared with.
TEST(Catalogue, NothingGivesAbusersAway) {
  const Flow flow(everything(600'000));
  std::set<std::string> abusers;
  for (const SeenLabel& label : flow.labels) {
    abusers.insert(label.accounts.begin(), label.accounts.end());
  }
  ASSERT_GE(abusers.size(), 300U);
  std::map<char, double> last_digits;
  std::map<std::uint64_t, double> tenths;
  for (const std::string& id : abusers) {
    ASSERT_EQ(id.size(), 12U);
    last_digits[id.back()] += 1;
    tenths[(std::stoull(id.substr(1)) - 10'000'000'000) / 1'000] += 1;
  }
  const double share = static_cast<double>(abusers.size()) / 10;
  for (int digit = 0; digit < 10; ++digit) {
    EXPECT_NEAR(last_digits[static_cast<char>('0' + digit)], share, 0.5 * share);
    EXPECT_NEAR(tenths[static_cast<std::uint64_t>(digit)], share, 0.5 * share);
  }
  std::set<std::string> shapes, honest_shapes;  // which members an account event has
  std::map<bool, std::set<EventType>> types;
  for (const SeenLine& line : flow.lines) {
    const bool abuser = abusers.contains(line.account);
    types[abuser].insert(line.type);
    if (line.type == EventType::account) {
      std::string shape;
      for (const char* name : {"person_id", "master_id", "referrer_id", "kyc_level\":1",
                               "kyc_level\":2", "kyc_level\":3", "opened_ts", "roles"}) {
        shape += line.says(name) ? '1' : '0';
      }
      (abuser ? shapes : honest_shapes).insert(shape);
    }
  }
  EXPECT_TRUE(std::ranges::includes(honest_shapes, shapes));
  EXPECT_TRUE(std::ranges::includes(types[false], types[true]));
}

}  // namespace
}  // namespace marktwacht::sim
