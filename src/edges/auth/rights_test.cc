// Who may what: every role, every right, every kind of decision; and the page that shows it.
#include "edges/auth/rights.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

namespace marktwacht {
namespace {

std::string rights_text(UserRole role) {
  std::string text;
  for (std::size_t at = 0; at < Words<Right>::list.size(); ++at) {
    if (has_right(role, static_cast<Right>(at))) {
      text += (text.empty() ? "" : " ") + std::string(Words<Right>::list[at]);
    }
  }
  return text;
}

// cli.md: "viewer reads; analyst also alerts, cases, links, propose, impose; approver also approve,
// refuse, appeal_decide, reveal; operator ingestion and rulebooks; administrator only users, keys,
// policy, automatic".
TEST(Rights, OfEachRole) {
  EXPECT_EQ(rights_text(UserRole::viewer), "read audit");
  EXPECT_EQ(rights_text(UserRole::analyst), "read audit alerts cases links propose impose");
  EXPECT_EQ(rights_text(UserRole::approver),
            "read audit alerts cases links propose impose approve refuse appeal_decide reveal");
  EXPECT_EQ(rights_text(UserRole::operator_), "read audit ingest rulebooks");
  EXPECT_EQ(rights_text(UserRole::administrator), "audit users keys policy automatic changes");
  EXPECT_EQ(rights_text(static_cast<UserRole>(250)), "");
}

// What the engine will say too, of each kind and each role.
TEST(Rights, AreThoseThatTheEngineGives) {
  for (std::size_t role = 0; role < Words<UserRole>::list.size(); ++role) {
    Users users;
    const std::string word(Words<UserRole>::list[role]);
    ASSERT_TRUE(users.take(R"({"user_id":"u","role":")" + word + R"("})").has_value());
    for (std::size_t kind = 0; kind < Words<DecisionKind>::list.size(); ++kind) {
      EXPECT_EQ(has_right(static_cast<UserRole>(role), right_for(static_cast<DecisionKind>(kind))),
                users.may("u", static_cast<DecisionKind>(kind)))
          << word << " " << Words<DecisionKind>::list[kind];
    }
  }
}

// enforcement.md, "Decisions (kinds)", and those of changes.
TEST(Rights, EachKindOfDecisionNeedsOne) {
  const std::map<std::string, std::string> expected{
      {"propose", "adopt_proposal propose withdraw_proposal extend set_amount"},
      {"impose", "impose lift"},
      {"approve", "approve"},
      {"refuse", "refuse"},
      {"appeal_decide", "appeal_decide"},
      {"cases",
       "assign note attach_alert detach_alert merge_cases close_case reopen_case mark_reported"},
      {"alerts", "close_alert snooze unsnooze raise_alert grant_exemption watch"},
      {"links", "link_confirm link_refuse"},
      {"rulebooks", "publish_rulebook"},
      {"policy", "publish_policy"},
      {"automatic", "set_automatic"},
      {"reveal", "reveal erase hold lift_hold"},
      {"changes", "approve_change refuse_change"},
      {"users", "change_user"},
      {"keys", "change_token change_key"}};
  std::map<std::string, std::string> found;
  for (std::size_t kind = 0; kind < Words<DecisionKind>::list.size(); ++kind) {
    std::string& kinds = found[std::string(word_of(right_for(static_cast<DecisionKind>(kind))))];
    kinds += (kinds.empty() ? "" : " ") + std::string(Words<DecisionKind>::list[kind]);
  }
  EXPECT_EQ(found, expected);
}

// Nobody who may approve administers, and nobody who administers decides about measures.
TEST(Rights, ArePartedBetweenApproverAndAdministrator) {
  for (std::size_t role = 0; role < Words<UserRole>::list.size(); ++role) {
    const auto who = static_cast<UserRole>(role);
    EXPECT_FALSE(has_right(who, Right::approve) && has_right(who, Right::users));
    EXPECT_FALSE(has_right(who, Right::changes) && has_right(who, Right::impose));
  }
}

TEST(Rights, StandOnThePage) {
  std::ifstream file(std::string(MARKTWACHT_SOURCE_DIR) + "/docs/users.md");
  std::ostringstream page;
  page << file.rdbuf();
  std::string table = "| right |";
  for (const std::string_view role : Words<UserRole>::list) {
    table += " " + std::string(role) + " |";
  }
  table += "\n| --- | --- | --- | --- | --- | --- |\n";
  for (std::size_t at = 0; at < Words<Right>::list.size(); ++at) {
    table += "| `" + std::string(Words<Right>::list[at]) + "` |";
    for (std::size_t role = 0; role < Words<UserRole>::list.size(); ++role) {
      table += has_right(static_cast<UserRole>(role), static_cast<Right>(at)) ? " x |" : "  |";
    }
    table += "\n";
  }
  EXPECT_NE(page.str().find(table), std::string::npos) << "docs/users.md should say:\n" << table;
}

}  // namespace
}  // namespace marktwacht
