// One connection of the server, without a socket: what it refuses, in which order it answers, when
// it loses patience.
#include "edges/http/server_connection.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string_view>

#include "edges/http/recorded_wire.h"

namespace marktwacht {
namespace {

using namespace std::string_view_literals;

class Connection : public testing::Test {
 protected:
  void start() {
    shared->handler = [this](HttpRequest request, HttpAnswer answer) {
      seen.push_back(request);
      if (answers_later) {
        later.emplace_back(std::move(answer));
      } else {
        answer.send(json_response(200, "\"" + request.path + "\""));
      }
    };
    auto peer = std::make_shared<ServerConnection>(shared);
    wire = std::make_shared<RecordedWire>(peer);
    wire->open();
  }
  void deliver(std::string_view bytes) {
    wire->deliver(bytes);
    wire->settle();
  }
  // The status of the last answer; 0 = none.
  int status() const {
    const std::size_t at = wire->sent.rfind("HTTP/1.1 ");
    return at == std::string::npos ? 0 : std::stoi(wire->sent.substr(at + 9, 3));
  }
  std::string body() const { return wire->sent.substr(wire->sent.rfind("\r\n\r\n") + 4); }
  // What one request on a fresh connection is answered.
  int status_of(std::string_view bytes) {
    seen.clear();
    start();
    deliver(bytes);
    return status();
  }

  std::shared_ptr<ServerShared> shared = std::make_shared<ServerShared>();
  std::shared_ptr<RecordedWire> wire;
  std::vector<HttpRequest> seen;
  std::vector<HttpAnswer> later;
  bool answers_later = false;
};

TEST_F(Connection, AnswersAndGoesOn) {
  start();
  deliver("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status(), 200);
  EXPECT_EQ(body(), "\"/a\"");
  EXPECT_TRUE(wire->wants_bytes);
  deliver("POST /b?x=1&y=%41+b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[1].method, "POST");
  EXPECT_EQ(seen[1].body, "hello");
  EXPECT_EQ(seen[1].query, (std::vector<NameValue>{{"x", "1"}, {"y", "A b"}}));
  EXPECT_EQ(seen[1].remote_address, "192.0.2.7");
  EXPECT_EQ(seen[1].header("hOsT"), "x");
  EXPECT_FALSE(wire->finished);
}

TEST_F(Connection, AnswersPipelinedRequestsInTheirOrder) {
  answers_later = true;
  start();
  deliver(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(seen.size(), static_cast<std::size_t>(i + 1)) << "one at a time";
    later[static_cast<std::size_t>(i)].send(json_response(200, std::to_string(i)));
    wire->settle();
  }
  const std::size_t one = wire->sent.find("\r\n\r\n0"), two = wire->sent.find("\r\n\r\n1"),
                    three = wire->sent.find("\r\n\r\n2");
  EXPECT_LT(one, two);
  EXPECT_LT(two, three);
  EXPECT_NE(three, std::string::npos);
}

TEST_F(Connection, AnyCutOfTheBytesGivesTheSameRequests) {
  const std::string bytes =
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n"
      "\r\nPUT /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
      "GET /c HTTP/1.1\r\nHost: x\r\n\r\n";
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    seen.clear();
    start();
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = 1 + random() % (round < 5 ? 1 : 40);
      deliver(std::string_view(bytes).substr(at, size));
      at += size;
    }
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[0].body, "hello world");
    EXPECT_EQ(seen[0].header("X-Trailer"), "") << "a trailer is no header";
    EXPECT_EQ(seen[1].body, "abc");
    EXPECT_EQ(seen[2].path, "/c");
  }
}

TEST_F(Connection, RefusesWhatTwoReadersCouldReadDifferently) {
  const std::string post = "POST /a HTTP/1.1\r\nHost: x\r\n";
  for (const std::string& headers : std::vector<std::string>{
           "Content-Length: 5\r\nContent-Length: 6\r\n",
           "Content-Length: 5\r\nContent-Length: 5\r\n",
           "Content-Length: 5, 5\r\n",
           "Content-Length: +5\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: 0x5\r\n",
           "Content-Length: 5 5\r\n",
           "Content-Length: \r\n",
           "Content-Length: 99999999999999999999999\r\n",
           "Content-Length : 5\r\n",
           "Content-Length\r\n",
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: xchunked\r\n",
           "Transfer-Encoding: chunked, identity\r\n",
           "Transfer-Encoding: gzip, chunked\r\n",
           "Transfer-Encoding: identity\r\n",
           "Transfer-Encoding: \"chunked\"\r\n",
           "Transfer-Encoding: chunked\x0B\r\n",
           "Transfer-Encoding\x0B: chunked\r\n",
           "X: a\rb\r\n",
           "X: a\nContent-Length: 5\r\n",
           "X\t: a\r\n",
           " X: a\r\n",
           ": a\r\n",
           "Host: y\r\n",
           "Content-Encoding: gzip\r\n",
           "Expect: miracles\r\n",
       }) {
    const int status = status_of(post + headers + "\r\nhello");
    EXPECT_GE(status, 400) << headers;
    EXPECT_LE(status, 501) << headers;
    EXPECT_TRUE(wire->finished) << headers;
    EXPECT_TRUE(seen.empty()) << headers;
  }
  EXPECT_EQ(status_of("POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /a HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(status_of("GET /a HTTP/2.0\r\nHost: x\r\n\r\n"), 505);
  EXPECT_EQ(status_of("GET /a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET  /a HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET http://x/a HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of("G\xC3\xA4T /a HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n"sv), 400);
  EXPECT_EQ(status_of("\x16\x03\x01\x02\x00\x01"), 400) << "TLS to a plain port";
}

TEST_F(Connection, ChunksAreReadStrictly) {
  const std::string post = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& chunks : std::vector<std::string>{
           "G\r\nhello\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n",
           "5\nhello\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\nhello", "0x5\r\nhello\r\n0\r\n\r\n",
           "5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n"}) {
    EXPECT_EQ(status_of(post + chunks), 400) << chunks;
    EXPECT_TRUE(seen.empty()) << chunks;
  }
  EXPECT_EQ(status_of(post + "5;" + std::string(20'000, 'x')), 400) << "a chunk's head without end";
  EXPECT_EQ(status_of(post + "FFFFFFFF\r\n"), 413);
}

TEST_F(Connection, PathsAreNormalOrRefused) {
  for (const std::string path :
       {"/../etc/passwd", "/a/../b", "/a/./b", "/..", "/.", "/%2e%2e/x", "/%2E./x", "/.%2e/x",
        "/a%", "/a%2", "/a%zz", "//a", "/a%00b", "/a%0d%0aX:1", "/a//b", "/a#b", "a", "/%7f"}) {
    EXPECT_EQ(status_of("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"), 400) << path;
    EXPECT_TRUE(seen.empty()) << path;
  }
  // Decoded once: what looks encoded afterwards, or like another path, stays within its segment.
  EXPECT_EQ(status_of("GET /%252e%252e/%252fx HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
  EXPECT_EQ(seen.at(0).path, "/%252e%252e/%252fx");
  EXPECT_EQ(status_of("GET /a%2f..%2Fb/c%5cd/e\\f HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
  EXPECT_EQ(seen.at(0).path, "/a%2F..%2Fb/c%5Cd/e%5Cf");
  EXPECT_EQ(status_of("GET /...a/a%20b/%C3%A4 HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
  EXPECT_EQ(seen.at(0).path, "/...a/a b/ä");
}

TEST_F(Connection, LimitsHold) {
  shared->config.header_bytes_max = 2'000;
  shared->config.body_bytes_max = 10;
  EXPECT_EQ(status_of("GET /a HTTP/1.1\r\nHost: x\r\nX: " + std::string(2'000, 'x')), 431);
  EXPECT_EQ(status_of("GET /" + std::string(3'000, 'x')), 431);
  std::string many = "GET /a HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 120; ++i) {
    many += "X: \r\n";
  }
  EXPECT_EQ(status_of(many + "\r\n"), 431) << "too many headers";
  const std::string post = "POST /a HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(status_of(post + "Content-Length: 10\r\n\r\n0123456789"), 200);
  EXPECT_EQ(status_of(post + "Content-Length: 11\r\n\r\n"), 413) << "before a byte of the body";
  EXPECT_EQ(status_of(post + "Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n"), 413);
  shared->config.body_bytes_max_for = [](const HttpRequest& head) {
    return head.path == "/v1/events" ? std::size_t{20} : std::size_t{5};
  };
  EXPECT_EQ(status_of(post + "Content-Length: 6\r\n\r\n012345"), 413);
  EXPECT_EQ(
      status_of("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n0123456789ab"),
      200);
}

TEST_F(Connection, ContinuesWhereThatIsExpected) {
  start();
  deliver("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(wire->sent, "HTTP/1.1 100 Continue\r\n\r\n");
  deliver("ab");
  EXPECT_EQ(status(), 200);
  start();
  deliver("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n");
  EXPECT_EQ(status(), 413);
  EXPECT_EQ(wire->sent.find("100 Continue"), std::string::npos);
}

TEST_F(Connection, HeadHasNoBodyAndVersion10Ends) {
  start();
  deliver("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(wire->sent.find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_TRUE(wire->sent.ends_with("\r\n\r\n"));
  start();
  deliver("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_EQ(status(), 200);
  EXPECT_TRUE(wire->finished);
  start();
  deliver("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(wire->sent.find("Connection: keep-alive\r\n"), std::string::npos);
  EXPECT_FALSE(wire->finished);
  start();
  deliver("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(wire->finished);
}

TEST_F(Connection, SlowHeadsAndBodiesEnd) {
  start();
  for (int i = 0; i < 9; ++i) {  // a byte a second does not keep it alive
    deliver("G");
    wire->pass(1'000);
  }
  EXPECT_EQ(status(), 0);
  wire->pass(1'100);
  wire->settle();
  EXPECT_EQ(status(), 408);
  EXPECT_TRUE(wire->finished);

  start();
  deliver("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
  for (int i = 0; i < 40 && status() == 0; ++i) {
    deliver("x");
    wire->pass(1'000);
    wire->settle();
  }
  EXPECT_EQ(status(), 408);
  EXPECT_EQ(shared->counts.timeouts, 2U);

  start();
  deliver("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
  for (int i = 0; i < 50; ++i) {  // 20 kB/s are enough
    deliver(std::string(20'000, 'x'));
    wire->pass(1'000);
  }
  EXPECT_EQ(status(), 200);

  start();
  wire->pass(60'100);
  EXPECT_TRUE(wire->closed);
  EXPECT_EQ(wire->sent, "") << "who says nothing is told nothing";
}

TEST_F(Connection, AReaderThatNeverReadsIsClosed) {
  start();
  wire->is_stuck = true;
  wire->deliver("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  wire->pass(29'000);
  EXPECT_FALSE(wire->closed);
  wire->pass(1'100);
  EXPECT_TRUE(wire->closed);
  EXPECT_EQ(shared->counts.timeouts, 1U);
}

TEST_F(Connection, AHandlerThatForgetsIsAnsweredFor) {
  answers_later = true;
  start();
  deliver("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  later.clear();
  wire->settle();
  EXPECT_EQ(status(), 500);
  EXPECT_EQ(shared->counts.answers_dropped, 1U);
  deliver("GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  wire->pass(120'100);
  wire->settle();
  EXPECT_EQ(status(), 503);
  const std::string sent = wire->sent;
  later.at(0).send(json_response(200, "too late"));
  wire->settle();
  EXPECT_EQ(wire->sent, sent);
}

TEST_F(Connection, AnEmptyBodyOfChunksMayComeByteByByte) {
  start();
  for (const char c :
       std::string("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "0\r\nX: y\r\n\r\n")) {
    deliver(std::string(1, c));
    wire->settle();
  }
  EXPECT_EQ(status(), 200);
}

TEST_F(Connection, AHandlerThatThrowsIsAnsweredFor) {
  start();
  shared->handler = [](HttpRequest, HttpAnswer) { throw std::runtime_error("no disk"); };
  deliver("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  wire->settle();
  EXPECT_EQ(status(), 500);
  EXPECT_EQ(shared->counts.answers_dropped, 1U);
}

TEST_F(Connection, AnswersCannotSlipInHeaders) {
  start();
  shared->handler = [](HttpRequest, HttpAnswer answer) {
    HttpResponse response = json_response(200, "{}");
    response.content_type = "text/html\r\nX-Evil: 1";
    response.headers = {{"X-Good", "yes"},
                        {"X-Bad", "a\r\nX-Evil: 2"},
                        {"X-Bad\r\nX-Evil", "3"},
                        {"X Bad", "4"},
                        {"Content-Length", "999"},
                        {"transfer-encoding", "chunked"},
                        {"X-Nul", std::string("a\0b", 3)}};
    response.cookies = {{"session", "abc", 60},
                        {"evil", "a; Domain=evil", {}},
                        {"evil", "a\nX-Evil: 5", {}},
                        {"ev=il", "a", {}}};
    answer.send(std::move(response));
  };
  deliver("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(wire->sent.find("Evil"), std::string::npos);
  EXPECT_EQ(wire->sent.find("999"), std::string::npos);
  EXPECT_NE(wire->sent.find("X-Good: yes\r\n"), std::string::npos);
  EXPECT_NE(
      wire->sent.find("Set-Cookie: session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=60\r\n"),
      std::string::npos);
  EXPECT_EQ(shared->counts.headers_dropped, 10U);
}

TEST_F(Connection, EveryAnswerHasItsSecurityHeaders) {
  for (const std::string_view bytes :
       {"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "nonsense\r\n\r\n", "GET /.. HTTP/1.1\r\n\r\n"}) {
    status_of(bytes);
    for (const std::string_view header :
         {"Content-Security-Policy: default-src 'self'; frame-ancestors 'none'",
          "X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: no-referrer\r\n",
          "X-Frame-Options: DENY\r\n", "Cache-Control: no-store\r\n"}) {
      EXPECT_NE(wire->sent.find(header), std::string::npos) << bytes << header;
    }
  }
}

TEST_F(Connection, AStreamSendsWhatIsPushedAndEnds) {
  answers_later = true;
  start();
  int closed = 0;
  deliver("GET /s HTTP/1.1\r\nHost: x\r\n\r\n");
  const EventStream stream = later.at(0).stream([&] { ++closed; });
  EXPECT_TRUE(stream.push("1", "alert", "{\"a\":1}")) << "also before it began";
  wire->settle();
  EXPECT_NE(wire->sent.find("Content-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_EQ(body(), "id: 1\nevent: alert\ndata: {\"a\":1}\n\n");
  EXPECT_EQ(shared->counts.streams_open, 1U);
  wire->pass(15'100);
  wire->settle();
  EXPECT_TRUE(wire->sent.ends_with("\n\n:\n\n")) << "a comment keeps proxies awake";
  EXPECT_TRUE(stream.is_open());
  deliver({});
  EXPECT_EQ(closed, 1);
  EXPECT_FALSE(stream.is_open());
  EXPECT_FALSE(stream.push("2", "alert", "{}"));
  EXPECT_EQ(shared->counts.streams_open, 0U);
}

TEST_F(Connection, AStreamThatIsNotReadIsCutAndCounted) {
  shared->config.stream_bytes_max = 1'000;
  answers_later = true;
  start();
  int closed = 0;
  deliver("GET /s HTTP/1.1\r\nHost: x\r\n\r\n");
  const EventStream stream = later.at(0).stream([&] { ++closed; });
  wire->settle();
  const SharedBytes event = event_bytes("", "", std::string(100, 'x'));
  for (int i = 0; i < 100; ++i) {  // read as they come: any number
    EXPECT_TRUE(stream.push(event));
    wire->settle();
  }
  wire->is_stuck = true;
  int taken = 0;
  while (stream.push(event)) {
    ++taken;
    wire->settle();
  }
  EXPECT_EQ(taken, 1'000 / static_cast<int>(event->size()));
  wire->settle();
  EXPECT_EQ(closed, 1);
  EXPECT_TRUE(wire->closed);
  EXPECT_EQ(shared->counts.streams_too_slow, 1U);
}

TEST_F(Connection, DrainingLetsAnswersFinish) {
  answers_later = true;
  start();
  deliver("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  wire->drain();
  EXPECT_FALSE(wire->finished);
  later.at(0).send(json_response(200, "{}"));
  wire->settle();
  EXPECT_EQ(status(), 200);
  EXPECT_NE(wire->sent.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(wire->finished);
  start();
  wire->drain();
  EXPECT_TRUE(wire->finished) << "nothing under way";
}

TEST(EventBytes, CannotBeBrokenByTheirText) {
  EXPECT_EQ(*event_bytes("1\n\ndata: evil", "a\rb", "x\ny\r\nz\rw"),
            "id: 1data: evil\nevent: ab\ndata: x\ndata: y\ndata: z\ndata: w\n\n");
  EXPECT_EQ(*event_bytes("", "", ""), "data: \n\n");
}

}  // namespace
}  // namespace marktwacht
