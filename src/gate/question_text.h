// A question in words, as the command line and HTTP ask it. docs/gate.md names the fields.
#pragma once

#include <deque>
#include <expected>
#include <string>
#include <string_view>

#include "gate/question.h"

namespace marktwacht {

class QuestionText {
 public:
  QuestionText() = default;
  QuestionText(const QuestionText&) = delete;
  QuestionText& operator=(const QuestionText&) = delete;

  // An error says what the field may be.
  std::expected<void, std::string> set(std::string_view name, std::string_view value);
  // Lives as long as this object.
  const GateQuestion& question() const { return question_; }

 private:
  std::string_view keep(std::string_view text) { return texts_.emplace_back(text); }

  GateQuestion question_;
  std::deque<std::string> texts_;
};

}  // namespace marktwacht
