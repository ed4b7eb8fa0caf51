// The client against the real server and against servers that misbehave.
#include "edges/http/client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "edges/http/client_connection.h"
#include "edges/http/recorded_wire.h"
#include "edges/http/server.h"

namespace marktwacht {
namespace {

class Client : public testing::Test {
 protected:
  void start(HttpHandler handler, HttpConfig config = {}) {
    config.port = port;
    config.drain_ms_max = 100;
    auto started = HttpServer::start(config, std::move(handler));
    ASSERT_TRUE(started) << started.error();
    server.emplace(std::move(*started));
    port = server->port();
  }
  std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port) + std::string(path);
  }

  std::uint16_t port = 0;
  std::optional<HttpServer> server;
  HttpClient client = std::move(HttpClient::start().value());
};

void echo(HttpRequest request, HttpAnswer answer) {
  answer.send(json_response(200, request.method + " " + request.path + " " + request.body));
}

TEST_F(Client, KeepsItsConnection) {
  start(echo);
  for (int i = 0; i < 20; ++i) {
    const HttpResult reply = client.post(url("/a"), std::to_string(i));
    ASSERT_TRUE(reply) << reply.error();
    EXPECT_EQ(reply->body, "POST /a " + std::to_string(i));
    EXPECT_EQ(reply->header("content-type"), "application/json");
  }
  EXPECT_EQ(server->counters().connections, 1U);
  HttpCall head;
  head.method = "HEAD";
  head.url = url("/a");
  EXPECT_EQ(client.call(head)->body, "");
  EXPECT_EQ(client.get(url("/b"))->body, "GET /b ");
  EXPECT_EQ(server->counters().connections, 1U);
}

TEST_F(Client, MakesManyCallsAtOnce) {
  std::mutex mutex;
  std::vector<HttpAnswer> waiting;
  start([&](HttpRequest, HttpAnswer answer) {
    std::lock_guard lock(mutex);
    waiting.push_back(std::move(answer));
    if (waiting.size() == 50) {  // all are here before one is answered
      for (HttpAnswer& each : waiting) {
        each.send(json_response(200, "{}"));
      }
    }
  });
  std::atomic<int> good = 0, all = 0;
  for (int i = 0; i < 50; ++i) {
    HttpCall call;
    call.url = url();
    client.send(call, [&](HttpResult reply) {
      good += reply && reply->status == 200 ? 1 : 0;
      ++all;
    });
  }
  while (all < 50) {
    std::this_thread::yield();
  }
  EXPECT_EQ(good, 50);
  EXPECT_EQ(server->counters().connections, 50U);
  server.reset();  // before what its handler fills
}

TEST_F(Client, SurvivesAServerThatCameBack) {
  start(echo);
  EXPECT_TRUE(client.post(url(), "1"));
  server->stop();
  const HttpResult down = client.post(url(), "2");
  ASSERT_FALSE(down);
  EXPECT_NE(down.error().find("refused"), std::string::npos) << down.error();
  start(echo);
  EXPECT_EQ(client.post(url(), "3")->body, "POST / 3");
}

TEST_F(Client, GivesUpInTime) {
  std::mutex mutex;
  std::vector<HttpAnswer> never;
  start([&](HttpRequest, HttpAnswer answer) {
    std::lock_guard lock(mutex);
    never.push_back(std::move(answer));
  });
  HttpCall call;
  call.url = url();
  call.timeout_ms = 200;
  const HttpResult reply = client.call(call);
  ASSERT_FALSE(reply);
  EXPECT_NE(reply.error().find("no reply in time"), std::string::npos) << reply.error();
  server.reset();  // before what its handler fills
}

TEST_F(Client, OpenCallsEndWithTheClient) {
  std::mutex mutex;
  std::vector<HttpAnswer> never;
  start([&](HttpRequest, HttpAnswer answer) {
    std::lock_guard lock(mutex);
    never.push_back(std::move(answer));
  });
  std::atomic<int> ended = 0;
  {
    HttpClient other = std::move(HttpClient::start().value());
    for (int i = 0; i < 10; ++i) {
      HttpCall call;
      call.url = url();
      other.send(call, [&](HttpResult reply) { ended += reply ? 0 : 1; });
    }
  }
  EXPECT_EQ(ended, 10);
  server.reset();  // before what its handler fills
}

// Begun on the loop while stopping has closed what was open: the new one is no orphan.
TEST_F(Client, AConnectionBegunWhileStoppingIsClosed) {
  start(echo);
  struct Told : WirePeer {
    void on_open(std::shared_ptr<Wire>) override {}
    void on_bytes(std::string_view) override {}
    void on_written() override {}
    void on_deadline() override {}
    void on_drain() override {}
    void on_closed(std::string_view) override { closed = true; }
    std::atomic<bool> closed = false;
  };
  const auto told = std::make_shared<Told>();
  const auto loops = std::move(start_loops({}).value());
  std::promise<void> held;
  loops->post([&] {
    held.set_value();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // stop() has posted all by then
    loops->connect({"127.0.0.1", port, false, 10'000}, told);
  });
  held.get_future().wait();
  loops->stop(0);
  EXPECT_TRUE(told->closed);
  EXPECT_EQ(loops->wires_open(), 0U);
}

TEST_F(Client, RefusesWhatItCannotSend) {
  for (const std::string bad :
       {"", "ftp://x/", "http://", "http://:80/", "http://x:0/", "http://x:99999/", "http://x:8a/",
        "http://user@x/", "http://x/a b", "http://x/a\r\nX: 1", "http://x/#a"}) {
    EXPECT_FALSE(client.get(bad)) << bad;
  }
  HttpCall call;
  call.url = "http://127.0.0.1:1/";
  call.headers = {{"X-Evil", "a\r\nb"}};
  EXPECT_NE(client.call(call).error().find("cannot be sent"), std::string::npos);
  call.headers.clear();
  call.method = "GET /x HTTP/1.1\r\n";
  EXPECT_FALSE(client.call(call));
}

TEST(HttpUrl, Parts) {
  const auto url = HttpUrl::parse("https://[::1]:8443/a?b=c").value();
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, 8443);
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.target, "/a?b=c");
  EXPECT_EQ(url.authority, "[::1]:8443");
  EXPECT_EQ(HttpUrl::parse("http://[::1]/").value().host, "::1");
  EXPECT_EQ(HttpUrl::parse("http://x").value().target, "/");
  EXPECT_EQ(HttpUrl::parse("http://x?y").value().target, "/?y");
  EXPECT_EQ(HttpUrl::parse("https://x").value().port, 443);
}

// What a reply of these bytes, then the end of the connection, is to a caller.
HttpResult reply_of(const std::string& bytes, bool ends = true) {
  auto core = std::make_shared<HttpClientCore>();
  HttpResult result = std::unexpected("nothing");
  OpenCall call;
  call.url = HttpUrl::parse("http://x/").value();
  call.head = std::make_shared<const std::string>("GET / HTTP/1.1\r\n\r\n");
  call.body = std::make_shared<const std::string>();
  call.deadline_ms = INT64_MAX;
  call.done = [&](HttpResult reply) { result = std::move(reply); };
  auto wire =
      std::make_shared<RecordedWire>(std::make_shared<ClientConnection>(core, std::move(call)));
  wire->open();
  wire->settle();
  wire->deliver(bytes);
  if (ends) {
    wire->deliver({});
  }
  wire->settle();
  wire->close("over");
  wire->settle();
  return result;
}

TEST(ClientConnection, ReadsRepliesStrictly) {
  EXPECT_EQ(reply_of("HTTP/1.1 200 OK\r\n\r\nuntil the end")->body, "until the end");
  EXPECT_EQ(reply_of("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n", false)->status, 204);
  EXPECT_EQ(
      reply_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", false)
          ->body,
      "abc");
  for (const std::string bad :
       {"", "HTTP/1.1", "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"}) {
    EXPECT_FALSE(reply_of(bad)) << bad;
  }
  EXPECT_FALSE(reply_of("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'), false));
  EXPECT_FALSE(reply_of("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", false));
}

}  // namespace
}  // namespace marktwacht
