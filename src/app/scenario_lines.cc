// Short forms are patterns; what follows a pattern is field and value in turn.
#include "app/scenario_lines.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "events/event.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

using Words = std::vector<std::string>;

// A pattern's words are fields of the event, or stand in the line as they stand here: `at`. A field
// in brackets may be left out, if its value is one of a few words; `account_ids` takes all the
// rest.
struct ShortForm {
  std::string_view word;
  std::string_view type;
  std::string_view pattern;
};

constexpr std::array<ShortForm, 13> short_forms = {{
    {"instrument", "instrument", "instrument_id kind of base in quote tick tick_size lot lot_size"},
    {"account", "account", "account_id"},
    {"group", "control_group", "group_id = account_ids"},
    {"dissolve", "control_group", "group_id"},
    {"exempt", "exemption", "account_id kind until until_ts"},
    {"order", "order", "order_id account_id side quantity instrument_id at price [time_in_force]"},
    {"book_order", "book_order", "order_id account_id side quantity instrument_id at price"},
    {"triggered", "triggered", "order_id"},
    {"replace", "replace", "order_id"},
    {"cancel", "cancel", "order_id [reason]"},
    {"reject", "reject", "account_id instrument_id reason"},
    {"trade", "trade", "maker_order_id taker_order_id quantity at price"},
    {"deal", "trade", "buyer_id buys quantity instrument_id from seller_id at price"},
}};

std::unexpected<std::string> wrong(std::string text) { return std::unexpected(std::move(text)); }

// By spaces and commas after words; what stands in quotes is one word; a `#` ends the line.
std::expected<Words, std::string> split(std::string_view line) {
  Words words;
  for (std::size_t at = 0; at < line.size() && line[at] != '#';) {
    if (line[at] == ' ') {
      ++at;
      continue;
    }
    const bool quoted = line[at] == '"';
    const std::size_t begin = at + (quoted ? 1 : 0);
    const std::size_t end = line.find(quoted ? '"' : ' ', begin);
    if (quoted && end == line.npos) {
      return wrong("a quote is not closed");
    }
    words.emplace_back(line.substr(begin, end == line.npos ? end : end - begin));
    at = end == line.npos ? line.size() : end + 1;
  }
  return words;
}

const FieldInfo* find_field_info(const EventInfo& info, std::string_view name) {
  const auto found = std::ranges::find(info.fields, name, &FieldInfo::name);
  return found == info.fields.end() ? nullptr : &*found;
}

void write_list(std::string_view list, std::string& out) {
  out += '[';
  for (bool first = true; !list.empty(); first = false) {
    const std::size_t end = std::min(list.find(','), list.size());
    out += first ? "" : ",";
    write_json_string(list.substr(0, end), out);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  out += ']';
}

void write_value(FieldKind kind, const std::string& value, std::string& out) {
  switch (kind) {
    case FieldKind::ids:
    case FieldKind::word_set:
    case FieldKind::minutes:
      return write_list(value, out);
    case FieldKind::count:
    case FieldKind::flag:
    case FieldKind::json:
      out += value;
      return;
    case FieldKind::time:
      return write_json_string(value.contains('T') ? value : value + "T00:00:00Z", out);
    default:
      return write_json_string(value, out);
  }
}

using FieldMap = std::map<std::string, std::string>;

// Takes the words that `form` asks for off the front of `words`; false when they do not fit.
bool take_pattern(const ShortForm& form, const EventInfo& info, Words& words, FieldMap& fields) {
  const Words pattern = *split(form.pattern);
  std::size_t at = 0;
  for (const std::string& part : pattern) {
    const bool optional = part.starts_with('[');
    const std::string name = optional ? part.substr(1, part.size() - 2) : part;
    const FieldInfo* field = find_field_info(info, name);
    if (optional) {
      if (at < words.size() && std::ranges::find(field->words, words[at]) != field->words.end()) {
        fields[name] = words[at++];
      }
    } else if (at == words.size() || (field == nullptr && words[at] != name)) {
      return false;
    } else if (name == "account_ids") {
      for (; at < words.size(); ++at) {
        fields[name] += words[at] + (words[at].ends_with(',') || at + 1 == words.size() ? "" : ",");
      }
    } else if (field != nullptr) {
      fields[name] = words[at++];
    } else {
      ++at;
    }
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

std::string field_list(const EventInfo& info) {
  std::string names;
  for (const FieldInfo& field : info.fields) {
    names += (names.empty() ? "" : ", ") + std::string(field.name);
  }
  return names.empty() ? "none" : names;
}

std::expected<void, std::string> take_pairs(const EventInfo& info, const Words& words,
                                            FieldMap& fields) {
  for (std::size_t at = 0; at < words.size(); at += 2) {
    if (find_field_info(info, words[at]) == nullptr) {
      return wrong(words[at] + " is no field of " + std::string(info.word) +
                   "; its fields: " + field_list(info));
    }
    if (at + 1 == words.size()) {
      return wrong("field " + words[at] + " lacks its value");
    }
    fields[words[at]] = words[at + 1];
  }
  return {};
}

std::string known_words() {
  std::string words;
  for (const ShortForm& form : short_forms) {
    words += (words.empty() ? "" : ", ") + std::string(form.word);
  }
  return words;
}

}  // namespace

std::optional<Duration> parse_span(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> units = {
      {{"ns", 1},
       {"us", 1'000},
       {"ms", millisecond.ns},
       {"s", second.ns},
       {"m", 60 * second.ns},
       {"h", 3'600 * second.ns}}};
  std::int64_t number = 0, ns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const auto known = std::ranges::find(units, unit, [](const auto& row) { return row.first; });
  if (error != std::errc{} || number < 0 || known == units.end() ||
      __builtin_mul_overflow(number, known->second, &ns)) {
    return std::nullopt;
  }
  return Duration{ns};
}

// What a line leaves out because the story says it already.
std::expected<void, std::string> ScenarioLines::complete(std::string_view word, Fields& fields) {
  if (word == "order" || word == "book_order") {
    instruments_[fields["order_id"]] = fields["instrument_id"];
    if (fields["price"] == "market") {
      fields.erase("price");
    }
  } else if (word == "cancel") {
    fields.try_emplace("reason", "user");
  } else if (word == "replace" && fields.contains("new_order_id")) {
    instruments_[fields["new_order_id"]] = instruments_[fields["order_id"]];
  } else if (word == "dissolve") {
    fields["account_ids"] = "";
    fields["status"] = "withdrawn";
  } else if (word == "trade" || word == "deal") {
    fields.try_emplace("trade_id", "t" + std::to_string(++trades_));
  }
  if (word == "trade" && !fields.contains("instrument_id")) {
    const auto known = instruments_.find(fields["maker_order_id"]);
    if (known == instruments_.end()) {
      return wrong("no order line says in which instrument " + fields["maker_order_id"] + " is");
    }
    fields["instrument_id"] = known->second;
  }
  return {};
}

std::expected<std::string, std::string> ScenarioLines::event_of(std::string_view line, Time at) {
  if (line.starts_with('{')) {
    return line.contains("\"ts\"")
               ? std::string(line)
               : "{\"ts\":" + std::to_string(at.ns) + "," + std::string(line.substr(1));
  }
  auto words = split(line);
  if (!words) {
    return wrong(words.error());
  }
  const std::string word = words->empty() ? "" : words->front();
  const auto form = std::ranges::find(short_forms, word, &ShortForm::word);
  const bool known = form != short_forms.end();
  const EventInfo* info = find_event_info(known ? form->type : std::string_view(word));
  if (info == nullptr) {
    return wrong("\"" + word + "\" is neither a type of event nor one of: day, rulebook, set, " +
                 "repeat, end, expect, twin:, look-alike:, variant:, " + known_words());
  }
  words->erase(words->begin());
  Fields fields;
  if (known && !take_pattern(*form, *info, *words, fields)) {
    return wrong("write: " + word + " " + std::string(form->pattern) +
                 ", then field and value in " + "turn");
  }
  if (const auto taken = take_pairs(*info, *words, fields); !taken) {
    return wrong(taken.error());
  }
  if (const auto completed = complete(word, fields); !completed) {
    return wrong(completed.error());
  }
  std::string out = "{\"type\":\"" + std::string(info->word) + "\",\"ts\":" + std::to_string(at.ns);
  for (const auto& [name, value] : fields) {
    out += ",\"" + name + "\":";
    write_value(find_field_info(*info, name)->kind, value, out);
  }
  return out + "}";
}

}  // namespace marktwacht
