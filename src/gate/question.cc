// The words of answers.
#include "gate/question.h"

namespace marktwacht {

std::string measure_id(const GateAnswer& answer) {
  return answer.measure == 0 ? "" : "m-" + std::to_string(answer.measure);
}

std::string answer_json(const GateAnswer& answer) {
  return "{\"answer\":\"" + std::string(word_of(answer.word)) + "\",\"reason\":\"" +
         std::string(word_of(answer.reason)) + "\",\"measure_id\":\"" + measure_id(answer) + "\"}";
}

}  // namespace marktwacht
