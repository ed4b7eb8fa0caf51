// The one gate that every request goes through.
#include "service/api.h"

#include <stdexcept>

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

}  // namespace
}  // namespace marktwacht
