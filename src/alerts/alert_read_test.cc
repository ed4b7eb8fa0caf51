// What write_alert writes is read back, and what is no alert is refused with its member.
#include <gtest/gtest.h>

#include "alerts/alert.h"
#include "alerts/packed_alert.h"

namespace marktwacht {
namespace {

Alert sample() {
  FindingSource source;
  source.detector = "self_trade";
  source.rulebook_id = "default";
  source.rulebook = "default@0123456789abcdef";
  source.clause = "2.7";
  source.severity = Severity::high;
  source.maturity = Maturity::incubating;
  Alert alert;
  alert.alert_id = "a-7";
  alert.revision = 3;
  alert.state = AlertState::superseded;
  alert.source = std::make_shared<const FindingSource>(source);
  alert.score = 64;
  alert.account_ids = {"ann", "b\"ob"};
  alert.group_id = "g-ann";
  alert.instrument_id = "BTC-USDT";
  alert.from = Time{1'700'000'000'000'000'000};
  alert.to = Time{1'700'000'000'000'000'009};
  alert.first_seq = 4;
  alert.last_seq = 18'446'744'073'709'551'615ull;
  alert.facts = {{"trades", "5", "4"}, {"share", "0.25", ""}};
  alert.score_parts = {{"trades", 70}, {"hedging", -6}};
  alert.evidence = {{4, 9, 18'446'744'073'709'551'615ull}, 500};
  alert.gain = {"USDT", "12.5"};
  return alert;
}

std::string line_of(const Alert& alert, const AlertText* text = nullptr) {
  std::string line;
  write_alert(alert, text, line);
  return line;
}

TEST(ReadAlert, GivesBackWhatWasWritten) {
  const AlertText text{"said", "gesagt"};
  for (const AlertText* with : {static_cast<const AlertText*>(nullptr), &text}) {
    const auto read = read_alert(line_of(sample(), with));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(line_of(*read), line_of(sample()));
    EXPECT_EQ(read->source->rulebook_id, "default");
  }
  Alert bare = sample();
  bare.group_id = bare.instrument_id = "";
  bare.facts.clear();
  bare.evidence = {};
  bare.account_ids.clear();
  const auto read = read_alert(line_of(bare));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(line_of(*read), line_of(bare));
}

TEST(PackedAlert, IsWhatItsLineIsReadAs) {
  for (const bool bare : {false, true}) {
    Alert alert = sample();
    if (bare) {
      alert.group_id = alert.instrument_id = "";
      alert.facts.clear();
      alert.evidence = {};
      alert.account_ids.clear();
      alert.gain = {};
    }
    const std::string packed = pack_alert(alert);
    const Alert back = unpack_alert(packed, PackedTexts(alert.account_ids));
    const auto read = read_alert(line_of(alert));
    EXPECT_EQ(line_of(back), line_of(alert));
    EXPECT_EQ(back.source->rulebook_id, read->source->rulebook_id);
    EXPECT_EQ(back.evidence, read->evidence);
    EXPECT_EQ(back.source->is_rule, read->source->is_rule);
    EXPECT_EQ(packed, pack_alert(*read));  // what was made and what was recorded
    EXPECT_LT(packed.size() * 3, line_of(alert).size());
    for (std::size_t size = 0; size < packed.size(); ++size) {  // cut: no harm
      unpack_alert(std::string_view(packed).substr(0, size), {});
    }
  }
}

TEST(ReadAlert, NamesTheMemberThatIsWrong) {
  const std::string line = line_of(sample());
  const struct {
    std::string part, instead, says;
  } cases[] = {{"\"alert_id\":\"a-7\",", "", "alert_id"},
               {"superseded", "sleeping", "state"},
               {"\"severity\":\"high\"", "\"severity\":1", "severity"},
               {"\"evidence\":[4", "\"evidence\":[-4", "evidence"},
               {"\"facts\":[", "\"fact\":[", "facts"},
               {"\"points\":-6", "\"points\":\"6\"", "points"},
               {"\"from_ts\":17", "\"from_ts\":-17", "from_ts"},
               {"{\"alert_id", "[{\"alert_id", "JSON"}};
  for (const auto& one : cases) {
    std::string bad = line;
    ASSERT_NE(bad.find(one.part), bad.npos) << one.part;
    bad.replace(bad.find(one.part), one.part.size(), one.instead);
    const auto read = read_alert(bad);
    ASSERT_FALSE(read) << bad;
    EXPECT_NE(read.error().find(one.says), std::string::npos) << read.error();
  }
}

}  // namespace
}  // namespace marktwacht
