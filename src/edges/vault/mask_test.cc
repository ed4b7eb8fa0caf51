// What of a refused line is shown.
#include "edges/vault/mask.h"

#include <gtest/gtest.h>

#include <random>

#include "edges/vault/personal_fields.h"

namespace marktwacht {
namespace {

TEST(Mask, HidesPersonalFieldsAndShowsTheOthers) {
  EXPECT_EQ(mask_personal(
                R"({"type":"login","ts":1,"account_id":"a7","result":"maybe","ip":"203.0.113.9",)"
                R"("device_id":"phone","user_agent":"Firefox"})"),
            R"({"type":"login","ts":1,"account_id":"a7","result":"maybe","ip":"***",)"
            R"("device_id":"***","user_agent":"***"})");
  EXPECT_EQ(mask_personal(R"({"type": "order", "price": 12.5e3, "reduce_only": true, "ip": 7})"),
            R"({"type": "order", "price": 12.5e3, "reduce_only": true, "ip": ***})");
  EXPECT_EQ(mask_personal(R"({"type":"cancel","reason":"bored"})"),
            R"({"type":"cancel","reason":"bored"})");
  EXPECT_EQ(mask_personal(R"({"type":"decision","reason":"he wrote from 203.0.113.9"})"),
            R"({"type":"decision","reason":"***"})");
  EXPECT_EQ(mask_personal(R"({"instrument_ids":["A","B"],"text":"secret"})"),
            R"({"instrument_ids":["A","B"],"text":"***"})");
}

TEST(Mask, HidesWhatItDoesNotKnow) {
  EXPECT_EQ(mask_personal(R"({"e_mail":"a@b.c","price":"1"})"), R"({"***":"***","price":"1"})");
  EXPECT_EQ(mask_personal(R"({"person":{"name":"Max","price":"1"},"price":"1"})"),
            R"({"***":{"name":"***","price":"***"},"price":"1"})");
  EXPECT_EQ(mask_personal(R"({"ip":["1.2.3.4",{"price":"2"}],"price":1})"),
            R"({"ip":["***",{"price":"***"}],"price":1})");
  EXPECT_EQ(mask_personal(R"({"\u0069p":"1.2.3.4"})"), R"({"***":"***"})");
  EXPECT_EQ(mask_personal(R"({"203.0.113.9":1})"), R"({"***":***})");
  EXPECT_EQ(mask_personal("203.0.113.9 phone"), "*** ***");
  EXPECT_EQ(mask_personal("\x80\xff\x01"), "***");
  EXPECT_EQ(mask_personal(""), "");
}

// The personal value is nowhere, however the line is broken.
TEST(Mask, HidesInBrokenLines) {
  const std::string_view lines[] = {R"({"type":"login,"account_id":"a","ip":"203.0.113.9"})",
                                    R"({"type":login","ip":"203.0.113.9"})",
                                    R"({"type":"login","ip":203.0.113.9})",
                                    R"({"type":"login","ip" "203.0.113.9"})",
                                    R"({"type":"login" "203.0.113.9"})",
                                    R"({"type":"login","ip":"203.0.113.9)",
                                    R"({"instrument_ids":["A","ip":"203.0.113.9")",
                                    R"({"instrument_ids":["A",ip:203.0.113.9)",
                                    R"({"instrument_ids":["A" : "203.0.113.9")",
                                    R"({'ip':'203.0.113.9'})",
                                    R"(ip=203.0.113.9)",
                                    R"({"ts":203.0.113.9})",
                                    R"({"type":"login"]}}],"ip":"203.0.113.9"})",
                                    R"("ip":"203.0.113.9")",
                                    R"({"ip":"\"","203.0.113.9":"x"})",
                                    R"({"ip":{"ts":"203.0.113.9"}})",
                                    R"({"ip":[["203.0.113.9"]]})",
                                    R"({"account_id":"a\","ip":"203.0.113.9"})"};
  for (const std::string_view line : lines) {
    EXPECT_EQ(mask_personal(line).find("203.0.113.9"), std::string::npos)
        << line << " -> " << mask_personal(line);
  }
}

// Cut anywhere, as heads are, nothing of the value is shown.
TEST(Mask, HidesInHeads) {
  const std::string line =
      R"({"type":"login","account_id":"a7","ip":"QQQQ","device_id":"QQQQ","user_agent":"QQQQ"})";
  for (std::size_t size = 0; size <= line.size(); ++size) {
    const std::string shown = mask_personal(std::string_view(line).substr(0, size));
    EXPECT_EQ(shown.find('Q'), std::string::npos) << shown;
    EXPECT_LE(shown.size(), 3 * size);
  }
}

// Each personal field of the table, wherever in the line it stands.
TEST(Mask, KnowsEachPersonalField) {
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const EventInfo& info = *event_info(code);
    for (const FieldInfo& field : info.fields) {
      if (personal_kind(info.type, field.name)) {
        const std::string line = R"({"type":")" + std::string(info.word) + R"(",")" +
                                 std::string(field.name) + R"(":"QQQQ"})";
        EXPECT_EQ(mask_personal(line).find('Q'), std::string::npos) << line;
      }
    }
  }
}

// With one or two bytes of a line lost, put in or changed, the personal value is never shown whole.
TEST(Mask, HidesWhateverIsLost) {
  const std::string line =
      R"({"type":"login","ts":1,"account_id":"a7","ip":"QQQQQQQQ","result":"ok","device_id":"QQQQQQQQ"})";
  std::mt19937_64 random(7);
  const std::string_view put = "\"\\{}[]:, x1";
  for (int i = 0; i < 20'000; ++i) {
    std::string broken = line;
    for (int k = 0; k <= i % 2; ++k) {
      const std::size_t at = random() % broken.size();
      switch (random() % 3) {
        case 0:
          broken.erase(at, 1);
          break;
        case 1:
          broken.insert(at, 1, put[random() % put.size()]);
          break;
        default:
          broken[at] = put[random() % put.size()];
      }
    }
    EXPECT_EQ(mask_personal(broken).find("QQQQ"), std::string::npos)
        << broken << " -> " << mask_personal(broken);
  }
}

}  // namespace
}  // namespace marktwacht
