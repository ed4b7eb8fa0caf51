// From an event to its key, and from the key to its rows.
#include <algorithm>

#include "rules/rules.h"

namespace marktwacht {

std::optional<std::uint32_t> Rules::key_value(KeyPart part, const Scope& scope) {
  const auto line_text = [&](std::initializer_list<std::string_view> names) -> const Text* {
    if (scope.raw == nullptr) {
      return nullptr;
    }
    const auto fields = event_info(scope.raw->type).fields;
    for (std::size_t at = 0; at < fields.size(); ++at) {
      if (std::ranges::find(names, fields[at].name) != names.end() && scope.raw->has(at)) {
        return &member<Text>(*scope.raw, fields[at]);
      }
    }
    return nullptr;
  };
  const auto interned = [&](char kind, const Text* text) {
    return text == nullptr ? std::nullopt
                           : std::optional(values_.intern(kind + std::string(text->view())));
  };
  switch (part) {
    case KeyPart::account:
    case KeyPart::group:
      return scope.account.exists() ? std::optional(scope.account.value) : std::nullopt;
    case KeyPart::instrument:
      return scope.instrument.exists() ? std::optional(scope.instrument.value) : std::nullopt;
    case KeyPart::asset: {
      const Text* text = line_text({"asset"});
      const AssetIndex asset =
          text == nullptr ? AssetIndex::none() : market_.directory().find_asset(*text);
      return asset.exists() ? std::optional(asset.value) : std::nullopt;
    }
    case KeyPart::person: {
      if (!scope.account.exists()) {
        return std::nullopt;
      }
      const std::string& person = market_.directory().account(scope.account).person_id;
      return values_.intern(person.empty() ? "a" + market_.directory().account_id(scope.account)
                                           : "p" + person);
    }
    case KeyPart::device:
      return interned('d', line_text({"device_id"}));
    case KeyPart::ip:
      return interned('i', line_text({"ip"}));
    case KeyPart::address:
      return interned('x', line_text({"source_address", "destination"}));
  }
  return std::nullopt;
}

bool Rules::composed_key_of(const RuleTable& table, const Scope& scope, Key& key) {
  for (std::size_t at = 0; at < table.parts.size(); ++at) {
    const auto value = key_value(table.parts[at], scope);
    if (!value) {
      forget_unused(table, key);
      return false;
    }
    key.parts[at] = *value;
  }
  return true;
}

CountedRow Rules::fresh_row(RuleTable& table, const Key& key, Time now) {
  use_values(table, key, true);  // before others are forgotten
  if (table.rows->size(RowsOf::accounts) >= table.entries_max) {
    make_room(table, now);
  }
  const CountedRow row = table.rows->add(RowsOf::accounts, key);
  if (table.sums_groups()) {
    const AccountIndex owner{key.parts[0]};
    note_summed(owner, market_.group(owner));
  }
  return row;
}

CountedRow Rules::group_row_for(RuleTable& table, const Key& key) {
  const CountedRow row = table.rows->find(RowsOf::groups, key);
  return row.exists() ? row : table.rows->add(RowsOf::groups, key);
}

// Values that were numbered for a key that is not complete.
void Rules::forget_unused(const RuleTable& table, const Key& key) {
  for (std::size_t at = 0; at < table.parts.size() && key.parts[at] != Key::unused; ++at) {
    if (is_text_key(table.parts[at])) {
      values_.use(key.parts[at]);
      values_.release(key.parts[at]);
    }
  }
}

void Rules::order_by_key(const RuleTable& table, RowsOf of,
                         std::vector<std::uint32_t>& rows) const {
  if (std::ranges::none_of(table.parts, is_text_key)) {
    return;  // they are in order
  }
  std::ranges::sort(rows, [&](std::uint32_t a, std::uint32_t b) {
    for (std::size_t at = 0; at < table.parts.size(); ++at) {
      const std::uint32_t left = table.rows->key({of, a}).parts[at],
                          right = table.rows->key({of, b}).parts[at];
      if (left != right) {
        return is_text_key(table.parts[at]) ? values_.text(left) < values_.text(right)
                                            : left < right;
      }
    }
    return false;
  });
}

void Rules::use_values(const RuleTable& table, const Key& key, bool use) {
  for (std::size_t at = 0; at < table.parts.size(); ++at) {
    if (is_text_key(table.parts[at])) {
      use ? values_.use(key.parts[at]) : values_.release(key.parts[at]);
    }
  }
}

}  // namespace marktwacht
