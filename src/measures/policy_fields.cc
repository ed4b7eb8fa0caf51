// Taking values out of a table, and what is refused.
#include "measures/policy_fields.h"

#include <algorithm>
#include <utility>

namespace marktwacht {

void PolicyFields::fail(int at, std::string_view what) {
  errors_.push_back({at, where_ + (where_.empty() ? "" : ": ") + std::string(what)});
}

const toml::node* PolicyFields::node(std::string_view key) {
  if (std::ranges::find(asked_, key) == asked_.end()) {
    asked_.emplace_back(key);
  }
  return table_.get(key);
}

void PolicyFields::whole(std::string_view key, Range range, std::int64_t& to) {
  if (const toml::node* said = node(key)) {
    const auto value = said->value_exact<std::int64_t>();
    if (value && *value >= range.least && *value <= range.most) {
      to = *value;
    } else {
      fail(line_of(*said), std::string(key) + " must be a whole number from " +
                               std::to_string(range.least) + " to " + std::to_string(range.most));
    }
  }
}

void PolicyFields::flag(std::string_view key, bool& to) {
  if (const toml::node* said = node(key)) {
    const auto value = said->value_exact<bool>();
    value ? void(to = *value) : fail(line_of(*said), std::string(key) + " must be true or false");
  }
}

void PolicyFields::text(std::string_view key, std::size_t longest, std::string& to) {
  if (const toml::node* said = node(key)) {
    const auto value = said->value_exact<std::string>();
    if (value && !value->empty() && value->size() <= longest) {
      to = *value;
    } else {
      fail(line_of(*said), std::string(key) + " must be a text in quotes, 1 to " +
                               std::to_string(longest) + " bytes");
    }
  }
}

void PolicyFields::decimal(std::string_view key, std::optional<Decimal>& to) {
  if (const toml::node* said = node(key)) {
    const auto whole = said->value_exact<std::int64_t>();
    const auto value = whole ? make_decimal(*whole, 0)
                             : parse_decimal(said->value_exact<std::string>().value_or(""));
    if (value) {
      to = value;
    } else {
      fail(line_of(*said), std::string(key) + " must be a whole number, or a decimal in quotes");
    }
  }
}

void PolicyFields::time(std::string_view key, Duration unit, Range range, Duration& to) {
  std::int64_t count = to.ns / unit.ns;
  const std::size_t faults = errors_.size();
  whole(key, range, count);
  if (node(key) != nullptr && errors_.size() == faults) {
    to = {count * unit.ns};
  }
}

void PolicyFields::duration(std::optional<Duration>& to) {
  static constexpr std::pair<std::string_view, std::int64_t> units[] = {
      {"duration_days", day.ns},
      {"duration_h", 3'600 * second.ns},
      {"duration_min", 60 * second.ns},
      {"duration_s", second.ns}};
  constexpr std::int64_t longest = 3'650 * day.ns;
  std::string_view first;
  for (const auto& [key, ns] : units) {
    if (const toml::node* said = node(key); said != nullptr && !first.empty()) {
      fail(line_of(*said),
           std::string(key) + " beside " + std::string(first) + ": only one of them may be said");
    } else if (said != nullptr) {
      first = key;
      Duration length{};
      time(key, {ns}, {1, longest / ns}, length);
      to = length;
    }
  }
}

void PolicyFields::texts(std::string_view key, std::vector<std::string>& to) {
  const toml::node* said = node(key);
  if (said == nullptr) {
    return;
  }
  std::vector<std::string> found;
  const toml::array* list = said->as_array();
  bool is_sound = list != nullptr && !list->empty();
  for (std::size_t i = 0; is_sound && i < list->size(); ++i) {
    const auto one = (*list)[i].value_exact<std::string>();
    is_sound = one && !one->empty() && std::ranges::find(found, *one) == found.end();
    found.push_back(one.value_or(""));
  }
  if (is_sound) {
    to = std::move(found);
  } else {
    fail(line_of(*said), std::string(key) + " must be a list of texts in quotes, none twice");
  }
}

const toml::table* PolicyFields::table(std::string_view key) {
  const toml::node* said = node(key);
  if (said != nullptr && !said->is_table()) {
    fail(line_of(*said), std::string(key) + " must be a table");
  }
  return said != nullptr ? said->as_table() : nullptr;
}

std::vector<const toml::table*> PolicyFields::tables(std::string_view key, std::string_view what) {
  std::vector<const toml::table*> all;
  const toml::node* said = node(key);
  if (said == nullptr) {
    return all;
  }
  const toml::array* list = said->as_array();
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    if (const toml::table* one = (*list)[i].as_table()) {
      all.push_back(one);
    }
  }
  if (list == nullptr || all.size() != list->size()) {
    fail(line_of(*said), std::string(key) + " must be a list of " + std::string(what));
  }
  return all;
}

void PolicyFields::finish() {
  std::string allowed;
  for (const std::string& key : asked_) {
    allowed += (allowed.empty() ? "" : ", ") + key;
  }
  for (const auto& [key, said] : table_) {
    if (std::ranges::find(asked_, key.str()) == asked_.end()) {
      fail(line_of(said), "unknown key \"" + std::string(key.str()) + "\"; allowed: " + allowed);
    }
  }
}

}  // namespace marktwacht
