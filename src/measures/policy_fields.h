// One table of a policy's text, read key by key; every fault has a line and says what is allowed.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"
#include "events/words.h"
#include "measures/policy_reader.h"

namespace marktwacht {

struct Range {
  std::int64_t least = 0, most = 0;
};

inline int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

// Names each key once by asking for it; `finish` then refuses whatever was not asked for.
class PolicyFields {
 public:
  // `where` stands before each fault, "" at the root.
  PolicyFields(const toml::table& table, std::string where, std::vector<PolicyError>& errors)
      : table_(table), where_(std::move(where)), errors_(errors) {}

  // The node of a key, nullptr where there is none.
  const toml::node* node(std::string_view key);
  int line() const { return line_of(table_); }
  void fail(int at, std::string_view what);

  // Each leaves `to` as it is where the key is absent or faulty.
  void whole(std::string_view key, Range range, std::int64_t& to);
  void flag(std::string_view key, bool& to);
  void text(std::string_view key, std::size_t longest, std::string& to);
  // A whole number, or a decimal in quotes.
  void decimal(std::string_view key, std::optional<Decimal>& to);
  // A number of `unit`, which the key ends in.
  void time(std::string_view key, Duration unit, Range range, Duration& to);
  // One of duration_days, duration_h, duration_min, duration_s: above 0, ten years at most.
  void duration(std::optional<Duration>& to);
  // A list of texts, none empty, none twice.
  void texts(std::string_view key, std::vector<std::string>& to);
  template <class E>
  void word(std::string_view key, E& to);
  template <class E>
  void words(std::string_view key, std::vector<E>& to);
  const toml::table* table(std::string_view key);
  // A list of tables; `what` says of what.
  std::vector<const toml::table*> tables(std::string_view key, std::string_view what);

  void finish();

 private:
  template <class E>
  static std::string listed();
  template <class E>
  static std::optional<E> word_from(std::string_view text);

  const toml::table& table_;
  std::string where_;
  std::vector<PolicyError>& errors_;
  std::vector<std::string> asked_;
};

template <class E>
std::string PolicyFields::listed() {
  std::string text;
  for (const std::string_view one : Words<E>::list) {
    text += (text.empty() ? "" : ", ") + std::string(one);
  }
  return text;
}

template <class E>
std::optional<E> PolicyFields::word_from(std::string_view text) {
  for (std::size_t i = 0; i < Words<E>::list.size(); ++i) {
    if (Words<E>::list[i] == text) {
      return static_cast<E>(i);
    }
  }
  return std::nullopt;
}

template <class E>
void PolicyFields::word(std::string_view key, E& to) {
  if (const toml::node* said = node(key)) {
    if (const auto found = word_from<E>(said->value_exact<std::string>().value_or(""))) {
      to = *found;
    } else {
      fail(line_of(*said), std::string(key) + " must be one of: " + listed<E>());
    }
  }
}

template <class E>
void PolicyFields::words(std::string_view key, std::vector<E>& to) {
  std::vector<std::string> names;
  const toml::node* said = node(key);
  texts(key, names);
  std::set<E> found;
  for (const std::string& name : names) {
    if (const auto one = word_from<E>(name)) {
      found.insert(*one);
    } else {
      fail(line_of(*said),
           std::string(key) + ": unknown \"" + name + "\"; allowed: " + listed<E>());
    }
  }
  if (!names.empty()) {
    to.assign(found.begin(), found.end());
  }
}

}  // namespace marktwacht
