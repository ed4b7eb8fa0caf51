// What is open of what detectors reported, and what a snapshot of it restores.
#include "detectors/open_findings.h"

#include <gtest/gtest.h>

#include "detectors/trading_memory.h"
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
    active_[0]->detector = entry->make(active_[0]->use.setup, memories_);
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
  TradingMemories memories_;
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

// A detector whose alerts may be acted on, and reports of it that are only to be shown.
class MaturityTest : public OpenFindingsTest {
 protected:
  MaturityTest() {
    spec_.maturity = Maturity::stable;
    active_[0]->use.detector = &entry_;
    findings_.speak_for(*active_[0], Time{2'000'000'000}, 0);
  }

  std::vector<Finding> see(int times, Maturity maturity,
                           std::initializer_list<std::string_view> parties = {}) {
    Report seen = report("b", parties);
    seen.facts = {{"times", times, 0, nullptr}};
    seen.maturity = maturity;
    findings_.report(seen);
    return findings_.take_findings();
  }

  DetectorSpec spec_ = *find_detector("wash_trade")->spec;
  CatalogueEntry entry_{&spec_, find_detector("wash_trade")->make};
  OpenFindings findings_{lines_.market};
};

TEST_F(MaturityTest, WhatIsOnlyShownIsAnAlertOfItsOwn) {
  const auto shown = see(80, Maturity::incubating, {"d"});
  ASSERT_EQ(shown.size(), 1u);
  EXPECT_EQ(shown[0].source->maturity, Maturity::incubating);
  const auto acted_on = see(5, Maturity::stable);
  ASSERT_EQ(acted_on.size(), 1u);
  EXPECT_EQ(acted_on[0].act, Finding::Act::open);
  EXPECT_EQ(acted_on[0].source->maturity, Maturity::stable);
  EXPECT_EQ(acted_on[0].accounts, accounts({"b"}));
  EXPECT_EQ(acted_on[0].facts[0].value, "5");
  EXPECT_EQ(see(200, Maturity::incubating)[0].number, shown[0].number);
  EXPECT_EQ(see(10, Maturity::stable)[0].number, acted_on[0].number);
  EXPECT_EQ(findings_.reports(lines_.account("b"), InstrumentIndex::none()), 4u);
}

TEST_F(MaturityTest, NoReportIsMoreMatureThanItsDetector) {
  spec_.maturity = Maturity::incubating;
  EXPECT_EQ(see(5, Maturity::stable)[0].source->maturity, Maturity::incubating);
  EXPECT_EQ(see(10, Maturity::incubating)[0].act, Finding::Act::revise);
}

TEST_F(MaturityTest, ReportsShareWhatSpeaks) {
  const auto source = see(5, Maturity::stable)[0].source;
  EXPECT_EQ(see(10, Maturity::stable)[0].source, source);
  EXPECT_EQ(active_[0]->source(source->severity, Maturity::stable), source);
  active_[0]->cite("another@1");
  findings_.recite(*active_[0]);
  EXPECT_EQ(see(20, Maturity::stable)[0].source->rulebook, "another@1");
}

TEST_F(MaturityTest, ASnapshotKeepsIt) {
  see(5, Maturity::sandbox);
  see(5, Maturity::stable);
  std::string bytes;
  ByteWriter out(bytes);
  findings_.save(out);
  OpenFindings restored(lines_.market);
  ByteReader in(bytes);
  ASSERT_TRUE(restored.load(in, active_));
  restored.close();
  const auto told = restored.take_findings();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].source->maturity, Maturity::sandbox);
  EXPECT_EQ(told[1].source->maturity, Maturity::stable);
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
