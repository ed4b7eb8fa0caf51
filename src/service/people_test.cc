// Users, roles and tokens change by two people once there are two administrators.
#include <cstdlib>

#include "events/config_names.h"
#include "events/json_object.h"
#include "service/serving_twin.h"

namespace marktwacht {
namespace {

class People : public ServingTest {
 protected:
  void SetUp() override {
    options.service.silence = Duration{0};
    options.service.snapshot_every = Duration{0};
    add_user("ada", UserRole::administrator);
    add_user("ann", UserRole::analyst);
    start();
  }
  // The second administrator is there.
  void two() {
    stop();
    add_user("adam", UserRole::administrator);
    start();
  }
  std::string role_of(const std::string& user_id) {
    const auto role = serving->service().role(user_id);
    return role ? std::string(word_of(*role)) : "none";
  }
};

std::string change(const Answer& answer) {
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_FALSE(answer.text("change_id").empty()) << answer.body;
  return R"(,"change_id":")" + answer.text("change_id") + "\"";
}

const std::string new_user =
    R"({"user_id":"otto","role":"approver","password":")" + test_password + "\"}";

TEST_F(People, OneAdministratorAloneChangesAtOnce) {
  Caller ada = person("ada");
  const Answer added = ada.post("/v1/users", new_user);
  EXPECT_EQ(added.status, 200) << added.body;
  EXPECT_EQ(added.text("change_id"), "");
  EXPECT_EQ(role_of("otto"), "approver");
  person("otto");
  EXPECT_EQ(ada.post("/v1/users/otto", R"({"disabled":true})").status, 200);
  EXPECT_EQ(nobody().log_in("otto", test_password), 401);
  EXPECT_EQ(ada.post("/v1/users/otto", R"({"disabled":false})").status, 200);
  EXPECT_EQ(role_of("otto"), "approver");
  person("otto");
  EXPECT_EQ(ada.post("/v1/users/otto", R"({"password":"seven stones by the river"})").status, 200);
  EXPECT_EQ(nobody().log_in("otto", test_password), 401);
  person("otto", "seven stones by the river");
  // Nobody is left who could let others in.
  EXPECT_EQ(ada.post("/v1/users/ada", R"({"disabled":true})").code(), "wrong_state");
  EXPECT_EQ(ada.post("/v1/users/ada", R"({"role":"viewer"})").code(), "wrong_state");
}

TEST_F(People, AUserIsAddedByTwo) {
  two();
  Caller ada = person("ada"), adam = person("adam"), ann = person("ann");
  const std::string asked = change(ada.post("/v1/users", new_user));
  EXPECT_EQ(role_of("otto"), "none");
  EXPECT_NE(nobody().log_in("otto", test_password), 200);
  EXPECT_EQ(ada.decide("approve_change", asked).code(), "own_proposal");
  EXPECT_EQ(ann.decide("approve_change", asked).status, 403);
  adam.csrf = "wrong";
  EXPECT_EQ(adam.decide("approve_change", asked).code(), "csrf");
  EXPECT_EQ(role_of("otto"), "none");
  start();
  adam = person("adam");
  EXPECT_EQ(role_of("otto"), "none");
  const std::string waiting = adam.get("/v1/changes?state=pending").body;
  EXPECT_TRUE(waiting.contains(R"("target_user_id":"otto")")) << waiting;
  EXPECT_FALSE(waiting.contains(test_password)) << waiting;
  EXPECT_EQ(adam.decide("approve_change", asked).status, 200);
  EXPECT_EQ(role_of("otto"), "approver");
  person("otto");
  EXPECT_EQ(adam.decide("approve_change", asked).code(), "unknown_change");  // replayed
}

TEST_F(People, WhatIsRefusedLeavesNothing) {
  two();
  Caller ada = person("ada"), adam = person("adam");
  const std::string user = change(ada.post("/v1/users", new_user));
  const Answer token = ada.post("/v1/tokens", R"({"scope":"read"})");
  const std::string secret =
      change(ada.post("/v1/users/ann", R"({"password":"a thief's password"})"));
  EXPECT_EQ(adam.decide("refuse_change", user).status, 200);
  EXPECT_EQ(adam.decide("refuse_change", change(token)).status, 200);
  EXPECT_EQ(adam.decide("refuse_change", secret).status, 200);
  EXPECT_FALSE(ada.get("/v1/users").body.contains("otto"));
  Caller program = nobody();
  program.token = token.text("token");
  EXPECT_EQ(program.get("/v1/alerts").status, 401);
  EXPECT_FALSE(ada.get("/v1/tokens").body.contains(token.text("token_id")));
  EXPECT_EQ(nobody().log_in("ann", "a thief's password"), 401);
  person("ann");
  change(ada.post("/v1/users", new_user));  // the name is free again
}

// Whoever sets another one's password could approve as them.
TEST_F(People, NobodyTakesOverAnotherAlone) {
  two();
  Caller ada = person("ada"), adam = person("adam");
  const std::string password =
      change(ada.post("/v1/users/adam", R"({"password":"a thief's password"})"));
  EXPECT_NE(nobody().log_in("adam", "a thief's password"), 200);
  EXPECT_EQ(ada.decide("approve_change", password).code(), "own_proposal");
  change(ada.post("/v1/users/adam", R"({"disabled":true})"));
  change(ada.post("/v1/users/adam", R"({"role":"viewer"})"));
  change(ada.post("/v1/users/adam", R"({"totp":false})"));
  EXPECT_EQ(role_of("adam"), "administrator");
  // Two at once would let one hide behind the other.
  EXPECT_EQ(
      ada.post("/v1/users/adam", R"({"role":"viewer","password":"a thief's password"})").status,
      400);
  // Nor by the back door: as a decision, with a role that waits for a password.
  EXPECT_EQ(
      ada.decide("change_user", R"(,"text":"{\"user_id\":\"eve\",\"role\":\"approver\"}")").status,
      400);
  EXPECT_EQ(ada.decide("change_token", R"(,"text":"{\"token_id\":\"t-1\"}")").status, 400);
  EXPECT_EQ(person("ann").post("/v1/users", new_user).status, 403);
  EXPECT_EQ(person("ann").post("/v1/tokens", R"({"scope":"read"})").status, 403);
  EXPECT_EQ(nobody().post("/v1/users", new_user).status, 401);
  EXPECT_EQ(adam.decide("approve_change", password).status, 200);
  EXPECT_EQ(adam.get("/v1/session").status, 401);  // a new password ends sessions
  person("adam", "a thief's password");
}

TEST_F(People, ATokenOpensNothingUntilTwoSaySo) {
  two();
  Caller ada = person("ada"), adam = person("adam"), program = nobody();
  const Answer made = ada.post("/v1/tokens", R"({"scope":"ingest","source":"feed"})");
  const std::string asked = change(made);
  program.token = made.text("token");
  EXPECT_EQ(program.post("/v1/events", "{}").status, 401);
  start();
  program = nobody();
  program.token = made.text("token");
  EXPECT_EQ(program.post("/v1/events", "{}").status, 401);
  EXPECT_EQ(person("adam").decide("approve_change", asked).status, 200);
  EXPECT_EQ(program.post("/v1/events", "{}").status, 200);
  // To take one away needs nobody else.
  ada = person("ada");
  EXPECT_EQ(ada.ask("DELETE", "/v1/tokens/" + made.text("token_id")).status, 204);
  EXPECT_EQ(program.post("/v1/events", "{}").status, 401);
}

// A process that stops between the journal and auth.db makes up for it at the next start.
TEST_F(People, WhatWasApprovedReachesTheFileAfterACrash) {
  two();
  Caller ada = person("ada"), adam = person("adam");
  const Answer made = ada.post("/v1/tokens", R"({"scope":"read"})");
  const std::string asked = change(made);
  stop();
  std::filesystem::copy(data() + "/auth.db", data() + "/before");
  start();
  EXPECT_EQ(person("adam").decide("approve_change", asked).status, 200);
  stop();
  std::filesystem::rename(data() + "/before", data() + "/auth.db");  // as if it had not been told
  start();
  Caller program = nobody();
  program.token = made.text("token");
  EXPECT_EQ(program.get("/v1/alerts").status, 200);
}

TEST_F(People, OnesOwnPasswordEndsAllSessions) {
  Caller ann = person("ann"), elsewhere = person("ann");
  const auto body = [](const std::string& now, const std::string& next) {
    return R"({"password_now":")" + now + R"(","password":")" + next + "\"}";
  };
  EXPECT_EQ(ann.post("/v1/password", body("wrong, all of it", "a quiet lamp and a train")).status,
            401);
  EXPECT_EQ(ann.post("/v1/password", body(test_password, "short")).code(), "weak_password");
  Caller forged = ann;
  forged.csrf = "";
  EXPECT_EQ(forged.post("/v1/password", body(test_password, "a quiet lamp and a train")).code(),
            "csrf");
  EXPECT_EQ(elsewhere.get("/v1/session").status, 200);
  EXPECT_EQ(ann.post("/v1/password", body(test_password, "a quiet lamp and a train")).status, 204);
  EXPECT_EQ(ann.get("/v1/session").status, 401);
  EXPECT_EQ(elsewhere.get("/v1/session").status, 401);
  EXPECT_EQ(nobody().log_in("ann", test_password), 401);
  person("ann", "a quiet lamp and a train");
}

// Guessing the old one is slowed down as it is at a login.
TEST_F(People, AStolenSessionCannotGuessThePassword) {
  Caller ann = person("ann");
  int last = 0;
  for (int i = 0; i < 15 && last != 429; ++i) {
    last = ann.post("/v1/password", R"({"password_now":"guess number )" + std::to_string(i) +
                                        R"(","password":"a quiet lamp and a train"})")
               .status;
  }
  EXPECT_EQ(last, 429);
}

class SetUpLink : public ServingTest {};

// Nobody could be disabled or approve anything if it left somebody who cannot log in.
TEST_F(SetUpLink, WhatItRefusesLeavesNoUser) {
  start();
  const auto token = serving->setup_token();
  ASSERT_TRUE(token);
  const auto set_up = [&](const std::string& user_id, const std::string& password) {
    return nobody().post("/v1/setup", R"({"token":")" + *token + R"(","user_id":")" + user_id +
                                          R"(","password":")" + password + "\"}");
  };
  EXPECT_EQ(set_up("root", "short").code(), "weak_password");
  EXPECT_EQ(set_up("the boss", test_password).code(), "bad_user_id");
  EXPECT_TRUE(serving->service().roles().empty());
  EXPECT_EQ(set_up("ada", test_password).status, 200);
  EXPECT_EQ(serving->service().roles().size(), 1U);
}

TEST_F(People, AUserWhoCouldNotBeRecordedCanBeAddedAgain) {
  Caller ada = person("ada");
  ServiceOptions full = options.service;
  full.free_bytes_min = UINT64_MAX;
  serving->service().change(full);
  EXPECT_EQ(ada.post("/v1/users", new_user).status, 503);
  serving->service().change(options.service);
  ASSERT_TRUE(eventually([&] { return serving->service().status().failed.empty(); }));
  EXPECT_EQ(ada.post("/v1/users", new_user).status, 200);
  person("otto");
}

// What administrators decided counts for the commands too.
TEST_F(People, TheCommandLineKnowsWhoWasAddedWhileItRan) {
  Caller ada = person("ada");
  EXPECT_EQ(ada.post("/v1/users", new_user).status, 200);
  two();
  EXPECT_EQ(person("ada").post("/v1/users/otto", R"({"role":"analyst"})").status, 200);  // waits
  const std::string asked = change(person("ada").post("/v1/users/ann", R"({"disabled":true})"));
  EXPECT_EQ(person("adam").decide("approve_change", asked).status, 200);
  stop();
  const auto said = [&] {
    std::string text;
    const std::vector<RecordedUser> users = recorded_users(data()).value();
    for (const RecordedUser& user : users) {
      text += user.user_id + ":" + std::string(word_of(user.role)) +
              (user.disabled ? ":disabled " : " ");
    }
    return text;
  };
  EXPECT_EQ(said(), "ada:administrator adam:administrator ann:analyst:disabled otto:approver ");
  ASSERT_TRUE(record_user(data(), {"otto", UserRole::viewer, false}));
  EXPECT_EQ(said(), "ada:administrator adam:administrator ann:analyst:disabled otto:viewer ");
}

TEST_F(People, ThePolicyShownIsTheOneInForce) {
  two();
  Caller ada = person("ada"), adam = person("adam");
  const std::string first = ada.get("/v1/policy").text("text");
  const auto publish = [&](const std::string& text) {
    return change(ada.decide("publish_policy", R"(,"shadow":false,"text":)" + json_string(text)));
  };
  const std::string one = publish(first + "\n# one\n"), other = publish(first + "\n# other\n");
  const auto is_shown = [&](const std::string& text) {
    return eventually([&] { return ada.get("/v1/policy").text("text") == text; }, 2'000);
  };
  EXPECT_TRUE(person("ann").get("/v1/overview").body.contains(R"("changes_pending":2)"));
  EXPECT_TRUE(is_shown(first));
  EXPECT_EQ(adam.decide("approve_change", other).status, 200);
  EXPECT_TRUE(is_shown(first + "\n# other\n"));
  EXPECT_EQ(adam.decide("approve_change", one).status, 200);
  EXPECT_TRUE(is_shown(first + "\n# one\n"));
  const std::string refused = publish(first + "\n# refused\n");
  EXPECT_EQ(adam.decide("refuse_change", refused).status, 200);
  EXPECT_TRUE(
      eventually([&] { return ada.get("/v1/changes?state=refused").body.contains("# refused"); }));
  EXPECT_EQ(ada.get("/v1/policy").text("text"), first + "\n# one\n");
  EXPECT_TRUE(person("ann").get("/v1/overview").body.contains(R"("changes_pending":0)"));
}

TEST_F(People, TheTrailIsFilteredByWhatBecame) {
  EXPECT_EQ(person("ann").post("/v1/users", new_user).status, 403);
  Caller ada = person("ada");
  std::string refused;
  EXPECT_TRUE(eventually([&] {
    refused = ada.get("/v1/audit?result=refused").body;
    return refused.contains(R"("result":"refused")");
  }));
  EXPECT_FALSE(refused.contains(R"("result":"accepted")")) << refused;
  EXPECT_FALSE(ada.get("/v1/audit?result=accepted").body.contains(R"("result":"refused")"));
  EXPECT_EQ(ada.get("/v1/audit?result=other").status, 400);
}

// The gate's heartbeat is by the wall clock, whenever the events are from.
TEST_F(People, TheOverviewShowsTheGatesOwnHeartbeat) {
  Caller ann = person("ann");
  const auto beats = [&](const std::string& body) {
    const auto members = JsonMembers::of(body);
    const auto gate = members ? JsonMembers::of(members->value("gate")) : std::nullopt;
    return gate ? gate->integer("heartbeat_ts").value_or(0) : 0;
  };
  const std::string before = ann.get("/v1/overview").body;
  EXPECT_LT(std::abs(beats(before) - wall_time().ns), 10 * second.ns) << before;
  EXPECT_TRUE(before.contains(R"("blind":false)")) << before;
  EXPECT_TRUE(eventually([&] { return beats(ann.get("/v1/overview").body) > beats(before); }));
}

}  // namespace
}  // namespace marktwacht
