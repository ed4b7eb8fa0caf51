// Reading one field at a time, every result checked.
#include "edges/adapters/hyperliquid_fields.h"

#include <string>

#include "events/fields.h"

namespace marktwacht {

std::optional<Time> parse_node_time(std::string_view text) {
  std::string with_zone(text);
  with_zone += 'Z';
  const auto time = parse_rfc3339(with_zone);
  return time ? time : parse_rfc3339(text);
}

NodeFields::NodeFields(simdjson::dom::element element) : object_(element) {
  if (!element.is_object()) {
    fail(RejectReason::bad_value, {});
  }
}

void NodeFields::fail(RejectReason reason, std::string_view field) {
  if (!fault_) {
    fault_ = Fault{reason, field};
  }
}

std::optional<simdjson::dom::element> NodeFields::find(std::string_view key) const {
  simdjson::dom::element found;
  if (fault_ || object_.at_key(key).get(found) != simdjson::SUCCESS || found.is_null()) {
    return std::nullopt;
  }
  return found;
}

bool NodeFields::has(std::string_view key) const { return find(key).has_value(); }

simdjson::dom::element NodeFields::element(std::string_view key) {
  const auto found = find(key);
  if (!found) {
    fail(RejectReason::missing_field, key);
  }
  return found.value_or(object_);
}

std::string_view NodeFields::text(std::string_view key) {
  const auto found = find(key);
  if (!found) {
    fail(RejectReason::missing_field, key);
  }
  return text_or_empty(key);
}

std::string_view NodeFields::text_or_empty(std::string_view key) {
  std::string_view value;
  const auto found = find(key);
  if (found && found->get(value) != simdjson::SUCCESS) {
    fail(RejectReason::bad_value, key);
  }
  return value;
}

std::string_view NodeFields::id(std::string_view key) {
  const std::string_view value = text(key);
  if (value.empty() || value.size() > id_bytes_max) {
    fail(RejectReason::bad_value, key);
  }
  return value;
}

std::uint64_t NodeFields::number(std::string_view key) {
  std::uint64_t value = 0;
  const auto found = find(key);
  if (!found) {
    fail(RejectReason::missing_field, key);
  } else if (found->get(value) != simdjson::SUCCESS) {
    fail(RejectReason::bad_value, key);
  }
  return value;
}

bool NodeFields::flag(std::string_view key) {
  bool value = false;
  const auto found = find(key);
  if (found && found->get(value) != simdjson::SUCCESS) {
    fail(RejectReason::bad_value, key);
  }
  return value;
}

Decimal NodeFields::decimal(std::string_view key) {
  const auto value = parse_decimal(text(key));
  if (!value) {
    fail(RejectReason::bad_value, key);
  }
  return value.value_or(Decimal{});
}

Decimal NodeFields::price(std::string_view key) {
  const Decimal value = decimal(key);
  if (!value.positive()) {
    fail(RejectReason::bad_value, key);
  }
  return value;
}

std::int64_t NodeFields::size(std::string_view key, int scale) {
  const Decimal value = decimal(key);
  if (value.negative()) {
    fail(RejectReason::bad_value, key);
  }
  const auto units = scaled_int64(value, scale);
  if (!units) {
    fail(units.error() == ScaleFault::finer ? RejectReason::scale : RejectReason::bad_value, key);
  }
  return units.value_or(0);
}

Side NodeFields::side(std::string_view key) {
  const std::string_view value = text(key);
  if (value != "B" && value != "A") {
    fail(RejectReason::bad_value, key);
  }
  return value == "A" ? Side::sell : Side::buy;
}

Time NodeFields::time(std::string_view key) {
  const auto value = parse_node_time(text(key));
  if (!value) {
    fail(RejectReason::bad_value, key);
  }
  return value.value_or(Time{});
}

}  // namespace marktwacht
