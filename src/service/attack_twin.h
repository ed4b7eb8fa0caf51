// For tests: a service with people of every role and programs of every scope, and clients that do
// not keep to the rules of HTTP.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "edges/http/target.h"
#include "events/json_minify.h"
#include "service/api_description.h"
#include "service/serving_twin.h"

namespace marktwacht {

// A client that sends what it likes, from whichever address of the loopback network.
class BareSocket {
 public:
  explicit BareSocket(std::uint16_t port, const std::string& from = "127.0.0.1",
                      int receive_bytes = 0)
      : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_bytes > 0) {
      setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    }
    const sockaddr_in self = address(from, 0), to = address("127.0.0.1", port);
    const bool bound =
        bind(descriptor_, reinterpret_cast<const sockaddr*>(&self), sizeof self) == 0;
    EXPECT_TRUE(bound &&
                connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  }
  BareSocket(BareSocket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        received_(std::move(other.received_)),
        ended_(other.ended_) {}
  ~BareSocket() {
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
  }

  // False: the other side has hung up.
  bool send(std::string_view bytes, int flags = 0) const {
    while (!bytes.empty()) {
      const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | flags);
      if (sent <= 0) {
        return sent < 0 && errno == EAGAIN;
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  // All that comes until `end` was seen, the other side closes, or time is up.
  const std::string& read_until(std::string_view end, int timeout_ms = 10'000) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    while (!ended_ && (end.empty() || !received_.contains(end))) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          until - std::chrono::steady_clock::now());
      pollfd waits{descriptor_, POLLIN, 0};
      if (left.count() <= 0 || poll(&waits, 1, static_cast<int>(left.count())) <= 0) {
        break;
      }
      char bytes[65'536];
      const auto size = recv(descriptor_, bytes, sizeof bytes, 0);
      ended_ = size <= 0;
      received_.append(bytes, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    }
    return received_;
  }
  const std::string& read(int timeout_ms = 10'000) { return read_until("", timeout_ms); }
  bool ended() const { return ended_; }  // by the other side, as far as was read

 private:
  static sockaddr_in address(const std::string& text, std::uint16_t port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    inet_pton(AF_INET, text.c_str(), &made.sin_addr);
    return made;
  }

  int descriptor_;
  std::string received_;
  bool ended_ = false;
};

// 0: none came.
inline int status_of(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::atoi(std::string(answer.substr(9, 3)).c_str()) : 0;
}

// What openapi.json says can be asked.
struct Operation {
  std::string method, pattern;
  bool open = false;  // nobody need be known

  bool changes_something() const { return method != "GET"; }
  // With every parameter of the path so named.
  std::string path(const std::string& name) const {
    std::string path = pattern;
    for (std::size_t at = path.find('{'); at != path.npos; at = path.find('{', at + name.size())) {
      path.replace(at, path.find('}', at) + 1 - at, name);
    }
    return path;
  }
};

inline std::vector<Operation> operations() {
  std::vector<Operation> all;
  const std::string text = minified_json(api_description()).value();
  const JsonMembers description = JsonMembers::of(text).value();
  const JsonMembers paths = JsonMembers::of(description.value("paths")).value();
  for (const auto& [pattern, value] : paths.all()) {
    const JsonMembers methods = JsonMembers::of(value).value();
    for (const auto& [name, operation] : methods.all()) {
      std::string method = name;
      std::ranges::transform(method, method.begin(),
                             [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      const JsonMembers members = JsonMembers::of(operation).value();
      all.push_back({method, pattern, members.value("security") == "[]"});
    }
  }
  return all;
}

class AttackTest : public ServingTest {
 protected:
  void SetUp() override {
    options.service.silence = Duration{0};
    options.service.snapshot_every = Duration{0};
    for (const auto& [user_id, role] : people) {
      add_user(user_id, role);
    }
    start();
  }
  Caller program(const TokenTerms& terms) {
    auto auth = Auth::open(data());
    const auto made = (*auth)->new_token(terms, wall_time());
    EXPECT_TRUE(made) << made.error().text;
    Caller caller = nobody();
    caller.token = made->token;
    token_id = made->token_id;
    return caller;
  }
  Caller program(TokenScope scope) {
    const bool sends = scope != TokenScope::read;
    return program({.scopes = bit(scope), .source = sends ? "feed" : ""});
  }
  Caller feed() {
    return program({.scopes = bit(TokenScope::ingest), .source = "feed", .trusted = true});
  }
  // Is there a line of that kind in the audit trail that has all of this? As an administrator
  // reads.
  bool audited(const std::string& kind, const std::vector<std::string>& parts) {
    if (!reader_) {
      reader_ = person("ada");
    }
    return eventually([&] {
      const std::string page =
          reader_->get("/v1/audit?limit=100&kind=" + percent_encoded(kind)).body;
      const auto members = JsonMembers::of(page);
      const auto items = members ? members->elements("items") : std::nullopt;
      return items && std::ranges::any_of(*items, [&](std::string_view item) {
               return std::ranges::all_of(parts,
                                          [&](const auto& part) { return item.contains(part); });
             });
    });
  }
  bool is_well() const { return nobody().get("/v1/health").status == 200; }
  void TearDown() override { EXPECT_TRUE(is_well()); }

  static constexpr std::pair<const char*, UserRole> people[] = {
      {"ada", UserRole::administrator}, {"ann", UserRole::analyst},
      {"otto", UserRole::approver},     {"olga", UserRole::approver},
      {"boris", UserRole::approver},    {"opal", UserRole::operator_},
      {"vera", UserRole::viewer}};
  std::string token_id;  // of the last program

 private:
  std::optional<Caller> reader_;
};

// As it stands in a line of the audit trail.
inline std::string said(const std::string& name, const std::string& value) {
  return "\"" + name + "\":\"" + value + "\"";
}

}  // namespace marktwacht
