// Commands as JSON: what a webhook posts and an outbox file holds.
#include "events/json_object.h"
#include "measures/command.h"
#include "measures/measure.h"

namespace marktwacht {
namespace {

void write_restriction(const Restriction& one, std::string& out) {
  ObjectWriter object(out);
  object.text("action", word_of(one.action));
  object.text_unless_empty("instrument_id", one.instrument_id);
  object.text_unless_empty("asset", one.asset);
  if (one.limit) {
    object.text("limit", format_decimal(*one.limit));
  }
  if (one.held_min.ns != 0) {
    object.number("held_min_s", one.held_min.ns / second.ns);
  }
  if (!one.devices.empty()) {
    object.texts("devices", one.devices);
  }
  if (one.until) {
    object.number("until_ts", one.until->ns);
  }
  object.text("reason", word_of(one.reason));
  object.text("measure_id", measure_id(one.measure));
  object.end();
}

void write_liquidation(const ExchangeCommand& command, ObjectWriter& line, std::string& out) {
  line.array("plan", command.plan, [&](const LiquidationStep& step) {
    ObjectWriter object(out);
    object.text("instrument_id", step.instrument_id);
    object.text("side", word_of(step.side));
    object.text("quantity", format_decimal(step.quantity));
    object.number("slices", step.slices);
    if (step.price_least && step.price_most) {
      object.text("price_least", format_decimal(*step.price_least));
      object.text("price_most", format_decimal(*step.price_most));
    }
    object.end();
  });
}

}  // namespace

void write_entries(const std::vector<LedgerEntry>& entries, std::string& out) {
  out.push_back('[');
  for (const LedgerEntry& entry : entries) {
    out += out.back() == '[' ? "" : ",";
    ObjectWriter object(out);
    object.text("account_id", entry.account_id);
    object.text("asset", entry.asset);
    object.text("amount", format_decimal(entry.amount));
    object.end();
  }
  out.push_back(']');
}

void write_restrictions(const std::vector<Restriction>& restrictions, std::string& out) {
  out.push_back('[');
  for (const Restriction& one : restrictions) {
    out += out.back() == '[' ? "" : ",";
    write_restriction(one, out);
  }
  out.push_back(']');
}

void write_command(const ExchangeCommand& command, std::string& out) {
  ObjectWriter line(out);
  line.text("command_id", command.command_id);
  line.text("command", command.command);
  line.text_unless_empty("account_id", command.account_id);
  line.text_unless_empty("instrument_id", command.instrument_id);
  line.number("seq", command.seq);
  line.number("ts", command.at.ns);
  if (command.measure == 0) {
    line.number("revision", command.revision);
    write_restrictions(command.restrictions, line.member("restrictions"));
  } else {
    line.text("measure_id", measure_id(command.measure));
    line.text("kind", command.kind);
    line.text_unless_empty("clause", command.clause);
    line.text_unless_empty("text", command.text);
    if (command.deadline) {
      line.number("deadline_ts", command.deadline->ns);
    }
    if (!command.entries.empty()) {
      write_entries(command.entries, line.member("entries"));
    }
    if (!command.plan.empty()) {
      write_liquidation(command, line, out);
    }
    if (!command.trade_ids.empty()) {
      line.texts("trade_ids", command.trade_ids);
    }
  }
  line.end();
}

}  // namespace marktwacht
