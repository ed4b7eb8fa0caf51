// For tests: a whole service on a data directory, and people and programs that ask it over HTTP.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "app/data_dir.h"
#include "edges/http/client.h"
#include "edges/journal/journal_sample.h"
#include "events/json_members.h"
#include "service/clocks.h"
#include "service/demo_day_twin.h"
#include "service/serving.h"

namespace marktwacht {

// What somebody was answered.
struct Answer {
  int status = 0;
  std::string body;

  std::string text(std::string_view name) const {
    const auto members = JsonMembers::of(body);
    return members ? members->text(name).value_or("") : "";
  }
  // Of an error.
  std::string code() const {
    const auto members = JsonMembers::of(body);
    const auto error = members ? JsonMembers::of(members->value("error")) : std::nullopt;
    return error ? error->text("code").value_or("") : "";
  }
};

// Somebody who asks: a person after `log_in`, a program with a `token`.
class Caller {
 public:
  explicit Caller(std::uint16_t port) : base_("http://127.0.0.1:" + std::to_string(port)) {}

  Answer ask(const std::string& method, const std::string& path, std::string body = "") {
    HttpCall call{.method = method, .url = base_ + path, .headers = {}, .body = std::move(body)};
    call.timeout_ms = 60'000;
    if (!token.empty()) {
      call.headers.push_back({"Authorization", "Bearer " + token});
    }
    if (!cookie.empty()) {
      call.headers.push_back({"Cookie", cookie});
    }
    if (!csrf.empty()) {
      call.headers.push_back({"X-CSRF-Token", csrf});
    }
    static HttpClient client = *HttpClient::start();
    const auto reply = client.call(std::move(call));
    if (!reply) {
      ADD_FAILURE() << method << " " << path << ": " << reply.error();
      return {};
    }
    if (const std::string set(reply->header("Set-Cookie")); !set.empty()) {
      cookie = set.substr(0, set.find(';'));
    }
    return {reply->status, reply->body};
  }
  Answer get(const std::string& path) { return ask("GET", path); }
  Answer post(const std::string& path, std::string body) {
    return ask("POST", path, std::move(body));
  }
  Answer decide(const std::string& kind, const std::string& members) {
    return post("/v1/decisions", R"({"kind":")" + kind + R"(","reason":"a test")" + members + "}");
  }
  int log_in(const std::string& user_id, const std::string& password) {
    cookie.clear();
    const Answer answer =
        post("/v1/login", R"({"user_id":")" + user_id + R"(","password":")" + password + R"("})");
    csrf = answer.text("csrf_token");
    return answer.status;
  }

  std::string token, cookie, csrf;

 private:
  std::string base_;
};

// Whether it comes true within a while.
inline bool eventually(const std::function<bool()>& holds, int wait_ms = 20'000) {
  for (int waited_ms = 0; !holds(); waited_ms += 10) {
    if (waited_ms >= wait_ms) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

inline const std::string test_password = "three blue herons at noon";

class ServingTest : public testing::Test {
 protected:
  ~ServingTest() override { stop(); }

  std::string data() const { return folder_ / "d"; }
  // Before the start, as the command does.
  void add_user(const std::string& user_id, UserRole role) {
    ASSERT_TRUE(make_data_dir(data()));
    // Hashed quickly: a test has many people, and each of them logs in.
    auto auth = Auth::open(data(), {.password_memory_kib = 1 << 10, .password_passes = 1});
    ASSERT_TRUE(auth) << auth.error();
    const auto added = (*auth)->add_user(user_id, test_password, wall_time());
    ASSERT_TRUE(added) << added.error().text;
    const auto recorded = record_user(data(), {user_id, role, false});
    ASSERT_TRUE(recorded) << recorded.error();
  }
  void start() {
    stop();
    options.service.core.data_dir = data();
    options.service.core.rulebooks = {read_rulebook("default").value()};
    options.http.port = 0;
    auto started = Serving::start(options);
    ASSERT_TRUE(started) << started.error();
    serving = *std::move(started);
  }
  void stop() {
    if (serving != nullptr) {
      const auto stopped = serving->stop();
      EXPECT_TRUE(stopped) << stopped.error();
      serving.reset();
    }
  }
  Caller nobody() const { return Caller(serving->port()); }
  Caller person(const std::string& user_id, const std::string& password = test_password) const {
    Caller caller(serving->port());
    EXPECT_EQ(caller.log_in(user_id, password), 200) << user_id;
    return caller;
  }
  // An exchange that sends events.
  Caller feed() const {
    Caller caller = nobody();
    const auto auth = Auth::open(data());
    const auto made =
        (*auth)->new_token({.scopes = bit(TokenScope::ingest), .source = "feed"}, wall_time());
    caller.token = made->token;
    return caller;
  }
  std::string all_bytes() const {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data())) {
      if (entry.is_regular_file() && entry.path().filename() != "table") {  // the gate's: sparse
        std::ifstream file(entry.path(), std::ios::binary);
        all.append(std::istreambuf_iterator<char>(file), {});
      }
    }
    return all;
  }

  const sample::Folder folder_;
  ServingOptions options;
  std::unique_ptr<Serving> serving;
};

}  // namespace marktwacht
