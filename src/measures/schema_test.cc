// schema.json against what is written of measures, decisions, commands and previews: fields, order,
// words, and nothing besides; and the examples of docs/enforcement.md.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "events/ndjson.h"
#include "events/schema_twin.h"
#include "measures/measure_reader.h"
#include "measures/preview.h"

namespace marktwacht {
namespace {

const Schema& schema(std::string_view definition) {
  static std::map<std::string, Schema, std::less<>> loaded;
  const auto found = loaded.find(definition);
  return found != loaded.end()
             ? found->second
             : loaded
                   .emplace(definition,
                            Schema(MARKTWACHT_SOURCE_DIR "/src/measures/schema.json", definition))
                   .first->second;
}

// Random contents: what may be missing is missing half of the time.
class Drawn {
 public:
  explicit Drawn(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  bool coin() { return below(2) == 0; }
  std::string name() { return "n\"ü\x01" + std::to_string(below(1'000)); }
  std::string maybe() { return coin() ? "" : name(); }
  Time time() { return Time{1 + static_cast<std::int64_t>(below(1ull << 62))}; }
  std::optional<Time> maybe_time() { return coin() ? std::nullopt : std::optional(time()); }
  std::optional<Duration> seconds() {
    return coin() ? std::nullopt
                  : std::optional(Duration{(1 + static_cast<std::int64_t>(below(99))) * second.ns});
  }
  Decimal decimal() {
    return *parse_decimal((coin() ? "-" : "") + std::to_string(below(99)) + ".05");
  }
  std::optional<Decimal> maybe_decimal() {
    return coin() ? std::nullopt : std::optional(decimal());
  }
  template <class E>
  E word() {
    return static_cast<E>(below(Words<E>::list.size()));
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (std::uint64_t i = below(3); i > 0; --i) {
      all.push_back("a" + std::to_string(i));
    }
    return all;
  }

  MeasurePlan plan();
  Restriction restriction();
  std::vector<LedgerEntry> entries();
  LiquidationStep step();
  Measure measure();
  DecisionOutcome outcome();
  ExchangeCommand command();
  Preview preview();
  RefusedBefore refused();

 private:
  template <class Item, class Make>
  std::vector<Item> some(Make make) {
    std::vector<Item> all;
    for (std::uint64_t i = below(3); i > 0; --i) {
      all.push_back(make());
    }
    return all;
  }

  std::mt19937_64 random_;
};

MeasurePlan Drawn::plan() {
  MeasurePlan plan;
  plan.kind = word<MeasureKind>();
  plan.clause = maybe();
  plan.target = {maybe(), maybe(), names(), maybe(), std::nullopt, names()};
  if (coin()) {
    plan.target.place = GateSubject{static_cast<SubjectKind>(2 + below(3)), name()};
  }
  plan.parameters = {maybe(),
                     maybe_decimal(),
                     maybe(),
                     seconds().value_or(Duration{0}),
                     maybe_decimal(),
                     std::nullopt,
                     static_cast<std::int64_t>(below(3)),
                     names(),
                     some<GateAction>([&] { return word<GateAction>(); }),
                     maybe()};
  if (coin()) {
    plan.parameters.channel = word<Channel>();
  }
  plan.until = maybe_time();
  plan.duration = seconds();
  plan.deadline = seconds();
  plan.trade_ids = names();
  plan.legal_basis = maybe();
  plan.reason = maybe();
  plan.amount_of = coin() ? AmountOf::loss_entered : AmountOf::stated;
  return plan;
}

Restriction Drawn::restriction() {
  Restriction one;
  one.action = word<GateAction>();
  one.instrument_id = maybe();
  one.asset = maybe();
  one.limit = maybe_decimal();
  one.held_min = seconds().value_or(Duration{0});
  one.devices = names();
  one.until = maybe_time();
  one.reason = word<MeasureKind>();
  one.measure = 1 + below(99);
  return one;
}

std::vector<LedgerEntry> Drawn::entries() {
  return some<LedgerEntry>([&] { return LedgerEntry{name(), name(), decimal()}; });
}

LiquidationStep Drawn::step() {
  LiquidationStep step{name(),       word<Side>(),
                       decimal(),    1 + static_cast<std::uint32_t>(below(9)),
                       std::nullopt, std::nullopt};
  if (coin()) {
    step.price_least = decimal();
    step.price_most = decimal();
  }
  return step;
}

Measure Drawn::measure() {
  Measure of;
  of.number = 1 + below(99);
  of.revision = 1 + below(9);
  of.state = word<MeasureState>();
  of.plan = plan();
  of.case_number = 1 + below(99);
  of.alert_ids = names();
  of.amends = word<Amends>();
  of.amended = 1 + below(99);
  of.row = maybe();
  of.step = static_cast<std::uint32_t>(below(3));
  of.proposer_id = name();
  of.approver_id = maybe();
  of.reviewer_id = maybe();
  of.automatic = coin();
  of.imposed = coin();
  of.proposed_at = time();
  of.in_force_at = maybe_time().value_or(Time{});
  of.until = maybe_time();
  of.deadline = maybe_time();
  of.review_due = maybe_time();
  of.account_ids = names();
  for (std::uint64_t i = below(3); i > 0; --i) {
    of.awaited[{word<SubjectKind>(), name()}] = i;
    of.failing.insert({word<SubjectKind>(), name()});
    MeasureJob job;
    job.state = static_cast<MeasureJob::State>(below(3));
    job.account_id = name();
    job.step = word_of(word<ExchangeJob>());
    job.undoing = coin();
    job.detail = maybe();
    job.entries = entries();
    of.jobs.push_back(job);
    of.history.push_back({below(99), time(), name(), name(), word<MeasureState>()});
  }
  of.claims = entries();
  of.overdue = coin();
  of.appealed = coin();
  of.appeal_outcome = coin() ? "" : coin() ? "upheld" : "rejected";
  of.report_text = maybe();
  return of;
}

DecisionOutcome Drawn::outcome() {
  DecisionOutcome outcome;
  outcome.seq = below(99);
  outcome.at = time();
  outcome.user_id = name();
  outcome.kind = word<DecisionKind>();
  outcome.refusal = coin() ? Refusal::none : word<Refusal>();
  outcome.field = coin() ? "" : "measure_id";
  outcome.case_number = below(3);
  outcome.measure = below(3);
  outcome.change = below(3);
  outcome.preview_hash = coin() ? "" : std::string(64, 'a');
  return outcome;
}

ExchangeCommand Drawn::command() {
  ExchangeCommand command;
  command.command_id = name();
  command.seq = below(99);
  command.at = time();
  (coin() ? command.account_id : command.instrument_id) = name();
  if (coin()) {
    command.command = "set_restrictions";
    command.revision = 1 + below(9);
    command.restrictions = some<Restriction>([&] { return restriction(); });
    return command;
  }
  command.command = coin() ? "reminder" : word_of(word<ExchangeJob>());
  command.measure = 1 + below(99);
  command.kind = word_of(word<MeasureKind>());
  command.clause = maybe();
  command.text = maybe();
  command.deadline = maybe_time();
  command.entries = entries();
  command.plan = some<LiquidationStep>([&] { return step(); });
  command.trade_ids = names();
  return command;
}

RefusedBefore Drawn::refused() {
  RefusedBefore before{time(), time(), below(99), {}};
  before.actions = some<RefusedAction>([&] {
    return RefusedAction{below(99), time(),  name(), word<GateAction>(),
                         maybe(),   maybe(), coin(), std::string(word_of(word<MeasureKind>()))};
  });
  return before;
}

Preview Drawn::preview() {
  Preview preview;
  preview.measure = 1 + below(99);
  preview.hash = std::string(64, '0');
  preview.accounts = some<PreviewAccount>([&] {
    PreviewAccount account;
    account.account_id = name();
    account.country = maybe();
    account.open_orders = static_cast<std::uint32_t>(below(9));
    account.positions.push_back({name(), format_decimal(decimal())});
    account.balances.push_back({name(), format_decimal(decimal()), coin() ? "" : "1.5"});
    account.gain = coin() ? "" : "-2.5";
    account.restrictions = some<Restriction>([&] { return restriction(); });
    return account;
  });
  preview.restrictions = some<Restriction>([&] { return restriction(); });
  preview.liquidation = some<PreviewLiquidation>(
      [&] { return PreviewLiquidation{name(), step(), coin() ? "" : "3"}; });
  preview.gain_currency = maybe();
  if (coin()) {
    preview.refused_before = refused();
  }
  return preview;
}

template <class Make, class Write>
void expect_valid(std::string_view definition, Make make, Write write) {
  Drawn drawn(1);
  std::set<std::string> seen;
  for (int i = 0; i < 500; ++i) {
    std::string line;
    write(make(drawn), line);
    ASSERT_EQ(schema(definition).violation(line), "") << line;
    seen.merge(Schema::places_in(line));
  }
  EXPECT_EQ(seen, schema(definition).places()) << definition;
}

TEST(MeasureSchemaTest, EveryWrittenLineIsValidAndEveryFieldIsWritten) {
  expect_valid("measure", [](Drawn& drawn) { return drawn.measure(); }, write_measure);
  expect_valid("decision", [](Drawn& drawn) { return drawn.outcome(); }, write_outcome);
  expect_valid("command", [](Drawn& drawn) { return drawn.command(); }, write_command);
  expect_valid("preview", [](Drawn& drawn) { return drawn.preview(); }, write_preview);
  expect_valid("plan", [](Drawn& drawn) { return drawn.plan(); }, write_plan);
}

TEST(MeasureSchemaTest, RequiredIsWhatEveryLineHas) {
  const auto keys = [](const std::string& line) {
    simdjson::dom::parser parser;
    return schema_json::keys(parser.parse(line));
  };
  const auto required = [](std::string_view definition) {
    return schema_json::texts(schema(definition).rule()["required"]);
  };
  std::string line;
  write_measure(Measure{}, line);
  EXPECT_EQ(keys(line), required("measure"));
  line.clear();
  write_outcome(DecisionOutcome{}, line);
  EXPECT_EQ(keys(line), required("decision"));
  line.clear();
  write_preview(Preview{}, line);
  EXPECT_EQ(keys(line), required("preview"));
  line.clear();
  write_plan(MeasurePlan{}, line);
  EXPECT_EQ(keys(line), required("plan"));
}

// Words of `field` of a definition, found through its parts.
std::vector<std::string> words(std::string_view definition, const std::string& path) {
  return schema_json::texts(schema(definition).rule().at_pointer(path + "/enum"));
}

template <class E>
void expect_words(std::string_view definition, const std::string& path, std::size_t skipped = 0) {
  const auto& list = Words<E>::list;
  EXPECT_EQ(
      words(definition, path),
      std::vector<std::string>(list.begin() + static_cast<std::ptrdiff_t>(skipped), list.end()))
      << definition << path;
}

TEST(MeasureSchemaTest, EnumsAreTheWordsOfTheCode) {
  expect_words<MeasureKind>("plan", "/properties/kind");
  expect_words<Channel>("plan", "/properties/channel");
  expect_words<GateAction>("plan", "/properties/actions/items");
  expect_words<GateAction>("restriction", "/properties/action");
  expect_words<MeasureKind>("restriction", "/properties/reason");
  expect_words<SubjectKind>("subject", "/properties/kind");
  expect_words<Side>("liquidation", "/properties/side");
  expect_words<MeasureState>("measure", "/properties/state");
  expect_words<Amends>("measure", "/properties/amends", 1);
  expect_words<DecisionKind>("decision", "/properties/kind");
  expect_words<Refusal>("decision", "/properties/reason", 1);
  expect_words<MeasureKind>("command", "/properties/kind");
  std::vector<std::string> commands = {"set_restrictions"};
  commands.insert(commands.end(), Words<ExchangeJob>::list.begin(), Words<ExchangeJob>::list.end());
  commands.emplace_back("reminder");
  EXPECT_EQ(words("command", "/properties/command"), commands);
}

TEST(MeasureSchemaTest, IsClosedEverywhere) { EXPECT_EQ(schema("measure").not_closed(), ""); }

TEST(MeasureSchemaTest, RefusesWhatIsNoSuchLine) {
  Measure of;
  of.number = of.revision = of.case_number = 1;
  of.proposer_id = "anna";
  std::string good;
  write_measure(of, good);
  ASSERT_EQ(schema("measure").violation(good), "");
  const std::vector<std::pair<std::string, std::string>> changes = {
      {R"("measure_id":"m-1")", R"("measure_id":"x")"},
      {R"("state":"proposed")", R"("state":"done")"},
      {R"("measure":{"kind":"warn")", R"("measure":{"kind":"hang")"},
      {R"("target":{})", R"("target":{"name":"x"})"},
      {R"("automatic":false,)", ""},
      {R"("overdue":false)", R"("overdue":false,"note":"x")"},
  };
  for (const auto& [from, to] : changes) {
    std::string line = good;
    ASSERT_NE(line.find(from), line.npos) << from << good;
    line.replace(line.find(from), from.size(), to);
    EXPECT_NE(schema("measure").violation(line), "") << line;
  }
}

// --- docs/enforcement.md

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The objects of its blocks of JSON; one may go over several lines.
std::vector<std::string> examples(std::string text) {
  std::vector<std::string> all;
  for (std::size_t at = text.find("```json\n"); at != text.npos; at = text.find("```json\n", at)) {
    at += 8;
    const std::size_t end = text.find("```", at);
    simdjson::dom::parser parser;
    simdjson::dom::document_stream stream;
    const simdjson::padded_string block(text.substr(at, end - at));
    EXPECT_EQ(parser.parse_many(block).get(stream), simdjson::SUCCESS);
    for (auto object : stream) {
      EXPECT_EQ(object.error(), simdjson::SUCCESS) << text.substr(at, end - at);
      all.push_back(simdjson::minify(object.value()));
    }
    at = end + 3;
  }
  return all;
}

TEST(EnforcementPageTest, ItsExamplesAreWhatTheCodeTakesAndWrites) {
  std::map<std::string, int> seen;
  for (const std::string& example :
       examples(text_of(MARKTWACHT_SOURCE_DIR "/docs/enforcement.md"))) {
    simdjson::dom::parser parser;
    const simdjson::dom::element object = parser.parse(example);
    if (schema_json::has(object, "type")) {
      const std::string padded = example + std::string(NdjsonReader::padding, ' ');
      Batch batch;
      Item item;
      NdjsonReader().read(std::string_view(padded).substr(0, example.size()), batch, item);
      EXPECT_NE(item.event, nullptr) << example;
      EXPECT_EQ(batch.unknown_fields, 0U) << example;
      ++seen["event"];
    } else if (schema_json::has(object, "command")) {
      EXPECT_EQ(schema("command").violation(example), "") << example;
      ++seen["command"];
    } else if (schema_json::has(object, "preview_hash")) {
      EXPECT_EQ(schema("preview").violation(example), "") << example;
      ++seen["preview"];
    } else {
      const auto plan = read_plan(example);
      ASSERT_TRUE(plan) << plan.error() << " " << example;
      std::string written;
      write_plan(*plan, written);
      EXPECT_EQ(written, example);
      EXPECT_EQ(schema("plan").violation(example), "") << example;
      ++seen["plan"];
    }
  }
  EXPECT_GE(seen["event"], 2);
  EXPECT_GE(seen["command"], 2);
  EXPECT_GE(seen["plan"], 1);
}

}  // namespace
}  // namespace marktwacht
