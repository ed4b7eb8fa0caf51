// Events as they come in and as they are journaled.
#include "edges/vault/privacy_tokens.h"

#include <gtest/gtest.h>

#include "algorithms/sim_hash.h"
#include "base/token.h"
#include "events/batch.h"
#include "events/commitment.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

const std::string key(64, 'k');

class PrivacyTokensTest : public testing::Test {
 protected:
  // The line as it would be journaled.
  std::string journaled(const std::string& line) {
    const Event* const event = read(line);
    if (event == nullptr) {
      return "refused";
    }
    kept_.clear();
    std::string out;
    write_ndjson(*tokens_.tokenize(*event, batch_.arena, kept_), out);
    return out;
  }
  const Event* read(const std::string& line) {
    batch_.reset();
    batch_.bytes = line + std::string(NdjsonReader::padding, ' ');
    Item item;
    reader_.read(std::string_view(batch_.bytes).substr(0, line.size()), batch_, item);
    return item.event;
  }
  static std::string token(std::string_view plain) { return token_of(key, plain); }
  static bool has(const std::string& text, std::string_view part) {
    return text.find(part) != text.npos;
  }

  PrivacyTokens tokens_{key};
  NdjsonReader reader_;
  Batch batch_;
  std::vector<PersonalValue> kept_;
};

TEST_F(PrivacyTokensTest, ALoginKeepsWhatIsNotPersonal) {
  EXPECT_EQ(journaled(R"({"type":"login","ts":1,"account_id":"a","result":"ok","ip":"203.0.113.9",)"
                      R"("ip_country":"DE","ip_asn":"AS1","ip_kind":"mobile","device_id":"phone",)"
                      R"("user_agent":"Firefox"})"),
            R"({"type":"login","ts":1,"account_id":"a","result":"ok","ip":")" +
                token("203.0.113.9") +
                R"(","ip_country":"DE","ip_asn":"AS1","ip_kind":"mobile","device_id":")" +
                token("phone") + R"(","user_agent":")" + token("Firefox") + R"("})");
  ASSERT_EQ(kept_.size(), 3U);
  EXPECT_EQ(kept_[0].kind, PersonalKind::ip);
  EXPECT_EQ(kept_[0].subject, "account:a");
  EXPECT_EQ(kept_[0].token, token("203.0.113.9"));
  EXPECT_EQ(kept_[0].plain, "203.0.113.9");
  EXPECT_EQ(kept_[1].kind, PersonalKind::device);
  EXPECT_EQ(kept_[2].kind, PersonalKind::user_agent);
}

TEST_F(PrivacyTokensTest, WhatIsNotPersonalIsNotTouched) {
  const Event* const event = read(R"({"type":"cancel","ts":1,"order_id":"o","reason":"user"})");
  EXPECT_EQ(tokens_.tokenize(*event, batch_.arena, kept_), event);
  EXPECT_TRUE(kept_.empty());
}

// A line of each type with a personal field.
TEST_F(PrivacyTokensTest, EachPersonalFieldIsReplaced) {
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const EventInfo& info = *event_info(code);
    for (std::size_t at = 0; at < info.fields.size(); ++at) {
      if (!personal_kind(info.type, info.fields[at].name)) {
        continue;
      }
      Arena arena;
      Event* const event = info.make(arena);
      if (event->type == EventType::decision) {
        static_cast<event::Decision*>(event)->kind = DecisionKind::note;
      }
      event->present = std::uint64_t{1} << at;
      member<Text>(*event, info.fields[at]) = make_text("QQQQ");
      const Event* const made = tokens_.tokenize(*event, arena, kept_);
      const std::string_view text = member<Text>(*made, info.fields[at]).view();
      EXPECT_TRUE(is_token(text) || read_commitment(text).has_value())
          << info.word << "." << info.fields[at].name;
      EXPECT_EQ(member<Text>(*event, info.fields[at]).view(), "QQQQ");  // the given one stays
    }
  }
}

TEST_F(PrivacyTokensTest, ACancelsIpIsNobodysYet) {
  EXPECT_TRUE(
      has(journaled(R"({"type":"cancel","ts":1,"order_id":"o","reason":"user","ip":"10.0.0.1"})"),
          token("10.0.0.1")));
  EXPECT_TRUE(kept_.empty());
}

TEST_F(PrivacyTokensTest, AddressesAreTheSameWhereverTheyStand) {
  const std::string part = "\"" + token("bc1q") + "\"";
  EXPECT_TRUE(has(journaled(R"({"type":"address_label","ts":1,"address":"bc1q","kind":"mixer"})"),
                  "\"address\":" + part));
  EXPECT_EQ(kept_[0].subject, "token:" + token("bc1q"));
  EXPECT_TRUE(has(journaled(R"({"type":"withdrawal","ts":1,"account_id":"a","asset":"BTC",)"
                            R"("amount":"1","status":"completed","destination":"bc1q"})"),
                  "\"destination\":" + part));
  EXPECT_TRUE(has(journaled(R"({"type":"deposit","ts":1,"account_id":"a","asset":"BTC",)"
                            R"("amount":"1","source_address":"bc1q"})"),
                  "\"source_address\":" + part));
}

TEST_F(PrivacyTokensTest, APostKeepsItsHashOnly) {
  const std::string text = "The exchange is insolvent, withdraw everything";
  const std::string line =
      R"({"type":"post","ts":1,"post_id":"p","author":"x","channel":"c","text":")";
  journaled(line + text + "\"}");
  ASSERT_EQ(kept_.size(), 2U);
  const PersonalValue author = kept_[0], said = kept_[1];
  EXPECT_EQ(author.kind, PersonalKind::author);
  EXPECT_EQ(author.subject, "token:" + token("x"));
  EXPECT_EQ(said.plain, text);
  EXPECT_TRUE(is_committed(said));
  const auto& post =
      as<event::Post>(*tokens_.tokenize(*read(line + text + "\"}"), batch_.arena, kept_));
  const auto commitment = read_commitment(post.text.view());
  ASSERT_TRUE(commitment.has_value());
  EXPECT_EQ(commitment->sim_hash, sim_hash(text));
  EXPECT_NE(commitment->digest, said.token);  // another salt: equal texts are not seen to be equal
  PersonalValue changed = said;
  changed.plain += ".";
  EXPECT_FALSE(is_committed(changed));
  changed = said;
  changed.salt[0] = static_cast<char>(changed.salt[0] ^ 1);
  EXPECT_FALSE(is_committed(changed));
}

TEST_F(PrivacyTokensTest, ReportsAndAppealsAreTheirAccounts) {
  for (const std::string type : {"report", "appeal"}) {
    const std::string line = journaled(
        R"({"type":")" + type + R"(","ts":1,"account_id":"a","measure_id":"m-1","text":"I"})");
    ASSERT_EQ(kept_.size(), 1U);
    EXPECT_EQ(kept_[0].subject, account_subject("a"));
    EXPECT_TRUE(has(line, "\"text\":\"" + kept_[0].token + "\"")) << line;
  }
}

TEST_F(PrivacyTokensTest, OfDecisionsNotesOnly) {
  const std::string note = journaled(
      R"({"type":"decision","ts":1,"user_id":"u","kind":"note","case_id":"c-1","text":"he lied"})");
  EXPECT_FALSE(has(note, "lied")) << note;
  EXPECT_EQ(kept_[0].subject, case_subject("c-1"));
  const std::string rulebook =
      R"({"type":"decision","ts":1,"user_id":"u","kind":"publish_rulebook","reason":"r","text":"id = 1"})";
  EXPECT_EQ(journaled(rulebook), rulebook);
}

TEST_F(PrivacyTokensTest, PlacesThatPeopleNameAreReplaced) {
  const std::string line = journaled(
      R"({"type":"decision","ts":1,"user_id":"u","kind":"propose","case_id":"c-1","reason":"r",)"
      R"("measure":{"kind":"ban_access","target":{"ip":"::ffff:10.0.0.1"},"devices":["phone","pad"],)"
      R"("text":"ip"}})");
  EXPECT_TRUE(has(line, R"("measure":{"kind":"ban_access","target":{"ip":")" + token("10.0.0.1") +
                            R"("},"devices":[")" + token("phone") + R"(",")" + token("pad") +
                            R"("],"text":"ip"}})"))
      << line;
  EXPECT_EQ(kept_.size(), 3U);
  EXPECT_EQ(journaled(line), line);  // tokens that people copied stay
  EXPECT_TRUE(kept_.empty());
  EXPECT_TRUE(has(journaled(R"({"type":"decision","ts":1,"user_id":"u","kind":"watch",)"
                            R"("target":{"account_id":"a"},"until_ts":5})"),
                  R"("target":{"account_id":"a"})"));
}

TEST_F(PrivacyTokensTest, KnowsManyAndForgetsNone) {
  for (int i = 0; i < 70'000; ++i) {
    tokens_.token("d" + std::to_string(i));
  }
  EXPECT_EQ(tokens_.token("d1"), token("d1"));
  EXPECT_EQ(tokens_.token("d69999"), token("d69999"));
}

}  // namespace
}  // namespace marktwacht
