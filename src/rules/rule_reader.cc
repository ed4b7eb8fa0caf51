// One function for each key.
#include "rules/rule_reader.h"

#include <algorithm>

#include "rules/fields.h"

namespace marktwacht {

std::vector<std::string> RuleReader::read_texts(const toml::node& node, std::string_view key) {
  std::vector<std::string> texts;
  const toml::array* array = node.as_array();
  if (array == nullptr) {
    fail(line_of(node), std::string(key) + " must be a list of texts");
    return texts;
  }
  for (const toml::node& member : *array) {
    if (!member.is_string()) {
      fail(line_of(member), std::string(key) + " must be a list of texts");
    }
    texts.push_back(text_of(member));
  }
  return texts;
}

void RuleReader::read_rule(const toml::table& table, RuleSpec& spec) {
  if (const toml::node* id = table.get("id")) {
    spec.id = rule_ = text_of(*id);
  }
  const auto& known = readers();
  for (const auto& [key, node] : table) {
    const auto reader = known.find(key.str());
    if (reader == known.end()) {
      std::string allowed;
      for (const auto& entry : known) {
        allowed += " " + entry.first;
      }
      fail(line_of(node), "unknown key " + std::string(key.str()) + "; allowed:" + allowed);
    } else {
      reader->second(node, spec);
    }
  }
  for (const auto& [name, source] : spec.let) {
    if (std::ranges::find(spec.params, name, [](const auto& param) { return param.first; }) !=
        spec.params.end()) {
      fail(source.line, "let: " + name + " is a parameter already");
    }
  }
  for (const std::string_view key : {"id", "clause", "on", "by", "window", "let", "when"}) {
    if (!table.contains(key)) {
      fail(spec.line, std::string(key) + " is missing");
    }
  }
}

const std::map<std::string, RuleReader::Reader, std::less<>>& RuleReader::readers() {
  if (readers_.empty()) {
    add_word_readers();
    add_list_readers();
    add_expression_readers();
  }
  return readers_;
}

void RuleReader::add_word_readers() {
  readers_["id"] = [this](const toml::node& node, RuleSpec& spec) {
    if (!is_name(spec.id)) {
      fail(line_of(node), "id must be lower-case letters, digits and _");
    }
  };
  readers_["clause"] = [this](const toml::node& node, RuleSpec& spec) {
    spec.clause = text_of(node);
    if (spec.clause.empty() || spec.clause.find_first_not_of("0123456789.") != std::string::npos) {
      fail(line_of(node), "clause must be a paragraph's number in quotes, like \"2.8\"");
    }
  };
  readers_["window"] = [this](const toml::node& node, RuleSpec& spec) {
    if (const auto window = parse_window(text_of(node))) {
      spec.window = *window;
    } else {
      fail(line_of(node),
           "window must be \"day\", \"sliding 10s\" or \"cycle 10m\" (ms s m h, 31 days at "
           "most)");
    }
  };
  readers_["severity"] = [this](const toml::node& node, RuleSpec& spec) {
    read_word(node, "severity", spec.severity);
  };
  readers_["maturity"] = [this](const toml::node& node, RuleSpec& spec) {
    read_word(node, "maturity", spec.maturity);
  };
  readers_["entries_max"] = [this](const toml::node& node, RuleSpec& spec) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 1 || *value > 100'000'000) {
      fail(line_of(node), "entries_max must be a whole number, 1 to 100000000");
    } else {
      spec.entries_max = static_cast<std::uint32_t>(*value);
    }
  };
}

void RuleReader::add_list_readers() {
  readers_["on"] = [this](const toml::node& node, RuleSpec& spec) {
    for (const std::string& word : read_texts(node, "on")) {
      const auto event = find_rule_event(word);
      if (!event) {
        fail(line_of(node), "on: unknown event " + word);
      } else if (std::ranges::find(spec.on, *event) != spec.on.end()) {
        fail(line_of(node), "on: " + word + " stands twice");
      } else {
        spec.on.push_back(*event);
      }
    }
    if (spec.on.empty()) {
      fail(line_of(node), "on must name an event");
    }
  };
  readers_["by"] = [this](const toml::node& node, RuleSpec& spec) {
    for (const std::string& word : read_texts(node, "by")) {
      const auto found = std::ranges::find(part_words, word);
      const auto part = static_cast<KeyPart>(found - part_words.begin());
      if (found == part_words.end()) {
        fail(line_of(node), "by: unknown key " + word + "; allowed: " + listed(part_words));
      } else if (std::ranges::find(spec.by, part) != spec.by.end()) {
        fail(line_of(node), "by: " + word + " stands twice");
      } else {
        spec.by.push_back(part);
      }
    }
    check_by(node, spec);
  };
}

void RuleReader::check_by(const toml::node& node, const RuleSpec& spec) {
  const auto has = [&](KeyPart part) { return std::ranges::find(spec.by, part) != spec.by.end(); };
  if (spec.by.empty() || spec.by.size() > 4) {
    fail(line_of(node), "by must name one to four keys: " + listed(part_words));
  }
  if (has(KeyPart::account) + has(KeyPart::group) + has(KeyPart::person) > 1) {
    fail(line_of(node), "by: account, group and person exclude each other");
  }
}

void RuleReader::add_expression_readers() {
  readers_["where"] = [this](const toml::node& node, RuleSpec& spec) {
    spec.where = read_source(node, "where");
  };
  readers_["when"] = [this](const toml::node& node, RuleSpec& spec) {
    spec.when = read_source(node, "when");
  };
  readers_["warn_when"] = [this](const toml::node& node, RuleSpec& spec) {
    spec.warn_when = read_source(node, "warn_when");
  };
  readers_["params"] = [this](const toml::node& node, RuleSpec& spec) { read_params(node, spec); };
  readers_["let"] = [this](const toml::node& node, RuleSpec& spec) { read_let(node, spec); };
  readers_["text"] = [this](const toml::node& node, RuleSpec& spec) { read_text(node, spec); };
}

// Where the text begins behind its quotes. With escapes in it, columns are not those of the file.
void RuleReader::find_start(const toml::node& node, SourceText& source) {
  const auto& [begin, end, path] = node.source();
  const auto breaks = static_cast<std::uint32_t>(std::ranges::count(source.text, '\n'));
  const auto width = static_cast<std::uint32_t>(std::ranges::count_if(
      source.text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  if (begin.line == end.line) {
    const std::uint32_t quotes = end.column - begin.column - width;
    source.column = quotes == 2 || quotes == 6 ? static_cast<int>(begin.column + quotes / 2) : 0;
  } else if (end.line - begin.line == breaks + 1) {  // TOML drops a line end behind the quotes
    ++source.line;
    source.column = 1;
  } else if (end.line - begin.line == breaks) {
    source.column = static_cast<int>(begin.column + 3);
  }
}

SourceText RuleReader::read_source(const toml::node& node, std::string_view key) {
  SourceText source{text_of(node), line_of(node)};
  find_start(node, source);
  if (source.text.empty()) {
    fail(source.line, std::string(key) + " must be an expression in quotes");
  }
  return source;
}

void RuleReader::read_params(const toml::node& node, RuleSpec& spec) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    return fail(line_of(node), "params must be a table of numbers");
  }
  for (const auto& [key, value] : *table) {
    auto number = number_of(value);
    if (!number) {
      fail(line_of(value), "params: " + std::string(key.str()) + " must be a number");
      continue;
    }
    const auto setting = set_.find(spec.id + "." + std::string(key.str()));
    if (setting != set_.end()) {
      number = setting->second.value;
      setting->second.used = true;
    }
    check_name(value, key.str());
    spec.params.emplace_back(std::string(key.str()), *number);
  }
}

void RuleReader::check_name(const toml::node& node, std::string_view name) {
  if (!is_name(name) || name.find('-') != name.npos || name == "event" || name == "and" ||
      name == "or" || name == "not" || name == "in" || name == "true" || name == "false") {
    fail(line_of(node), std::string(name) + " cannot be a name: lower-case letters, digits, _");
  }
}

// toml++ sorts keys: the order of the file is that of the lines and columns.
void RuleReader::read_let(const toml::node& node, RuleSpec& spec) {
  const toml::table* table = node.as_table();
  if (table == nullptr || table->empty()) {
    return fail(line_of(node), "let must be a table of expressions");
  }
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> order;
  for (const auto& [key, value] : *table) {
    const auto& begin = value.source().begin;
    order[{begin.line, begin.column}] = std::string(key.str());
  }
  for (const auto& [place, name] : order) {
    const toml::node& value = *table->get(name);
    check_name(value, name);
    spec.let.emplace_back(name, read_source(value, "let." + name));
  }
}

void RuleReader::read_text(const toml::node& node, RuleSpec& spec) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    return fail(line_of(node), "text must be { en = \"…\", de = \"…\" }");
  }
  for (const auto& [key, value] : *table) {
    if (key.str() != "en" && key.str() != "de") {
      fail(line_of(value), "text: unknown language " + std::string(key.str()) + "; allowed: en de");
    }
    (key.str() == "en" ? spec.text_en : spec.text_de) = text_of(value);
  }
}

}  // namespace marktwacht
