// What an exchange's gateway asks the gate, and what it is told. docs/gate.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.h"
#include "base/time.h"
#include "measures/words.h"

namespace marktwacht {

// May this account do this, now? What is empty or missing is not known: where a restriction depends
// on it, the answer is no. The texts belong to whoever asks; device_id, ip and address are spelled
// as the writer's restrictions spell them: as tokens, where it has a deployment key.
struct GateQuestion {
  GateAction action{};
  Time now{};                     // must be there: it is the gate's only clock
  std::string_view account_id{};  // must be there but for register
  std::string_view instrument_id{};
  std::optional<Side> side{};
  std::optional<PositionSide> position_side{};  // where an account holds both sides at once
  std::optional<Decimal> quantity{};
  // The current position before the order, in units of `quantity`: negative = short; on spot what
  // is held of the base asset. For a deposit: not zero = it is margin of an open position.
  std::optional<Decimal> position{};
  bool spot = false;         // nothing can be sold that is not held: each sell reduces
  bool liquidation = false;  // the exchange's own order that closes a position
  std::string_view asset{};
  std::optional<Decimal> amount{};
  std::optional<Decimal> leverage{};
  std::optional<Time> position_opened{};
  std::string_view device_id{}, ip{}, address{};
};

MW_WORDS(GateWord, allow, allow_reduce_only, deny)

// A kind of measure, by its number, or one of those below. Known to exchanges: never renumber.
enum class GateReason : std::uint8_t {
  when_blind = 200,        // the writer is dead, and of this subject nothing is known
  unknown_position = 201,  // restricted, and the question does not show what the order does
  bad_question = 202,      // it lacks what every question has, or contradicts itself
  unreadable = 203,        // the table is damaged
  none = 255               // nothing is denied
};

constexpr GateReason reason_of(MeasureKind kind) { return static_cast<GateReason>(kind); }
// "" for none.
constexpr std::string_view word_of(GateReason reason) {
  switch (reason) {
    case GateReason::when_blind:
      return "when_blind";
    case GateReason::unknown_position:
      return "unknown_position";
    case GateReason::bad_question:
      return "bad_question";
    case GateReason::unreadable:
      return "unreadable";
    default:
      break;
  }
  const auto kind = static_cast<std::size_t>(reason);
  return kind < Words<MeasureKind>::list.size() ? Words<MeasureKind>::list[kind] : "";
}

struct GateAnswer {
  GateWord word{};
  GateReason reason = GateReason::none;
  std::uint64_t measure = 0;  // 0 = none has to do with it

  bool operator==(const GateAnswer&) const = default;
};

// "m-7"; "" for no measure.
std::string measure_id(const GateAnswer& answer);
// {"answer":"deny","reason":"freeze_account","measure_id":"m-7"}
std::string answer_json(const GateAnswer& answer);

}  // namespace marktwacht
