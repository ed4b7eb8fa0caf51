// The one gate that every request goes through.
#include "service/api.h"

#include <stdexcept>

#include "edges/http/target.h"
#include "service/serving_twin.h"

namespace marktwacht {
namespace {

class ApiTest : public ServingTest {};

// Another server on the same API, with one question more.
TEST_F(ApiTest, AFaultInOneAnswerEndsNothingElse) {
  add_user("ann", UserRole::analyst);
  start();
  serving->api().add("GET", "/v1/at_fault", {},
                     [](ApiCall&) -> HttpResponse { throw std::out_of_range("no such place"); });
  HttpConfig config;
  config.port = 0;
  auto server = HttpServer::start(config, serving->api().router());
  ASSERT_TRUE(server) << server.error();
  Caller ann(server->port());
  ASSERT_EQ(ann.log_in("ann", test_password), 200);
  const Answer answer = ann.get("/v1/at_fault");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.code(), "internal");
  EXPECT_FALSE(answer.body.contains("no such place")) << answer.body;
  EXPECT_EQ(ann.get("/v1/alerts").status, 200);
  const std::string audit = ann.get("/v1/audit?limit=20").body;
  EXPECT_TRUE(audit.contains("/v1/at_fault")) << audit;
  EXPECT_TRUE(audit.contains("no such place")) << audit;
  server->stop();
}

// An id is any text: what stands in a path is one, whatever it holds.
TEST_F(ApiTest, AnIdWithASlashHasItsPage) {
  options.service.silence = Duration{0};
  add_user("ann", UserRole::analyst);
  start();
  Caller exchange = feed(), ann = person("ann");
  for (const char* id : {"desk/7", "a%2Fb", "50%", "../x"}) {
    const std::string line =
        std::string(R"({"type":"account","ts":"2026-03-02T09:00:00Z","account_id":")") + id + "\"}";
    ASSERT_EQ(exchange.post("/v1/events", line).status, 200) << id;
    const Answer page = ann.get("/v1/accounts/" + percent_encoded(id));
    EXPECT_EQ(page.status, 200) << page.body;
    EXPECT_EQ(page.text("account_id"), id);
  }
  EXPECT_EQ(ann.get("/v1/accounts/desk/7").status, 404);
  EXPECT_EQ(ann.get("/v1/accounts/..%2F..%2Fv1").status, 404);
}

TEST_F(ApiTest, WithoutAVaultNothingIsRevealed) {
  add_user("otto", UserRole::approver);
  start();
  Caller otto = person("otto");
  for (const char* kind : {"reveal", "erase", "hold", "lift_hold"}) {
    const Answer answer = otto.decide(kind, R"(,"token":"t.0")");
    EXPECT_EQ(answer.status, 409) << kind;
    EXPECT_EQ(answer.code(), "no_vault") << kind << answer.body;
  }
}

}  // namespace
}  // namespace marktwacht
