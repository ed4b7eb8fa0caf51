// Any bytes as a rulebook, and as each expression of a rule: never a crash, and errors have lines.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "rules/rule.h"
#include "rules/syntax.h"

namespace {

using namespace marktwacht;

void load(std::string_view text) {
  const auto book = load_rulebook(text);
  if (!book) {
    check(!book.error().empty(), "what is refused has an error");
    format_errors("f", book.error());
    return;
  }
  const auto again = load_rulebook(text);
  check(again.has_value() && again->hash == book->hash, "what loads loads again");
  for (const CompiledRule& rule : book->rules) {
    check(compile_rule(rule.spec).has_value(), "a rule that was checked compiles");
  }
}

// As a text of TOML, whatever is in it.
std::string quoted(std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string made = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      made += {'\\', c};
    } else if (byte < 0x20 || byte > 0x7E) {
      made += "\\u00";
      made += {digits[byte >> 4], digits[byte & 15]};
    } else {
      made += c;
    }
  }
  return made + "\"";
}

void load_rule(std::string_view key, std::string_view expression) {
  const auto value = [&](std::string_view name, std::string_view usual) {
    return name == key ? quoted(expression) : quoted(usual);
  };
  load(
      "[rulebook]\nid = \"f\"\n[[rule]]\nid = \"r\"\nclause = \"1\"\n"
      "on = [\"order\", \"fill\", \"cancel\", \"deposit\"]\nby = [\"account\", \"instrument\"]\n"
      "window = \"day\"\nparams = { limit = 5, share = 0.25 }\nwhere = " +
      value("where", "true") + "\nlet = { n = " + value("let", "count()") +
      " }\nwhen = " + value("when", "n >= limit") + "\n");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  load(text);
  if (const auto syntax = parse_expression(text)) {
    check(!syntax->nodes.empty(), "an expression has a root");
  } else {
    check(syntax.error().at <= text.size(), "a fault stands within the text");
  }
  for (const char* key : {"where", "let", "when"}) {
    load_rule(key, text);
  }
  return 0;
}
