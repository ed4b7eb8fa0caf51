// What --set gives becomes part of the rulebook's text, so that a journal says what ran.
#include "app/rulebook_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "rules/detector_reader.h"
#include "rules/rule.h"
#include "rules/shipped.h"

namespace marktwacht {
namespace {

struct Setting {
  std::string rule, param, value;
  bool used = false;
};

std::expected<std::vector<Setting>, std::string> parse_settings(
    const std::vector<std::string>& texts) {
  std::vector<Setting> settings;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const std::size_t dot = text.substr(0, equals).rfind('.');
    if (equals == text.npos || dot == text.npos || dot == 0 || equals == dot + 1 ||
        equals + 1 == text.size()) {
      return std::unexpected("--set takes RULE.PARAM=V, not " + text);
    }
    settings.push_back({text.substr(0, dot), text.substr(dot + 1, equals - dot - 1),
                        text.substr(equals + 1), false});
  }
  return settings;
}

bool has_param(const Rulebook& book, const std::string& id, const std::string& name) {
  for (const CompiledRule& rule : book.rules) {
    if (rule.spec.id == id && std::ranges::any_of(rule.spec.params, [&](const auto& param) {
          return param.first == name;
        })) {
      return true;
    }
  }
  return std::ranges::any_of(book.detectors, [&](const DetectorUse& use) {
    const DetectorSpec& spec = *use.detector->spec;
    const auto names = settable(spec);
    return spec.id == id && std::ranges::find(names, name) != names.end();
  });
}

// A detector alone, with its usual numbers.
std::string rulebook_of(const DetectorSpec& spec) {
  const std::string id(spec.id);
  return "[rulebook]\nid = \"" + id + "\"\ntitle = \"" + std::string(spec.claim) +
         "\"\ndetectors = [\"" + id + "\"]\n";
}

// Settings of the rules and detectors that `book` has, as its [set] table.
std::string set_table(const Rulebook& book, std::vector<Setting>& settings) {
  std::string table;
  for (Setting& setting : settings) {
    if (has_param(book, setting.rule, setting.param)) {
      setting.used = true;
      table += "\"" + setting.rule + "." + setting.param + "\" = \"" + setting.value + "\"\n";
    }
  }
  return table.empty() ? table : "\n[set]\n" + table;
}

}  // namespace

bool is_rulebook_name(const std::string& name) {
  const auto shipped = shipped_rulebooks();
  return std::ranges::find(shipped, name, &ShippedRulebook::name) != shipped.end() ||
         find_detector(name) != nullptr;
}

std::expected<std::string, std::string> read_rulebook(const std::string& name) {
  const auto shipped = std::ranges::find(shipped_rulebooks(), name, &ShippedRulebook::name);
  if (shipped != shipped_rulebooks().end()) {
    return std::string(shipped->text);
  }
  if (const CatalogueEntry* detector = find_detector(name)) {
    return rulebook_of(*detector->spec);
  }
  std::ifstream file(name, std::ios::binary);
  std::ostringstream text;
  if (!(text << file.rdbuf())) {
    std::string allowed;
    for (const ShippedRulebook& book : shipped_rulebooks()) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(book.name);
    }
    return std::unexpected("no rulebook " + name + ": name a file, a detector, or one of " +
                           allowed);
  }
  return text.str();
}

void RulebookOptions::add_to(CLI::App& command) {
  command.add_option("--rulebook", rulebooks,
                     "a rulebook's file, or the name of a shipped one or of a detector (that one "
                     "alone); may be repeated; default: "
                     "default, or what the journal names");
  command.add_option("--set", set,
                     "RULE.PARAM=V: another value for a rule's or detector's parameter");
}

std::expected<Rulebooks, std::string> RulebookOptions::load() const {
  auto settings = parse_settings(set);
  if (!settings) {
    return std::unexpected(settings.error());
  }
  Rulebooks loaded;
  loaded.given = !rulebooks.empty() || !set.empty();
  std::string errors;
  const auto fail = [&](const std::string& what) { errors += (errors.empty() ? "" : "\n") + what; };
  for (const std::string& name :
       rulebooks.empty() ? std::vector<std::string>{"default"} : rulebooks) {
    auto text = read_rulebook(name);
    if (!text) {
      fail(text.error());
      continue;
    }
    auto book = load_rulebook(*text);
    const std::string table = book ? set_table(*book, *settings) : "";
    if (!table.empty()) {
      *text += table;
      book = load_rulebook(*text);
    }
    if (!book) {
      fail(format_errors(name, book.error()));
    }
    loaded.texts.push_back(*std::move(text));
  }
  for (const Setting& setting : *settings) {
    if (!setting.used && errors.empty()) {
      fail("--set: no rule or detector in use has a parameter " + setting.rule + "." +
           setting.param);
    }
  }
  return errors.empty() ? std::expected<Rulebooks, std::string>(loaded) : std::unexpected(errors);
}

}  // namespace marktwacht
