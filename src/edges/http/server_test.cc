// The server over real sockets: answers from other threads, attacks on what it holds open, streams,
// TLS, stopping.
#include "edges/http/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

#include "edges/http/client.h"
#include "edges/http/router.h"

namespace marktwacht {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// A client that sends what it likes.
class Raw {
 public:
  explicit Raw(std::uint16_t port, int receive_bytes = 0) {
    descriptor_ = socket(AF_INET, SOCK_STREAM, 0);
    if (receive_bytes > 0) {
      setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    connected_ = connect(descriptor_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  Raw(Raw&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), connected_(other.connected_) {}
  ~Raw() { leave(); }

  void leave() {
    if (descriptor_ >= 0) {
      close(std::exchange(descriptor_, -1));
    }
  }
  void reset() {  // RST in place of FIN
    const linger now{1, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    leave();
  }
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  // Until `end` was seen, the server closes, or time is up.
  std::string read_until(std::string_view end, int timeout_ms = 30'000) {
    const auto until = Clock::now() + milliseconds(timeout_ms);
    while (end.empty() || received_.find(end) == std::string::npos) {
      pollfd waits{descriptor_, POLLIN, 0};
      const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now()).count();
      if (left <= 0 || poll(&waits, 1, static_cast<int>(left)) <= 0) {
        timed_out = true;
        break;
      }
      char bytes[65'536];
      const auto size = recv(descriptor_, bytes, sizeof bytes, 0);
      if (size <= 0) {
        closed = true;
        break;
      }
      received_.append(bytes, static_cast<std::size_t>(size));
      received_bytes = received_.size();
    }
    return received_;
  }
  std::string read_all(int timeout_ms = 30'000) { return read_until("", timeout_ms); }

  bool closed = false;
  bool timed_out = false;
  std::atomic<std::size_t> received_bytes = 0;

 private:
  int descriptor_;
  bool connected_;
  std::string received_;
};

bool eventually(const std::function<bool()>& holds) {
  const auto until = Clock::now() + std::chrono::seconds(30);
  while (!holds()) {
    if (Clock::now() > until) {
      return false;
    }
    std::this_thread::sleep_for(milliseconds(2));
  }
  return true;
}

class Server : public testing::Test {
 protected:
  Server() {
    config.port = 0;
    router.add("GET", "/ping",
               [](HttpRequest, HttpAnswer answer) { answer.send(json_response(200, "\"pong\"")); });
    router.add("POST", "/echo", [](HttpRequest request, HttpAnswer answer) {
      answer.send(json_response(200, std::move(request.body)));
    });
    router.add("GET", "/later", [this](HttpRequest, HttpAnswer answer) {
      std::lock_guard lock(mutex);
      answers.push_back(std::move(answer));
    });
    router.add("GET", "/large", [this](HttpRequest, HttpAnswer answer) {
      HttpResponse response;
      response.shared_body = large;
      answer.send(std::move(response));
    });
    router.add("GET", "/stream", [this](HttpRequest, HttpAnswer answer) {
      EventStream stream = answer.stream([this] { ++streams_closed; });
      std::lock_guard lock(mutex);
      streams.push_back(std::move(stream));
    });
  }
  void start() {
    auto started = HttpServer::start(config, router);
    ASSERT_TRUE(started) << started.error();
    server.emplace(std::move(*started));
  }
  std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + std::string(path);
  }
  std::size_t answers_waiting() {
    std::lock_guard lock(mutex);
    return answers.size();
  }

  HttpConfig config;
  HttpRouter router;
  std::mutex mutex;
  std::vector<HttpAnswer> answers;
  std::vector<EventStream> streams;
  std::atomic<int> streams_closed = 0;
  SharedBytes large = std::make_shared<const std::string>(20 << 20, 'x');
  std::optional<HttpServer> server;
};

const std::string ping = "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(Server, SaysWhatIsWrongWithItsConfiguration) {
  config.address = "localhost";
  EXPECT_EQ(HttpServer::start(config, router).error(), "'localhost' is no IPv4 or IPv6 address");
  config.address = "127.0.0.1";
  start();
  config.port = server->port();
  const auto second = HttpServer::start(config, router);
  EXPECT_NE(second.error().find("in use"), std::string::npos) << second.error();
  config.certificate_file = "/nowhere/certificate.pem";
  EXPECT_EQ(HttpServer::start(config, router).error(), "TLS needs both a certificate and a key");
  config.key_file = "/nowhere/key.pem";
  EXPECT_NE(HttpServer::start(config, router).error().find("/nowhere/certificate.pem"),
            std::string::npos);
}

TEST_F(Server, AnswersFromAnyThreadAndKeepsTheConnection) {
  config.threads = 2;
  start();
  Raw raw(server->port());
  for (int i = 0; i < 3; ++i) {
    raw.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(eventually([&] { return answers_waiting() == 1; }));
    std::thread other([&] {
      std::lock_guard lock(mutex);
      answers.back().send(json_response(200, "\"from afar " + std::to_string(i) + "\""));
      answers.clear();
    });
    other.join();
    const std::string end = "\"from afar " + std::to_string(i) + "\"";
    EXPECT_NE(raw.read_until(end).find(end), std::string::npos);
  }
  EXPECT_EQ(server->counters().connections, 1U);
}

TEST_F(Server, AnAnswerMayOutliveTheServer) {
  config.drain_ms_max = 50;
  start();
  Raw raw(server->port());
  raw.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return answers_waiting() == 1; }));
  server.reset();
  answers.front().send(json_response(200, "{}"));
  answers.clear();
  bool closed = false;
  start();
  Raw other(server->port());
  other.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return answers_waiting() == 1; }));
  server.reset();
  const EventStream stream = answers.front().stream([&] { closed = true; });
  EXPECT_TRUE(closed);
  EXPECT_FALSE(stream.push("", "", "x"));
}

TEST_F(Server, PipelinedRequestsAreAnsweredInOrder) {
  start();
  Raw raw(server->port());
  std::string many;
  for (int i = 0; i < 200; ++i) {
    const std::string body = "<" + std::to_string(i) + ">";
    many += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\n\r\n" + body;
  }
  raw.send(many);
  const std::string all = raw.read_until("<199>");
  std::size_t at = 0;
  for (int i = 0; i < 200; ++i) {
    const std::size_t next = all.find("<" + std::to_string(i) + ">", at);
    ASSERT_NE(next, std::string::npos) << i;
    at = next;
  }
}

TEST_F(Server, ALargeBodyArrivesWhole) {
  config.body_bytes_max = 16 << 20;
  start();
  auto client = HttpClient::start();
  ASSERT_TRUE(client);
  std::string body(16 << 20, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) {
    body[i] = static_cast<char>(i * 7 + i / 251);
  }
  const HttpResult reply = client->post(url("/echo"), body);
  ASSERT_TRUE(reply) << reply.error();
  EXPECT_TRUE(reply->body == body);
  EXPECT_EQ(client->post(url("/echo"), body + "x")->status, 413) << "and says so, not just closes";
}

TEST_F(Server, ADeclaredLengthCostsNothingBeforeItComes) {
  config.body_bytes_max = 1 << 30;
  config.connections_max = 300;
  start();
  const auto pages = [] {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss;  // KiB
  };
  const auto before = pages();
  std::vector<Raw> raws;
  for (int i = 0; i < 200; ++i) {
    raws.emplace_back(server->port());
    raws.back().send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nx");
  }
  ASSERT_TRUE(eventually([&] { return server->counters().connections == 200; }));
  EXPECT_EQ(server->counters().requests, 0U);
  EXPECT_LT(pages() - before, 100'000);
}

TEST_F(Server, SlowClientsDoNotHoldUpOthers) {
  config.header_timeout_ms = 300;
  config.body_timeout_ms = 300;
  config.idle_timeout_ms = 300;
  start();
  std::vector<Raw> heads, bodies, silent;
  for (int i = 0; i < 50; ++i) {
    heads.emplace_back(server->port());
    bodies.emplace_back(server->port());
    silent.emplace_back(server->port());
    bodies.back().send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  }
  for (int i = 0; i < 10; ++i) {
    for (std::size_t n = 0; n < heads.size(); ++n) {
      heads[n].send("G");
      bodies[n].send("x");
    }
    Raw other(server->port());
    other.send(ping);
    EXPECT_NE(other.read_until("pong").find("pong"), std::string::npos);
    std::this_thread::sleep_for(milliseconds(50));
  }
  EXPECT_TRUE(heads.front().read_all().starts_with("HTTP/1.1 408"));
  EXPECT_TRUE(bodies.front().read_all().starts_with("HTTP/1.1 408"));
  EXPECT_EQ(silent.front().read_all(), "");
  EXPECT_TRUE(silent.front().closed);
  heads.clear();
  bodies.clear();
  EXPECT_TRUE(eventually([&] { return server->counters().connections_open == 0; }));
  EXPECT_EQ(server->counters().timeouts, 100U);
}

TEST_F(Server, AReaderThatNeverReadsIsCut) {
  config.body_timeout_ms = 300;
  start();
  Raw lazy(server->port(), 4'096);
  lazy.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return server->counters().timeouts == 1; }));
  EXPECT_TRUE(eventually([&] { return server->counters().connections_open == 0; }));
}

TEST_F(Server, MoreConnectionsThanAllowedAreClosed) {
  config.connections_max = 20;
  start();
  std::vector<Raw> raws;
  for (int i = 0; i < 60; ++i) {
    raws.emplace_back(server->port());
  }
  EXPECT_TRUE(eventually([&] { return server->counters().connections_refused == 40; }));
  EXPECT_EQ(server->counters().connections_open, 20U);
  raws.clear();
  EXPECT_TRUE(eventually([&] { return server->counters().connections_open == 0; }));
  Raw other(server->port());
  other.send(ping);
  EXPECT_NE(other.read_until("pong").find("pong"), std::string::npos);
}

TEST_F(Server, AbortedConnectionsLeaveNothing) {
  start();
  for (int i = 0; i < 40; ++i) {
    Raw head(server->port()), body(server->port()), waiting(server->port()),
        reading(server->port()), stream(server->port());
    head.send("GET /pi");
    body.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
    waiting.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    reading.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    stream.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    if (i % 2 == 0) {
      stream.read_until("\r\n\r\n");
      reading.read_until("\r\n\r\n");
    }
    for (Raw* raw : {&head, &body, &waiting, &reading, &stream}) {
      i % 3 == 0 ? raw->leave() : raw->reset();
    }
  }
  ASSERT_TRUE(eventually([&] { return server->counters().streams_open == 0; }));
  ASSERT_TRUE(eventually([&] {
    std::lock_guard lock(mutex);
    answers.clear();  // 500 to nobody
    return server->counters().connections_open == 0;
  }));
  for (const EventStream& stream : streams) {
    EXPECT_FALSE(stream.is_open());
  }
  EXPECT_EQ(static_cast<std::size_t>(streams_closed), streams.size());
}

TEST_F(Server, FiveHundredStreamsGetEveryEventInOrder) {
  config.threads = 2;
  config.connections_max = 1'000;
  start();
  constexpr int readers = 500, events = 40;
  std::vector<Raw> raws;
  for (int i = 0; i < readers; ++i) {
    raws.emplace_back(server->port());
    raws.back().send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  ASSERT_TRUE(eventually([&] { return server->counters().streams_open == readers; }));
  std::thread pusher([&] {
    std::lock_guard lock(mutex);
    for (int i = 0; i < events; ++i) {
      const SharedBytes event = event_bytes(std::to_string(i), "alert", std::string(300, 'x'));
      for (const EventStream& stream : streams) {
        EXPECT_TRUE(stream.push(event));
      }
    }
  });
  pusher.join();
  for (Raw& raw : raws) {
    const std::string got = raw.read_until("id: 39\nevent: alert\ndata: ");
    std::size_t at = 0;
    for (int i = 0; i < events; ++i) {
      at = got.find("id: " + std::to_string(i) + "\n", at);
      ASSERT_NE(at, std::string::npos) << i;
    }
  }
  EXPECT_EQ(server->counters().streams_too_slow, 0U);
}

TEST_F(Server, OneStreamThatIsNotReadIsCutAndTheOthersGoOn) {
  config.stream_bytes_max = 64 * 1'024;
  start();
  Raw lazy(server->port(), 4'096), keen(server->port());
  for (const Raw* raw : {&lazy, &keen}) {
    raw->send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  ASSERT_TRUE(eventually([&] { return server->counters().streams_open == 2; }));
  std::jthread reader([&] { keen.read_until("data: last\n\n", 60'000); });
  std::size_t pushed = 0;
  const SharedBytes event = event_bytes("", "", std::string(8'000, 'x'));
  ASSERT_TRUE(eventually([&] {
    if (keen.received_bytes + 32 * 1'024 >= pushed) {  // however busy the machine is
      for (const EventStream& stream : streams) {
        stream.push(event);
      }
      pushed += event->size();
    }
    return server->counters().streams_too_slow == 1;
  }));
  for (const EventStream& stream : streams) {
    stream.push("", "", "last");
  }
  reader.join();
  EXPECT_FALSE(keen.timed_out);
  EXPECT_FALSE(keen.closed);
}

TEST_F(Server, StoppingFinishesAnswersAndEndsStreams) {
  start();
  Raw later(server->port()), stream(server->port()), idle(server->port());
  later.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  stream.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(
      eventually([&] { return answers_waiting() == 1 && server->counters().streams_open == 1; }));
  streams.front().push("", "", "goodbye");
  std::jthread stopper([&] { server->stop(); });
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_TRUE(stream.read_all().ends_with("data: goodbye\n\n"));
  EXPECT_TRUE(stream.closed);
  EXPECT_EQ(streams_closed, 1);
  answers.front().send(json_response(200, "\"done\""));
  EXPECT_TRUE(later.read_all().ends_with("\"done\""));
  stopper.join();
  EXPECT_EQ(server->counters().connections_open, 0U);
  server->stop();  // again
}

TEST_F(Server, StoppingDoesNotWaitForEver) {
  config.drain_ms_max = 100;
  start();
  Raw later(server->port());
  later.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return answers_waiting() == 1; }));
  const auto before = Clock::now();
  server->stop();
  EXPECT_LT(Clock::now() - before, std::chrono::seconds(2));
}

TEST_F(Server, SmuggledRequestsAreNotServed) {
  start();
  Raw raw(server->port());
  raw.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\n\r\nGET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string got = raw.read_all();
  EXPECT_TRUE(got.starts_with("HTTP/1.1 400"));
  EXPECT_EQ(got.find("pong"), std::string::npos);
  EXPECT_TRUE(raw.closed);
}

// A certificate for 127.0.0.1 and localhost, made for the test by openssl.
class TlsServer : public Server {
 protected:
  TlsServer() {
    std::string folder = testing::TempDir() + "marktwacht-tls-XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    config.certificate_file = folder + "/certificate.pem";
    config.key_file = folder + "/key.pem";
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
        "/CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout " +
        config.key_file + " -out " + config.certificate_file + " 2>/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);
  }
  ~TlsServer() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST_F(TlsServer, IsSpokenToByWhoTrustsItOnly) {
  bool was_tls = false;
  router.add("GET", "/tls", [&](HttpRequest request, HttpAnswer answer) {
    was_tls = request.is_tls;
    HttpResponse response = json_response(200, "{}");
    response.cookies = {{"session", "1", {}}};
    answer.send(std::move(response));
  });
  start();
  const std::string port = std::to_string(server->port());
  HttpClientConfig trusting;
  trusting.authorities_file = config.certificate_file;
  auto friendly = HttpClient::start(trusting);
  ASSERT_TRUE(friendly) << friendly.error();
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    const HttpResult reply = friendly->get("https://" + host + ":" + port + "/tls");
    ASSERT_TRUE(reply) << reply.error();
    EXPECT_EQ(reply->status, 200);
    EXPECT_TRUE(reply->header("Set-Cookie").ends_with("; Secure"));
  }
  EXPECT_TRUE(was_tls);
  const HttpResult large_reply = friendly->get("https://localhost:" + port + "/large");
  ASSERT_TRUE(large_reply) << large_reply.error();
  EXPECT_TRUE(large_reply->body == *large);

  auto stranger = HttpClient::start();
  ASSERT_TRUE(stranger);
  const HttpResult refused = stranger->get("https://localhost:" + port + "/tls");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("certificate"), std::string::npos) << refused.error();
  EXPECT_FALSE(friendly->get("https://127.0.0.2:" + port + "/tls")) << "another name";
  EXPECT_FALSE(friendly->get("http://localhost:" + port + "/tls")) << "not encrypted";
}

TEST_F(TlsServer, RefusesOldVersionsAndSlowHandshakes) {
  config.header_timeout_ms = 300;
  start();
  const std::string to = "127.0.0.1:" + std::to_string(server->port());
  const auto connects = [&](const std::string& options) {
    return std::system(
               ("openssl s_client -connect " + to + " " + options + " </dev/null >/dev/null 2>&1")
                   .c_str()) == 0;
  };
  EXPECT_FALSE(connects("-tls1_1 -cipher ALL:@SECLEVEL=0"));
  EXPECT_TRUE(connects("-tls1_2"));
  EXPECT_TRUE(connects("-tls1_3"));
  Raw silent(server->port());
  silent.read_all();
  EXPECT_TRUE(silent.closed);
}

TEST_F(TlsServer, StreamsAndStops) {
  start();
  const std::string command =
      "openssl s_client -quiet -connect 127.0.0.1:" + std::to_string(server->port()) +
      " 2>/dev/null <<'END'\nGET /stream HTTP/1.1\r\nHost: x\r\n\r\nEND\n";
  FILE* reader = popen(command.c_str(), "r");
  ASSERT_NE(reader, nullptr);
  ASSERT_TRUE(eventually([&] { return server->counters().streams_open == 1; }));
  streams.front().push("7", "alert", "{}");
  server->stop();
  std::string got;
  for (int c = fgetc(reader); c != EOF; c = fgetc(reader)) {
    got += static_cast<char>(c);
  }
  pclose(reader);
  EXPECT_TRUE(got.ends_with("id: 7\nevent: alert\ndata: {}\n\n")) << got;
}

}  // namespace
}  // namespace marktwacht
