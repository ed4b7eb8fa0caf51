// A reader of GET /v1/stream who keeps up hears everything once in its order, however much comes at
// once, and who was away what they missed.
#include "service/attack_twin.h"

namespace marktwacht {
namespace {

class StreamTest : public AttackTest {
 protected:
  BareSocket reader(const std::string& last_event_id = "") {
    if (token_.empty()) {
      token_ = program(TokenScope::read).token;
    }
    BareSocket socket(serving->port());
    std::string head = "GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token_;
    if (!last_event_id.empty()) {
      head += "\r\nLast-Event-ID: " + last_event_id;
    }
    socket.send(head + "\r\n\r\n");
    EXPECT_EQ(status_of(socket.read_until("\r\n\r\n")), 200);
    return socket;
  }
  bool all_listen(std::size_t count) {
    return eventually([&] { return serving->api().feed().listeners() == count; });
  }
  // Decisions with reasons this long, "no. 0xx…" and so on.
  void decide(int count, std::size_t reason_bytes) {
    Caller ann = person("ann");
    for (int i = 0; i < count; ++i) {
      const std::string reason = "no. " + std::to_string(i) + std::string(reason_bytes, 'x');
      EXPECT_EQ(
          ann.post("/v1/decisions",
                   R"({"kind":"raise_alert","account_ids":["maria"],"clause":"2.7","reason":")" +
                       reason + "\"}")
              .status,
          200);
    }
  }

 private:
  std::string token_;
};

std::vector<std::string> ids_in(const std::string& told) {
  std::vector<std::string> ids;
  for (std::size_t at = told.find("\nid: "); at != told.npos; at = told.find("\nid: ", at + 1)) {
    const std::size_t begin = at + 5;
    ids.push_back(told.substr(begin, told.find('\n', begin) - begin));
  }
  return ids;
}

TEST_F(StreamTest, WhatComesAtOnceReachesAllWhoRead) {
  constexpr int events = 3'000;  // with a kilobyte each more than the buffers of any socket
  std::vector<BareSocket> readers;
  for (int i = 0; i < 3; ++i) {
    readers.push_back(reader());
  }
  ASSERT_TRUE(all_listen(3));
  EventFeed& feed = serving->api().feed();
  for (int i = 1; i <= events; ++i) {
    feed.tell(std::to_string(i), "alert", std::string(1'000, 'x'));
  }
  feed.send();
  for (BareSocket& each : readers) {
    const auto ids = ids_in(each.read_until("id: " + std::to_string(events) + "\n"));
    ASSERT_EQ(ids.size(), static_cast<std::size_t>(events));
    for (int i = 1; i <= events; ++i) {
      EXPECT_EQ(ids[static_cast<std::size_t>(i - 1)], std::to_string(i));
    }
    EXPECT_FALSE(each.ended());
  }
  EXPECT_EQ(serving->http_counters().streams_too_slow, 0U);
}

TEST_F(StreamTest, WhoComesBackHearsWhatTheyMissed) {
  ASSERT_EQ(feed().post("/v1/events", demo_file("exchange.ndjson")).status, 200);
  BareSocket one = reader();
  ASSERT_TRUE(all_listen(1));
  decide(1, 1);
  const auto first = ids_in(one.read_until("event: decision"));
  ASSERT_FALSE(first.empty());
  decide(100, 1'000);
  one.read_until("no. 99x");
  const auto missed = ids_in(reader(first.front()).read_until("no. 99x"));
  EXPECT_GE(missed.size(), 100U);
  EXPECT_EQ(std::ranges::count(missed, first.front()), 0) << "they had that";
  decide(600, 2'000);
  one.read_until("no. 599x");
  const std::string told = reader(first.front()).read_until("event: reset");
  EXPECT_TRUE(told.contains("event: reset\ndata: {}")) << "that is too much";
  EXPECT_TRUE(ids_in(told).empty());
}

TEST_F(StreamTest, ACursorOfAnotherStoreIsToldToReadAnew) {
  EXPECT_TRUE(reader("no-cursor").read_until("event: reset").contains("event: reset"));
}

}  // namespace
}  // namespace marktwacht
