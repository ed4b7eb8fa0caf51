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
    return eventually([&] { return serving->http_counters().connections_open <= 2; });
  }
};

TEST_F(AttackSlowClients, AreClosedAndOthersAnswered) {
  std::string questions;
  for (int i = 0; i < 60; ++i) {  // more of an answer than any system's buffers hold
    questions += "GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  std::vector<BareSocket> deaf;
  std::uint64_t opened = 0;
  const auto open_deaf = [&] {
    deaf.clear();
    for (int i = 0; i < 200; ++i) {
      deaf.emplace_back(serving->port(), "127.0.0.1", 4'096).send(questions);
    }
    opened += deaf.size();
  };
  const auto closed = [this] { return serving->http_counters().timeouts; };
  open_deaf();
  Caller vera = person("vera");
  // One counts that came while some hang and before the next of them was closed: who waits for
  // them is never answered so, and on a slow machine only more have to be asked.
  int answered = 0;
  for (int asked = 0; answered < 10 && asked < 500; ++asked) {
    const std::uint64_t before = closed();
    EXPECT_EQ(vera.get("/v1/alerts").status, 200);
    if (before < opened && closed() == before) {
      ++answered;
    } else if (before >= opened) {
      open_deaf();
    }
  }
  EXPECT_EQ(answered, 10);
  EXPECT_TRUE(all_are_closed()) << serving->http_counters().connections_open;
  EXPECT_GE(closed(), opened);
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
