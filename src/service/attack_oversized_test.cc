// What strangers can make the service hold in memory or keep on the disk, before it knows them.
#include <fstream>

#include "service/attack_twin.h"

namespace marktwacht {
namespace {

// Of all connections of a test together. AddressSanitizer keeps what was freed, 256 MiB at most.
#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t growth_max = (64U + 256U) << 20U;
#else
constexpr std::size_t growth_max = 64U << 20U;
#endif

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * 4'096;
}

std::string post(const std::string& path, const std::string& headers) {
  return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

using AttackOversized = AttackTest;

// Almost all of a batch that would be allowed, and then no more: held for as long as it is open.
TEST_F(AttackOversized, ManyBodiesThatNeverEnd) {
  const std::string megabyte(1 << 20, 'x');
  const std::size_t before = resident_bytes();
  std::vector<BareSocket> held;
  for (int i = 0; i < 24; ++i) {
    BareSocket& socket = held.emplace_back(serving->port());
    socket.send(post("/v1/events", i % 2 == 0 ? "Content-Length: 16000000\r\n"
                                              : "Transfer-Encoding: chunked\r\n"));
    for (int sent = 0; sent < 15 && socket.send(i % 2 == 0 ? "" : "100000\r\n"); ++sent) {
      socket.send(megabyte.substr(0, i % 2 == 0 ? 1'000'000 : megabyte.size()));
      socket.send(i % 2 == 0 ? "" : "\r\n");
    }
  }
  EXPECT_TRUE(is_well());
  EXPECT_LT(resident_bytes(), before + growth_max);
}

TEST_F(AttackOversized, WhoIsKnownMaySendABatch) {
  Caller exchange = feed();
  std::string batch;
  while (batch.size() < (3U << 20U)) {
    batch += R"({"type":"tick","ts":1,"more":"x"})"
             "\n";
  }
  EXPECT_EQ(exchange.post("/v1/events", batch).status, 200);
  EXPECT_EQ(exchange.post("/v1/events", std::string((16U << 20U) + 1, '\n')).status, 413);
  Caller ann = person("ann");
  EXPECT_EQ(ann.post("/v1/decisions", std::string(1'000'000, ' ')).status, 400);
  EXPECT_EQ(ann.post("/v1/decisions", std::string(1'100'000, ' ')).status, 413);
  EXPECT_EQ(nobody().post("/v1/login", std::string(100'000, ' ')).status, 413);
}

// Each of these has no end: what comes is counted while it comes.
TEST_F(AttackOversized, PartsWithoutEnd) {
  const std::size_t before = resident_bytes();
  const std::string much(1 << 16, 'x');
  const std::pair<std::string, std::string> attacks[] = {
      {post("/v1/login", "Transfer-Encoding: chunked\r\n") + "1;", much},  // a chunk's extension
      {post("/v1/login", "Transfer-Encoding: chunked\r\n"), "1\r\nx\r\n"},
      {post("/v1/login", "Transfer-Encoding: chunked\r\n") + "0\r\n", "More: x\r\n"},  // trailers
      {post("/v1/login", "Transfer-Encoding: chunked\r\n") + "0\r\nMore: ", much},
      {"GET /", much},
      {"GET /?", "a=b&"},
      {"GET / HTTP/1.1\r\nHost: x\r\n", "More: x\r\n"},
      {"GET / HTTP/1.1\r\nHost: x\r\nCookie: ", much}};
  for (const auto& [begin, more] : attacks) {
    BareSocket socket(serving->port());
    socket.send(begin);
    for (std::size_t sent = 0; sent < (4U << 20U) && socket.send(more); sent += more.size()) {
    }
    const int status = status_of(socket.read(5'000));
    EXPECT_TRUE(socket.ended()) << begin;
    // A connection that is reset while it still sends may lose the answer: 0.
    EXPECT_TRUE(status == 0 || (status >= 400 && status < 500)) << begin << status;
  }
  EXPECT_LT(resident_bytes(), before + growth_max);
}

// The audit trail is kept for good.
TEST_F(AttackOversized, ALongNameIsNotKept) {
  const auto size = [&] {
    std::uintmax_t all = 0;
    for (const char* name : {"/audit.db", "/audit.db-wal"}) {
      std::error_code absent;
      const auto bytes = std::filesystem::file_size(data() + name, absent);
      all += absent ? 0 : bytes;
    }
    return all;
  };
  const auto before = size();
  Caller stranger = nobody();
  for (int i = 0; i < 6; ++i) {
    const std::string name(60'000, static_cast<char>('a' + i));
    stranger.post("/v1/login", R"({"user_id":")" + name + R"(","password":"x"})");
    stranger.post("/v1/setup", R"({"user_id":")" + name + R"(","password":"x","token":"x"})");
    stranger.post("/v1/events/" + name.substr(0, 15'000), "");
  }
  EXPECT_LT(size(), before + 300'000);
}

}  // namespace
}  // namespace marktwacht
