// What is open of what detectors reported, and what a snapshot of it restores.
#include "detectors/open_findings.h"

#include <gtest/gtest.h>

#include "market/lines_twin.h"

namespace marktwacht {
namespace {

class OpenFindingsTest : public testing::Test {
 protected:
  OpenFindingsTest() {
    lines_.feed_all(R"(
{"type":"asset","ts":1000000000,"asset":"USDT","decimals":6}
{"type":"account","ts":1000000000,"account_id":"a","person_id":"p"}
{"type":"account","ts":1000000000,"account_id":"b"}
{"type":"account","ts":1000000000,"account_id":"c","person_id":"p"}
{"type":"account","ts":1000000000,"account_id":"d"}
)");
    const CatalogueEntry* entry = find_detector("spoofing");
    active_.push_back(std::make_unique<ActiveDetector>());
    active_[0]->id = 7;
    active_[0]->use = {entry, default_setup(*entry->spec)};
    active_[0]->detector = entry->make(active_[0]->use.setup);
  }

  Report report(std::string_view account, std::initializer_list<std::string_view> parties) const {
    Report report;
    report.account = lines_.account(account);
    for (const std::string_view party : parties) {
      report.parties.push_back(lines_.account(party));
    }
    report.facts = {{"times", 5, 0, nullptr}};
    report.evidence = {1};
    return report;
  }

  std::vector<AccountIndex> accounts(std::initializer_list<std::string_view> ids) const {
    std::vector<AccountIndex> all;
    for (const std::string_view id : ids) {
      all.push_back(lines_.account(id));
    }
    return all;
  }

  MarketLines lines_;
  std::vector<std::unique_ptr<ActiveDetector>> active_;
};

TEST_F(OpenFindingsTest, NamesTheGroupAndAllWhoEverTookPart) {
  OpenFindings findings(lines_.market);
  findings.speak_for(*active_[0], Time{2'000'000'000}, 0);
  findings.report(report("a", {"d", "c"}));
  findings.report(report("a", {"b"}));
  findings.close();
  const auto told = findings.take_findings();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].accounts, accounts({"a", "c", "d"}));  // c is of the group: named once
  EXPECT_EQ(told[1].accounts, accounts({"a", "b", "c", "d"}));
}

TEST_F(OpenFindingsTest, ASnapshotKeepsWhoTookPart) {
  OpenFindings findings(lines_.market);
  findings.speak_for(*active_[0], Time{2'000'000'000}, 0);
  findings.report(report("b", {"d", "a"}));
  std::string bytes;
  ByteWriter out(bytes);
  findings.save(out);

  OpenFindings restored(lines_.market);
  ByteReader in(bytes);
  ASSERT_TRUE(restored.load(in, active_));
  restored.close();
  EXPECT_EQ(restored.take_findings()[0].accounts, accounts({"a", "b", "d"}));
}

TEST_F(OpenFindingsTest, ASnapshotThatNamesUnknownPartiesIsRefused) {
  OpenFindings findings(lines_.market);
  findings.speak_for(*active_[0], Time{2'000'000'000}, 0);
  Report of_stranger = report("b", {});
  of_stranger.parties = {AccountIndex{99}};
  findings.report(of_stranger);
  std::string bytes;
  ByteWriter out(bytes);
  findings.save(out);

  OpenFindings restored(lines_.market);
  ByteReader in(bytes);
  EXPECT_FALSE(restored.load(in, active_));
}

}  // namespace
}  // namespace marktwacht
