// Reading a rulebook with toml++; all errors at once.
#include "rules/rulebook.h"

#include <algorithm>
#include <map>
#include <set>

#include "findings/shadow.h"
#include "rules/detector_reader.h"
#include "rules/rule.h"
#include "rules/rule_reader.h"

namespace marktwacht {
namespace {

constexpr std::size_t rules_max = 1'000;

class Loader {
 public:
  std::expected<Rulebook, std::vector<RulebookError>> run(std::string_view text);

 private:
  void fail(int line, std::string what) { errors_.push_back({line, rule_, std::move(what)}); }
  void parse(std::string_view text);
  void read(const toml::table& table);
  void read_head(const toml::table& head);
  void read_sources(const toml::node& node);
  void read_set(const toml::table& table);
  void read_rules(const toml::array& rules);
  void finish(RuleSpec spec, bool sound);

  Rulebook book_;
  bool shadow_ = false;
  std::string rule_;  // the one an error is about
  std::map<std::string, ParamSetting> set_;
  std::vector<RulebookError> errors_;
};

std::expected<Rulebook, std::vector<RulebookError>> Loader::run(std::string_view text) {
  parse(text);
  for (RulebookError& error : feeding_errors(hearings_of(book_.rules))) {
    errors_.push_back(std::move(error));
  }
  if (!errors_.empty()) {
    std::ranges::stable_sort(errors_, {}, [](const RulebookError& error) {
      return std::pair(error.line, error.column);
    });
    return std::unexpected(std::move(errors_));
  }
  book_.hash = hex(sha256(text)).substr(0, 16);
  if (shadow_) {
    book_.id += shadow_suffix;
    for (CompiledRule& rule : book_.rules) {
      rule.spec.maturity = std::max(rule.spec.maturity, Maturity::incubating);
    }
  }
  return std::move(book_);
}

void Loader::parse(std::string_view text) {
  try {  // tidy: toml++ reports by exceptions
    const toml::table table = toml::parse(text);
    read(table);
  } catch (const toml::parse_error& error) {  // tidy: see above
    fail(static_cast<int>(error.source().begin.line), std::string(error.description()));
  }
}

void Loader::read(const toml::table& table) {
  for (const auto& [key, node] : table) {
    if (key.str() != "rulebook" && key.str() != "rule" && key.str() != "detector" &&
        key.str() != "set") {
      fail(line_of(node),
           "unknown key " + std::string(key.str()) + "; allowed: rulebook rule detector set");
    }
  }
  if (const auto* head = table["rulebook"].as_table()) {
    read_head(*head);
  } else {
    fail(1, "[rulebook] is missing");
  }
  if (const auto* set = table["set"].as_table()) {
    read_set(*set);
  }
  if (const auto* rules = table["rule"].as_array()) {
    read_rules(*rules);
  } else if (table.contains("rule")) {
    fail(line_of(*table.get("rule")), "write each rule as [[rule]]");
  }
  const toml::table* detectors = table["detector"].as_table();
  if (detectors == nullptr && table.contains("detector")) {
    fail(line_of(*table.get("detector")), "write each detector as [detector.ID]");
  }
  book_.detectors =
      DetectorReader(errors_, set_).read(table["rulebook"]["detectors"].node(), detectors);
  for (const auto& [name, setting] : set_) {
    if (!setting.used) {
      rule_.clear();
      fail(setting.line, "set: there is no parameter " + name);
    }
  }
}

void Loader::read_head(const toml::table& head) {
  for (const auto& [key, node] : head) {
    if (key.str() == "id") {
      book_.id = text_of(node);
    } else if (key.str() == "title") {
      book_.title = text_of(node);
    } else if (key.str() == "sources") {
      read_sources(node);
    } else if (key.str() == "shadow") {
      if (!node.is_boolean()) {
        fail(line_of(node), "shadow must be true or false");
      }
      shadow_ = node.value_or(false);
    } else if (key.str() != "detectors") {
      fail(line_of(node), "unknown key " + std::string(key.str()) +
                              "; allowed: id title sources detectors shadow");
    }
  }
  if (!is_name(book_.id) || is_shadow(book_.id)) {
    fail(line_of(head),
         "[rulebook] needs an id of lower-case letters, digits, - and _, and not "
         "-shadow at its end: `shadow = true` adds that");
  }
}

void Loader::read_set(const toml::table& table) {
  for (const auto& [key, node] : table) {
    const auto value = number_of(node);
    if (!value) {
      fail(line_of(node), "set: " + std::string(key.str()) + " must be a number");
    } else {
      set_[std::string(key.str())] = {*value, line_of(node), false};
    }
  }
}

void Loader::read_rules(const toml::array& rules) {
  if (rules.size() > rules_max) {
    fail(line_of(rules), "more than " + std::to_string(rules_max) + " rules");
    return;
  }
  std::set<std::string> ids;
  RuleReader reader(errors_, set_);
  for (const toml::node& node : rules) {
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      fail(line_of(node), "write each rule as [[rule]]");
      continue;
    }
    RuleSpec spec;
    spec.line = line_of(node);
    const std::size_t before = errors_.size();
    reader.read_rule(*table, spec);
    rule_ = spec.id;
    if (!spec.id.empty() && !ids.insert(spec.id).second) {
      fail(spec.line, "a rule of this id stands above");
    }
    if (find_detector(spec.id) != nullptr) {
      fail(spec.line, "a detector is called so: choose another id");
    }
    finish(std::move(spec), errors_.size() == before);
    rule_.clear();
  }
}

// Expressions are checked too where there is enough to check them by, so that all errors come at
// once; `sound`: nothing else is wrong.
void Loader::finish(RuleSpec spec, bool sound) {
  if (spec.on.empty() || spec.by.empty() || spec.let.empty() || spec.when.text.empty()) {
    return;
  }
  spec.hash = content_hash(spec);
  auto compiled = compile_rule(spec);
  if (!compiled) {
    errors_.insert(errors_.end(), compiled.error().begin(), compiled.error().end());
    return;
  }
  if (sound) {
    book_.rules.push_back(*std::move(compiled));
  }
}

void Loader::read_sources(const toml::node& node) {
  const toml::array* array = node.as_array();
  const bool texts = array != nullptr && std::ranges::all_of(*array, [](const toml::node& member) {
                       return member.is_string();
                     });
  if (!texts) {
    return fail(line_of(node), "sources must be a list of texts");
  }
  for (const toml::node& member : *array) {
    book_.sources.push_back(text_of(member));
  }
}

}  // namespace

std::expected<Rulebook, std::vector<RulebookError>> load_rulebook(std::string_view text) {
  return Loader().run(text);
}

}  // namespace marktwacht
