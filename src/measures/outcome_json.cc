// What became of a decision, as JSON.
#include "events/json_object.h"
#include "measures/enforcement.h"

namespace marktwacht {

std::string change_id(std::uint64_t number) { return "x-" + std::to_string(number); }

void write_outcome(const DecisionOutcome& outcome, std::string& out) {
  ObjectWriter line(out);
  line.number("seq", outcome.seq);
  line.number("ts", outcome.at.ns);
  line.text("user_id", outcome.user_id);
  line.text("kind", word_of(outcome.kind));
  line.text("result", outcome.refusal == Refusal::none ? "accepted" : "refused");
  if (outcome.refusal != Refusal::none) {
    line.text("reason", word_of(outcome.refusal));
    line.text_unless_empty("field", outcome.field);
  }
  if (outcome.case_number != 0) {
    line.text("case_id", case_id(outcome.case_number));
  }
  if (outcome.measure != 0) {
    line.text("measure_id", measure_id(outcome.measure));
  }
  if (outcome.change != 0) {
    line.text("change_id", change_id(outcome.change));
  }
  if (!outcome.preview_hash.empty()) {
    line.number("preview_seq", outcome.seq);
    line.text("preview_hash", outcome.preview_hash);
  }
  line.end();
}

}  // namespace marktwacht
