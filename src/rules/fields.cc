// Which fields there are, and how the line's own are read.
#include "rules/fields.h"

#include <algorithm>
#include <array>

#include "base/sort_unique.h"
#include "rules/field_tables.h"

namespace marktwacht {
namespace {

struct DerivedWord {
  RuleEvent event;
  std::string_view word;
};
constexpr std::array<DerivedWord, 5> derived_words = {{{RuleEvent::fill, "fill"},
                                                       {RuleEvent::withdrawn, "withdrawn"},
                                                       {RuleEvent::order_closed, "order_closed"},
                                                       {RuleEvent::message, "message"},
                                                       {RuleEvent::alert, "alert"}}};

bool is_derived(RuleEvent event) { return event >= RuleEvent::fill; }

bool is_about_order(RuleEvent event) {
  switch (event) {
    case RuleEvent::order:
    case RuleEvent::triggered:
    case RuleEvent::replace:
    case RuleEvent::cancel:
    case RuleEvent::fill:
    case RuleEvent::withdrawn:
    case RuleEvent::order_closed:
      return true;
    default:
      return false;
  }
}

bool line_has(RuleEvent event, std::string_view name) {
  if (is_derived(event)) {
    return false;
  }
  const auto fields = event_info(static_cast<EventType>(event)).fields;
  return std::ranges::find(fields, name, &FieldInfo::name) != fields.end();
}

std::optional<ValueType> type_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::id:
    case FieldKind::free_text:
      return ValueType::text;
    case FieldKind::decimal:
    case FieldKind::positive:
    case FieldKind::non_negative:
    case FieldKind::count:
    case FieldKind::time:
      return ValueType::number;
    case FieldKind::flag:
      return ValueType::truth;
    case FieldKind::word:
      return ValueType::word;
    default:
      return std::nullopt;
  }
}

std::optional<Field> line_field(RuleEvent event, std::string_view name) {
  if (is_derived(event)) {
    return std::nullopt;
  }
  const EventInfo& info = event_info(static_cast<EventType>(event));
  const auto found = std::ranges::find(info.fields, name, &FieldInfo::name);
  const auto type = found == info.fields.end() ? std::nullopt : type_of(found->kind);
  if (!type) {
    return std::nullopt;
  }
  Field field;
  field.type = *type;
  field.words = found->words;
  field.raw = &*found;
  field.raw_type = info.type;
  field.raw_place = static_cast<std::uint8_t>(found - info.fields.begin());
  return field;
}

// The line that `field` stands on, nullptr where this is another line or the field is not there.
const Event* line_of(const Field& field, const Scope& scope) {
  return scope.raw != nullptr && scope.raw->type == field.raw_type &&
                 scope.raw->has(field.raw_place)
             ? scope.raw
             : nullptr;
}

}  // namespace

std::string_view word_of(RuleEvent event) {
  for (const DerivedWord& row : derived_words) {
    if (row.event == event) {
      return row.word;
    }
  }
  return event_info(static_cast<EventType>(event)).word;
}

std::optional<RuleEvent> find_rule_event(std::string_view word) {
  for (const DerivedWord& row : derived_words) {
    if (row.word == word) {
      return row.event;
    }
  }
  const EventInfo* info = find_event_info(word);
  return info == nullptr ? std::nullopt : std::optional(rule_event(info->type));
}

bool has_account(RuleEvent event) {
  return is_derived(event) || is_about_order(event) || line_has(event, "account_id") ||
         line_has(event, "from_account_id");
}

bool has_instrument(RuleEvent event) {
  return is_derived(event) || is_about_order(event) || line_has(event, "instrument_id");
}

std::optional<Field> find_field(RuleEvent event, std::string_view name) {
  if (const Field* own = find_own_field(event, name)) {
    return *own;
  }
  if (const Field* order = is_about_order(event) ? find_order_field(name) : nullptr) {
    return *order;
  }
  if (auto line = line_field(event, name)) {
    return line;
  }
  if (const Field* market = find_market_field(name)) {
    const bool account = has_account(event), instrument = has_instrument(event);
    const bool exemption = name.starts_with("exempt");
    const bool seen = name.starts_with("account.") ? account
                      : exemption                  ? account && instrument
                                                   : instrument;
    return seen ? std::optional(*market) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Field> find_key_field(std::string_view name) {
  const Field* field = name.starts_with("instrument.") || name.starts_with("account.")
                           ? find_market_field(name)
                           : nullptr;
  return field == nullptr ? std::nullopt : std::optional(*field);
}

std::vector<std::string> field_names(RuleEvent event) {
  std::vector<std::string> names = {"event"};
  for (const std::string_view name : table_names(event)) {
    if (find_field(event, name)) {
      names.emplace_back(name);
    }
  }
  if (!is_derived(event)) {
    for (const FieldInfo& field : event_info(static_cast<EventType>(event)).fields) {
      if (type_of(field.kind)) {
        names.emplace_back(field.name);
      }
    }
  }
  sort_unique(names);
  return names;
}

Number number_of(const Field& field, const Scope& scope) {
  if (field.number != nullptr) {
    return field.number(scope);
  }
  const Event* line = line_of(field, scope);
  if (line == nullptr) {
    return Number::absent();
  }
  switch (field.raw->kind) {
    case FieldKind::count:
      return Number::of(member<std::int64_t>(*line, *field.raw));
    case FieldKind::time:
      return Number::of(member<Time>(*line, *field.raw).ns);
    default:
      return Number::of(member<Decimal>(*line, *field.raw));
  }
}

int word_of(const Field& field, const Scope& scope) {
  if (field.word != nullptr) {
    return field.word(scope);
  }
  const Event* line = line_of(field, scope);
  return line == nullptr ? -1 : member<std::uint8_t>(*line, *field.raw);
}

std::optional<std::string_view> text_of(const Field& field, const Scope& scope) {
  if (field.text != nullptr) {
    return field.text(scope);
  }
  const Event* line = line_of(field, scope);
  return line == nullptr ? std::nullopt : std::optional(member<Text>(*line, *field.raw).view());
}

int line_truth_of(const Field& field, const Scope& scope) {
  const Event* line = line_of(field, scope);
  return line == nullptr ? -1 : member<bool>(*line, *field.raw) ? 1 : 0;
}

}  // namespace marktwacht
