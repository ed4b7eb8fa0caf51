// The case line as JSON.
#include "base/decimal.h"
#include "base/numbered_id.h"
#include "cases/case.h"
#include "events/json_object.h"

namespace marktwacht {

std::string case_id(std::uint64_t number) { return "c-" + std::to_string(number); }

std::uint64_t case_number(std::string_view case_id) { return number_behind("c-", case_id); }

namespace {

void write_gain(const Case& of, std::string& out) {
  ObjectWriter gain(out);
  gain.text("currency", of.gain_currency);
  gain.text("amount", format_scaled(of.gains.sum(), Case::gain_scale));
  gain.end();
}

void write_notes(const Case& of, ObjectWriter& line, std::string& out) {
  line.array("notes", of.notes, [&](const CaseNote& note) {
    ObjectWriter object(out);
    object.number("seq", note.seq);
    object.number("ts", note.at.ns);
    object.text("user_id", note.user_id);
    object.text("text", note.text);
    object.end();
  });
}

}  // namespace

void write_case(const Case& of, std::string& out) {
  ObjectWriter line(out);
  line.text("case_id", case_id(of.number));
  line.number("revision", of.revision);
  line.text("state", word_of(of.state));
  line.text("severity", word_of(of.severity));
  line.texts("account_ids", of.account_ids);
  line.texts("group_ids", of.group_ids);
  line.texts("alert_ids", of.alert_ids);
  line.array("breaches", of.breaches, [&](const auto& breach) {
    ObjectWriter object(out);
    object.text("clause", breach.first);
    object.text("detector", breach.second);
    object.end();
  });
  line.number("opened_ts", of.opened.ns);
  line.number("last_alert_ts", of.last_alert.ns);
  line.number("due_ts", of.due.ns);
  line.text_unless_empty("assignee_id", of.assignee_id);
  write_notes(of, line, out);
  line.array("measure_ids", of.measures,
             [&](std::uint64_t number) { out += "\"m-" + std::to_string(number) + "\""; });
  line.text_unless_empty("reason", of.reason);
  line.boolean("reported", of.reported);
  line.text_unless_empty("report_ref", of.report_ref);
  if (of.merged_into != 0) {
    line.text("merged_into", case_id(of.merged_into));
  }
  if (!of.gain_currency.empty()) {
    write_gain(of, line.member("gain"));
  }
  line.end();
}

}  // namespace marktwacht
