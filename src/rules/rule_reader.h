// Reads one [[rule]] of a rulebook: every key is known, every error has its line.
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rulebook_words.h"

namespace marktwacht {

// What [set] says of a parameter.
struct ParamSetting {
  Number value;
  int line = 0;
  bool used = false;
};

class RuleReader {
 public:
  // Both must outlive it.
  RuleReader(std::vector<RulebookError>& errors, std::map<std::string, ParamSetting>& set)
      : errors_(errors), set_(set) {}

  void read_rule(const toml::table& table, RuleSpec& spec);

 private:
  using Reader = std::function<void(const toml::node&, RuleSpec&)>;

  void fail(int line, std::string what) { errors_.push_back({line, rule_, std::move(what)}); }
  const std::map<std::string, Reader, std::less<>>& readers();
  void add_word_readers();
  template <class E>
  void read_word(const toml::node& node, std::string_view key, E& to) {
    const auto& words = Words<E>::list;
    const auto found = std::ranges::find(words, text_of(node));
    if (found == words.end()) {
      fail(line_of(node), std::string(key) + " must be one of: " + listed(words));
    } else {
      to = static_cast<E>(found - words.begin());
    }
  }
  void add_list_readers();
  void check_by(const toml::node& node, const RuleSpec& spec);
  void add_expression_readers();
  std::vector<std::string> read_texts(const toml::node& node, std::string_view key);
  static void find_start(const toml::node& node, SourceText& source);
  SourceText read_source(const toml::node& node, std::string_view key);
  void read_params(const toml::node& node, RuleSpec& spec);
  void check_name(const toml::node& node, std::string_view name);
  void read_let(const toml::node& node, RuleSpec& spec);
  void read_text(const toml::node& node, RuleSpec& spec);

  std::vector<RulebookError>& errors_;
  std::map<std::string, ParamSetting>& set_;
  std::string rule_;  // the one being read
  std::map<std::string, Reader, std::less<>> readers_;
};

}  // namespace marktwacht
