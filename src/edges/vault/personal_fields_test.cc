// No field is forgotten: a new one fails here until somebody has said what it is.
#include "edges/vault/personal_fields.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace marktwacht {
namespace {

TEST(PersonalFields, EachFieldIsClassified) {
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const EventInfo& info = *event_info(code);
    for (const FieldInfo& field : info.fields) {
      EXPECT_TRUE(is_classified(info.type, field))
          << info.word << "." << field.name
          << ": does it say something of a person? Put it into src/edges/vault/personal_fields.cc.";
    }
  }
}

// privacy.md: "ip, device_id, user_agent, person_id, addresses, and a post's author", and "free
// text (reports, posts, notes, appeals)".
TEST(PersonalFields, AreThoseOfTheContract) {
  std::string all;
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const EventInfo& info = *event_info(code);
    for (const FieldInfo& field : info.fields) {
      if (const auto kind = personal_kind(info.type, field.name)) {
        all += std::string(info.word) + "." + std::string(field.name) + ":" +
               std::string(word_of(*kind)) + " ";
      }
    }
  }
  EXPECT_EQ(all,
            "account.person_id:person address_label.address:address login.ip:ip "
            "login.device_id:device login.user_agent:user_agent deposit.source_address:address "
            "withdrawal.destination:address order.ip:ip cancel.ip:ip book_order.ip:ip "
            "post.author:author post.text:text report.text:text appeal.text:text "
            "decision.text:text ");
}

TEST(PersonalFields, ATypeHasAPersonalTextIfOneOfItsFieldsIs) {
  for (std::size_t code = 1; code < event_types_end; ++code) {
    const EventInfo& info = *event_info(code);
    const bool has = std::ranges::any_of(info.fields, [&](const FieldInfo& field) {
      return personal_kind(info.type, field.name) == PersonalKind::text;
    });
    EXPECT_EQ(has_personal_text(info.type), has) << info.word;
  }
}

TEST(PersonalFields, AreNotShownInRefusedLines) {
  EXPECT_EQ(shown_when_refused("ip"), Shown::no);
  EXPECT_EQ(shown_when_refused("text"), Shown::no);
  EXPECT_EQ(shown_when_refused("detail"), Shown::no);
  EXPECT_EQ(shown_when_refused("ip_country"), Shown::yes);
  EXPECT_EQ(shown_when_refused("account_id"), Shown::yes);
  EXPECT_EQ(shown_when_refused("type"), Shown::yes);
  EXPECT_EQ(shown_when_refused("reason"), Shown::word);
  EXPECT_EQ(shown_when_refused("e_mail"), Shown::no);
}

}  // namespace
}  // namespace marktwacht
