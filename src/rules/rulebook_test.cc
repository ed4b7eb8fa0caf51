// What a rulebook's text may say, and what is said of one that may not.
#include <gtest/gtest.h>

#include <algorithm>

#include "rules/rule.h"

namespace marktwacht {
namespace {

constexpr std::string_view head = "[rulebook]\nid = \"own\"\n";  // two lines

// A sound rule but for the key given, which stands in line 11 in place of the one of that name.
std::string with(std::string_view key, std::string_view value) {
  std::string text(head);
  text += "[[rule]]\n";
  static constexpr std::pair<std::string_view, std::string_view> keys[] = {
      {"id", "\"one\""},       {"clause", "\"1.1\""}, {"on", "[\"deposit\"]"},
      {"by", "[\"account\"]"}, {"window", "\"day\""}, {"let", "{ n = \"count()\" }"},
      {"when", "\"n >= 1\""}};
  for (const auto& [name, usual] : keys) {
    text += name == key ? "\n" : std::string(name) + " = " + std::string(usual) + "\n";
  }
  return text + (value.empty() ? "" : std::string(key) + " = " + std::string(value) + "\n");
}

std::string errors_of(std::string_view text) {
  const auto book = load_rulebook(text);
  return book ? "" : format_errors("f", book.error());
}

struct Case {
  std::string_view key, value;
  std::string_view error;  // begins so
};

TEST(RulebookTest, WhatAKeyMayHold) {
  for (const auto& [key, value, error] : std::vector<Case>{
           {"id", "\"One\"", "f:11: rule One: id must be lower-case letters"},
           {"id", "7", "f:11: id must be"},
           {"id", "", "f:3: id is missing"},
           {"clause", "\"two\"", "f:11: rule one: clause must be a paragraph's number"},
           {"clause", "2.8", "f:11: rule one: clause must be"},
           {"clause", "", "f:3: rule one: clause is missing"},
           {"on", "\"deposit\"", "f:11: rule one: on must be a list of texts"},
           {"on", "[]", "f:11: rule one: on must name an event"},
           {"on", "[\"deposits\"]", "f:11: rule one: on: unknown event deposits"},
           {"on", "[\"deposit\", \"deposit\"]", "f:11: rule one: on: deposit stands twice"},
           {"on", "", "f:3: rule one: on is missing"},
           {"by", "[]", "f:11: rule one: by must name one to four keys: account"},
           {"by", "[\"desk\"]", "f:11: rule one: by: unknown key desk; allowed: account"},
           {"by", "[\"ip\", \"ip\"]", "f:11: rule one: by: ip stands twice"},
           {"by", "[\"account\", \"group\"]", "f:11: rule one: by: account, group and person"},
           {"by", "[\"account\", \"instrument\", \"ip\", \"asset\", \"device\"]",
            "f:11: rule one: by must name one to four"},
           {"window", "\"week\"", "f:11: rule one: window must be \"day\""},
           {"window", "\"sliding\"", "f:11: rule one: window must be"},
           {"window", "\"sliding 0s\"", "f:11: rule one: window must be"},
           {"window", "\"sliding -1s\"", "f:11: rule one: window must be"},
           {"window", "\"sliding 10\"", "f:11: rule one: window must be"},
           {"window", "\"sliding 10 s\"", "f:11: rule one: window must be"},
           {"window", "\"sliding 10d\"", "f:11: rule one: window must be"},
           {"window", "\"cycle 745h\"", "f:11: rule one: window must be"},
           {"window", "\"cycle 99999999999999999999h\"", "f:11: rule one: window must be"},
           {"window", "\"days\"", "f:11: rule one: window must be"},
           {"window", "10", "f:11: rule one: window must be"},
           {"let", "{}", "f:11: rule one: let must be a table"},
           {"let", "{ n = \"count()\", In = \"count()\" }", "f:11: rule one: In cannot be a name"},
           {"let", "{ n = \"count()\", in = \"count()\" }", "f:11: rule one: in cannot be a name"},
           {"let", "{ n = 5 }", "f:11: rule one: let.n must be an expression"},
           {"when", "true", "f:11: rule one: when must be an expression"},
           {"when", "\"\"", "f:11: rule one: when must be an expression"},
           {"where", "5", "f:11: rule one: where must be an expression"},
           {"severity", "\"grave\"", "f:11: rule one: severity must be one of: low"},
           {"maturity", "\"old\"", "f:11: rule one: maturity must be one of: stable"},
           {"entries_max", "0", "f:11: rule one: entries_max must be a whole number"},
           {"entries_max", "1.5", "f:11: rule one: entries_max must be"},
           {"entries_max", "100000001", "f:11: rule one: entries_max must be"},
           {"params", "{ limit = true }", "f:11: rule one: params: limit must be a number"},
           {"params", "{ limit = \"x\" }", "f:11: rule one: params: limit must be a number"},
           {"params", "{ limit = inf }", "f:11: rule one: params: limit must be a number"},
           {"params", "{ limit = nan }", "f:11: rule one: params: limit must be a number"},
           {"params", "{ limit = 1e300 }", "f:11: rule one: params: limit must be a number"},
           {"params", "{ event = 1 }", "f:11: rule one: event cannot be a name"},
           {"params", "{ n = 1 }", "f:9: rule one: let: n is a parameter already"},
           {"params", "[1]", "f:11: rule one: params must be a table"},
           {"text", "\"Hello\"", "f:11: rule one: text must be"},
           {"text", "{ fr = \"Bonjour\" }", "f:11: rule one: text: unknown language fr"},
           {"limits", "5", "f:11: rule one: unknown key limits; allowed: by clause entries_max id"},
       }) {
    const std::string errors = errors_of(with(key, value));
    EXPECT_TRUE(errors.starts_with(error)) << key << " = " << value << "\n" << errors;
  }
}

TEST(RulebookTest, SoundValues) {
  for (const auto& [key, value] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"severity", "\"critical\""},
           {"maturity", "\"sandbox\""},
           {"entries_max", "100_000_000"},
           {"window", "\"sliding 1ms\""},
           {"window", "\"cycle 744h\""},
           {"params", "{ limit = \"0.5\", other = 1.25, third = -3 }"},
           {"by", "[\"instrument\", \"account\", \"ip\", \"asset\"]"},
           {"text", "{ en = \"{n}\" }"}}) {
    EXPECT_EQ(errors_of(with(key, value)), "") << key;
  }
}

TEST(RulebookTest, Windows) {
  for (const std::string window :
       {"day", "sliding 10s", "sliding 1500ms", "cycle 10m", "cycle 1h"}) {
    const auto book = load_rulebook(with("window", "\"" + window + "\""));
    ASSERT_TRUE(book.has_value());
    EXPECT_EQ(format_window(book->rules[0].spec.window), window);
  }
  const auto book = load_rulebook(with("window", "\"cycle 60m\""));
  EXPECT_EQ(format_window(book->rules[0].spec.window), "cycle 1h");
}

TEST(RulebookTest, TheFileAsAWhole) {
  for (const auto& [text, error] : std::vector<std::pair<std::string, std::string_view>>{
           {"", "f:1: [rulebook] is missing"},
           {"[rulebook]\n", "f:1: [rulebook] needs an id"},
           {"\n[rulebook]\nid = \"A b\"\n", "f:2: [rulebook] needs an id"},
           {std::string(head) + "version = 1\n", "f:3: unknown key version; allowed: id title"},
           {std::string(head) + "sources = \"x\"\n", "f:3: sources must be a list of texts"},
           {std::string(head) + "sources = [1]\n", "f:3: sources must be a list of texts"},
           {std::string(head) + "[rules]\n",
            "f:3: unknown key rules; allowed: rulebook rule detector set"},
           {std::string(head) + "[rule]\n", "f:3: write each rule as [[rule]]"},
           {std::string(head) + "rule = [1]\n", "f:3: unknown key rule"},
           {"rule = [1]\n" + std::string(head), "f:1: write each rule as [[rule]]"},
           {std::string(head) + "title = \n", "f:3: "},
           {std::string(head) + "[set]\n\"one.limit\" = 5\n",
            "f:4: set: there is no parameter one.limit"},
           {std::string(head) + "[set]\n\"one.limit\" = true\n", "f:4: set: one.limit must be"}}) {
    const std::string errors = errors_of(text);
    EXPECT_TRUE(errors.starts_with(error)) << text << "\n" << errors;
  }
}

TEST(RulebookTest, ARuleOfOneIdStandsOnce) {
  const std::string one = with("x", "");
  const std::string twice = one + one.substr(head.size());
  EXPECT_EQ(errors_of(twice), "f:11: rule one: a rule of this id stands above");
}

TEST(RulebookTest, SetChangesAParameter) {
  const std::string text =
      with("params", "{ limit = 5, other = 6 }") + "[set]\n\"one.limit\" = \"0.25\"\n";
  const auto book = load_rulebook(text);
  ASSERT_TRUE(book.has_value()) << format_errors("f", book.error());
  EXPECT_EQ(format_number(book->rules[0].spec.params[0].second), "0.25");
  EXPECT_EQ(format_number(book->rules[0].spec.params[1].second), "6");
}

TEST(RulebookTest, LetsKeepTheirOrder) {
  const auto book = load_rulebook(with("let", "{ z = \"count()\", a = \"z * 2\", n = \"a + z\" }"));
  ASSERT_TRUE(book.has_value());
  EXPECT_EQ(book->rules[0].spec.let[0].first, "z");
  EXPECT_EQ(book->rules[0].spec.let[1].first, "a");
  EXPECT_FALSE(load_rulebook(with("let", "{ a = \"z * 2\", z = \"count()\", n = \"z\" }")));
}

// Where `when` is one comparison of an aggregate with a field of the key, and nothing warns.
TEST(RulebookTest, ALimitThatAKeyMayLackIsKnown) {
  const auto has_limit = [](std::string_view let, std::string_view rest) {
    const auto book = load_rulebook(
        std::string(head) + "[[rule]]\nid = \"one\"\nclause = \"1.1\"\non = [\"fill\"]\n" +
        "by = [\"account\", \"instrument\"]\nwindow = \"day\"\nlet = { n = \"" + std::string(let) +
        "\" }\n" + std::string(rest));
    EXPECT_TRUE(book) << rest;
    return book && book->rules[0].limit.has_value();
  };
  const std::string when = "when = \"n > instrument.daily_open_count_limit\"\n";
  EXPECT_TRUE(has_limit("count()", when));
  EXPECT_TRUE(has_limit("sum(quantity)", when));
  EXPECT_FALSE(has_limit("sum(quantity) / count()", when));
  EXPECT_FALSE(has_limit("count()", when + "warn_when = \"n > 3\"\n"));
  EXPECT_FALSE(has_limit("count()", "when = \"n > 3\"\n"));
  EXPECT_FALSE(has_limit("count()", "when = \"n > instrument.daily_open_count_limit or n > 3\"\n"));
}

TEST(RulebookTest, ContentMakesTheHash) {
  const auto hash = [](const std::string& text) { return load_rulebook(text)->rules[0].spec.hash; };
  const Digest plain = hash(with("x", ""));
  EXPECT_EQ(hash("# a comment\n" + with("x", "")), plain);
  EXPECT_EQ(hash(with("severity", "\"medium\"")), plain);
  for (const auto& [key, value] :
       std::vector<std::pair<std::string_view, std::string_view>>{{"severity", "\"high\""},
                                                                  {"maturity", "\"incubating\""},
                                                                  {"where", "\"amount > 1\""},
                                                                  {"when", "\"n >= 2\""},
                                                                  {"warn_when", "\"n >= 2\""},
                                                                  {"clause", "\"1.2\""},
                                                                  {"window", "\"cycle 24h\""},
                                                                  {"window", "\"sliding 24h\""},
                                                                  {"by", "[\"group\"]"},
                                                                  {"on", "[\"withdrawal\"]"},
                                                                  {"params", "{ p = 1 }"},
                                                                  {"text", "{ en = \"x\" }"},
                                                                  {"entries_max", "5"}}) {
    EXPECT_NE(hash(with(key, value)), plain) << key;
  }
}

TEST(RulebookTest, AllErrorsAtOnceByLine) {
  std::string text = with("window", "\"week\"") + with("when", "\"m >= 1\"").substr(head.size());
  text += "[[rule]]\nid = \"three\"\n[set]\n\"x.y\" = 1\n";
  const auto book = load_rulebook(text);
  ASSERT_FALSE(book.has_value());
  std::vector<int> lines;
  for (const RulebookError& error : book.error()) {
    lines.push_back(error.line);
  }
  EXPECT_TRUE(std::ranges::is_sorted(lines));
  // The window; the second rule's id and `when`; six missing keys; a parameter.
  EXPECT_EQ(lines, (std::vector{11, 12, 20, 21, 21, 21, 21, 21, 21, 24}))
      << format_errors("f", book.error());
}

TEST(RulebookTest, ErrorsOfOneRuleTogether) {
  std::string text = with("severity", "\"grave\"");
  text.replace(text.find("n >= 1"), 6, "m >= 1");
  const auto book = load_rulebook(text);
  ASSERT_FALSE(book.has_value());
  EXPECT_EQ(book.error().size(), 2u) << format_errors("f", book.error());
}

// Line and column of each error, wherever its expression stands in the file.
TEST(RulebookTest, EachErrorOfAnExpressionHasItsPlace) {
  std::string text = with("where", "\"x > 1 or 'ä' == y\"");
  const auto places = [&] {
    std::vector<std::string> made;
    const auto book = load_rulebook(text);
    for (const RulebookError& error : book ? std::vector<RulebookError>{} : book.error()) {
      const std::string told = format_errors("f", {error});
      made.push_back(told.substr(0, told.find(" rule")) + told.substr(told.rfind(" (")));
    }
    return made;
  };
  using Places = std::vector<std::string>;
  EXPECT_EQ(places(), (Places{"f:11:10: (at \"x > 1 or 'ä' == y\")", "f:11:26: (at \"y\")"}));
  text = with("where", "'''x > 1 or y'''");
  EXPECT_EQ(places(), (Places{"f:11:12: (at \"x > 1 or y\")", "f:11:21: (at \"y\")"}));
  text = with("where", "'''x > 1 or\n  y\n'''");
  EXPECT_EQ(places(), (Places{"f:11:12: (at \"x > 1 or   y \")", "f:12:3: (at \"y \")"}));
  text = with("where", "'''\nx > 1 or y'''");
  EXPECT_EQ(places(), (Places{"f:12:1: (at \"x > 1 or y\")", "f:12:10: (at \"y\")"}));
  // With escapes in it, columns of the text are not those of the file.
  text = with("where", R"("asset == \"y\" or y")");
  EXPECT_EQ(places(), Places{"f:11: (at \"y\")"});
}

TEST(RulebookTest, ARuleOnAlertsNamesItsDetectors) {
  EXPECT_TRUE(errors_of(with("on", "[\"alert\"]"))
                  .starts_with("f:3: rule one: a rule on alert names the detectors"))
      << errors_of(with("on", "[\"alert\"]"));
  const auto hearing = [](std::string_view where) {
    return errors_of(with("on", "[\"alert\"]") + "where = \"" + std::string(where) + "\"\n");
  };
  EXPECT_EQ(hearing("detector == 'x'"), "");
  EXPECT_EQ(hearing("detector in ['x', 'y'] and score > 60"), "");
  EXPECT_NE(hearing("detector == 'x' or score > 60"), "");
  EXPECT_NE(hearing("not detector == 'x'"), "");
  EXPECT_NE(hearing("detector != 'x'"), "");
  EXPECT_EQ(hearing("detector in ['x', 'one']"),
            "f:12: rule one: the rule feeds itself by the alerts it listens to");
}

}  // namespace
}  // namespace marktwacht
