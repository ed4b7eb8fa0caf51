// Deliveries over real connections: order under failures, rotation, forgeries, a receiver that
// comes and goes, and the receiver of docs/webhook.md.
#include "edges/webhook/webhook.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/sha256.h"
#include "edges/http/client.h"
#include "edges/http/server.h"

namespace marktwacht {
namespace {

const std::string old_secret(32, 'a'), new_secret(32, 'b');

Time now() {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

bool eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

// An exchange that keeps what it took, and answers as `status_of` says.
class Exchange {
 public:
  void start() {
    HttpConfig config;
    config.port = port;
    config.drain_ms_max = 50;
    auto started = HttpServer::start(config, [this](HttpRequest request, HttpAnswer answer) {
      std::lock_guard lock(mutex);
      ++tries;
      if (const auto good = receiver.check(request, now()); !good) {
        refusals.push_back(good.error());
        return answer.send(error_response(401, "forged", good.error()));
      }
      key_ids.emplace_back(request.header("X-Marktwacht-Key-Id"));
      const int status = status_of ? status_of(request) : 204;
      if (status == 0) {
        kept.push_back(std::move(answer));
        return;
      }
      if (status < 300) {
        taken.push_back(request.body);
        paths.push_back(request.path);
      }
      HttpResponse response;
      response.status = status;
      answer.send(std::move(response));
    });
    ASSERT_TRUE(started) << started.error();
    server.emplace(std::move(*started));
    port = server->port();
  }
  std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(port) + std::string(path);
  }
  std::size_t taken_count() {
    std::lock_guard lock(mutex);
    return taken.size();
  }

  std::uint16_t port = 0;
  std::mutex mutex;
  WebhookReceiver receiver{{{"old", old_secret}, {"new", new_secret}}};
  std::function<int(const HttpRequest&)> status_of;  // 0: never answers
  std::vector<std::string> taken, paths, refusals, key_ids;
  std::vector<HttpAnswer> kept;
  std::uint64_t tries = 0;
  std::optional<HttpServer> server;
};

class Delivering : public testing::Test {
 protected:
  void start() {
    exchange.start();
    config.url = exchange.url("/commands");
    config.heads_url = exchange.url("/heads");
    open();
  }
  void open() {
    config.clock = now;
    auto started = Webhook::start(config, [this](const WebhookDelivery& delivery) {
      std::lock_guard lock(mutex);
      ended.push_back(delivery);
    });
    ASSERT_TRUE(started) << started.error();
    webhook.emplace(std::move(*started));
  }
  bool send(int account, int number) {
    const std::string id = "a" + std::to_string(account) + "/" + std::to_string(number);
    return webhook->send(id, "a" + std::to_string(account), id);
  }
  std::size_t ended_count() {
    std::lock_guard lock(mutex);
    return ended.size();
  }
  // What was taken, each time it came, account by account.
  std::map<std::string, std::vector<int>> by_account() {
    std::map<std::string, std::vector<int>> numbers;
    for (const std::string& id : exchange.taken) {
      const std::size_t slash = id.find('/');
      numbers[id.substr(0, slash)].push_back(std::stoi(id.substr(slash + 1)));
    }
    return numbers;
  }

  Exchange exchange;
  WebhookConfig config{.url = {},
                       .heads_url = {},
                       .keys = {{"old", old_secret}},
                       .authorities_file = {},
                       .timeout_ms = 2'000,
                       .retry_ms_min = 5,
                       .retry_ms_max = 40,
                       .clock = {}};
  std::mutex mutex;
  std::vector<WebhookDelivery> ended;
  std::optional<Webhook> webhook;
};

TEST_F(Delivering, ArrivesSignedAndInOrder) {
  start();
  for (int number = 0; number < 50; ++number) {
    for (int account = 0; account < 20; ++account) {
      ASSERT_TRUE(send(account, number));
    }
  }
  ASSERT_TRUE(eventually([&] { return ended_count() == 1'000; }));
  const auto numbers = by_account();
  EXPECT_EQ(numbers.size(), 20U);
  for (const auto& [account, all] : numbers) {
    EXPECT_EQ(all.size(), 50U);
    EXPECT_TRUE(std::ranges::is_sorted(all)) << account;
  }
  EXPECT_TRUE(exchange.refusals.empty());
  const WebhookCounts counts = webhook->counts();
  EXPECT_EQ(counts.delivered, 1'000U);
  EXPECT_EQ(counts.waiting + counts.order_keys + counts.retries + counts.failed, 0U);
  EXPECT_LE(exchange.server->counters().connections, 8U);
}

TEST_F(Delivering, KeepsTheOrderWhenManyTriesFail) {
  std::uint64_t calls = 0;
  exchange.status_of = [&](const HttpRequest&) {
    ++calls;
    return calls % 3 == 0 ? 500 : calls % 7 == 0 ? 429 : calls % 11 == 0 ? 503 : 200;
  };
  start();
  for (int number = 0; number < 20; ++number) {
    for (int account = 0; account < 10; ++account) {
      ASSERT_TRUE(send(account, number));
    }
  }
  ASSERT_TRUE(eventually([&] { return ended_count() == 200; }));
  for (const auto& [account, all] : by_account()) {
    EXPECT_EQ(all.size(), 20U);
    EXPECT_TRUE(std::ranges::is_sorted(all)) << account;
  }
  EXPECT_GT(webhook->counts().retries, 60U);
  EXPECT_EQ(webhook->counts().delivered, 200U);
}

TEST_F(Delivering, OneAccountThatFailsHoldsUpNoOther) {
  std::atomic<bool> heals = false;
  exchange.status_of = [&](const HttpRequest& request) {
    return request.body.starts_with("a0/") && !heals ? 500 : 200;
  };
  start();
  for (int number = 0; number < 10; ++number) {
    for (int account = 0; account < 5; ++account) {
      send(account, number);
    }
  }
  ASSERT_TRUE(eventually([&] { return ended_count() == 40; }));
  EXPECT_EQ(webhook->counts().waiting, 10U);
  EXPECT_EQ(webhook->counts().order_keys, 1U);
  EXPECT_FALSE(webhook->counts().receiver_is_down);
  EXPECT_TRUE(webhook->counts().last_error.starts_with("500"));
  heals = true;
  ASSERT_TRUE(eventually([&] { return ended_count() == 50; }));
}

TEST_F(Delivering, WhatIsRefusedIsSaidAndNotTriedAgain) {
  exchange.status_of = [](const HttpRequest& request) {
    return request.body == "a0/1" ? 422 : request.body == "a0/2" ? 302 : 200;
  };
  start();
  for (int number = 0; number < 4; ++number) {
    send(0, number);
  }
  ASSERT_TRUE(eventually([&] { return ended_count() == 4; }));
  EXPECT_TRUE(ended[0].delivered);
  EXPECT_FALSE(ended[1].delivered);
  EXPECT_EQ(ended[1].command_id, "a0/1");
  EXPECT_EQ(ended[1].status, 422);
  EXPECT_EQ(ended[1].tries, 1U);
  EXPECT_TRUE(ended[1].error.starts_with("422"));
  EXPECT_EQ(ended[2].status, 302);
  EXPECT_TRUE(ended[3].delivered) << "the next goes on";
  EXPECT_EQ(webhook->counts().failed, 2U);
}

TEST_F(Delivering, AReceiverThatIsDownAndUpAgainGetsAll) {
  start();
  send(0, 0);
  ASSERT_TRUE(eventually([&] { return ended_count() == 1; }));
  exchange.server.reset();
  for (int number = 1; number < 30; ++number) {
    for (int account = 0; account < 10; ++account) {
      send(account, number);
    }
  }
  ASSERT_TRUE(eventually([&] { return webhook->counts().retries >= 3; }));
  EXPECT_TRUE(webhook->counts().receiver_is_down);
  EXPECT_EQ(webhook->counts().waiting, 290U);
  exchange.start();
  ASSERT_TRUE(eventually([&] { return ended_count() == 291; }));
  EXPECT_FALSE(webhook->counts().receiver_is_down);
  for (const auto& [account, all] : by_account()) {
    EXPECT_TRUE(std::ranges::is_sorted(all)) << account;
  }
  EXPECT_EQ(exchange.taken.size(), 291U) << "here each came once";
}

TEST_F(Delivering, WhileNobodyIsThereOneTriesForAll) {
  exchange.start();
  const std::string url = exchange.url("/commands");
  exchange.server.reset();
  config.url = url;
  config.retry_ms_min = config.retry_ms_max = 50;
  open();
  for (int account = 0; account < 100; ++account) {
    send(account, 0);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const std::uint64_t retries = webhook->counts().retries;
  EXPECT_GE(retries, 8U + 2U);
  EXPECT_LE(retries, 8U + 20U) << "eight at first, then one each 37 ms at most";
}

// With its pauses as in service: a line's own, and nobody else's.
TEST_F(Delivering, AFailureNowAndThenHoldsNoOtherLineUp) {
  std::atomic<int> calls = 0;
  exchange.status_of = [&](const HttpRequest&) { return ++calls % 20 == 0 ? 503 : 200; };
  config.retry_ms_min = 500;
  start();
  const auto before = std::chrono::steady_clock::now();
  for (int account = 0; account < 1'000; ++account) {
    send(account, 0);
  }
  ASSERT_TRUE(eventually([&] { return ended_count() == 1'000; }));
  EXPECT_GT(webhook->counts().retries, 40U);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
}

TEST_F(Delivering, AnAnswerThatNeverComesIsTriedAgain) {
  std::atomic<int> calls = 0;
  exchange.status_of = [&](const HttpRequest&) { return ++calls == 1 ? 0 : 200; };
  config.timeout_ms = 200;
  start();
  send(0, 0);
  send(0, 1);
  ASSERT_TRUE(eventually([&] { return ended_count() == 2; }));
  EXPECT_EQ(exchange.taken, (std::vector<std::string>{"a0/0", "a0/1"}));
  EXPECT_EQ(ended[0].tries, 2U);
}

TEST_F(Delivering, TheNewestKeySignsAlsoWhatWaits) {
  std::atomic<bool> up = false;
  exchange.status_of = [&](const HttpRequest&) { return up ? 200 : 503; };
  start();
  send(0, 0);
  ASSERT_TRUE(eventually([&] { return webhook->counts().retries >= 1; }));
  webhook->set_keys({{"old", old_secret}, {"new", new_secret}});
  up = true;
  send(0, 1);
  ASSERT_TRUE(eventually([&] { return ended_count() == 2; }));
  EXPECT_EQ(exchange.key_ids.front(), "old");
  EXPECT_EQ(exchange.key_ids.back(), "new");
  EXPECT_TRUE(exchange.refusals.empty());
  webhook->set_keys({});
  send(0, 2);
  ASSERT_TRUE(eventually([&] { return ended_count() == 3; })) << "no keys change nothing";
}

TEST_F(Delivering, AFullQueueTurnsAway) {
  exchange.status_of = [](const HttpRequest&) { return 503; };
  config.waiting_max = 10;
  start();
  int taken = 0;
  for (int number = 0; number < 15; ++number) {
    taken += send(0, number) ? 1 : 0;
  }
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(webhook->counts().turned_away, 5U);
  webhook->stop();
  EXPECT_FALSE(send(0, 99));
  EXPECT_EQ(webhook->counts().waiting, 10U) << "what nobody took is still counted";
}

TEST_F(Delivering, StopsWhileADeliveryHangs) {
  exchange.status_of = [](const HttpRequest&) { return 0; };
  start();
  send(0, 0);
  ASSERT_TRUE(eventually([&] {
    std::lock_guard lock(exchange.mutex);
    return exchange.tries == 1;
  }));
  const auto before = std::chrono::steady_clock::now();
  webhook.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(1));
  EXPECT_EQ(ended_count(), 0U);
}

TEST_F(Delivering, HeadsGoToTheirOwnPlace) {
  start();
  EXPECT_TRUE(webhook->publish(R"({"kind":"head","seq":42})"));
  ASSERT_TRUE(eventually([&] { return exchange.taken_count() == 1; }));
  EXPECT_EQ(exchange.paths.front(), "/heads");
  EXPECT_EQ(exchange.taken.front(), R"({"kind":"head","seq":42})");
  config.heads_url.clear();
  open();
  EXPECT_FALSE(webhook->publish("{}"));
  config.url.clear();
  config.heads_url = exchange.url("/heads");
  open();
  EXPECT_FALSE(send(1, 1));
  EXPECT_TRUE(webhook->publish("{}"));
}

TEST_F(Delivering, SaysWhatIsWrongWithItsConfiguration) {
  config.clock = now;
  EXPECT_FALSE(Webhook::start(config));
  config.url = "http://127.0.0.1:1/";
  EXPECT_TRUE(Webhook::start(config));
  config.heads_url = "file:///x";
  EXPECT_NE(Webhook::start(config).error().find("file:///x"), std::string::npos);
  config.heads_url.clear();
  config.keys = {{"short", "secret"}};
  const std::string error = Webhook::start(config).error();
  EXPECT_NE(error.find("short"), std::string::npos);
  EXPECT_EQ(error.find("'secret'"), std::string::npos);
  config.keys.clear();
  EXPECT_FALSE(Webhook::start(config));
}

TEST(WebhookReceiver, RefusesForgeriesAndOldDeliveries) {
  const WebhookReceiver receiver({{"old", old_secret}, {"new", new_secret}}, {300 * second.ns});
  const Time at{1'700'000'000'000'000'000};
  const auto request = [&](std::string body) {
    HttpRequest made;
    made.headers = webhook_headers({"new", new_secret}, at, body);
    made.body = std::move(body);
    return made;
  };
  const auto with = [&](std::size_t header, std::string value) {
    HttpRequest made = request("{}");
    made.headers[header].value = std::move(value);
    return made;
  };
  const std::string good = request("{}").headers[3].value;
  EXPECT_TRUE(receiver.check(request("{}"), at));
  EXPECT_TRUE(receiver.check(request(""), at));
  EXPECT_TRUE(receiver.check(request("{}"), {at.ns + 300 * second.ns}));
  EXPECT_TRUE(receiver.check(request("{}"), {at.ns - 300 * second.ns}));
  EXPECT_FALSE(receiver.check(request("{}"), {at.ns + 300 * second.ns + 1}));
  EXPECT_FALSE(receiver.check(request("{}"), {at.ns - 300 * second.ns - 1}));
  HttpRequest changed = request("{}");
  changed.body = "{ }";
  EXPECT_FALSE(receiver.check(changed, at));
  EXPECT_FALSE(receiver.check(HttpRequest{}, at));
  EXPECT_FALSE(receiver.check(with(1, "old"), at)) << "signed by another key";
  EXPECT_FALSE(receiver.check(with(1, "unknown"), at));
  for (const std::string timestamp :
       {"", "x", "-1", "1700000000000000001", "01700000000000000000", " 1700000000000000000",
        "1700000000000000000 ", "+1700000000000000000", "99999999999999999999999"}) {
    EXPECT_FALSE(receiver.check(with(2, timestamp), at)) << timestamp;
  }
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string forged = good;
    forged[i] = forged[i] == '0' ? '1' : '0';
    EXPECT_FALSE(receiver.check(with(3, forged), at)) << i;
  }
  EXPECT_FALSE(receiver.check(with(3, ""), at));
  EXPECT_FALSE(receiver.check(with(3, good.substr(1)), at));
  EXPECT_FALSE(receiver.check(with(3, good + "0"), at));
}

TEST(WebhookSignature, IsTheOneOthersMake) {
  // printf '1700000000000000000.{"a":1}' | openssl dgst -sha256 -hmac
  // aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  EXPECT_EQ(webhook_signature(old_secret, "1700000000000000000", R"({"a":1})"),
            "c916e210534b295e33759db1dabc0ab5870dcce42dad4b9a17119c068795cc70");
}

class WebhookKeys : public testing::Test {
 protected:
  WebhookKeys() {
    std::string made = testing::TempDir() + "marktwacht-keys-XXXXXX";
    EXPECT_NE(mkdtemp(made.data()), nullptr);
    folder = made;
  }
  ~WebhookKeys() override { std::filesystem::remove_all(folder); }
  std::string file(const std::string& name, const std::string& bytes, mode_t mode) const {
    const std::string path = folder / name;
    std::ofstream(path, std::ios::binary) << bytes;
    chmod(path.c_str(), mode);
    return path;
  }

  std::filesystem::path folder;
};

TEST_F(WebhookKeys, ComeFromFilesThatNobodyElseReads) {
  EXPECT_EQ(webhook_key_from_file("k1", file("a", old_secret + "\n", 0600))->secret, old_secret);
  EXPECT_EQ(webhook_key_from_file("k1", file("b", old_secret, 0400))->secret, old_secret);
  for (const mode_t mode : {0640U, 0604U, 0610U, 0666U}) {
    const auto key =
        webhook_key_from_file("k1", file("c" + std::to_string(mode), old_secret, mode));
    ASSERT_FALSE(key) << mode;
    EXPECT_NE(key.error().find("0600"), std::string::npos);
    EXPECT_EQ(key.error().find(old_secret), std::string::npos);
  }
  EXPECT_FALSE(webhook_key_from_file("k1", file("short", "abc", 0600)));
  EXPECT_FALSE(webhook_key_from_file("k1", file("long", std::string(5'000, 'x'), 0600)));
  EXPECT_FALSE(webhook_key_from_file("k 1", file("d", old_secret, 0600)));
  EXPECT_FALSE(webhook_key_from_file("", file("e", old_secret, 0600)));
  EXPECT_FALSE(webhook_key_from_file("k1", folder));
  EXPECT_FALSE(webhook_key_from_file("k1", folder / "missing"));
}

TEST_F(WebhookKeys, ComeFromTheEnvironment) {
  setenv("MARKTWACHT_TEST_KEY", new_secret.c_str(), 1);
  EXPECT_EQ(webhook_key_from_environment("k2", "MARKTWACHT_TEST_KEY")->secret, new_secret);
  unsetenv("MARKTWACHT_TEST_KEY");
  EXPECT_FALSE(webhook_key_from_environment("k2", "MARKTWACHT_TEST_KEY"));
}

// The receiver of the page, as a reader would copy it.
TEST_F(WebhookKeys, TheReceiverOfThePageTakesWhatIsGenuine) {
  std::ifstream page_file(std::string(MARKTWACHT_SOURCE_DIR) + "/docs/webhook.md");
  const std::string page{std::istreambuf_iterator<char>(page_file), {}};
  const std::size_t from = page.find("```python\n") + 10;
  const std::size_t to = page.find("```", from);
  ASSERT_NE(to, std::string::npos);
  const std::string script = file("receive.py", page.substr(from, to - from), 0600);
  const std::string command = "exec python3 " + script +
                              " 0 old=" + file("old", old_secret + "\n", 0600) +
                              " new=" + file("new", new_secret, 0600);
  int out[2];
  ASSERT_EQ(pipe(out), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], STDOUT_FILENO);
    close(out[0]);
    close(out[1]);
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  close(out[1]);
  FILE* lines = fdopen(out[0], "r");
  int port = 0;
  char first[64];
  ASSERT_NE(fgets(first, sizeof first, lines), nullptr);
  ASSERT_EQ(sscanf(first, "listening on port %d", &port), 1);
  WebhookConfig config;
  config.url = "http://127.0.0.1:" + std::to_string(port) + "/commands";
  config.keys = {{"old", old_secret}, {"new", new_secret}};
  config.clock = now;
  auto webhook = Webhook::start(config);
  ASSERT_TRUE(webhook) << webhook.error();
  const std::string json = R"({"command_id":"m-1/a1/1/1","text":"ä"})";
  webhook->send("m-1/a1/1/1", "a1", json);
  webhook->send("m-1/a1/1/1", "a1", json);  // once more: taken, not carried out
  webhook->send("m-1/a1/2/1", "a1", R"({"command_id":"m-1/a1/2/1"})");
  EXPECT_TRUE(eventually([&] { return webhook->counts().delivered == 3; }))
      << webhook->counts().last_error;
  webhook->set_keys({{"new", old_secret}});  // a wrong secret under a known id
  webhook->send("m-1/a1/3/1", "a1", R"({"command_id":"m-1/a1/3/1"})");
  EXPECT_TRUE(eventually([&] { return webhook->counts().failed == 1; }));
  WebhookConfig late = config;
  late.clock = [] { return Time{now().ns - 301 * second.ns}; };
  auto replayed = Webhook::start(late);
  replayed->send("m-1/a1/4/1", "a1", R"({"command_id":"m-1/a1/4/1"})");
  EXPECT_TRUE(eventually([&] { return replayed->counts().failed == 1; }));
  kill(child, SIGTERM);
  waitpid(child, nullptr, 0);
  std::string printed;
  for (int c = fgetc(lines); c != EOF; c = fgetc(lines)) {
    printed += static_cast<char>(c);
  }
  fclose(lines);
  EXPECT_EQ(printed, json + "\n" + R"({"command_id":"m-1/a1/2/1"})" + "\n");
}

}  // namespace
}  // namespace marktwacht
