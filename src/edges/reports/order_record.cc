// One table of the members, for both forms.
#include "edges/reports/order_record.h"

#include <string_view>
#include <utility>

#include "events/json_object.h"

namespace marktwacht {
namespace {

using Member = std::pair<std::string_view, std::string OrderRecord::*>;

// The columns of files that others read: append only.
constexpr Member members[] = {
    {"account_id", &OrderRecord::account_id},
    {"instrument_id", &OrderRecord::instrument_id},
    {"side", &OrderRecord::side},
    {"order_type", &OrderRecord::order_type},
    {"time_in_force", &OrderRecord::time_in_force},
    {"price", &OrderRecord::price},
    {"trigger_price", &OrderRecord::trigger_price},
    {"quantity", &OrderRecord::quantity},
    {"quote_quantity", &OrderRecord::quote_quantity},
    {"display_quantity", &OrderRecord::display_quantity},
    {"price_before", &OrderRecord::price_before},
    {"quantity_before", &OrderRecord::quantity_before},
    {"order_id", &OrderRecord::order_id},
    {"new_order_id", &OrderRecord::new_order_id},
    {"reason", &OrderRecord::reason},
    {"channel", &OrderRecord::channel},
    {"trade_id", &OrderRecord::trade_id},
    {"buyer_id", &OrderRecord::buyer_id},
    {"seller_id", &OrderRecord::seller_id},
    {"maker_order_id", &OrderRecord::maker_order_id},
    {"taker_order_id", &OrderRecord::taker_order_id},
    {"kind", &OrderRecord::kind},
    {"asset", &OrderRecord::asset},
    {"amount", &OrderRecord::amount},
    {"tx_id", &OrderRecord::tx_id},
    {"address", &OrderRecord::address},
    {"to_account_id", &OrderRecord::to_account_id},
};

void add_cell(std::string_view text, std::string& out) {
  if (text.find_first_of(",\"\r\n") == text.npos) {
    out += text;
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    out.append(c == '"' ? 2 : 1, c);
  }
  out.push_back('"');
}

void write_members(const OrderRecord& record, ObjectWriter& object) {
  object.number("seq", record.seq);
  object.number("ts", record.ts.ns);
  object.text("type", record.type);
  for (const auto& [name, member] : members) {
    object.text_unless_empty(name, record.*member);
  }
}

}  // namespace

void write_order_record(const OrderRecord& record, std::string& out) {
  ObjectWriter object(out);
  write_members(record, object);
  object.end();
}

void write_order_line(const OrderRecord& record, std::string& out) {
  ObjectWriter object(out);
  write_members(record, object);
  object.member("event") += record.line;
  object.end();
}

std::string order_csv_head() {
  std::string head = "seq,time,type";
  for (const auto& [name, member] : members) {
    head += "," + std::string(name);
  }
  return head + "\r\n";
}

void write_order_csv(const OrderRecord& record, std::string& out) {
  out += std::to_string(record.seq) + "," + format_rfc3339(record.ts) + "," + record.type;
  for (const auto& [name, member] : members) {
    out.push_back(',');
    add_cell(record.*member, out);
  }
  out += "\r\n";
}

}  // namespace marktwacht
