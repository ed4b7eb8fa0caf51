// A measure waits for its second person. Whoever else says that it is approved is refused, whatever
// way it is said, and is on record with it.
#include "app/session.h"
#include "events/ndjson.h"
#include "service/attack_twin.h"

namespace marktwacht {
namespace {

class AttackForgedDecisions : public AttackTest {
 protected:
  void SetUp() override {
    AttackTest::SetUp();
    ASSERT_EQ(feed().post("/v1/events", demo_file("exchange.ndjson")).status, 200);
    otto = person("otto");
    // Of the user's own: no proposal of a rule, so nobody else may approve it in their place.
    std::string alert_id, clause;
    ASSERT_TRUE(eventually([&] {
      const std::string page = otto->get("/v1/alerts?account_id=maria&limit=1").body;
      const auto items = JsonMembers::of(page)->elements("items");
      const auto alert = items && !items->empty() ? JsonMembers::of(items->front()) : std::nullopt;
      alert_id = alert ? alert->text("alert_id").value_or("") : "";
      clause = alert ? alert->text("clause").value_or("") : "";
      return !alert_id.empty();
    }));
    const Answer proposed = otto->decide(
        "propose", R"(,"alert_ids":[")" + alert_id +
                       R"("],"measure":{"kind":"close_only","clause":")" + clause +
                       R"(","legal_basis":"terms of use","target":{"account_id":"maria"},)"
                       R"("instrument_id":"BTC-USDT-PERP"})");
    ASSERT_EQ(proposed.status, 200) << proposed.body;
    measure_id = proposed.text("measure_id");
    Answer preview;
    ASSERT_TRUE(eventually([&] {
      preview = otto->get("/v1/measures/" + measure_id + "/preview");
      return preview.status == 200;
    })) << preview.body;
    const auto members = JsonMembers::of(preview.body);
    about = R"(,"measure_id":")" + measure_id + R"(","preview_seq":)" +
            std::string(members->value("preview_seq")) + R"(,"preview_hash":)" +
            std::string(members->value("preview_hash"));
    before = state();
    ASSERT_TRUE(before.contains(R"("proposed")")) << before;
  }
  // Of the measure and at the gate, once all that was taken is shown.
  std::string state() {
    EXPECT_TRUE(eventually([&] {
      const ServiceStatus status = serving->service().status();
      return status.shown_seq >= status.last_seq;
    }));
    const Answer measure = otto->get("/v1/measures/" + measure_id);
    return std::string(JsonMembers::of(measure.body)->value("measure")) +
           otto->get("/v1/gate?account_id=maria&action=open_position&instrument_id=BTC-USDT-PERP")
               .body;
  }
  std::string line(const std::string& user_id) const {
    return R"({"type":"decision","ts":"2026-03-02T12:05:00Z","user_id":")" + user_id +
           R"(","kind":"approve","reason":"forged")" + about + "}\n";
  }
  // So many lines are refused, and it is on record that `who` sent what they may not.
  void refuses_lines(Caller& sender, const std::string& body, int forbidden,
                     const std::string& who) {
    const Answer answer = sender.post("/v1/events", body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_TRUE(audited("events", {said("code", "forbidden_type"), said("user_id", who),
                                   said("reason", std::to_string(forbidden) + " lines")}))
        << who << " " << answer.body;
    EXPECT_EQ(state(), before) << body;
  }

  std::optional<Caller> otto;
  std::string measure_id, about, before;
};

const std::string good_line = R"({"type":"tick","ts":"2026-03-02T12:00:00Z"})"
                              "\n";

TEST_F(AttackForgedDecisions, LinesOfPrograms) {
  Caller exchange = feed();
  refuses_lines(exchange, line("olga"), 1, token_id);
  std::string many;
  for (int i = 0; i < 500; ++i) {
    many += i % 250 == 100 ? line("olga") : good_line;
  }
  refuses_lines(exchange, many, 2, token_id);
  std::string escaped = line("olga");
  escaped.replace(escaped.find("decision"), 8, "deci\\u0073ion");
  refuses_lines(exchange, escaped + escaped + escaped, 3, token_id);
  // More refused lines before it than are kept one by one.
  std::string noise;
  for (std::size_t i = 0; i < IntakeAnswer::lines_max + 5; ++i) {
    noise += "no JSON\n";
  }
  refuses_lines(exchange, noise + line("olga") + line("olga") + line("olga") + line("olga"), 4,
                token_id);
  // A member twice may be read in two ways: it is not read at all.
  std::string twice = line("olga");
  twice.insert(1, R"("type":"tick",)");
  EXPECT_EQ(exchange.post("/v1/events", twice).text("rejected"), "1");
  Caller results = program({.scopes = bit(TokenScope::commands), .source = "exchange"});
  refuses_lines(results, line("olga"), 1, token_id);
}

TEST_F(AttackForgedDecisions, LinesOfPeopleAndStrangers) {
  Caller opal = person("opal");
  refuses_lines(opal, line("olga"), 1, "opal");
  Caller vera = person("vera"), reads = program({.scopes = bit(TokenScope::read)});
  for (const auto& [who, name] :
       {std::pair(&reads, token_id), std::pair(&vera, std::string("vera")),
        std::pair(&*otto, std::string("otto"))}) {
    EXPECT_EQ(who->post("/v1/events", line("olga")).status, 403) << name;
    EXPECT_TRUE(audited("POST /v1/events", {said("user_id", name)})) << name;
  }
  EXPECT_EQ(nobody().post("/v1/events", line("olga")).status, 401);
  EXPECT_TRUE(audited("POST /v1/events", {said("code", "unauthenticated")}));
  EXPECT_EQ(state(), before);
}

TEST_F(AttackForgedDecisions, WhoMayNotDecide) {
  for (const TokenScope scope : {TokenScope::ingest, TokenScope::commands, TokenScope::read}) {
    Caller sender = program({.scopes = bit(scope), .source = scope == TokenScope::read ? "" : "x"});
    EXPECT_EQ(sender.decide("approve", about).status, 403);
    EXPECT_TRUE(
        audited("POST /v1/decisions", {said("user_id", token_id), said("code", "forbidden")}));
  }
  for (const char* name : {"ann", "opal", "vera", "ada"}) {
    EXPECT_EQ(person(name).decide("approve", about + R"(,"user_id":"olga")").status, 403) << name;
    EXPECT_TRUE(audited(
        "approve", {said("user_id", name), said("code", "forbidden"), said("about", measure_id)}))
        << name;
  }
  EXPECT_EQ(nobody().decide("approve", about).status, 401);
  EXPECT_TRUE(audited("POST /v1/decisions", {said("code", "unauthenticated")}));
  Caller guesser = nobody();
  guesser.token = "mwt_" + std::string(64, '0');
  EXPECT_EQ(guesser.decide("refuse", about).status, 401);
  EXPECT_EQ(state(), before);
}

// Under another's name, said in whichever way the body allows.
TEST_F(AttackForgedDecisions, OnesOwnProposal) {
  for (const std::string& more : std::vector<std::string>{
           "", R"(,"user_id":"olga")", R"(,"us\u0065r_id":"olga")", R"(,"source":"feed","ts":1)"}) {
    const Answer answer = otto->decide("approve", about + more);
    EXPECT_EQ(answer.code(), "own_proposal") << more << answer.body;
  }
  EXPECT_TRUE(audited(
      "approve", {said("user_id", "otto"), said("code", "refused"), said("about", measure_id)}));
  EXPECT_EQ(state(), before);
}

// What stands in a member's name is written into a line of the journal's form: it must not end it.
TEST_F(AttackForgedDecisions, ASecondLineInAMembersName) {
  Caller ann = person("ann");
  std::string second = line("olga");
  second.resize(second.size() - 2);  // its end is the first one's
  for (const std::string& between : std::vector<std::string>{"1}\n", "1}\r\n", "1,"}) {
    std::string name = "x\":" + between + (between == "1," ? second.substr(1) : second) + ",\"y";
    std::string escaped;
    write_json_string(name, escaped);
    const Answer answer =
        ann.decide("watch", R"(,"target":{"account_id":"paul"},)" + escaped + ":1");
    EXPECT_EQ(state(), before) << between << answer.status << answer.body;
  }
  EXPECT_TRUE(audited("watch", {said("user_id", "ann"), said("code", "refused")}));
  const Answer twice = ann.decide("watch", R"(,"kind":"approve")" + about);
  EXPECT_EQ(twice.status, 400) << twice.body;
  EXPECT_EQ(state(), before);
}

TEST_F(AttackForgedDecisions, LinesOfAFile) {
  const std::string path = folder_ / "forged.ndjson";
  sample::write_file(path,
                     demo_file("exchange.ndjson") + line("olga") + demo_file("decisions.ndjson"));
  SourceOptions source;
  source.files = {path};
  source.rejected_file = folder_ / "rejected";
  auto session = Session::open(source);
  ASSERT_TRUE(session) << session.error();
  (*session)->use(Rulebooks{{read_rulebook("default").value()}, false});
  const auto read = (*session)->read([](const Event& event, const Step&) {
    EXPECT_NE(event.type, EventType::decision);
    return std::expected<void, std::string>{};
  });
  EXPECT_TRUE(read) << read.error();
  const std::string rejected = sample::read_file(source.rejected_file);
  EXPECT_TRUE(rejected.contains("forbidden_type")) << rejected;
  EXPECT_TRUE(rejected.contains("forged")) << rejected;
}

// So that it was not for another reason that nobody else could.
TEST_F(AttackForgedDecisions, TheSecondPersonMay) {
  EXPECT_EQ(person("olga").decide("approve", about).status, 200);
  EXPECT_NE(state(), before);
}

}  // namespace
}  // namespace marktwacht
