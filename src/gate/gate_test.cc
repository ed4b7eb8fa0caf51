// The gate's rules one by one, the table's memory, and random questions against the slow twin.
#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>

#include "gate/gate_twin.h"
#include "gate/table_reader.h"
#include "gate/table_writer.h"

namespace marktwacht {
namespace {

constexpr NameKey key{0x0706'0504'0302'0100, 0x0f0e'0d0c'0b0a'0908};
constexpr Time now{1'700'000'000'000'000'000};

Decimal decimal(std::string_view text) { return *parse_decimal(text); }

// A table in this process's memory.
class TestTable {
 public:
  explicit TestTable(std::uint32_t heads = 1'024)
      : words_(std::make_unique<GateWordCell[]>(GateMemory::bytes_for(heads) / 8)),
        memory_{words_.get(), heads},
        writer_(memory_, key),
        reader_(memory_) {}

  bool put(const SubjectRestrictions& subject) {
    return writer_.put(subject.subject, subject.restrictions);
  }
  // Of the account "acc".
  void hold(std::vector<Restriction> restrictions) {
    EXPECT_TRUE(writer_.put({SubjectKind::account, "acc"}, restrictions));
  }
  GateAnswer ask(const GateQuestion& question, bool blind = false) const {
    Judgement judgement(question);
    if (judgement.needs_entries()) {
      const AskedNames names(question, key, reader_);
      reader_.prefetch(names);
      EXPECT_TRUE(reader_.read(names, judgement));
    }
    return judgement.answer(blind);
  }
  const GateMemory& memory() const { return memory_; }
  const GateTableReader& reader() const { return reader_; }

 private:
  std::unique_ptr<GateWordCell[]> words_;
  GateMemory memory_;
  GateTableWriter writer_;
  GateTableReader reader_;
};

Restriction restriction(GateAction action, MeasureKind reason = MeasureKind::freeze_account) {
  Restriction one;
  one.action = action;
  one.reason = reason;
  one.measure = 7;
  return one;
}

std::vector<Restriction> close_only(const std::string& instrument = "") {
  Restriction one = restriction(GateAction::open_position, MeasureKind::close_only);
  one.instrument_id = instrument;
  return {one};
}

GateQuestion question(GateAction action) {
  return {.action = action, .now = now, .account_id = "acc"};
}

GateQuestion order(Side side, std::optional<std::string_view> quantity,
                   std::optional<std::string_view> position) {
  GateQuestion asked = question(GateAction::place_order);
  asked.instrument_id = "BTC-PERP";
  asked.side = side;
  asked.quantity = quantity ? std::optional(decimal(*quantity)) : std::nullopt;
  asked.position = position ? std::optional(decimal(*position)) : std::nullopt;
  return asked;
}

std::string words(const GateAnswer& answer) {
  std::string text(word_of(answer.word));
  if (answer.reason != GateReason::none) {
    text += " " + std::string(word_of(answer.reason));
  }
  return answer.measure == 0 ? text : text + " " + measure_id(answer);
}

TEST(NameHash, IsSipHash13OfTheNameAndItsKind) {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string name;
    for (std::size_t at = 0; at < size; ++at) {
      name.push_back(static_cast<char>(200 + at));
    }
    const std::uint8_t kind = static_cast<std::uint8_t>(size * 7);
    std::string bytes = name + static_cast<char>(kind);
    EVP_MAC* mac = EVP_MAC_fetch(nullptr, "SIPHASH", nullptr);
    EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac);
    unsigned c_rounds = 1, d_rounds = 3;
    std::size_t wanted = 16, written = 0;
    OSSL_PARAM params[] = {OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_C_ROUNDS, &c_rounds),
                           OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_D_ROUNDS, &d_rounds),
                           OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &wanted),
                           OSSL_PARAM_construct_end()};
    ASSERT_EQ(EVP_MAC_init(context, reinterpret_cast<const unsigned char*>(&key), 16, params), 1);
    EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    NameHash expected;
    ASSERT_EQ(EVP_MAC_final(context, reinterpret_cast<unsigned char*>(&expected), &written, 16), 1);
    EXPECT_EQ(written, 16U);
    EXPECT_EQ(hash_name(key, kind, name), expected) << size;
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
  }
}

TEST(Gate, WhoIsNotRestrictedMayDoEverything) {
  const TestTable table;
  for (std::size_t action = 0; action < Words<GateAction>::list.size(); ++action) {
    EXPECT_EQ(words(table.ask(question(static_cast<GateAction>(action)))), "allow");
  }
}

TEST(Gate, EachActionIsDeniedByItsOwnEntryOnly) {
  for (std::size_t denied = 0; denied < Words<GateAction>::list.size(); ++denied) {
    TestTable table;
    table.hold({restriction(static_cast<GateAction>(denied))});
    for (std::size_t asked = 0; asked < Words<GateAction>::list.size(); ++asked) {
      const auto action = static_cast<GateAction>(asked);
      GateQuestion one = question(action);
      one.side = Side::buy;
      one.position = decimal("0");  // opens
      const bool opens = action == GateAction::place_order &&
                         static_cast<GateAction>(denied) == GateAction::open_position;
      const bool no = (asked == denied || opens) && action != GateAction::cancel_order;
      EXPECT_EQ(words(table.ask(one)), no ? "deny freeze_account m-7" : "allow")
          << Words<GateAction>::list[denied] << " " << Words<GateAction>::list[asked];
    }
    GateQuestion other = question(static_cast<GateAction>(denied));
    other.account_id = "acd";
    EXPECT_EQ(words(table.ask(other)), "allow");
  }
}

TEST(Gate, ACancelIsNeverDenied) {
  TestTable table;
  std::vector<Restriction> all;
  for (std::size_t action = 0; action < Words<GateAction>::list.size(); ++action) {
    all.push_back(restriction(static_cast<GateAction>(action), MeasureKind::terminate));
  }
  table.hold(all);
  EXPECT_EQ(words(table.ask(question(GateAction::cancel_order), true)), "allow");
  EXPECT_EQ(words(table.ask({.action = GateAction::cancel_order})), "allow");
}

TEST(Gate, CloseOnlyAllowsWhatProvablyReduces) {
  TestTable table;
  table.hold(close_only());
  const std::string no = "deny close_only m-7", part = "allow_reduce_only close_only m-7",
                    unknown = "deny unknown_position m-7";
  const struct {
    Side side;
    std::optional<std::string_view> quantity, position;
    std::string expected;
  } cases[] = {
      {Side::sell, "1", "2", "allow"},
      {Side::sell, "2", "2.0", "allow"},
      {Side::sell, "2.000001", "2", part},
      {Side::sell, std::nullopt, "2", part},
      {Side::buy, "1", "2", no},
      {Side::buy, "1", "-2", "allow"},
      {Side::buy, "2e1", "-2", part},
      {Side::sell, "1", "-2", no},
      {Side::sell, "1", "0", no},
      {Side::buy, "1", "0", no},
      {Side::sell, "1", std::nullopt, unknown},
      {Side::buy, "1", std::nullopt, unknown},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(words(table.ask(order(one.side, one.quantity, one.position))), one.expected)
        << one.quantity.value_or("-") << " " << one.position.value_or("-");
  }
  GateQuestion asked = order(Side::sell, "1", "2");
  asked.side.reset();
  EXPECT_EQ(words(table.ask(asked)), unknown);
  EXPECT_EQ(words(table.ask(question(GateAction::reduce_position))), "allow");
  EXPECT_EQ(words(table.ask(question(GateAction::open_position))), no);
}

TEST(Gate, UnderNoRestrictionAnUnknownPositionIsNoReason) {
  const TestTable table;
  EXPECT_EQ(words(table.ask(order(Side::sell, "1", std::nullopt))), "allow");
  EXPECT_EQ(words(table.ask(order(Side::sell, "3", "2"))), "allow");
}

TEST(Gate, PositionSidesAreRespected) {
  TestTable table;
  table.hold(close_only());
  const auto ask = [&](Side side, PositionSide position_side, const char* position) {
    GateQuestion asked = order(side, "1", position);
    asked.position_side = position_side;
    return words(table.ask(asked));
  };
  EXPECT_EQ(ask(Side::sell, PositionSide::long_, "1"), "allow");
  EXPECT_EQ(ask(Side::buy, PositionSide::long_, "1"), "deny close_only m-7");
  EXPECT_EQ(ask(Side::buy, PositionSide::short_, "1"), "allow");
  EXPECT_EQ(ask(Side::buy, PositionSide::short_, "-1"), "allow");
  EXPECT_EQ(ask(Side::sell, PositionSide::short_, "-1"), "deny close_only m-7");
  EXPECT_EQ(ask(Side::sell, PositionSide::long_, "0.5"), "allow_reduce_only close_only m-7");
  EXPECT_EQ(ask(Side::sell, PositionSide::long_, "0"), "deny close_only m-7");
  EXPECT_EQ(ask(Side::sell, PositionSide::long_, "-1"), "deny unknown_position m-7");
}

TEST(Gate, OnSpotASellReducesAndABuyOpens) {
  TestTable table;
  table.hold(close_only());
  GateQuestion sell = order(Side::sell, "1", std::nullopt);
  sell.spot = true;
  EXPECT_EQ(words(table.ask(sell)), "allow");
  sell.position = decimal("0.5");
  EXPECT_EQ(words(table.ask(sell)), "allow_reduce_only close_only m-7");
  sell.side = Side::buy;
  EXPECT_EQ(words(table.ask(sell)), "deny close_only m-7");
  sell.position.reset();
  EXPECT_EQ(words(table.ask(sell)), "deny close_only m-7");
  sell.position = decimal("-1");
  EXPECT_EQ(words(table.ask(sell)), "deny bad_question");
}

TEST(Gate, AFrozenAccountMayStillReduce) {
  TestTable table;
  table.hold({restriction(GateAction::place_order), restriction(GateAction::open_position)});
  EXPECT_EQ(words(table.ask(order(Side::sell, "1", "1"))), "allow");
  EXPECT_EQ(words(table.ask(order(Side::sell, "2", "1"))), "allow_reduce_only freeze_account m-7");
  EXPECT_EQ(words(table.ask(order(Side::buy, "1", "1"))), "deny freeze_account m-7");
}

TEST(Gate, TerminatedAccountsMayNotReduceButAreLiquidated) {
  TestTable table;
  const auto kind = MeasureKind::terminate;
  table.hold({restriction(GateAction::place_order, kind),
              restriction(GateAction::open_position, kind),
              restriction(GateAction::reduce_position, kind)});
  EXPECT_EQ(words(table.ask(order(Side::sell, "1", "1"))), "deny terminate m-7");
  EXPECT_EQ(words(table.ask(order(Side::sell, "2", "1"))), "deny terminate m-7");
  EXPECT_EQ(words(table.ask(question(GateAction::reduce_position))), "deny terminate m-7");
  GateQuestion liquidation = order(Side::sell, "1", std::nullopt);
  liquidation.liquidation = true;
  EXPECT_EQ(words(table.ask(liquidation)), "allow");
}

TEST(Gate, MinHoldingTimeHoldsUntilItIsOver) {
  TestTable table;
  Restriction held = restriction(GateAction::reduce_position, MeasureKind::min_holding_time);
  held.held_min = {60 * second.ns};
  table.hold({held});
  const std::string no = "deny min_holding_time m-7";
  GateQuestion asked = order(Side::sell, "1", "1");
  EXPECT_EQ(words(table.ask(asked)), no);  // nobody says when it was opened
  asked.position_opened = Time{now.ns - 60 * second.ns + 1};
  EXPECT_EQ(words(table.ask(asked)), no);
  asked.quantity = decimal("5");  // turning the position round is no way past it
  EXPECT_EQ(words(table.ask(asked)), no);
  asked.liquidation = true;
  EXPECT_EQ(words(table.ask(asked)), "allow");
  asked.liquidation = false;
  asked.position_opened = Time{now.ns - 60 * second.ns};
  EXPECT_EQ(words(table.ask(asked)), "allow");
  asked.position_opened = Time{std::numeric_limits<std::int64_t>::max()};
  EXPECT_EQ(words(table.ask(asked)), no);
  asked.position_opened = Time{std::numeric_limits<std::int64_t>::min()};
  EXPECT_EQ(words(table.ask(asked)), "allow");
  EXPECT_EQ(words(table.ask(order(Side::buy, "1", "1"))), "allow");
  EXPECT_EQ(words(table.ask(order(Side::buy, "1", std::nullopt))), "deny unknown_position m-7");
}

TEST(Gate, ARestrictionOnAnInstrumentIsForThatOne) {
  TestTable table;
  table.hold(close_only("BTC-PERP"));
  EXPECT_EQ(words(table.ask(order(Side::buy, "1", "1"))), "deny close_only m-7");
  GateQuestion other = order(Side::buy, "1", "1");
  other.instrument_id = "ETH-PERP";
  EXPECT_EQ(words(table.ask(other)), "allow");
  other.instrument_id = "";  // may be any
  EXPECT_EQ(words(table.ask(other)), "deny close_only m-7");
}

TEST(Gate, InstrumentsDevicesIpsAndAddressesAreLookedUpToo) {
  TestTable table;
  const auto put = [&](SubjectKind kind, const std::string& id, GateAction action) {
    EXPECT_TRUE(table.put({{kind, id}, 1, {restriction(action, MeasureKind::custom)}}));
  };
  put(SubjectKind::instrument, "BTC-PERP", GateAction::place_order);
  put(SubjectKind::device, "d", GateAction::register_);
  put(SubjectKind::ip, "i", GateAction::login);
  put(SubjectKind::address, "x", GateAction::withdraw);
  EXPECT_EQ(words(table.ask(order(Side::buy, "1", "0"))), "deny custom m-7");
  EXPECT_EQ(words(table.ask(order(Side::sell, "1", "1"))), "allow");
  GateQuestion asked{.action = GateAction::register_, .now = now, .device_id = "d"};
  EXPECT_EQ(words(table.ask(asked)), "deny custom m-7");
  asked.device_id = "i";  // that is the name of an ip
  EXPECT_EQ(words(table.ask(asked)), "allow");
  asked = question(GateAction::login);
  asked.ip = "i";
  EXPECT_EQ(words(table.ask(asked)), "deny custom m-7");
  asked = question(GateAction::withdraw);
  EXPECT_EQ(words(table.ask(asked)), "allow");
  asked.address = "x";
  EXPECT_EQ(words(table.ask(asked)), "deny custom m-7");
}

TEST(Gate, LimitsAreOfTheAssetElseOfAllOthers) {
  TestTable table;
  Restriction others = restriction(GateAction::withdraw, MeasureKind::limit_withdrawal);
  others.limit = decimal("0");
  Restriction usdt = others;
  usdt.asset = "USDT";
  usdt.limit = decimal("100.5");
  usdt.measure = 8;
  table.hold({others, usdt});
  const auto ask = [&](std::string_view asset, std::optional<std::string_view> amount) {
    GateQuestion asked = question(GateAction::withdraw);
    asked.asset = asset;
    asked.amount = amount ? std::optional(decimal(*amount)) : std::nullopt;
    return words(table.ask(asked));
  };
  EXPECT_EQ(ask("USDT", "100.5"), "allow");
  EXPECT_EQ(ask("USDT", "100.500000000000000001"), "deny limit_withdrawal m-8");
  EXPECT_EQ(ask("USDT", std::nullopt), "deny limit_withdrawal m-8");
  EXPECT_EQ(ask("BTC", "0.00000001"), "deny limit_withdrawal m-7");
  EXPECT_EQ(ask("BTC", "0"), "allow");
  EXPECT_EQ(ask("", "50"), "deny limit_withdrawal m-7");
  EXPECT_EQ(ask("USDT", "-1"), "deny bad_question");
}

TEST(Gate, WhatIsDeniedWithoutALimitIsDeniedForEachAsset) {
  TestTable table;
  Restriction all = restriction(GateAction::deposit, MeasureKind::block_deposit);
  Restriction usdt = restriction(GateAction::deposit, MeasureKind::limit_deposit);
  usdt.asset = "USDT";
  usdt.limit = decimal("100");
  table.hold({all, usdt});
  GateQuestion asked = question(GateAction::deposit);
  asked.asset = "USDT";
  asked.amount = decimal("1");
  EXPECT_EQ(words(table.ask(asked)), "deny block_deposit m-7");
  asked.position = decimal("0");
  EXPECT_EQ(words(table.ask(asked)), "deny block_deposit m-7");
  asked.position = decimal("-0.1");  // it is margin
  EXPECT_EQ(words(table.ask(asked)), "allow");
}

TEST(Gate, LeverageIsCapped) {
  TestTable table;
  Restriction cap = restriction(GateAction::use_leverage, MeasureKind::cap_leverage);
  cap.limit = decimal("10");
  EXPECT_TRUE(table.put({{SubjectKind::instrument, "BTC-PERP"}, 1, {cap}}));
  GateQuestion asked = question(GateAction::use_leverage);
  asked.instrument_id = "BTC-PERP";
  EXPECT_EQ(words(table.ask(asked)), "deny cap_leverage m-7");
  asked.leverage = decimal("10");
  EXPECT_EQ(words(table.ask(asked)), "allow");
  asked.leverage = decimal("10.1");
  EXPECT_EQ(words(table.ask(asked)), "deny cap_leverage m-7");
}

TEST(Gate, LoginIsAllowedFromKnownDevicesOnly) {
  TestTable table;
  Restriction known = restriction(GateAction::login, MeasureKind::restrict_login);
  known.devices = {"d1", "d2", "d3", "d4", "d5"};
  table.hold({known, restriction(GateAction::withdraw)});
  GateQuestion asked = question(GateAction::login);
  EXPECT_EQ(words(table.ask(asked)), "deny restrict_login m-7");
  for (const std::string& device : known.devices) {
    asked.device_id = device;
    EXPECT_EQ(words(table.ask(asked)), "allow");
  }
  asked.device_id = "d6";
  EXPECT_EQ(words(table.ask(asked)), "deny restrict_login m-7");
  // What lies behind the devices is still found.
  EXPECT_EQ(words(table.ask(question(GateAction::withdraw))), "deny freeze_account m-7");
}

TEST(Gate, AnEntryIsInForceBeforeItsEnd) {
  TestTable table;
  Restriction ends = restriction(GateAction::withdraw);
  ends.until = now;
  table.hold({ends});
  GateQuestion asked = question(GateAction::withdraw);
  EXPECT_EQ(words(table.ask(asked)), "allow");
  asked.now = {now.ns - 1};
  EXPECT_EQ(words(table.ask(asked)), "deny freeze_account m-7");
}

TEST(Gate, WhenBlindWhatIsNotKnownMayNotLeaveOrRegister) {
  TestTable table;
  Restriction limit = restriction(GateAction::withdraw, MeasureKind::limit_withdrawal);
  limit.limit = decimal("5");
  table.hold({restriction(GateAction::place_order), limit});
  for (std::size_t at = 0; at < Words<GateAction>::list.size(); ++at) {
    const auto action = static_cast<GateAction>(at);
    GateQuestion asked = question(action);
    asked.account_id = "other";
    const bool closed = action == GateAction::withdraw || action == GateAction::register_;
    EXPECT_EQ(words(table.ask(asked, true)), closed ? "deny when_blind" : "allow");
  }
  EXPECT_EQ(words(table.ask(order(Side::buy, "1", "0"), true)), "deny freeze_account m-7");
  GateQuestion asked = question(GateAction::withdraw);
  asked.amount = decimal("5");
  EXPECT_EQ(words(table.ask(asked, true)), "allow");  // by the entry that is known
  asked.amount = decimal("6");
  EXPECT_EQ(words(table.ask(asked, true)), "deny limit_withdrawal m-7");
}

TEST(Gate, AQuestionThatLacksSomethingIsBad) {
  const TestTable table;
  EXPECT_EQ(words(table.ask({.action = GateAction::withdraw, .now = now})), "deny bad_question");
  EXPECT_EQ(words(table.ask({.action = GateAction::withdraw, .account_id = "a"})),
            "deny bad_question");
  EXPECT_EQ(words(table.ask({.action = GateAction::register_, .now = now})), "allow");
  EXPECT_EQ(words(table.ask(order(Side::buy, "0", "1"))), "deny bad_question");
  EXPECT_EQ(words(table.ask(order(Side::buy, "-1", "1"))), "deny bad_question");
}

TEST(Gate, AnswersAsJson) {
  EXPECT_EQ(answer_json({}), R"({"answer":"allow","reason":"","measure_id":""})");
  EXPECT_EQ(answer_json({GateWord::deny, GateReason::when_blind, 0}),
            R"({"answer":"deny","reason":"when_blind","measure_id":""})");
  EXPECT_EQ(answer_json({GateWord::allow_reduce_only, reason_of(MeasureKind::close_by), 12}),
            R"({"answer":"allow_reduce_only","reason":"close_by","measure_id":"m-12"})");
}

TEST(GateTable, AFreeSubjectIsFreeAndItsEntriesAreUsedAgain) {
  TestTable table(64);  // 256 entries
  for (int round = 0; round < 1'000; ++round) {
    table.hold({restriction(GateAction::withdraw), restriction(GateAction::deposit)});
    EXPECT_EQ(words(table.ask(question(GateAction::deposit))), "deny freeze_account m-7");
    table.hold({});
    EXPECT_EQ(words(table.ask(question(GateAction::deposit))), "allow");
  }
}

TEST(GateTable, AFullTableSaysSoAndChangesNothing) {
  TestTable table(64);  // 32 of them are used, and 256 entries
  table.hold({restriction(GateAction::withdraw)});
  for (int other = 1; other < 32; ++other) {
    EXPECT_TRUE(table.put({{SubjectKind::account, "b" + std::to_string(other)},
                           1,
                           {restriction(GateAction::withdraw)}}));
  }
  EXPECT_FALSE(table.put({{SubjectKind::account, "c"}, 1, {restriction(GateAction::withdraw)}}));
  EXPECT_TRUE(table.put({{SubjectKind::account, "c"}, 1, {}}));  // nothing to say of it
  std::vector<Restriction> many(225, restriction(GateAction::deposit));
  EXPECT_FALSE(table.put({{SubjectKind::account, "acc"}, 2, many}));
  EXPECT_EQ(words(table.ask(question(GateAction::withdraw))), "deny freeze_account m-7");
  EXPECT_EQ(words(table.ask(question(GateAction::deposit))), "allow");
}

TEST(GateTable, DamagedMemoryIsNoticed) {
  TestTable table(64);
  table.hold({restriction(GateAction::withdraw)});
  const GateQuestion asked = question(GateAction::withdraw);
  const AskedNames names(asked, key, table.reader());
  Judgement judgement(asked);
  table.memory().entry(0)[0].store(0);
  EXPECT_FALSE(table.reader().read(names, judgement));
  for (std::uint32_t head = 0; head < 64; ++head) {
    for (int link : {3, 4}) {
      table.memory().head(head)[link].store(~std::uint64_t{0});
    }
  }
  EXPECT_FALSE(table.reader().read(names, judgement));
  for (std::uint32_t head = 0; head < 64; ++head) {  // full of others: no end to the search
    table.memory().head(head)[0].store(1);
    table.memory().head(head)[1].store(1);
  }
  EXPECT_FALSE(table.reader().read(names, judgement));
}

std::uint64_t questions_wanted(std::uint64_t usual) {
  const char* const wanted = std::getenv("MARKTWACHT_GATE_QUESTIONS");
  return wanted == nullptr ? usual : std::strtoull(wanted, nullptr, 10);
}

TEST(GateTable, RandomQuestionsGetTheTwinsAnswers) {
  const std::uint64_t questions = questions_wanted(500'000);
  RandomGate random(1);
  GateTwin twin;
  TestTable table;
  std::uint64_t words_seen[3] = {};
  for (std::uint64_t asked = 0; asked < questions; ++asked) {
    if (random.one_in(10)) {
      const SubjectRestrictions subject = random.subject();
      twin.put(subject);
      ASSERT_TRUE(table.put(subject));
    }
    const GateQuestion one = random.question();
    const bool blind = random.one_in(4);
    const GateAnswer answer = table.ask(one, blind);
    ASSERT_EQ(words(answer), words(twin.ask(one, blind))) << "question " << asked;
    ++words_seen[static_cast<std::size_t>(answer.word)];
  }
  for (const std::uint64_t seen : words_seen) {
    EXPECT_GT(seen, questions / 100);  // a comparison of something
  }
}

// Two states of one subject that a half would tell apart: every entry names the same measure.
std::vector<Restriction> state_of(std::uint64_t number) {
  std::vector<Restriction> state;
  for (std::size_t action = 0; action < 3 + number % 8; ++action) {
    state.push_back(restriction(static_cast<GateAction>(action)));
    state.back().measure = number + 1;
    state.back().reason = static_cast<MeasureKind>(number % 30);
  }
  return state;
}

TEST(GateTable, AReaderNeverSeesHalfAnUpdate) {
  TestTable table(64);
  std::atomic<bool> done = false;
  std::atomic<std::uint64_t> reads = 0, denials = 0;
  const auto read = [&] {
    GateQuestion asked = question(GateAction::place_order);
    asked.position = decimal("0");
    asked.side = Side::buy;
    std::uint64_t newest = 0;
    while (!done) {
      Judgement judgement(asked);
      const AskedNames names(asked, key, table.reader());
      ASSERT_TRUE(table.reader().read(names, judgement));
      const GateAnswer answer = judgement.answer(false);
      if (answer.word == GateWord::deny) {
        ASSERT_EQ(static_cast<std::uint64_t>(answer.reason), (answer.measure - 1) % 30);
        ASSERT_GE(answer.measure, newest);  // never back in time
        newest = answer.measure;
        denials.fetch_add(1, std::memory_order_relaxed);
      }
      reads.fetch_add(1, std::memory_order_relaxed);
    }
  };
  std::thread one(read), two(read);
  std::uint64_t number = 0;
  while (number < 50'000 || denials < 200) {
    table.hold(number % 16 == 15 ? std::vector<Restriction>{} : state_of(number));
    // Others take the entries that were given back.
    EXPECT_TRUE(table.put({{SubjectKind::account, "b"}, 1, state_of(number + 1)}));
    ++number;
  }
  done = true;
  one.join();
  two.join();
  EXPECT_GT(reads, denials);
}

}  // namespace
}  // namespace marktwacht
