// The alert line as JSON; alert.h and schema.json say what it holds.
#include "alerts/alert.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

void write_fact(const Fact& fact, std::string& out) {
  ObjectWriter object(out);
  object.text("name", fact.name);
  object.text("value", fact.value);
  object.text_unless_empty("limit", fact.limit);
  object.end();
}

void write_score_part(const ScorePart& part, std::string& out) {
  ObjectWriter object(out);
  object.text("name", part.name);
  object.number("points", part.points);
  object.end();
}

void write_gain(const AlertGain& gain, std::string& out) {
  ObjectWriter object(out);
  object.text("currency", gain.currency);
  object.text("amount", gain.amount.empty() ? "0" : gain.amount);
  object.end();
}

void write_text(const AlertText& text, std::string& out) {
  ObjectWriter object(out);
  object.text("en", text.en);
  object.text("de", text.de);
  object.end();
}

}  // namespace

void write_alert(const Alert& alert, const AlertText* text, std::string& out) {
  const FindingSource& source = *alert.source;
  ObjectWriter line(out);
  line.text("alert_id", alert.alert_id);
  line.number("revision", alert.revision);
  line.text("state", word_of(alert.state));
  line.text("detector", source.detector);
  line.text_unless_empty("rulebook", source.rulebook);
  line.text("clause", source.clause);
  line.text("severity", word_of(source.severity));
  line.number("score", alert.score);
  line.array("account_ids", alert.account_ids,
             [&](const std::string& id) { write_json_string(id, out); });
  line.text_unless_empty("group_id", alert.group_id);
  line.text_unless_empty("instrument_id", alert.instrument_id);
  line.number("from_ts", alert.from.ns);
  line.number("to_ts", alert.to.ns);
  line.number("first_seq", alert.first_seq);
  line.number("last_seq", alert.last_seq);
  line.array("facts", alert.facts, [&](const Fact& fact) { write_fact(fact, out); });
  line.array("evidence", alert.evidence.seqs,
             [&](std::uint64_t seq) { out += std::to_string(seq); });
  line.number("evidence_count", alert.evidence.count);
  line.array("score_parts", alert.score_parts,
             [&](const ScorePart& part) { write_score_part(part, out); });
  write_gain(alert.gain, line.member("gain"));
  line.text("maturity", word_of(source.maturity));
  if (text != nullptr && !(text->en.empty() && text->de.empty())) {
    write_text(*text, line.member("text"));
  }
  line.end();
}

}  // namespace marktwacht
