// Routes: literals before names, 404 and 405, HEAD.
#include "edges/http/router.h"

#include <gtest/gtest.h>

#include <memory>

#include "edges/http/recorded_wire.h"
#include "edges/http/server_connection.h"

namespace marktwacht {
namespace {

class Router : public testing::Test {
 protected:
  void route(std::string_view method, std::string_view pattern) {
    router.add(method, pattern,
               [name = std::string(pattern)](HttpRequest request, HttpAnswer answer) {
                 std::string found = name;
                 for (const NameValue& segment : request.segments) {
                   found += " " + segment.name + "=" + segment.value;
                 }
                 answer.send(json_response(200, found));
               });
  }
  std::string ask(std::string_view method, std::string_view target) {
    auto shared = std::make_shared<ServerShared>();
    shared->handler = router;
    auto wire = std::make_shared<RecordedWire>(std::make_shared<ServerConnection>(shared));
    wire->open();
    wire->deliver(std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    wire->settle();
    sent = wire->sent;
    return sent.substr(9, 3) + " " + sent.substr(sent.find("\r\n\r\n") + 4);
  }

  HttpRouter router;
  std::string sent;
};

TEST_F(Router, LiteralsGoBeforeNames) {
  route("GET", "/v1/alerts/{alert_id}");
  route("GET", "/v1/alerts/summary");
  route("GET", "/v1/{kind}/{id}/story");
  route("GET", "/v1/alerts/{alert_id}/story");
  route("GET", "/v1/alerts/{alert_id}/{part}");
  route("GET", "/v1/alerts");
  EXPECT_EQ(ask("GET", "/v1/alerts"), "200 /v1/alerts");
  EXPECT_EQ(ask("GET", "/v1/alerts/summary"), "200 /v1/alerts/summary");
  EXPECT_EQ(ask("GET", "/v1/alerts/a-1"), "200 /v1/alerts/{alert_id} alert_id=a-1");
  EXPECT_EQ(ask("GET", "/v1/alerts/a%201/story"), "200 /v1/alerts/{alert_id}/story alert_id=a 1");
  EXPECT_EQ(ask("GET", "/v1/alerts/7/book?seq=3"),
            "200 /v1/alerts/{alert_id}/{part} alert_id=7 part=book");
  EXPECT_EQ(ask("GET", "/v1/cases/7/story"), "200 /v1/{kind}/{id}/story kind=cases id=7");
}

TEST_F(Router, AnIdIsOneSegmentWhateverIsInIt) {
  route("GET", "/v1/accounts/{account_id}");
  EXPECT_EQ(ask("GET", "/v1/accounts/desk%2F7"), "200 /v1/accounts/{account_id} account_id=desk/7");
  EXPECT_EQ(ask("GET", "/v1/accounts/a%5C..%2Fb"),
            "200 /v1/accounts/{account_id} account_id=a\\../b");
  EXPECT_EQ(ask("GET", "/v1/accounts/50%25"), "200 /v1/accounts/{account_id} account_id=50%");
  EXPECT_EQ(ask("GET", "/v1/accounts/a%252Fb"), "200 /v1/accounts/{account_id} account_id=a%2Fb");
  EXPECT_TRUE(ask("GET", "/v1/accounts/a/b").starts_with("404"));
}

TEST_F(Router, SaysWhatIsMissing) {
  route("GET", "/a");
  route("POST", "/a");
  route("DELETE", "/a/{id}");
  EXPECT_TRUE(ask("GET", "/b").starts_with("404 {\"error\":{\"code\":\"not_found\""));
  EXPECT_TRUE(ask("GET", "/a/").starts_with("404")) << "an empty segment is no id";
  EXPECT_TRUE(ask("PUT", "/a").starts_with("405 "));
  EXPECT_NE(sent.find("Allow: GET, HEAD, POST\r\n"), std::string::npos) << sent;
  EXPECT_TRUE(ask("GET", "/a/1").starts_with("405 "));
  EXPECT_NE(sent.find("Allow: DELETE\r\n"), std::string::npos) << sent;
  EXPECT_EQ(ask("HEAD", "/a"), "200 ");
  EXPECT_TRUE(ask("get", "/a").starts_with("405 ")) << "methods are upper case";
}

TEST_F(Router, GivesTheRestToOtherwise) {
  route("GET", "/v1/{x}");
  router.otherwise([](HttpRequest request, HttpAnswer answer) {
    answer.send(json_response(200, "other " + request.path));
  });
  EXPECT_EQ(ask("GET", "/"), "200 other /");
  EXPECT_EQ(ask("GET", "/v1"), "200 other /v1");
  EXPECT_EQ(ask("GET", "/v1/a/b"), "200 other /v1/a/b");
  EXPECT_TRUE(ask("PUT", "/v1/a").starts_with("405 "));
  EXPECT_EQ(router.routes().size(), 1U);
}

TEST_F(Router, ARouteIsAddedOnce) {
  route("GET", "/a");
  EXPECT_DEATH(route("GET", "/a"), "once");
  EXPECT_DEATH(route("GET", "a"), "starts with");
  EXPECT_DEATH(route("GET", "/{a"), "fills");
}

}  // namespace
}  // namespace marktwacht
