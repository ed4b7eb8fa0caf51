// While the service runs: the webhook's key changes and no command is lost; heads go out; the
// configuration is read anew.
#include <mutex>
#include <set>
#include <thread>

#include "edges/http/server.h"
#include "edges/secrets/key_file.h"
#include "service/serving_twin.h"

namespace marktwacht {
namespace {

// What an exchange gets: by which key each came, and under what command_id.
class Receiver {
 public:
  Receiver() {
    HttpConfig config;
    config.port = 0;
    auto started = HttpServer::start(config, [this](HttpRequest request, HttpAnswer answer) {
      HttpResponse response;
      response.status = take(request);
      answer.send(std::move(response));
    });
    EXPECT_TRUE(started) << started.error();
    server_.emplace(*std::move(started));
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/in"; }
  void know(const WebhookKey& key) {
    const std::lock_guard lock(mutex_);
    keys_.push_back(key);
  }
  void be_down(bool down) {
    const std::lock_guard lock(mutex_);
    down_ = down;
  }
  std::set<std::string> taken(const std::string& key_id) {
    const std::lock_guard lock(mutex_);
    return taken_[key_id];
  }
  // While it was down.
  std::set<std::string> missed(const std::string& key_id) {
    const std::lock_guard lock(mutex_);
    return missed_[key_id];
  }
  std::vector<std::string> bodies() {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }
  std::size_t refused() {
    const std::lock_guard lock(mutex_);
    return refused_;
  }

 private:
  int take(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    const std::string key_id(request.header("X-Marktwacht-Key-Id"));
    const std::string command_id = JsonMembers::of(request.body)->text("command_id").value_or("");
    if (down_) {
      missed_[key_id].insert(command_id);
      return 503;
    }
    if (!WebhookReceiver(keys_).check(request, wall_time())) {
      ++refused_;
      return 401;
    }
    taken_[key_id].insert(command_id);
    bodies_.push_back(request.body);
    return 204;
  }

  std::mutex mutex_;
  std::vector<WebhookKey> keys_;
  bool down_ = false;
  std::map<std::string, std::set<std::string>> taken_, missed_;  // by key
  std::vector<std::string> bodies_;
  std::size_t refused_ = 0;
  std::optional<HttpServer> server_;
};

class Rotation : public ServingTest {
 protected:
  void SetUp() override {
    options.service.silence = Duration{0};
    options.service.snapshot_every = Duration{0};
    options.webhook.retry_ms_min = 5;
    options.webhook.retry_ms_max = 50;
    add_user("ada", UserRole::administrator);
    add_user("ann", UserRole::analyst);
    ASSERT_TRUE(make_key_file(key_path(data(), "webhook")));
  }
  void begin() {
    start();
    Caller exchange = feed();
    ASSERT_EQ(exchange
                  .post("/v1/events",
                        demo_file("exchange.ndjson") +
                            R"({"type":"account","ts":"2026-03-02T12:50:00Z","account_id":"zoe"})"
                            "\n")
                  .status,
              200);
    alert_id_ = person("ann").get("/v1/alerts?limit=1").body;
    const auto at = alert_id_.find("\"alert_id\":\"") + 12;
    alert_id_ = alert_id_.substr(at, alert_id_.find('"', at) - at);
  }
  // One command more for the exchange.
  void impose(Caller& ann, const std::string& account) {
    const Answer answer = ann.decide(
        "impose", R"(,"alert_ids":[")" + alert_id_ +
                      R"("],"measure":{"kind":"block_withdrawal","clause":"3.4","target":{)"
                      R"("account_id":")" +
                      account + R"("},"duration_s":3600})");
    EXPECT_EQ(answer.status, 200) << answer.body;
  }
  std::vector<WebhookKey> keys() const { return WebhookKeys(data(), "").load().value(); }

  std::string alert_id_;
};

TEST_F(Rotation, NoCommandIsLostWhenTheKeyChanges) {
  Receiver exchange;
  options.webhook_url = exchange.url();
  const WebhookKey old = keys().back();
  exchange.know(old);
  begin();
  Caller ann = person("ann"), ada = person("ada");
  EXPECT_EQ(ann.post("/v1/keys", R"({"kind":"webhook"})").status, 403);
  EXPECT_EQ(ann.get("/v1/keys").status, 403);
  impose(ann, "maria");
  ASSERT_TRUE(eventually([&] { return exchange.taken(old.key_id).size() == 1; }));

  const Answer made = ada.post("/v1/keys", R"({"kind":"webhook"})");
  ASSERT_EQ(made.status, 200) << made.body;
  const std::string secret = *load_key(made.text("file"), "X");
  EXPECT_FALSE(made.body.contains(secret));
  const WebhookKey next{made.text("key_id"), secret};
  impose(ann, "jonas");  // it signs nothing yet
  ASSERT_TRUE(eventually([&] { return exchange.taken(old.key_id).size() == 2; }));

  exchange.know(next);
  exchange.be_down(true);
  impose(ann, "petra");
  impose(ann, "tomek");
  EXPECT_EQ(ada.post("/v1/keys/0123456789abcdef", "{}").status, 404);
  EXPECT_EQ(ada.post("/v1/keys/" + next.key_id, "{}").status, 200);
  // One at a time while it is down: what was on its way under the old key has come.
  ASSERT_TRUE(eventually([&] { return !exchange.missed(next.key_id).empty(); }));
  exchange.be_down(false);
  ASSERT_TRUE(eventually([&] { return exchange.taken(next.key_id).size() == 2; }));
  EXPECT_EQ(exchange.taken(old.key_id).size(), 2U);
  EXPECT_EQ(exchange.refused(), 0U);
  const std::string listed = ada.get("/v1/keys").body;
  EXPECT_TRUE(listed.contains(next.key_id)) << listed;
  EXPECT_TRUE(listed.contains(old.key_id)) << listed;
  EXPECT_FALSE(listed.contains("next")) << listed;

  start();  // under the same name
  EXPECT_EQ(keys().back().key_id, next.key_id);
  ann = person("ann");
  impose(ann, "zoe");
  EXPECT_TRUE(eventually([&] { return exchange.taken(next.key_id).size() >= 3; }));
  EXPECT_EQ(exchange.refused(), 0U);
}

TEST_F(Rotation, AKeyIsPutInForceByTwo) {
  add_user("adam", UserRole::administrator);
  Receiver exchange;
  options.webhook_url = exchange.url();
  const WebhookKey old = keys().back();
  begin();
  Caller ada = person("ada");
  const std::string key_id = ada.post("/v1/keys", R"({"kind":"webhook"})").text("key_id");
  const Answer asked = ada.post("/v1/keys/" + key_id, "{}");
  const std::string change = R"(,"change_id":")" + asked.text("change_id") + "\"";
  EXPECT_EQ(keys().back().key_id, old.key_id);
  EXPECT_EQ(ada.decide("approve_change", change).code(), "own_proposal");
  start();
  EXPECT_EQ(keys().back().key_id, old.key_id);
  EXPECT_EQ(person("adam").decide("approve_change", change).status, 200);
  EXPECT_EQ(keys().back().key_id, key_id);
  EXPECT_EQ(keys().front().key_id, old.key_id);
}

// They are signed, and the journal holds each.
TEST_F(Rotation, HeadsGoToAnotherHost) {
  Receiver elsewhere;
  elsewhere.know(keys().back());
  options.heads_url = elsewhere.url();
  options.head_every = Duration{1};
  options.service.core.journal.key = SigningKey::from_seed(sha256("owner"));
  begin();
  Caller ann = person("ann");
  ASSERT_TRUE(eventually([&] { return !elsewhere.bodies().empty(); }));
  impose(ann, "maria");
  ASSERT_TRUE(eventually([&] { return elsewhere.bodies().size() >= 2; }));
  std::string heads = ann.get("/v1/head").body + "\n";
  stop();
  for (const std::string& body : elsewhere.bodies()) {
    heads += body + "\n";
  }
  const PublicKeys keys{options.service.core.journal.key->public_key()};
  const auto read = read_heads(heads, keys);
  ASSERT_TRUE(read) << read.error();
  const JournalReport report = verify_journal_holds(data(), keys, *read);
  EXPECT_TRUE(report.ok) << (report.faults.empty() ? "" : report.faults.front());
}

TEST_F(Rotation, WhatMayChangeChangesAtARecordedSeq) {
  begin();
  const std::uint64_t before = serving->service().status().last_seq;
  ServingOptions wanted = options;
  EXPECT_TRUE(serving->change(wanted)->empty());
  EXPECT_EQ(serving->service().status().last_seq, before);  // nothing differs
  wanted.service.free_bytes_min = std::uint64_t{1} << 62;
  wanted.service.silence = Duration{50'000'000};
  wanted.heads_url = "http://127.0.0.1:9/";
  const auto later = serving->change(wanted);
  ASSERT_TRUE(later) << later.error();
  EXPECT_EQ(*later, std::vector<std::string>{"heads_url"});
  EXPECT_GT(serving->service().status().last_seq, before);
  ASSERT_TRUE(eventually([&] { return !serving->service().status().failed.empty(); }))
      << "the disk has less than is wanted now";
  EXPECT_TRUE(serving->change(options)) << "with less it is taken and recorded";
  EXPECT_EQ(serving->service().status().failed, "");
}

}  // namespace
}  // namespace marktwacht
