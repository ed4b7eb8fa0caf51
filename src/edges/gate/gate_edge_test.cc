// The gate across its file: writer and readers, generations, damage, the C ABI, other processes.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <marktwacht/gate.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/token.h"
#include "edges/gate/gate_reader.h"
#include "edges/gate/gate_writer.h"
#include "gate/gate_twin.h"

namespace marktwacht {
namespace {

constexpr Time now{1'700'000'000'000'000'000};

class GateEdge : public testing::Test {
 protected:
  GateEdge() {
    std::string name = testing::TempDir() + "gate_XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~GateEdge() override { std::filesystem::remove_all(folder_); }

  GateWriter writer(const GateOptions& options = {}, std::string_view key = "key") {
    auto opened = GateWriter::open(folder_, key, options);
    EXPECT_TRUE(opened.has_value()) << opened.error();
    return *std::move(opened);
  }
  GateReader reader(std::string_view key = "key") {
    auto opened = GateReader::open(folder_, key);
    EXPECT_TRUE(opened.has_value()) << opened.error();
    return *std::move(opened);
  }
  std::string table() const { return folder_ + "/table"; }

  std::string folder_;
};

SubjectRestrictions frozen(const std::string& account, std::uint64_t revision = 1,
                           std::uint64_t measure = 7) {
  SubjectRestrictions subject{{SubjectKind::account, account}, revision, {}};
  for (const GateAction action : {GateAction::place_order, GateAction::open_position,
                                  GateAction::withdraw, GateAction::transfer}) {
    Restriction& one = subject.restrictions.emplace_back();
    one.action = action;
    one.reason = MeasureKind::freeze_account;
    one.measure = measure;
  }
  return subject;
}

SubjectRestrictions freed(const std::string& account, std::uint64_t revision) {
  return {{SubjectKind::account, account}, revision, {}};
}

GateQuestion question(std::string_view account, GateAction action = GateAction::withdraw) {
  return {.action = action, .now = now, .account_id = account};
}

std::string words(const GateAnswer& answer) {
  std::string text(word_of(answer.word));
  if (answer.reason != GateReason::none) {
    text += " " + std::string(word_of(answer.reason));
  }
  return answer.measure == 0 ? text : text + " " + measure_id(answer);
}

const std::string denied = "deny freeze_account m-7", blind = "deny when_blind";

TEST_F(GateEdge, ChangesAreSeenByReadersThatAreOpen) {
  GateWriter gate = writer();
  const GateReader early = reader();
  EXPECT_EQ(early.generation(), 0U);
  EXPECT_EQ(words(early.ask(question("a"))), blind);  // nothing was published yet
  EXPECT_EQ(words(early.ask(question("a", GateAction::place_order))), "allow");
  ASSERT_TRUE(gate.publish(std::array{frozen("a")}, now));
  EXPECT_EQ(words(early.ask(question("a"))), denied);
  EXPECT_EQ(words(early.ask(question("b"))), "allow");
  EXPECT_EQ(gate.apply(freed("a", 2)), true);
  EXPECT_EQ(gate.apply(frozen("b")), true);
  EXPECT_EQ(words(early.ask(question("a"))), "allow");
  EXPECT_EQ(words(early.ask(question("b"))), denied);
}

TEST_F(GateEdge, AnOlderRevisionIsIgnored) {
  GateWriter gate = writer();
  ASSERT_TRUE(gate.publish({}, now));
  EXPECT_EQ(gate.apply(frozen("a", 3)), true);
  EXPECT_EQ(gate.apply(freed("a", 2)), false);
  EXPECT_EQ(gate.apply(freed("a", 3)), false);
  EXPECT_EQ(words(reader().ask(question("a"))), denied);
  EXPECT_EQ(gate.apply(freed("a", 4)), true);
  EXPECT_EQ(gate.apply(frozen("a", 3)), false);
  EXPECT_EQ(words(reader().ask(question("a"))), "allow");
}

TEST_F(GateEdge, AStaleHeartbeatClosesWhatIsNotKnown) {
  GateWriter gate = writer();
  ASSERT_TRUE(gate.publish(std::array{frozen("a")}, now));
  const GateReader open = reader();
  EXPECT_EQ(open.heartbeat(), now);
  GateQuestion asked = question("b");
  asked.now = now + second;
  EXPECT_EQ(words(open.ask(asked)), "allow");
  asked.now = {asked.now.ns + 1};
  EXPECT_EQ(words(open.ask(asked)), blind);
  asked.account_id = "a";
  EXPECT_EQ(words(open.ask(asked)), denied);
  asked.action = GateAction::deposit;
  EXPECT_EQ(words(open.ask(asked)), "allow");
  gate.beat(asked.now);
  asked = question("b");
  asked.now = now + second + second;
  EXPECT_EQ(words(open.ask(asked)), "allow");
}

TEST_F(GateEdge, TheStaleLimitIsTheWriters) {
  GateWriter gate = writer({.stale = {5 * second.ns}});
  ASSERT_TRUE(gate.publish({}, now));
  const GateReader open = reader();
  EXPECT_FALSE(open.blind({now.ns + 5 * second.ns}));
  EXPECT_TRUE(open.blind({now.ns + 5 * second.ns + 1}));
}

TEST_F(GateEdge, AfterARestartWhatHeldHoldsUntilAllIsPublishedAnew) {
  {
    GateWriter gate = writer();
    ASSERT_TRUE(gate.publish(std::array{frozen("a"), frozen("b")}, now));
  }
  const GateReader open = reader();
  GateWriter again = writer();
  EXPECT_EQ(words(open.ask(question("a"))), denied);
  EXPECT_EQ(open.heartbeat(), now);
  ASSERT_TRUE(again.publish(std::array{frozen("b"), frozen("c")}, now + second));
  EXPECT_EQ(open.generation(), 2U);
  EXPECT_EQ(words(open.ask(question("a"))), "allow");
  EXPECT_EQ(words(open.ask(question("b"))), denied);
  EXPECT_EQ(words(open.ask(question("c"))), denied);
}

TEST_F(GateEdge, TheTableGrowsWhileReadersKeepTheirAnswers) {
  GateWriter gate = writer({.subjects_max = 20'000});
  ASSERT_TRUE(gate.publish(std::array{frozen("first")}, now));
  const GateReader open = reader();
  for (int account = 0; account < 20'000; ++account) {
    ASSERT_EQ(gate.apply(frozen("a" + std::to_string(account))), true);
  }
  EXPECT_GE(gate.generation(), 4U);
  EXPECT_EQ(open.generation(), gate.generation());
  EXPECT_EQ(words(open.ask(question("first"))), denied);
  for (int account = 0; account < 20'000; ++account) {
    ASSERT_EQ(words(open.ask(question("a" + std::to_string(account)))), denied) << account;
    ASSERT_EQ(words(open.ask(question("b" + std::to_string(account)))), "allow") << account;
  }
}

TEST_F(GateEdge, AFullGateIsAnErrorAndKeepsWhatHolds) {
  GateWriter gate = writer({.subjects_max = 1});  // the least there is: 512
  ASSERT_TRUE(gate.publish({}, now));
  int account = 0;
  while (account < 513 && gate.apply(frozen("a" + std::to_string(account))).has_value()) {
    ++account;
  }
  EXPECT_EQ(account, 512);
  const auto full = gate.apply(frozen("one more"));
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error(), "the gate is full: 513 subjects are restricted");
  const GateReader open = reader();
  EXPECT_EQ(words(open.ask(question("a511"))), denied);
  EXPECT_EQ(words(open.ask(question("one more"))), "allow");
  EXPECT_EQ(gate.apply(freed("a3", 2)), true);  // makes room, by a new generation
  EXPECT_EQ(gate.apply(frozen("one more")), true);
  EXPECT_EQ(words(open.ask(question("one more"))), denied);
}

TEST_F(GateEdge, OnlyOneWriterAtATime) {
  const GateWriter gate = writer();
  for (const char* key : {"key", "another"}) {
    const auto second_one = GateWriter::open(folder_, key);
    ASSERT_FALSE(second_one.has_value());
    EXPECT_EQ(second_one.error(), folder_ + ": another writer has this gate");
  }
}

TEST_F(GateEdge, ForeignAndTornFilesAreRefused) {
  const auto error = [&](std::string_view key = "key") {
    const auto opened = GateReader::open(folder_, key);
    return opened ? "opened" : opened.error().substr(table().size());
  };
  EXPECT_EQ(error(), ": no gate: No such file or directory");
  {
    std::ofstream(table()) << "short";
  }
  EXPECT_EQ(error(), ": this is no gate");
  {
    std::ofstream(table()) << std::string(10'000, 'x');
  }
  EXPECT_EQ(error(), ": this is no gate");
  {
    GateWriter gate = writer({.subjects_max = 1});  // in place of the foreign one
    ASSERT_TRUE(gate.publish(std::array{frozen("a")}, now));
  }
  EXPECT_EQ(error(), "opened");
  EXPECT_EQ(error("another"), ": this gate was written with another deployment key");
  const auto bytes = std::filesystem::file_size(table());
  std::filesystem::resize_file(table(), bytes - 1);
  EXPECT_EQ(error(), ": this gate is damaged: " + std::to_string(bytes - 1) + " bytes long");
  std::filesystem::resize_file(table(), 40);
  EXPECT_EQ(error(), ": this is no gate");
  std::filesystem::remove(table());
  {
    GateWriter gate = writer({.subjects_max = 1});
    ASSERT_TRUE(gate.publish(std::array{frozen("a")}, now));
  }
  std::fstream file(table(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(8);
  file.put(3);
  file.close();
  EXPECT_EQ(error(), ": a gate of version 3; this program knows version 2");
}

TEST_F(GateEdge, TheFileIsForItsGroup) {
  writer();
  struct stat status{};
  ASSERT_EQ(stat(table().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640U);
  // Sparse: what is not used takes no room.
  EXPECT_LT(status.st_blocks * 512, 100'000);
}

TEST_F(GateEdge, PublishGateIsForTrials) {
  Restriction known;
  known.action = GateAction::login;
  known.reason = MeasureKind::restrict_login;
  known.measure = 3;
  known.devices = {"phone"};
  const SubjectRestrictions subjects[] = {frozen("a"), {{SubjectKind::account, "b"}, 1, {known}}};
  ASSERT_TRUE(publish_gate(folder_, subjects));
  const auto open = GateReader::open(folder_ + "/gate", "");
  ASSERT_TRUE(open.has_value()) << open.error();
  EXPECT_EQ(words(open->ask(question("a"))), denied);
  GateQuestion login = question("b", GateAction::login);
  login.device_id = "phone";
  EXPECT_EQ(words(open->ask(login)), "allow");
  login.device_id = "pad";
  EXPECT_EQ(words(open->ask(login)), "deny restrict_login m-3");
  ASSERT_TRUE(publish_gate(folder_, std::array{frozen("c")}));
  EXPECT_EQ(words(open->ask(question("c"))), denied);
  EXPECT_NE(words(open->ask(question("a"))), denied);
}

mw_gate_question c_question(const char* account, std::uint32_t action) {
  mw_gate_question asked{};
  asked.size = sizeof asked;
  asked.action = action;
  asked.now_ns = now.ns;
  asked.account_id = mw_text_of(account);
  return asked;
}

std::string c_words(const mw_gate* gate, const void* asked) {
  mw_gate_answer answer{};
  answer.size = sizeof answer;
  const std::uint32_t word =
      mw_gate_check(gate, static_cast<const mw_gate_question*>(asked), &answer);
  EXPECT_EQ(word, answer.word);
  return std::string(answer.word_text) + " " + answer.reason_text + " " + answer.measure_id;
}

TEST_F(GateEdge, TheCAbiAnswersInWordsAndNumbers) {
  GateWriter gate = writer();
  ASSERT_TRUE(gate.publish(std::array{frozen("a")}, now));
  char error[16] = "";
  EXPECT_EQ(mw_gate_open("/no/such/folder", nullptr, 0, error, sizeof error), nullptr);
  EXPECT_STREQ(error, "/no/such/folder");  // as much as fits
  EXPECT_EQ(mw_gate_open(nullptr, nullptr, 0, nullptr, 0), nullptr);
  mw_gate* open = mw_gate_open(folder_.c_str(), "key", 3, nullptr, 0);
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(mw_gate_heartbeat(open), now.ns);
  EXPECT_EQ(mw_gate_version(), 1U);

  mw_gate_question asked = c_question("a", MW_PLACE_ORDER);
  asked.side = MW_SELL;
  asked.quantity = mw_decimal_of(25, -1);
  ASSERT_EQ(mw_decimal_parse("2.0", 3, &asked.position), 0);
  mw_gate_answer answer{};
  answer.size = sizeof answer;
  EXPECT_EQ(mw_gate_check(open, &asked, &answer), unsigned{MW_ALLOW_REDUCE_ONLY});
  EXPECT_EQ(answer.reason, static_cast<unsigned>(MeasureKind::freeze_account) + 1);
  EXPECT_EQ(answer.measure, 7U);
  EXPECT_STREQ(answer.measure_id, "m-7");
  EXPECT_STREQ(answer.reason_text, "freeze_account");
  EXPECT_STREQ(answer.word_text, "allow_reduce_only");
  EXPECT_EQ(mw_gate_check(open, &asked, nullptr), unsigned{MW_ALLOW_REDUCE_ONLY});
  asked.position = mw_decimal_of(-3, 0);
  asked.side = MW_BUY;
  EXPECT_EQ(c_words(open, &asked), "allow  ");
  asked = c_question("b", MW_WITHDRAW);
  asked.now_ns += 2 * second.ns;
  EXPECT_EQ(mw_gate_check(open, &asked, &answer), unsigned{MW_DENY});
  EXPECT_EQ(answer.reason, unsigned{MW_REASON_WHEN_BLIND});
  EXPECT_STREQ(answer.measure_id, "");

  char token[65];
  ASSERT_EQ(mw_gate_token(open, "10.0.0.1", 8, token), 0);
  EXPECT_EQ(token, token_of("key", "10.0.0.1"));
  mw_gate_close(open);
  mw_gate_close(nullptr);
}

TEST_F(GateEdge, TheCAbiHasNoTokensWithoutAKey) {
  GateWriter gate = writer({}, "");
  mw_gate* open = mw_gate_open(folder_.c_str(), nullptr, 0, nullptr, 0);
  ASSERT_NE(open, nullptr);
  char token[65] = "x";
  EXPECT_EQ(mw_gate_token(open, "10.0.0.1", 8, token), -1);
  EXPECT_STREQ(token, "");
  mw_gate_close(open);
}

TEST_F(GateEdge, TheCAbiDeniesWhatItCannotUnderstand) {
  GateWriter gate = writer();
  ASSERT_TRUE(gate.publish({}, now));
  mw_gate* open = mw_gate_open(folder_.c_str(), "key", 3, nullptr, 0);
  const mw_gate_question good = c_question("a", MW_PLACE_ORDER);
  EXPECT_EQ(c_words(open, &good), "allow  ");
  const auto spoilt = [&](auto&& spoil) {
    mw_gate_question asked = good;
    spoil(asked);
    mw_gate_answer answer{};
    answer.size = sizeof answer;
    mw_gate_check_batch(open, &asked, 1, &answer);
    const std::string text = c_words(open, &asked);
    EXPECT_EQ(text, std::string(answer.word_text) + " " + answer.reason_text + " ");
    return text;
  };
  const std::string bad = "deny bad_question ";
  EXPECT_EQ(spoilt([](auto& asked) { asked.action = 0; }), bad);
  EXPECT_EQ(spoilt([](auto& asked) { asked.action = 12; }), bad);
  EXPECT_EQ(spoilt([](auto& asked) { asked.now_ns = 0; }), bad);
  EXPECT_EQ(spoilt([](auto& asked) { asked.side = 3; }), bad);
  EXPECT_EQ(spoilt([](auto& asked) { asked.position_side = 3; }), bad);
  EXPECT_EQ(spoilt([](auto& asked) { asked.spot = 2; }), bad);
  EXPECT_EQ(spoilt([](auto& asked) { asked.liquidation = 2; }), bad);
  EXPECT_EQ(spoilt([](auto& asked) { asked.reserved = 1; }), bad);
  EXPECT_EQ(spoilt([](auto& asked) { asked.quantity = mw_decimal_of(1, 128); }), bad);
  EXPECT_EQ(spoilt([](auto& asked) { asked.quantity.known = 2; }), bad);
  EXPECT_EQ(spoilt([](auto& asked) {
              asked.position = {0, std::numeric_limits<std::int64_t>::max(), 0, 1};
            }),
            bad);
  EXPECT_EQ(spoilt([](auto& asked) { asked.size = 8; }), bad);
  EXPECT_EQ(spoilt([](auto& asked) { asked.account_id = {}; }), bad);
  EXPECT_EQ(spoilt([](auto& asked) {
              asked.action = MW_CANCEL_ORDER;
              asked.side = 9;
            }),
            "allow  ");
  mw_decimal value;
  EXPECT_EQ(mw_decimal_parse("1.5x", 4, &value), -1);
  EXPECT_EQ(value.known, 0U);
  mw_gate_close(open);
}

// Programs that were compiled with another header: their struct is shorter or longer.
TEST_F(GateEdge, QuestionsOfOtherSizesAreUnderstood) {
  GateWriter gate = writer();
  SubjectRestrictions close_only = frozen("a");
  close_only.restrictions.resize(2);
  close_only.restrictions[0].instrument_id = "BTC-PERP";
  ASSERT_TRUE(gate.publish(std::array{close_only}, now));
  mw_gate* open = mw_gate_open(folder_.c_str(), "key", 3, nullptr, 0);
  mw_gate_question asked = c_question("a", MW_PLACE_ORDER);
  asked.instrument_id = mw_text_of("BTC-PERP");
  asked.side = MW_SELL;
  asked.quantity = mw_decimal_of(1, 0);
  asked.position = mw_decimal_of(1, 0);
  EXPECT_EQ(c_words(open, &asked), "allow  ");
  struct {
    mw_gate_question question;
    std::uint64_t later;
  } longer = {asked, 0};
  longer.question.size = sizeof longer;
  EXPECT_EQ(c_words(open, &longer), "allow  ");
  longer.later = 1;  // asks for something that this library does not know
  EXPECT_EQ(c_words(open, &longer), "deny bad_question ");
  // What lies behind the end of a shorter one is not read: there is no position.
  asked.size = offsetof(mw_gate_question, position);
  EXPECT_EQ(c_words(open, &asked), "deny unknown_position m-7");
  asked.size = offsetof(mw_gate_question, asset);
  EXPECT_EQ(c_words(open, &asked), "allow  ");
  asked.size = offsetof(mw_gate_question, instrument_id);
  EXPECT_EQ(c_words(open, &asked), "deny unknown_position m-7");
  // So is what lies behind a shorter answer.
  mw_gate_answer answer{};
  answer.size = offsetof(mw_gate_answer, word_text);
  mw_gate_check(open, &asked, &answer);
  EXPECT_EQ(answer.word, unsigned{MW_DENY});
  EXPECT_EQ(answer.word_text, nullptr);
  mw_gate_close(open);
}

TEST_F(GateEdge, ABatchIsTheSameAsOneByOneAndAsTheTwin) {
  RandomGate random(7);
  GateTwin twin;
  GateWriter gate = writer({}, "key");
  ASSERT_TRUE(gate.publish({}, now));
  const GateReader open = reader();
  for (std::uint64_t round = 1; round <= 2'000; ++round) {
    SubjectRestrictions subject = random.subject();
    subject.revision = round;
    twin.put(subject);
    ASSERT_EQ(gate.apply(subject), true);
    std::vector<GateQuestion> questions;
    for (std::uint64_t some = 0; some < round % 50; ++some) {
      questions.push_back(random.question());
    }
    gate.beat(random.one_in(3) ? Time{now.ns - 10 * second.ns} : Time{now.ns + 10 * second.ns});
    std::vector<GateAnswer> answers(questions.size());
    open.ask(questions, answers);
    for (std::size_t at = 0; at < questions.size(); ++at) {
      ASSERT_EQ(words(answers[at]), words(open.ask(questions[at])));
      ASSERT_EQ(words(answers[at]), words(twin.ask(questions[at], open.blind(questions[at].now))));
    }
  }
}

mw_text c_text(std::string_view text) { return {text.data(), text.size()}; }

mw_decimal c_decimal(const std::optional<Decimal>& value) {
  if (!value) {
    return {};
  }
  const auto mantissa = static_cast<UInt128>(value->mantissa);
  return {static_cast<std::uint64_t>(mantissa), static_cast<std::int64_t>(mantissa >> 64),
          value->exponent, 1};
}

mw_gate_question c_question(const GateQuestion& question) {
  mw_gate_question asked{};
  asked.size = sizeof asked;
  asked.action = static_cast<std::uint32_t>(question.action) + 1;
  asked.now_ns = question.now.ns;
  asked.account_id = c_text(question.account_id);
  asked.instrument_id = c_text(question.instrument_id);
  asked.side = !question.side ? MW_SIDE_UNKNOWN : *question.side == Side::buy ? MW_BUY : MW_SELL;
  asked.position_side = !question.position_side                          ? MW_ONE_WAY
                        : *question.position_side == PositionSide::long_ ? MW_LONG
                                                                         : MW_SHORT;
  asked.spot = question.spot;
  asked.liquidation = question.liquidation;
  asked.quantity = c_decimal(question.quantity);
  asked.position = c_decimal(question.position);
  asked.asset = c_text(question.asset);
  asked.amount = c_decimal(question.amount);
  asked.leverage = c_decimal(question.leverage);
  asked.position_opened_ts = question.position_opened ? question.position_opened->ns : 0;
  asked.device_id = c_text(question.device_id);
  asked.ip = c_text(question.ip);
  asked.address = c_text(question.address);
  return asked;
}

TEST_F(GateEdge, TheCAbiIsTheSameAsTheTwin) {
  RandomGate random(8);
  GateTwin twin;
  GateWriter gate = writer({}, "key");
  ASSERT_TRUE(gate.publish({}, now));
  mw_gate* open = mw_gate_open(folder_.c_str(), "key", 3, nullptr, 0);
  ASSERT_NE(open, nullptr);
  std::uint64_t allowed = 0;
  for (std::uint64_t round = 1; round <= 2'000; ++round) {
    SubjectRestrictions subject = random.subject();
    subject.revision = round;
    if (random.one_in(3)) {
      subject.restrictions.clear();  // many are free, as most are in life
    }
    twin.put(subject);
    ASSERT_EQ(gate.apply(subject), true);
    const Time beat =
        random.one_in(3) ? Time{now.ns - 10 * second.ns} : Time{now.ns + 5 * second.ns};
    gate.beat(beat);
    std::vector<mw_gate_question> questions;
    std::vector<std::string> expected;
    for (std::uint64_t some = 0; some < 50; ++some) {
      const GateQuestion one = random.question();
      questions.push_back(c_question(one));
      const GateAnswer answer = twin.ask(one, one.now.ns - beat.ns > second.ns);
      expected.push_back(std::string(word_of(answer.word)) + " " +
                         std::string(word_of(answer.reason)) + " " + measure_id(answer));
      allowed += answer.word == GateWord::allow ? 1 : 0;
    }
    mw_gate_answer empty{};
    empty.size = sizeof empty;
    std::vector<mw_gate_answer> answers(questions.size(), empty);
    mw_gate_check_batch(open, questions.data(), questions.size(), answers.data());
    for (std::size_t at = 0; at < questions.size(); ++at) {
      ASSERT_EQ(c_words(open, &questions[at]), expected[at]);
      ASSERT_EQ(std::string(answers[at].word_text) + " " + answers[at].reason_text + " " +
                    answers[at].measure_id,
                expected[at]);
    }
  }
  EXPECT_GT(allowed, 10'000U);
  mw_gate_close(open);
}

// A process of its own; it ends by a signal, or with what `work` returns.
template <class Work>
pid_t start_process(Work&& work) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(work());
  }
  return child;
}

// Memory that children share with their parent.
std::atomic<std::uint64_t>* shared_counter() {
  void* const memory =
      mmap(nullptr, 4'096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return new (memory) std::atomic<std::uint64_t>(0);
}

// Reads one account that a writer changes at full speed: each state has one measure and the reason
// that goes with it, and measures only rise.
int watch(const std::string& folder, const std::atomic<std::uint64_t>& finished) {
  const auto open = GateReader::open(folder, "key");
  if (!open) {
    return 1;
  }
  std::uint64_t newest = 0, seen = 0, generations = 0;
  GateQuestion asked = question("a", GateAction::place_order);
  asked.side = Side::buy;
  asked.position = Decimal{};
  while (finished == 0 || seen < 200) {
    const GateAnswer answer = open->ask(asked);
    if (answer.word == GateWord::allow) {
      continue;
    }
    if (answer.measure < newest ||
        static_cast<std::uint64_t>(answer.reason) != answer.measure % 30) {
      return 2;
    }
    if (open->generation() < generations) {
      return 3;
    }
    generations = open->generation();
    seen += answer.measure != newest ? 1 : 0;
    newest = answer.measure;
  }
  return generations > 3 ? 0 : 4;
}

TEST_F(GateEdge, ReadersInOtherProcessesNeverSeeHalfAnUpdate) {
  GateWriter gate = writer({.subjects_max = 100'000});
  ASSERT_TRUE(gate.publish({}, now));
  std::atomic<std::uint64_t>* const finished = shared_counter();
  pid_t children[2];
  for (pid_t& child : children) {
    child = start_process([&] { return watch(folder_, *finished); });
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  std::uint64_t number = 1;
  while (std::chrono::steady_clock::now() < end || gate.generation() < 5) {
    SubjectRestrictions state = frozen("a", number, number);
    state.restrictions.resize(2 + number % 3);
    for (Restriction& one : state.restrictions) {
      one.reason = static_cast<MeasureKind>(number % 30);
    }
    ASSERT_EQ(gate.apply(state), true);
    if (number % 64 == 0) {  // so that the table grows under the readers
      ASSERT_EQ(gate.apply(frozen("b" + std::to_string(number))), true);
    }
    ++number;
  }
  *finished = 1;
  // Those that were kept from the processor still want to see changes.
  for (pid_t& child : children) {
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
      SubjectRestrictions state = frozen("a", number, number);
      for (Restriction& one : state.restrictions) {
        one.reason = static_cast<MeasureKind>(number % 30);
      }
      ASSERT_EQ(gate.apply(state), true);
      ++number;
    }
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }
}

TEST_F(GateEdge, AKilledWritersRestrictionsHoldAndTheRestIsBlind) {
  std::atomic<std::uint64_t>* const changes = shared_counter();
  for (int kills = 0; kills < 20; ++kills) {
    *changes = 0;
    const pid_t child = start_process([&] {
      auto gate = GateWriter::open(folder_, "key");
      if (!gate || !gate->publish(std::array{frozen("held")}, now)) {
        return 1;
      }
      for (std::uint64_t number = 1;; ++number) {
        if (!gate->apply(frozen("a", 2 * number, number)) ||
            !gate->apply(freed("a", 2 * number + 1))) {
          return 1;
        }
        gate->beat(now);
        ++*changes;
      }
    });
    while (*changes < 100) {
      ASSERT_EQ(waitpid(child, nullptr, WNOHANG), 0);
    }
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    const GateReader open = reader();
    GateQuestion asked = question("held");
    asked.now = {now.ns + 2 * second.ns};
    EXPECT_EQ(words(open.ask(asked)), denied);
    asked.account_id = "other";
    EXPECT_EQ(words(open.ask(asked)), blind);
    asked.action = GateAction::place_order;
    EXPECT_EQ(words(open.ask(asked)), "allow");
    asked = question("a");  // killed between two states, or on the way from one to the other
    const GateAnswer answer = open.ask(asked);
    EXPECT_TRUE(answer.word == GateWord::allow || answer.reason == GateReason{10}) << words(answer);
  }
}

std::string output_of(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "r");
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    text.push_back(static_cast<char>(c));
  }
  pclose(pipe);
  return text;
}

TEST_F(GateEdge, TheExamplesRun) {
  const std::string key = "the deployment key";
  Restriction limit;
  limit.action = GateAction::withdraw;
  limit.asset = "USDT";
  limit.limit = *parse_decimal("100");
  limit.reason = MeasureKind::limit_withdrawal;
  limit.measure = 12;
  Restriction login;
  login.action = GateAction::login;
  login.devices = {token_of(key, "phone")};
  login.reason = MeasureKind::restrict_login;
  login.measure = 13;
  ASSERT_TRUE(publish_gate(
      folder_,
      std::array{frozen("ann"),
                 SubjectRestrictions{{SubjectKind::account, "bob"}, 1, {login, limit}}},
      key));
  const std::string environment =
      "MARKTWACHT_DEPLOYMENT_KEY='" + key + "' LIBRARY='" GATE_LIBRARY "' ";
  const std::string c = environment + "'" GATE_EXAMPLE "' '" + folder_ + "/gate' ";
  EXPECT_EQ(output_of(c + "ann BTC-PERP buy 1 0"), "deny freeze_account m-7\n");
  EXPECT_EQ(output_of(c + "ann BTC-PERP sell 1 1.5"), "allow  \n");
  EXPECT_EQ(output_of(c + "ann BTC-PERP sell 2 1.5"), "allow_reduce_only freeze_account m-7\n");
  EXPECT_EQ(output_of(c + "bob BTC-PERP sell 2"), "allow  \n");
  EXPECT_EQ(output_of("'" GATE_EXAMPLE "' '" + folder_ + "/gate' ann BTC-PERP buy 1 2>&1"),
            folder_ + "/gate/table: this gate was written with another deployment key\n");
#ifndef GATE_SANITIZED
  const std::string python =
      environment + "python3 '" GATE_PYTHON_EXAMPLE "' '" + folder_ + "/gate' ";
  EXPECT_EQ(output_of(python + "bob withdraw USDT 100"), "allow  \n");
  EXPECT_EQ(output_of(python + "bob withdraw USDT 100.01"), "deny limit_withdrawal m-12\n");
  EXPECT_EQ(output_of(python + "bob login phone"), "allow  \n");
  EXPECT_EQ(output_of(python + "bob login pad"), "deny restrict_login m-13\n");
#endif
}

}  // namespace
}  // namespace marktwacht
