// The C ABI: see include/marktwacht/gate.h. Nothing here throws, and nothing on the way of a
// question allocates.
#include <marktwacht/gate.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <new>

#include "base/token.h"
#include "edges/gate/gate_reader.h"

struct mw_gate {
  marktwacht::GateReader reader;
  std::string deployment_key;
};

namespace marktwacht {
namespace {

static_assert(MW_REGISTER == static_cast<int>(GateAction::register_) + 1);
static_assert(MW_USE_LEVERAGE == static_cast<int>(GateAction::use_leverage) + 1 &&
              MW_USE_LEVERAGE == Words<GateAction>::list.size());
static_assert(MW_DENY == static_cast<int>(GateWord::deny) + 1);
static_assert(sizeof(mw_gate_question) == 224 && sizeof(mw_gate_answer) == 64);

// Anything older had no account to ask for.
constexpr std::uint32_t question_size_least = offsetof(mw_gate_question, instrument_id);

std::uint32_t code_of(GateReason reason) { return (static_cast<std::uint32_t>(reason) + 1) & 0xFF; }
static_assert(MW_REASON_WHEN_BLIND == static_cast<int>(GateReason::when_blind) + 1);

// Words with a zero behind them, by their number.
struct TerminatedWord {
  char text[24] = {};
};
template <class E, std::size_t count>
consteval std::array<TerminatedWord, count> terminated_words() {
  std::array<TerminatedWord, count> words;
  for (std::size_t at = 0; at < count; ++at) {
    const std::string_view word = word_of(static_cast<E>(at));
    for (std::size_t i = 0; i < word.size(); ++i) {
      words[at].text[i] = word[i];
    }
  }
  return words;
}
constexpr auto answer_words = terminated_words<GateWord, Words<GateWord>::list.size()>();
constexpr auto reason_words = terminated_words<GateReason, 256>();

std::string_view view(const mw_text& text) {
  return text.data == nullptr ? std::string_view{} : std::string_view{text.data, text.size};
}

// False for what is no Decimal.
bool set(std::optional<Decimal>& value, const mw_decimal& given) {
  if (given.known == 0) {
    return true;
  }
  constexpr int exponent_max = 127;
  constexpr Int128 half = 10'000'000'000'000'000'000U, end = half * half;  // 10^38
  const auto mantissa = static_cast<Int128>(
      UInt128{static_cast<std::uint64_t>(given.mantissa_high)} << 64 | given.mantissa_low);
  value = Decimal{mantissa, given.exponent};
  return given.known == 1 && given.exponent <= exponent_max && given.exponent >= -exponent_max &&
         mantissa < end && mantissa > -end;
}

bool fill(const mw_gate_question& given, GateQuestion& question) {
  question.action = static_cast<GateAction>(given.action - 1);
  question.now = {given.now_ns};
  question.account_id = view(given.account_id);
  question.instrument_id = view(given.instrument_id);
  if (given.side != MW_SIDE_UNKNOWN) {
    question.side = given.side == MW_BUY ? Side::buy : Side::sell;
  }
  if (given.position_side != MW_ONE_WAY) {
    question.position_side =
        given.position_side == MW_LONG ? PositionSide::long_ : PositionSide::short_;
  }
  question.spot = given.spot != 0;
  question.liquidation = given.liquidation != 0;
  question.asset = view(given.asset);
  if (given.position_opened_ts != 0) {
    question.position_opened = Time{given.position_opened_ts};
  }
  question.device_id = view(given.device_id);
  question.ip = view(given.ip);
  question.address = view(given.address);
  return set(question.quantity, given.quantity) && set(question.position, given.position) &&
         set(question.amount, given.amount) && set(question.leverage, given.leverage) &&
         given.action >= MW_REGISTER && given.action <= MW_USE_LEVERAGE && given.side <= MW_SELL &&
         given.position_side <= MW_SHORT && given.spot <= 1 && given.liquidation <= 1 &&
         given.reserved == 0;
}

// Without branches: which side a position is on cannot be guessed.
bool is_plain(const mw_decimal& value, bool may_be_negative) {
  constexpr int exponent_max = 127;
  const bool in_range =
      (value.known == 1) & (value.exponent <= exponent_max) & (value.exponent >= -exponent_max);
  const bool is_word = (value.mantissa_high == 0) | (may_be_negative & (value.mantissa_high == -1));
  return (value.known == 0) | (in_range & is_word);
}

// The usual question, of somebody against whom nothing is held: allowed, without a further look.
// Anything else is judged. For questions of our own size only.
bool is_surely_allowed(const GateReader& reader, const mw_gate_question& question) {
  const auto from_login = question.action - MW_LOGIN;  // of a smaller one it is huge
  const bool usual = (from_login <= MW_USE_LEVERAGE - MW_LOGIN) & (question.action != MW_WITHDRAW) &
                     (question.now_ns > 0) & (question.account_id.size > 0) &
                     (question.account_id.data != nullptr) & (question.side <= MW_SELL) &
                     (question.position_side <= MW_SHORT) & (question.spot == 0) &
                     (question.liquidation <= 1) & (question.reserved == 0);
  const bool names_more = (question.device_id.size | question.ip.size | question.address.size) != 0;
  const bool asks_more = (question.amount.known | question.leverage.known) != 0;
  const bool counts = (question.quantity.known == 0) | (question.quantity.mantissa_low != 0);
  return (usual & counts & !names_more & !asks_more & is_plain(question.quantity, false) &
          is_plain(question.position, true)) &&
         reader.nothing_held({view(question.account_id), view(question.instrument_id)});
}

// From a struct of any size. What cannot be understood, as one with fields of a later version that
// are in use, has no time: a question that is denied as bad, unless it is a cancel.
void read_question(const void* bytes, std::uint32_t size, GateQuestion& question) {
  if (size == sizeof(mw_gate_question)) {
    if (!fill(*static_cast<const mw_gate_question*>(bytes), question)) {
      question.now = {};
    }
    return;
  }
  if (size < question_size_least) {
    return;
  }
  mw_gate_question own{};
  std::memcpy(&own, bytes, std::min<std::size_t>(size, sizeof own));
  const auto* const begin = static_cast<const unsigned char*>(bytes);
  const bool later = size > sizeof own && std::any_of(begin + sizeof own, begin + size,
                                                      [](unsigned char byte) { return byte != 0; });
  if (!fill(own, question) || later) {
    question.now = {};
  }
}

void write_answer(const GateAnswer& answer, void* bytes, std::uint32_t size) {
  mw_gate_answer given{};
  given.size = size;
  given.word = static_cast<std::uint32_t>(answer.word) + 1;
  given.reason = code_of(answer.reason);
  given.measure = answer.measure;
  given.word_text = answer_words[static_cast<std::size_t>(answer.word)].text;
  given.reason_text = reason_words[static_cast<std::size_t>(answer.reason)].text;
  if (answer.measure != 0) {
    given.measure_id[0] = 'm';
    given.measure_id[1] = '-';
    std::to_chars(given.measure_id + 2, std::end(given.measure_id) - 1, answer.measure);
  }
  if (size == sizeof given) {
    std::memcpy(bytes, &given, sizeof given);
  } else {
    std::memcpy(bytes, &given, std::min<std::size_t>(size, sizeof given));
  }
}

}  // namespace
}  // namespace marktwacht

using namespace marktwacht;

mw_gate* mw_gate_open(const char* folder, const void* key, size_t key_size, char* error,
                      size_t error_size) {
  std::string failure = "no folder is given";
  if (folder != nullptr) {
    std::string deployment_key(static_cast<const char*>(key), key == nullptr ? 0 : key_size);
    auto reader = GateReader::open(folder, deployment_key);
    if (reader) {
      return std::make_unique<mw_gate>(*std::move(reader), std::move(deployment_key)).release();
    }
    failure = reader.error();
  }
  if (error != nullptr && error_size > 0) {
    const std::size_t shown = std::min(failure.size(), error_size - 1);
    std::memcpy(error, failure.data(), shown);
    error[shown] = '\0';
  }
  return nullptr;
}

void mw_gate_close(mw_gate* gate) { delete gate; }

uint32_t mw_gate_check(const mw_gate* gate, const mw_gate_question* question,
                       mw_gate_answer* answer) {
  GateAnswer given;
  if (question->size != sizeof *question || !is_surely_allowed(gate->reader, *question)) {
    GateQuestion asked;
    read_question(question, question->size, asked);
    given = gate->reader.ask(asked);
  }
  if (answer != nullptr) {
    write_answer(given, answer, answer->size);
  }
  return static_cast<std::uint32_t>(given.word) + 1;
}

void mw_gate_check_batch(const mw_gate* gate, const mw_gate_question* questions, size_t count,
                         mw_gate_answer* answers) {
  if (count == 0) {
    return;
  }
  constexpr std::size_t batch = GateReader::batch;
  const std::uint32_t question_size = questions->size, answer_size = answers->size;
  const auto* next = reinterpret_cast<const unsigned char*>(questions);
  auto* out = reinterpret_cast<unsigned char*>(answers);
  for (std::size_t left = count; left > 0;) {
    const std::size_t some = std::min(batch, left);
    // Made only where they are needed: most are not.
    alignas(GateQuestion) std::byte space[batch * sizeof(GateQuestion)];
    auto* const asked = reinterpret_cast<GateQuestion*>(space);
    unsigned char* judged[batch];
    std::size_t judged_count = 0;
    for (std::size_t at = 0; at < some; ++at, next += question_size, out += answer_size) {
      if (question_size == sizeof(mw_gate_question) &&
          is_surely_allowed(gate->reader, *reinterpret_cast<const mw_gate_question*>(next))) {
        write_answer(GateAnswer{}, out, answer_size);
      } else {
        read_question(next, question_size, *new (asked + judged_count) GateQuestion);
        judged[judged_count++] = out;
      }
    }
    if (judged_count > 0) {
      GateAnswer given[batch];
      gate->reader.ask({asked, judged_count}, given);
      for (std::size_t at = 0; at < judged_count; ++at) {
        write_answer(given[at], judged[at], answer_size);
      }
    }
    left -= some;
  }
}

int mw_gate_token(const mw_gate* gate, const char* plain, size_t plain_size, char token[65]) {
  token[0] = '\0';
  if (gate->deployment_key.empty()) {
    return -1;
  }
  const std::string text = token_of(gate->deployment_key, {plain, plain_size});
  std::memcpy(token, text.c_str(), text.size() + 1);
  return 0;
}

int64_t mw_gate_heartbeat(const mw_gate* gate) { return gate->reader.heartbeat().ns; }

int mw_decimal_parse(const char* text, size_t size, mw_decimal* value) {
  *value = {};
  const auto parsed = parse_decimal({text, size});
  if (!parsed) {
    return -1;
  }
  const auto mantissa = static_cast<UInt128>(parsed->mantissa);
  *value = {static_cast<std::uint64_t>(mantissa), static_cast<std::int64_t>(mantissa >> 64),
            parsed->exponent, 1};
  return 0;
}

uint32_t mw_gate_version(void) { return 1; }
