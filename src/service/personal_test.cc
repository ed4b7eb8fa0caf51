// A subject erased on a whole data directory: no byte of it is left, and all else stands.
#include <future>
#include <thread>

#include "base/token.h"
#include "edges/journal/visit.h"
#include "edges/sqlite/database.h"
#include "events/config_names.h"
#include "service/serving_twin.h"

namespace marktwacht {
namespace {

const std::string deployment_key(64, 'k');
const std::string plain_ip = "203.0.113.77", plain_device = "device-of-maria-8c1f",
                  plain_agent = "Browser of Maria/5.0", plain_note = "her flat is in Mill Lane 5";

class Personal : public ServingTest {
 protected:
  void SetUp() override {
    options.service.deployment_key = deployment_key;
    options.service.silence = Duration{0};
    options.service.snapshot_every = Duration{0};
    add_user("ann", UserRole::analyst);
    add_user("otto", UserRole::approver);
    add_user("ada", UserRole::administrator);
    start();
    auto auth = Auth::open(data());
    const TokenTerms terms{.scopes = bit(TokenScope::ingest), .source = "feed"};
    token_ = (*auth)->new_token(terms, wall_time())->token;
    send(demo_file("exchange.ndjson"));
    send(
        R"({"type":"login","ts":"2026-03-02T12:30:00Z","account_id":"maria","result":"ok","ip":")" +
        plain_ip + R"(","device_id":")" + plain_device + R"(","user_agent":")" + plain_agent +
        "\"}\n");
  }
  void send(const std::string& lines) {
    Caller feed = nobody();
    feed.token = token_;
    EXPECT_EQ(feed.post("/v1/events", lines).status, 200);
  }
  // All that the file has of a subject: its wrapped key and its rows.
  std::vector<std::string> sealed_of(const std::string& subject) const {
    std::vector<std::string> all;
    auto database = Database::open(data() + "/vault.db",
                                   {.access = DatabaseOptions::Access::read, .synchronous = {}});
    for (const char* sql : {"SELECT key FROM subjects WHERE subject = ?",
                            "SELECT sealed FROM personal WHERE subject = ?"}) {
      auto rows = database->prepare(sql);
      rows->query(subject);
      while (*rows->step()) {
        all.emplace_back(rows->blob(0));
      }
    }
    return all;
  }
  std::int64_t rows() const {
    auto database = Database::open(data() + "/vault.db",
                                   {.access = DatabaseOptions::Access::read, .synchronous = {}});
    auto counted = database->prepare("SELECT count(*) FROM personal");
    counted->query();
    return *counted->step() ? counted->integer(0) : -1;
  }
  std::string token_of_plain(const std::string& plain) const {
    return token_of(deployment_key, plain);
  }

  std::string token_;
};

std::string about(const std::string& account) { return R"(,"account_id":")" + account + "\""; }

TEST_F(Personal, AnErasedSubjectIsNowhereAndAllElseStands) {
  Caller ann = person("ann"), otto = person("otto");
  const std::string cases = ann.get("/v1/cases").body;
  const auto at = cases.find("\"case_id\":\"");
  ASSERT_NE(at, cases.npos) << cases;
  const std::string case_id = cases.substr(at + 11, cases.find('"', at + 11) - at - 11);
  const Answer note =
      ann.decide("note", R"(,"case_id":")" + case_id + R"(","text":")" + plain_note + "\"");
  ASSERT_EQ(note.status, 200) << note.body;
  EXPECT_EQ(
      otto.decide("reveal", R"(,"token":")" + token_of_plain(plain_device) + "\"").text("value"),
      plain_device);
  const auto lists_lag = [&] {
    const ServiceStatus status = serving->service().status();
    return status.shown_seq < status.last_seq;
  };
  for (int i = 0; i < 500 && lists_lag(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const std::string groups = ann.get("/v1/groups").body, alerts = ann.get("/v1/alerts").body;
  const std::string listed = ann.get("/v1/cases").body;
  std::vector<std::string> gone = sealed_of("account:maria");
  ASSERT_GE(gone.size(), 4U);
  const auto of_case = sealed_of("case:" + case_id);
  ASSERT_EQ(of_case.size(), 2U);
  gone.insert(gone.end(), of_case.begin(), of_case.end());
  for (const std::string& bytes : gone) {
    EXPECT_NE(all_bytes().find(bytes), std::string::npos) << "what is looked for is there";
  }

  EXPECT_EQ(otto.decide("erase", about("maria")).status, 200);
  EXPECT_EQ(otto.decide("erase", R"(,"case_id":")" + case_id + "\"").status, 200);

  for (const bool stopped : {false, true}) {
    if (stopped) {
      stop();
    }
    const std::string bytes = all_bytes();
    for (const std::string& plain : {plain_ip, plain_device, plain_agent, plain_note}) {
      EXPECT_EQ(bytes.find(plain), bytes.npos) << plain << stopped;
    }
    for (const std::string& each : gone) {
      EXPECT_EQ(bytes.find(each), bytes.npos) << stopped;
    }
  }
  const JournalReport report = verify_journal(data());
  EXPECT_TRUE(report.ok) << (report.faults.empty() ? "" : report.faults.front());
  std::filesystem::remove_all(data() + "/snapshots");  // all comes from the journal anew
  std::filesystem::remove(data() + "/store.db");
  start();
  ann = person("ann");
  otto = person("otto");
  EXPECT_EQ(ann.get("/v1/groups").body, groups);
  EXPECT_EQ(ann.get("/v1/alerts").body, alerts);
  EXPECT_EQ(ann.get("/v1/cases").body, listed);
  const Answer shown = otto.decide("reveal", R"(,"token":")" + token_of_plain(plain_device) + "\"");
  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(shown.text("value"), "");
}

TEST_F(Personal, OnlyWhoMayAndWithAReason) {
  Caller ann = person("ann"), ada = person("ada"), otto = person("otto"), feed = nobody();
  feed.token = token_;
  const std::string token = R"(,"token":")" + token_of_plain(plain_device) + "\"";
  for (Caller* who : {&ann, &ada, &feed}) {
    for (const char* kind : {"reveal", "erase", "hold", "lift_hold"}) {
      const Answer answer = who->decide(kind, token);
      EXPECT_EQ(answer.status, 403) << kind << answer.body;
      EXPECT_FALSE(answer.body.contains(plain_device));
    }
  }
  EXPECT_EQ(otto.post("/v1/decisions", R"({"kind":"reveal")" + token + "}").status, 409);
  EXPECT_EQ(otto.post("/v1/decisions", R"({"kind":"reveal","reason":"")" + token + "}").status,
            409);
  EXPECT_EQ(otto.decide("erase", "").status, 409);                      // of nobody
  EXPECT_EQ(otto.decide("erase", about("maria") + token).status, 409);  // of two
  otto.csrf = "wrong";
  EXPECT_EQ(otto.decide("reveal", token).code(), "csrf");
  otto = person("otto");
  EXPECT_EQ(otto.decide("reveal", token).text("value"), plain_device);  // nothing was destroyed
  const std::string audit = otto.get("/v1/audit?kind=reveal").body;
  EXPECT_TRUE(audit.contains(R"("user_id":"otto")")) << audit;
  EXPECT_TRUE(audit.contains(R"("code":"forbidden")")) << audit;
  EXPECT_FALSE(audit.contains(plain_device)) << audit;
}

TEST_F(Personal, AHoldStopsErasing) {
  Caller otto = person("otto");
  EXPECT_EQ(otto.decide("hold", about("maria")).status, 200);
  EXPECT_EQ(otto.decide("erase", about("maria")).code(), "held");
  start();
  otto = person("otto");
  EXPECT_EQ(otto.decide("erase", about("maria")).code(), "held");
  EXPECT_EQ(otto.decide("lift_hold", about("maria")).status, 200);
  EXPECT_EQ(otto.decide("erase", about("maria")).status, 200);
  EXPECT_TRUE(sealed_of("account:maria").empty());
}

// Once there are two, neither destroys anything alone.
TEST_F(Personal, TwoApproversEraseOnceThereAreTwo) {
  stop();
  add_user("olga", UserRole::approver);
  start();
  Caller otto = person("otto"), olga = person("olga"), ada = person("ada");
  const Answer asked = otto.decide("erase", about("maria"));
  const std::string change = R"(,"change_id":")" + asked.text("change_id") + "\"";
  ASSERT_EQ(asked.status, 200) << asked.body;
  ASSERT_FALSE(asked.text("change_id").empty());
  EXPECT_FALSE(sealed_of("account:maria").empty());
  EXPECT_EQ(otto.decide("erase", about("maria") + change).code(), "own_proposal");
  EXPECT_EQ(olga.decide("erase", about("paul") + change).code(), "stale");  // not what was asked
  EXPECT_EQ(ada.decide("approve_change", change).code(), "unknown_change");
  EXPECT_EQ(olga.decide("erase", about("maria") + R"(,"change_id":"x-1")").code(),
            "unknown_change");
  EXPECT_FALSE(sealed_of("account:maria").empty());
  start();  // it still waits
  otto = person("otto");
  olga = person("olga");
  EXPECT_FALSE(sealed_of("account:maria").empty());
  EXPECT_EQ(olga.decide("erase", about("maria") + change).status, 200);
  EXPECT_TRUE(sealed_of("account:maria").empty());
  send(R"({"type":"login","ts":"2026-03-02T12:40:00Z","account_id":"maria","result":"ok","ip":")" +
       plain_ip + "\"}\n");
  EXPECT_EQ(otto.decide("erase", about("maria") + change).code(), "unknown_change");  // replayed
  EXPECT_FALSE(sealed_of("account:maria").empty());  // who comes again is kept again
}

// What was decided is done, although the file comes from before.
TEST_F(Personal, AnOlderVaultIsErasedAgain) {
  Caller otto = person("otto");
  stop();
  std::filesystem::copy(data() + "/vault.db", data() + "/before");
  start();
  otto = person("otto");
  EXPECT_EQ(otto.decide("erase", about("maria")).status, 200);
  EXPECT_EQ(otto.decide("hold", about("paul")).status, 200);
  stop();
  std::filesystem::rename(data() + "/before", data() + "/vault.db");
  EXPECT_FALSE(sealed_of("account:maria").empty());
  start();
  EXPECT_TRUE(sealed_of("account:maria").empty());
  otto = person("otto");
  EXPECT_EQ(otto.decide("erase", about("paul")).code(), "held");
  send(R"({"type":"login","ts":"2026-03-02T12:40:00Z","account_id":"maria","result":"ok","ip":")" +
       plain_ip + "\"}\n");
  start();
  EXPECT_FALSE(sealed_of("account:maria").empty());  // once, not at each start
}

// What was not seen for so long goes by itself, but for who is under a hold.
TEST_F(Personal, WhatIsOldIsDroppedAtAStart) {
  send(R"({"type":"login","ts":"2026-03-02T12:40:00Z","account_id":"jonas","result":"ok","ip":")" +
       plain_ip + "\"}\n");
  EXPECT_EQ(person("otto").decide("hold", about("maria")).status, 200);
  EXPECT_FALSE(sealed_of("account:jonas").empty());
  start();  // kept for five years
  options.vault.kept_max.fill({1});
  const std::uint64_t before = serving->service().status().last_seq;
  start();
  for (int i = 0; i < 500 && serving->service().status().last_seq == before; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(sealed_of("account:jonas").empty());
  EXPECT_FALSE(sealed_of("account:maria").empty());
  stop();
  std::string dropped;
  const auto read = visit_journal(data(), 0, [&](const Event& event, std::uint64_t) {
    if (is_config(event, vault_config)) {
      dropped = as<event::Config>(event).text.view();
    }
    return true;
  });
  ASSERT_TRUE(read) << read.error();
  EXPECT_TRUE(dropped.starts_with(R"({"act":"drop_old","values":)")) << dropped;
}

// Tokens are longer than what they stand for: a record has room for 2 MiB.
TEST_F(Personal, WhatGrowsTooLargeIsRefusedAndStopsNothing) {
  Caller ann = person("ann");
  std::string devices;
  for (int i = 0; i < 60'000; ++i) {
    devices += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
  }
  const Answer answer = ann.decide(
      "propose", R"(,"measure":{"kind":"restrict_login","clause":"2.3","duration_s":3600,)"
                 R"("target":{"account_id":"maria"},"devices":[)" +
                     devices + "]}");
  EXPECT_EQ(answer.status, 400) << answer.body;
  EXPECT_TRUE(answer.body.contains("too_large")) << answer.body;
  EXPECT_EQ(serving->service().status().failed, "");
  EXPECT_TRUE(sealed_of("token:" + token_of_plain("77")).empty());
  send(R"({"type":"tick","ts":"2026-03-02T12:40:00Z"})");
}

TEST_F(Personal, ATextThatIsSentAgainIsKeptOnce) {
  const std::string post =
      R"({"type":"post","ts":"2026-03-02T12:41:00Z","post_id":"p-1","channel":"x",)"
      R"("author":"nobody known","text":")" +
      plain_note + "\"}";
  HttpClient client = *HttpClient::start();
  const auto sent = [&] {
    HttpCall call{.method = "POST",
                  .url = "http://127.0.0.1:" + std::to_string(serving->port()) + "/v1/events",
                  .headers = {{"Authorization", "Bearer " + token_}, {"Idempotency-Key", "k"}},
                  .body = post};
    const auto reply = client.call(std::move(call));
    return reply ? reply->body : reply.error();
  };
  const std::string first = sent();
  EXPECT_TRUE(first.contains(R"("accepted":1)")) << first;
  const std::int64_t kept = rows();
  EXPECT_EQ(sent(), first);
  EXPECT_EQ(sent(), first);
  EXPECT_EQ(rows(), kept);
  const std::string numbered = post.substr(0, post.size() - 1) + R"(,"source_seq":1000})";
  send(numbered);
  EXPECT_EQ(rows(), kept + 1);
  send(numbered);
  EXPECT_EQ(rows(), kept + 1);
}

// The engine answers nobody until both are there.
TEST_F(Personal, ATextThatIsSentTwiceAtOnceIsKeptOnce) {
  const std::string post =
      R"({"type":"post","ts":"2026-03-02T12:41:00Z","post_id":"p-1","channel":"x",)"
      R"("author":"nobody known","source_seq":1000,"text":")" +
      plain_note + "\"}";
  send(R"({"type":"post","ts":"2026-03-02T12:41:00Z","post_id":"p-0","channel":"x",)"
       R"("author":"nobody known","text":"hello"})");
  const std::int64_t before = rows();
  const std::uint64_t bytes_before = serving->http_counters().bytes_in;
  std::promise<void> both_are_there;
  serving->service().ask(
      [there = both_are_there.get_future().share()](const Engine*) { there.wait(); });
  std::thread first([&] { send(post); }), second([&] { send(post); });
  EXPECT_TRUE(eventually(
      [&] { return serving->http_counters().bytes_in >= bytes_before + 2 * post.size(); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // from the server to the question
  both_are_there.set_value();
  first.join();
  second.join();
  EXPECT_EQ(rows(), before + 1);
}

}  // namespace
}  // namespace marktwacht
