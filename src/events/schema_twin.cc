// See schema_twin.h.
#include "events/schema_twin.h"

#include <algorithm>
#include <regex>
#include <set>

#include "base/check.h"

namespace marktwacht {

using simdjson::dom::element;

namespace schema_json {

bool has(element object, std::string_view key) { return object[key].error() == simdjson::SUCCESS; }

std::vector<std::string> keys(element object) {
  std::vector<std::string> out;
  for (const auto field : object.get_object()) {
    out.emplace_back(field.key);
  }
  return out;
}

std::vector<std::string> texts(element array) {
  std::vector<std::string> out;
  for (const element each : array.get_array()) {
    out.emplace_back(each.get_string().value());
  }
  return out;
}

}  // namespace schema_json

namespace {

using schema_json::has;
using schema_json::keys;
using schema_json::texts;

bool is_type(element value, std::string_view type) {
  return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
         (type == "string" && value.is_string()) || (type == "boolean" && value.is_bool()) ||
         (type == "integer" && (value.is_int64() || value.is_uint64()));
}

// Looks through `$ref`, which stands alone.
class Validator {
 public:
  explicit Validator(element whole) : whole_(whole) {}

  element resolved(element rule) const {
    if (!has(rule, "$ref")) {
      return rule;
    }
    const std::string_view ref = rule["$ref"].get_string();
    check(ref.starts_with("#/"), "a schema refers to itself only");
    return whole_.at_pointer(ref.substr(1));
  }

  std::string violation(element value, element given, const std::string& place) const {
    const element rule = resolved(given);
    const std::string_view type = rule["type"].get_string();
    if (!is_type(value, type)) {
      return place + " is no " + std::string(type);
    }
    return type == "object"    ? object(value, rule, place)
           : type == "array"   ? array(value, rule, place)
           : type == "string"  ? string(value, rule, place)
           : type == "integer" ? integer(value, rule, place)
                               : "";
  }

  std::string not_closed(element rule, const std::string& place) const {
    static const std::set<std::string> known = {
        "$schema", "title",    "description", "type",    "properties", "required",
        "enum",    "minimum",  "maximum",     "pattern", "minLength",  "additionalProperties",
        "items",   "maxItems", "uniqueItems", "$defs",   "$ref"};
    for (const std::string& key : keys(rule)) {
      if (!known.contains(key)) {
        return place + ": " + key;
      }
    }
    if (has(rule, "$ref")) {
      return has(resolved(rule), "type") ? "" : place + " refers to nothing";
    }
    if (!has(rule, "type")) {
      return place + " has no type";
    }
    if (has(rule, "items")) {
      return not_closed(rule["items"], place + "[]");
    }
    if (rule["type"].get_string().value() != "object") {
      return "";
    }
    if (!has(rule, "additionalProperties") || rule["additionalProperties"].get_bool().value()) {
      return place + " is open";
    }
    return each_not_closed(rule["properties"], place);
  }

  void add_places(element given, const std::string& place, std::set<std::string>& all) const {
    const element rule = resolved(given);
    if (has(rule, "items")) {
      return add_places(rule["items"], place + "[]", all);
    }
    if (!has(rule, "properties")) {
      return;
    }
    for (const auto field : rule["properties"].get_object()) {
      const std::string inner = (place.empty() ? "" : place + ".") + std::string(field.key);
      all.insert(inner);
      add_places(field.value, inner, all);
    }
  }

  std::string each_not_closed(element rules, const std::string& place) const {
    for (const auto field : rules.get_object()) {
      std::string wrong = not_closed(field.value, place + "." + std::string(field.key));
      if (!wrong.empty()) {
        return wrong;
      }
    }
    return "";
  }

 private:
  std::string object(element value, element rule, const std::string& place) const {
    for (const std::string& name : texts(rule["required"])) {
      if (!has(value, name)) {
        return place + "." + name + " missing";
      }
    }
    const std::vector<std::string> order = keys(rule["properties"]);
    std::size_t at = 0;
    for (const auto field : value.get_object()) {
      const std::string name(field.key);
      const auto found =
          std::find(order.begin() + static_cast<std::ptrdiff_t>(at), order.end(), name);
      if (found == order.end()) {
        return place + "." + name + " unknown, repeated or out of order";
      }
      at = static_cast<std::size_t>(found - order.begin()) + 1;
      std::string wrong = violation(field.value, rule["properties"][field.key], place + "." + name);
      if (!wrong.empty()) {
        return wrong;
      }
    }
    return "";
  }

  std::string array(element value, element rule, const std::string& place) const {
    std::set<std::string> seen;
    std::size_t count = 0;
    for (const element each : value.get_array()) {
      std::string wrong = violation(each, rule["items"], place + "[]");
      if (!wrong.empty()) {
        return wrong;
      }
      seen.insert(simdjson::minify(each));
      ++count;
    }
    if (has(rule, "uniqueItems") && seen.size() != count) {
      return place + " repeats an item";
    }
    if (has(rule, "maxItems") && count > rule["maxItems"].get_uint64().value()) {
      return place + " has too many items";
    }
    return "";
  }

  static std::string string(element value, element rule, const std::string& place) {
    const std::string text(value.get_string().value());
    if (has(rule, "enum")) {
      const auto words = texts(rule["enum"]);
      if (std::ranges::find(words, text) == words.end()) {
        return place + " is no word of its enum";
      }
    }
    if (has(rule, "minLength") && text.size() < rule["minLength"].get_uint64().value()) {
      return place + " is too short";
    }
    if (has(rule, "pattern") &&
        !std::regex_search(text, std::regex(std::string(rule["pattern"].get_string().value())))) {
      return place + " does not match its pattern";
    }
    return "";
  }

  static std::string integer(element value, element rule, const std::string& place) {
    if (value.is_int64()) {
      const std::int64_t number = value.get_int64();
      if ((has(rule, "minimum") && number < rule["minimum"].get_int64().value()) ||
          (has(rule, "maximum") && number > rule["maximum"].get_int64().value())) {
        return place + " is out of range";
      }
    }
    return "";
  }

  element whole_;
};

void add_places_of(element value, const std::string& place, std::set<std::string>& all) {
  if (value.is_array()) {
    for (const element each : value.get_array()) {
      add_places_of(each, place + "[]", all);
    }
  } else if (value.is_object()) {
    for (const auto field : value.get_object()) {
      const std::string inner = (place.empty() ? "" : place + ".") + std::string(field.key);
      all.insert(inner);
      add_places_of(field.value, inner, all);
    }
  }
}

}  // namespace

Schema::Schema(const std::string& path, std::string_view definition)
    : parser_(std::make_shared<simdjson::dom::parser>()) {
  check(parser_->load(path).get(whole_) == simdjson::SUCCESS, "a schema is JSON");
  rule_ = definition.empty() ? whole_ : of(definition).rule_;
}

Schema Schema::of(std::string_view definition) const {
  Schema other(*this);
  auto found = whole_["$defs"][definition];
  check(found.error() == simdjson::SUCCESS, "a schema has this definition");
  other.rule_ = found.value();
  return other;
}

std::string Schema::violation(const std::string& line) const {
  simdjson::dom::parser parser;
  element value;
  return parser.parse(line).get(value) == simdjson::SUCCESS
             ? Validator(whole_).violation(value, rule_, "")
             : "no JSON";
}

std::set<std::string> Schema::places() const {
  std::set<std::string> all;
  Validator(whole_).add_places(rule_, "", all);
  return all;
}

std::set<std::string> Schema::places_in(const std::string& line) {
  simdjson::dom::parser parser;
  std::set<std::string> all;
  add_places_of(parser.parse(line), "", all);
  return all;
}

std::string Schema::not_closed() const {
  const Validator validator(whole_);
  if (schema_json::has(whole_, "$defs")) {
    if (std::string wrong = validator.each_not_closed(whole_["$defs"], ""); !wrong.empty()) {
      return wrong;
    }
  }
  return schema_json::has(rule_, "type") ? validator.not_closed(rule_, "") : "";
}

}  // namespace marktwacht
