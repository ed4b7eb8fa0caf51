// Who does not read what they asked for is closed at their time, and what was kept for them goes.
#include "service/attack_twin.h"

namespace marktwacht {
namespace {

class AttackSlowClients : public AttackTest {
 protected:
  void SetUp() override {
    options.http.header_timeout_ms = 1'000;
    options.http.body_timeout_ms = 1'000;
    options.http.idle_timeout_ms = 1'000;
    AttackTest::SetUp();
  }
  bool all_are_closed() {
    return eventually([&] { return serving->http_counters().connections_open <= 2; }, 8'000);
  }
};

TEST_F(AttackSlowClients, AreClosedAndOthersAnswered) {
  std::string questions;
  for (int i = 0; i < 60; ++i) {  // more of an answer than any system's buffers hold
    questions += "GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  std::vector<BareSocket> deaf;
  for (int i = 0; i < 200; ++i) {
    deaf.emplace_back(serving->port(), "127.0.0.1", 4'096).send(questions);
  }
  Caller vera = person("vera");
  for (int i = 0; i < 10; ++i) {
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(vera.get("/v1/alerts").status, 200);
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(2));
  }
  EXPECT_TRUE(all_are_closed()) << serving->http_counters().connections_open;
  EXPECT_GE(serving->http_counters().timeouts, 200U);
}

// A header or a body byte by byte: it is the whole that has its time, not each byte.
TEST_F(AttackSlowClients, NeitherDoesAByteNowAndThenKeepAConnection) {
  std::vector<BareSocket> heads, bodies;
  for (int i = 0; i < 100; ++i) {
    heads.emplace_back(serving->port()).send("GET /v1/health HTTP/1.1\r\nMore: ");
    bodies.emplace_back(serving->port())
        .send("POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n");
  }
  for (int step = 0; step < 12; ++step) {
    for (std::size_t i = 0; i < heads.size(); ++i) {
      heads[i].send("x");
      bodies[i].send("x");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
  }
  EXPECT_TRUE(all_are_closed()) << serving->http_counters().connections_open;
  EXPECT_EQ(status_of(heads.front().read(100)), 408);
  EXPECT_EQ(status_of(bodies.front().read(100)), 408);
}

}  // namespace
}  // namespace marktwacht
