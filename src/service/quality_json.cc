// Members in the order of openapi.json.
#include "service/quality_json.h"

#include <string_view>
#include <vector>

#include "events/json_object.h"

namespace marktwacht {

void write_source(const SourceState& state, std::string& out) {
  const SourceFigures& figures = state.figures;
  ObjectWriter object(out);
  object.text("source", state.source);
  object.number("last_ts", figures.last_ts.ns);
  if (figures.next_source_seq != 0) {
    object.number("last_source_seq", figures.next_source_seq - 1);
  }
  object.number("events", figures.events);
  object.number("rejected", figures.rejected);
  object.number("gaps", figures.gaps);
  object.number("missing", figures.missing);
  object.number("batches", figures.batches);
  object.number("repeated", figures.repeated);
  object.number("repeated_batches", figures.repeated_batches);
  ObjectWriter reasons(object.member("rejected_by_reason"));
  for (std::size_t at = 0; at < figures.rejected_by.size(); ++at) {
    if (figures.rejected_by[at] > 0) {
      reasons.number(Words<RejectReason>::list[at], figures.rejected_by[at]);
    }
  }
  reasons.end();
  object.number("events_per_s", state.events_per_s);
  if (figures.received != Time{}) {
    object.number("received_ts", figures.received.ns);
  }
  object.number("silent_ms", state.silent.ns / millisecond.ns);
  if (state.watched) {
    object.number("silence_ms_max", state.silence_max.ns / millisecond.ns);
  }
  object.boolean("is_silent", state.is_silent);
  object.end();
}

void write_alarms(const Alarms& alarms, std::string& out) {
  out += '[';
  for (const std::vector<Alarm>& list : {alarms.open(), alarms.ended()}) {
    for (const Alarm& alarm : list) {
      out += out.back() == '[' ? "" : ",";
      write_alarm(alarm, out);
    }
  }
  out += ']';
}

void write_canary(const CanaryState& state, bool with_results, std::string& out) {
  ObjectWriter object(out);
  object.boolean("running", state.running);
  if (state.ran_ts) {
    object.number("ran_ts", state.ran_ts->ns);
  }
  for (std::size_t at = 0; at < Words<CanaryOutcome>::list.size(); ++at) {
    object.number(Words<CanaryOutcome>::list[at], state.count(static_cast<CanaryOutcome>(at)));
  }
  object.text_unless_empty("error", state.error);
  if (with_results) {
    object.array("results", state.results,
                 [&](const CanaryResult& result) { write_canary_result(result, out); });
  }
  object.end();
}

}  // namespace marktwacht
