// Another site makes somebody's browser ask: it sends the cookie, but cannot know the token of the
// session. Whatever openapi.json has that changes something is refused then.
#include "service/attack_twin.h"

namespace marktwacht {
namespace {

class AttackCsrf : public AttackTest {
 protected:
  // All that an operation could have changed.
  std::string state() {
    std::string all = std::to_string(serving->service().status().last_seq);
    for (const char* path : {"/v1/users", "/v1/tokens", "/v1/keys", "/v1/changes", "/v1/policy"}) {
      all += ada->get(path).body;
    }
    for (const char* path : {"/v1/alerts", "/v1/canary", "/v1/snoozes", "/v1/backtests/1"}) {
      all += ann->get(path).body;
    }
    return all;
  }
  // Bodies that would do something, where there is more to say than nothing.
  static std::string body_of(const std::string& pattern) {
    static const std::map<std::string, std::string> bodies{
        {"/v1/users",
         R"({"user_id":"mallory","role":"approver","password":")" + test_password + "\"}"},
        {"/v1/users/{user_id}", R"({"disabled":true})"},
        {"/v1/tokens", R"({"scope":"read"})"},
        {"/v1/keys", R"({"kind":"webhook"})"},
        {"/v1/password",
         R"({"password_now":")" + test_password + R"(","password":"a quiet lamp and a train"})"},
        {"/v1/decisions", R"({"kind":"watch","reason":"x","target":{"account_id":"maria"}})"},
        {"/v1/events", R"({"type":"tick","ts":1})"}};
    const auto found = bodies.find(pattern);
    return found == bodies.end() ? "{}" : found->second;
  }
  // By each role: the one that may do it is among them.
  void each_is_refused(const std::string& csrf) {
    for (const auto& [user_id, role] : people) {
      Caller victim = *sessions.at(user_id);
      victim.csrf = csrf == "another's"
                        ? sessions.at(user_id == std::string("ann") ? "otto" : "ann")->csrf
                    : csrf == "shortened" ? victim.csrf.substr(0, victim.csrf.size() - 1)
                    : csrf == "of an earlier session" ? earlier.at(user_id)
                                                      : csrf;
      for (const Operation& operation : changing) {
        const Answer answer =
            victim.ask(operation.method, operation.path("vera"), body_of(operation.pattern));
        EXPECT_EQ(answer.status, 403) << operation.method << " " << operation.pattern << user_id;
        EXPECT_EQ(answer.code(), "csrf") << operation.pattern << user_id;
      }
    }
  }
  void SetUp() override {
    AttackTest::SetUp();
    for (const auto& [user_id, role] : people) {
      earlier[user_id] = person(user_id).csrf;
      sessions[user_id] = person(user_id);
    }
    ada = sessions["ada"];
    ann = sessions["ann"];
    token = ada->post("/v1/tokens", R"({"scope":"ingest","source":"feed"})").text("token_id");
    for (const Operation& operation : operations()) {
      if (operation.changes_something() && !operation.open) {
        changing.push_back(operation);
      }
    }
    ASSERT_GE(changing.size(), 14U);
  }

  std::map<std::string, std::optional<Caller>> sessions;
  std::map<std::string, std::string> earlier;
  std::optional<Caller> ada, ann;
  std::string token;
  std::vector<Operation> changing;
};

TEST_F(AttackCsrf, NothingChangesWithoutTheSessionsToken) {
  const std::string before = state();
  for (const char* csrf : {"", "wrong", "another's", "of an earlier session", "shortened"}) {
    each_is_refused(csrf);
    EXPECT_EQ(state(), before) << csrf;
  }
  EXPECT_TRUE(audited("POST /v1/users", {said("user_id", "ada")}));
  for (const auto& [user_id, role] : people) {
    EXPECT_EQ(sessions[user_id]->get("/v1/session").status, 200) << "logged out: " << user_id;
    person(user_id);  // with the password as it was
  }
}

// So that nothing else than the token was in the way.
TEST_F(AttackCsrf, TheSameIsDoneWithIt) {
  EXPECT_EQ(ada->post("/v1/users", body_of("/v1/users")).status, 200);
  EXPECT_EQ(ada->ask("DELETE", "/v1/tokens/" + token).status, 204);
  EXPECT_EQ(sessions["opal"]->post("/v1/events", body_of("/v1/events")).status, 200);
  EXPECT_EQ(ann->post("/v1/password", body_of("/v1/password")).status, 204);
}

// Neither where no header can be set nor by another method.
TEST_F(AttackCsrf, NoOtherPlaceCountsAsTheHeader) {
  const std::string before = state();
  Caller victim = *ada;
  victim.csrf.clear();
  const std::string known = ada->csrf;
  victim.cookie += "; X-CSRF-Token=" + known + "; csrf_token=" + known;
  EXPECT_EQ(victim.post("/v1/users?X-CSRF-Token=" + known, body_of("/v1/users")).code(), "csrf");
  EXPECT_EQ(victim.post("/v1/tokens", R"({"scope":"read","csrf_token":")" + known + "\"}").code(),
            "csrf");
  for (const Operation& operation : changing) {
    victim.ask("GET", operation.path("vera") + "?_method=" + operation.method);
    victim.ask("HEAD", operation.path("vera"));
  }
  EXPECT_EQ(state(), before);
}

TEST_F(AttackCsrf, TheCookieStaysWhereItBelongs) {
  const std::string body = R"({"user_id":"ann","password":")" + test_password + "\"}";
  BareSocket raw(serving->port());
  raw.send("POST /v1/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body);
  const std::string& answer = raw.read();
  const std::size_t at = answer.find("Set-Cookie: marktwacht_session=");
  ASSERT_NE(at, answer.npos) << answer;
  const std::string cookie = answer.substr(at, answer.find("\r\n", at) - at);
  for (const char* part : {"; HttpOnly", "; SameSite=Strict", "; Path=/"}) {
    EXPECT_TRUE(cookie.contains(part)) << cookie;
  }
  EXPECT_FALSE(cookie.contains("Domain")) << cookie;
  EXPECT_FALSE(answer.contains("Access-Control-Allow")) << answer;
}

}  // namespace
}  // namespace marktwacht
