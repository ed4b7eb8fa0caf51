// The members that scoring reads, and those that it does not need.
#include "edges/labels/alert_record.h"

#include <simdjson.h>

#include "edges/labels/line_fields.h"

namespace marktwacht {
namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;

std::string text_in(element object, std::string_view name) {
  std::string_view text;
  return object.at_key(name).get(text) == SUCCESS ? std::string(text) : std::string();
}

std::uint64_t number_in(element object, std::string_view name) {
  std::uint64_t number = 0;
  return object.at_key(name).get(number) == SUCCESS ? number : 0;
}

// Calls `take` with each element of an array; false when there is no such array.
template <class Take>
bool each_in(element object, std::string_view name, Take take) {
  simdjson::dom::array array;
  if (object.at_key(name).get(array) != SUCCESS) {
    return false;
  }
  for (const element each : array) {
    take(each);
  }
  return true;
}

void read_source(LineFields& fields, FindingSource& source) {
  source.detector = fields.text("detector", Presence::required);
  source.rulebook = fields.text("rulebook", Presence::optional);
  source.rulebook_id = source.rulebook.substr(0, source.rulebook.rfind('@'));
  source.clause = fields.text("clause", Presence::required);
  source.severity = static_cast<Severity>(fields.word("severity", Words<Severity>::list));
  source.maturity = static_cast<Maturity>(fields.word("maturity", Words<Maturity>::list));
}

void read_numbers(element line, LineFields& fields, Alert& alert) {
  alert.score = static_cast<int>(number_in(line, "score"));
  alert.first_seq = number_in(line, "first_seq");
  alert.last_seq = number_in(line, "last_seq");
  alert.evidence.count = number_in(line, "evidence_count");
  const bool evidence = each_in(line, "evidence", [&](element each) {
    std::uint64_t seq = 0;
    if (each.get(seq) != SUCCESS) {
      fields.fail("\"evidence\" must be an array of seqs");
    }
    alert.evidence.seqs.push_back(seq);
  });
  const bool facts = each_in(line, "facts", [&](element each) {
    alert.facts.push_back({text_in(each, "name"), text_in(each, "value"), text_in(each, "limit")});
  });
  const bool parts = each_in(line, "score_parts", [&](element each) {
    std::int64_t points = 0;
    if (each.at_key("points").get(points) != SUCCESS) {
      fields.fail("each of \"score_parts\" has \"points\"");
    }
    alert.score_parts.push_back({text_in(each, "name"), static_cast<int>(points)});
  });
  if (!evidence || !facts || !parts) {
    fields.fail("\"evidence\", \"facts\" and \"score_parts\" must be arrays");
  }
}

}  // namespace

std::expected<Alert, std::string> read_alert(std::string_view line) {
  simdjson::dom::parser parser;
  element value;
  if (parser.parse(line).get(value) != SUCCESS) {
    return std::unexpected("is no JSON");
  }
  LineFields fields(value);
  Alert alert;
  auto source = std::make_shared<FindingSource>();
  alert.alert_id = fields.text("alert_id", Presence::required);
  alert.revision = fields.number("revision");
  alert.state = static_cast<AlertState>(fields.word("state", Words<AlertState>::list));
  read_source(fields, *source);
  alert.source = std::move(source);
  alert.account_ids = fields.texts("account_ids", Presence::required);
  alert.group_id = fields.text("group_id", Presence::optional);
  alert.instrument_id = fields.text("instrument_id", Presence::optional);
  alert.from = fields.time("from_ts");
  alert.to = fields.time("to_ts");
  if (fields.fault().empty()) {
    read_numbers(value, fields, alert);
  }
  element gain;
  if (fields.fault().empty() && value.at_key("gain").get(gain) == SUCCESS) {
    alert.gain = {text_in(gain, "currency"), text_in(gain, "amount")};
  }
  return fields.fault().empty() ? std::expected<Alert, std::string>(std::move(alert))
                                : std::unexpected(fields.fault());
}

}  // namespace marktwacht
