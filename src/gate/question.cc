// The words of answers.
#include "gate/question.h"

namespace marktwacht {

std::string_view word_of(GateReason reason) {
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

std::string measure_id(const GateAnswer& answer) {
  return answer.measure == 0 ? "" : "m-" + std::to_string(answer.measure);
}

std::string answer_json(const GateAnswer& answer) {
  return "{\"answer\":\"" + std::string(word_of(answer.word)) + "\",\"reason\":\"" +
         std::string(word_of(answer.reason)) + "\",\"measure_id\":\"" + measure_id(answer) + "\"}";
}

}  // namespace marktwacht
