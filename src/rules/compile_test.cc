// Expressions: how they bind, what they may name, and what is said of those that may not stand.
#include "rules/compile.h"

#include <gtest/gtest.h>

#include "rules/rule.h"

namespace marktwacht {
namespace {

// With all brackets written out.
std::string tree(const Syntax& syntax, const SyntaxNode& node) {
  std::string text;
  switch (node.kind) {
    case SyntaxKind::unary:
      return "(" + node.text + " " + tree(syntax, syntax.child(node, 0)) + ")";
    case SyntaxKind::binary:
      return "(" + tree(syntax, syntax.child(node, 0)) + " " + node.text + " " +
             tree(syntax, syntax.child(node, 1)) + ")";
    case SyntaxKind::list:
    case SyntaxKind::call:
      for (std::size_t i = 0; i < node.children.size(); ++i) {
        text += (i > 0 ? "," : "") + tree(syntax, syntax.child(node, i));
      }
      return node.kind == SyntaxKind::list ? "[" + text + "]" : node.text + "(" + text + ")";
    case SyntaxKind::text:
      return "'" + node.text + "'";
    default:
      return node.text;
  }
}

TEST(SyntaxTest, Precedence) {
  for (const auto& [text, expected] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"a or b and c", "(a or (b and c))"},
           {"a and b or c", "((a and b) or c)"},
           {"not a and b", "((not a) and b)"},
           {"not a == 1", "(not (a == 1))"},
           {"not not a", "(not (not a))"},
           {"not a in [1]", "(not (a in [1]))"},
           {"a + b * c", "(a + (b * c))"},
           {"a - b - c", "((a - b) - c)"},
           {"a / b / c", "((a / b) / c)"},
           {"a / b * c", "((a / b) * c)"},
           {"-a * b", "((- a) * b)"},
           {"-a + b", "((- a) + b)"},
           {"- - a", "(- (- a))"},
           {"a * -b", "(a * (- b))"},
           {"1 - a < b + 2", "((1 - a) < (b + 2))"},
           {"(a or b) and c", "((a or b) and c)"},
           {"a < 1 and b >= 2", "((a < 1) and (b >= 2))"},
           {"a in [1, 'x', \"y'z\"]", "(a in [1,'x','y'z'])"},
           {"count_if(a == 'x')", "count_if((a == 'x'))"},
           {"f()", "f()"},
           {"sum_if(a, b or c)", "sum_if(a,(b or c))"},
           {"1_000.5 + a.b_c", "(1000.5 + a.b_c)"},
           {" a\n\t+ b ", "(a + b)"},
           {"true and false", "(true and false)"},
           {"notable", "notable"}}) {
    const auto syntax = parse_expression(text);
    ASSERT_TRUE(syntax.has_value()) << text << ": " << syntax.error().what;
    EXPECT_EQ(tree(*syntax, syntax->root()), expected);
  }
}

TEST(SyntaxTest, Faults) {
  struct Case {
    std::string text;
    std::size_t at;
    std::string_view what;
  };
  for (const auto& [text, at, what] : std::vector<Case>{
           {"", 0, "a value is missing"},
           {"a +", 3, "a value is missing"},
           {"a b", 2, "more stands here"},
           {"a < b < c", 6, "comparisons do not chain"},
           {"a == b in [1]", 7, "comparisons do not chain"},
           {"(a", 2, "')' is missing"},
           {"a)", 1, "more stands here"},
           {"a in 1", 5, "'[' is missing"},
           {"a in []", 5, "an empty list"},
           {"a in [1", 7, "']' is missing"},
           {"'a", 0, "a quote is not closed"},
           {"1a", 0, "a number runs into a name"},
           {"1.2.3", 0, "no number"},
           {"1.", 0, "no number"},
           {"a = b", 2, "a character that has no meaning"},
           {"a & b", 2, "a character that has no meaning"},
           {"a ! b", 2, "a character that has no meaning"},
           {"and", 0, "a value is missing before 'and'"},
           {"a and or b", 6, "a value is missing before 'or'"},
           {std::string(70, '(') + "a" + std::string(70, ')'), 64, "nested too deeply"},
           {std::string(200, '-') + "a", 64, "nested too deeply"},
           {std::string(4'097, ' '), 0, "longer than 4096 bytes"}}) {
    const auto syntax = parse_expression(text);
    ASSERT_FALSE(syntax.has_value()) << text;
    EXPECT_EQ(syntax.error().at, at) << text << ": " << syntax.error().what;
    EXPECT_TRUE(syntax.error().what.starts_with(what)) << text << ": " << syntax.error().what;
  }
}

TEST(SyntaxTest, LongButFlatIsSound) {
  std::string text = "a";
  while (text.size() < 4'090) {
    text += "+a";
  }
  EXPECT_TRUE(parse_expression(text).has_value());
}

// --- rules

struct Rule {
  std::vector<std::string_view> on = {"deposit"};
  std::string where = "";
  std::string let = "count()";
  std::string when = "n >= 1";
  std::vector<KeyPart> by = {KeyPart::account};
  Window window{WindowKind::trading_day, day};
};

std::expected<CompiledRule, std::vector<RulebookError>> compiled(const Rule& rule) {
  RuleSpec spec;
  spec.id = "one";
  for (const std::string_view word : rule.on) {
    spec.on.push_back(*find_rule_event(word));
  }
  spec.by = rule.by;
  spec.window = rule.window;
  spec.where = {rule.where, 5};
  spec.params = {{"limit", Number::of(7)}};
  spec.let = {{"n", {rule.let, 6}}};
  spec.when = {rule.when, 7};
  return compile_rule(spec);
}

// "line: what" of each error.
std::string fault(const Rule& rule) {
  const auto made = compiled(rule);
  std::string text;
  if (!made) {
    for (const RulebookError& error : made.error()) {
      text += (text.empty() ? "" : "\n") + std::to_string(error.line) + ": " + error.what;
    }
  }
  return text;
}

TEST(CompileTest, WhatMayStandInWhere) {
  for (const std::string where :
       {"amount > 1", "amount > limit", "not amount > 1", "asset == 'BTC'", "'BTC' == asset",
        "asset in ['BTC', \"ETH\"]", "status == 'pending'", "status != 'pending'",
        "status in ['pending', 'completed']", "amount in [1, 2.5]", "amount in [limit, 2]",
        "event == 'deposit'", "account.market_maker", "not account.market_maker",
        "account.kyc_level >= 2", "amount * 2 - 1 > -limit", "true"}) {
    EXPECT_EQ(fault({.where = where}), "") << where;
  }
}

TEST(CompileTest, WhatMayNot) {
  for (const auto& [where, what] : std::vector<std::pair<std::string, std::string_view>>{
           {"amount", "5: true or false is needed here, not a number"},
           {"asset", "5: true or false is needed here"},
           {"not amount", "5: true or false is needed here, not a number"},
           {"amount and true", "5: true or false is needed here, not a number"},
           {"amount == 'x'", "5: a == compares two numbers, or a word or text"},
           {"asset == 1", "5: a == compares"},
           {"asset == status", "5: a == compares"},
           {"'a' == 'a'", "5: a == compares"},
           {"account.market_maker == true", "5: a == compares"},
           {"asset < 'x'", "5: only numbers are more or less"},
           {"asset + 1 > 2", "5: a number is needed here, not"},
           {"-asset > 2", "5: a number is needed here"},
           {"amount in ['x']", "5: the list must hold"},
           {"asset in [1]", "5: the list must hold"},
           {"account.market_maker in ['x']", "5: a field stands before 'in'"},
           {"'x' in ['x']", "5: a field stands before 'in'"},
           {"status == 'late'", "5: 'late' is no word of this field; allowed: completed, pending"},
           {"status in ['pending', 'late']", "5: 'late' is no word of this field"},
           {"account.broke", "5: unknown name account.broke; allowed: "},
           {"price > 1", "5: unknown name price; allowed: "},
           {"n > 1", "5: unknown name n; allowed: "},
           {"count() > 1", "5: no function stands here: count() belongs into `let`"},
           {"false", "5: no event in `on` can pass this"},
           {"event == 'order'", "5: no event in `on` can pass this"},
           {"amount > ", "5: a value is missing"}}) {
    const std::string text = fault({.where = where});
    EXPECT_TRUE(text.starts_with(what)) << where << "\n" << text;
  }
}

TEST(CompileTest, TheMessageListsWhatIsAllowed) {
  const std::string text = fault({.where = "wrong > 1"});
  for (const std::string_view name :
       {"amount", "asset", "source_address", "status", "event", "limit", "account.kyc_level"}) {
    EXPECT_NE(text.find(" " + std::string(name)), text.npos) << name << "\n" << text;
  }
  EXPECT_EQ(text.find("price"), text.npos) << text;
  EXPECT_NE(text.find("(at \"wrong > 1\")"), text.npos) << text;
}

TEST(CompileTest, WithSeveralEventsAFieldOfOneIsAbsentInTheOther) {
  const Rule two{.on = {"deposit", "withdrawal"}};
  const auto at = [&](const std::string& where) {
    Rule rule = two;
    rule.where = where;
    return fault(rule);
  };
  EXPECT_EQ(at("source_address == 'x' or destination == 'x'"), "");
  EXPECT_EQ(at("status == 'requested'"), "");  // a word of withdrawals only
  EXPECT_EQ(at("status in ['requested', 'pending']"), "");
  EXPECT_TRUE(at("status == 'late'").starts_with("5: 'late' is no word")) << at("status == 'late'");
  Rule rule = two;
  rule.where = "source_address == 'x'";
  EXPECT_EQ(compiled(rule)->counts.size(), 1u);
  rule.where = "not source_address == 'x'";  // of the absent: true
  EXPECT_EQ(compiled(rule)->counts.size(), 2u);
  rule.where = "source_address != 'x'";
  EXPECT_EQ(compiled(rule)->counts.size(), 1u);
  rule.where = "event == 'deposit' and source_address == 'x'";
  EXPECT_EQ(compiled(rule)->counts.size(), 1u);
  rule.where = "event == 'login'";
  EXPECT_TRUE(fault(rule).starts_with("5: no event in `on` can pass this"));
}

TEST(CompileTest, Lets) {
  for (const auto& [let, what] : std::vector<std::pair<std::string, std::string_view>>{
           {"count()", ""},
           {"1 - sum_if(amount, status == 'pending') / count()", ""},
           {"max(amount) - min(amount) + distinct(asset)", ""},
           {"distinct(amount)", ""},
           {"count_if(event == 'deposit') * limit", ""},
           {"sum(amount * limit)", ""},
           {"amount", "6: unknown name amount; allowed: limit, account.*"},
           {"count(1)", "6: count takes 0 arguments"},
           {"sum()", "6: sum takes 1 arguments"},
           {"sum_if(amount)", "6: sum_if takes 2 arguments"},
           {"sum(asset)", "6: a number is needed here, not a text"},
           {"sum(status)", "6: a number is needed here, not a word"},
           {"count_if(amount)", "6: true or false is needed here"},
           {"median(amount)", "6: unknown function median; allowed: count count_if sum"},
           {"sum(price)", "6: unknown name price"},
           {"sum(count())", "6: no function stands here"},
           {"count() > 1", "6: a number is needed here, not true or false"},
           {"baseline('n')", "6: unknown function baseline"},
           {"n + count()", "6: unknown name n"},
           {"count_if(status == 'late')", "6: 'late' is no word of this field"},
           {"'text'", "6: a number is needed here"}}) {
    const std::string text = fault({.let = let});
    EXPECT_TRUE(what.empty() ? text.empty() : text.starts_with(what)) << let << "\n" << text;
  }
}

TEST(CompileTest, When) {
  for (const auto& [when, what] : std::vector<std::pair<std::string, std::string_view>>{
           {"n >= limit and n > account.kyc_level", ""},
           {"limit <= n", ""},
           {"not n < 2 or n == 7", ""},
           {"n", "7: true or false is needed here"},
           {"limit > 1", "7: no name of `let` stands here"},
           {"true", "7: no name of `let` stands here"},
           {"m > 1", "7: unknown name m; allowed: n, limit, account.*"},
           {"n > instrument.tick_size", "7: unknown name instrument.tick_size"},
           {"count() > 1", "7: no function but baseline"},
           {"n > baseline('n')", "7: baseline() is for day windows by instrument"},
           {"amount > 1", "7: unknown name amount"}}) {
    const std::string text = fault({.when = when});
    EXPECT_TRUE(what.empty() ? text.empty() : text.starts_with(what)) << when << "\n" << text;
  }
  Rule rule{.on = {"order"}, .when = "n > baseline('n') and n > instrument.tick_size"};
  rule.by = {KeyPart::account, KeyPart::instrument};
  EXPECT_EQ(fault(rule), "");
  rule.when = "n > baseline(\"m\")";
  EXPECT_TRUE(fault(rule).starts_with("7: baseline() of an unknown name m"));
  rule.when = "n > baseline(n)";
  EXPECT_TRUE(fault(rule).starts_with("7: baseline() takes the name of a let in quotes"));
  rule.window = {WindowKind::cycle, second};
  rule.when = "n > baseline('n')";
  EXPECT_TRUE(fault(rule).starts_with("7: baseline() is for day windows"));
}

TEST(CompileTest, ErrorsOfAllExpressionsTogether) {
  const std::string text = fault({.where = "x > 1", .let = "sum(y)", .when = "n >= z"});
  EXPECT_TRUE(text.starts_with("5: unknown name x")) << text;
  EXPECT_NE(text.find("\n6: unknown name y"), text.npos) << text;
  EXPECT_NE(text.find("\n7: unknown name z"), text.npos) << text;
  const auto made = compiled({.where = "amount > ", .let = "sum(", .when = "n >= z"});
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().size(), 3u) << format_errors("f", made.error());
}

TEST(CompileTest, AllErrorsOfOneExpressionTogether) {
  struct Case {
    Rule rule;
    std::vector<std::string> whats;
  };
  const std::vector<Case> cases = {
      {{.where = "price > 1 and (asset + 1 > 2 or not amount) and status == 'late'"},
       {"5: unknown name price", "5: a number is needed here, not a text (at \"asset + 1",
        "5: true or false is needed here, not a number (at \"amount)", "5: 'late' is no word"}},
      {{.where = "status in ['late', 'pending', 'early'] and wrong"},
       {"5: 'late' is no word", "5: 'early' is no word", "5: unknown name wrong"}},
      {{.where = "not broke + 1 in ['x', gone] or asset in [1, 2]"},
       {"5: unknown name broke", "5: unknown name gone", "5: the list must hold",
        "5: the list must hold"}},
      {{.on = {"deposit", "withdrawal"}, .where = "event == 'deposit' and x or y or event == 'z'"},
       {"5: unknown name x", "5: unknown name y"}},
      {{.let = "sum(asset) + sum_if(x, y == 'z') / count(1) - median(amount)"},
       {"6: a number is needed here, not a text (at \"asset)", "6: unknown name x",
        "6: unknown name y", "6: count takes 0", "6: unknown function median"}},
      {{.let = "count_if(status == 'late' and z > 1) + account.country + 'x'"},
       {"6: 'late' is no word", "6: unknown name z", "6: a number is needed here, not a text",
        "6: a number is needed here, not a text"}},
      {{.when = "m > 1 and count() > k or baseline('n') < 2 and n"},
       {"7: unknown name m", "7: no function but baseline", "7: unknown name k",
        "7: baseline() is for day windows", "7: true or false is needed here"}}};
  for (const Case& one : cases) {
    const auto made = compiled(one.rule);
    ASSERT_FALSE(made.has_value());
    const std::string text = fault(one.rule);
    ASSERT_EQ(made.error().size(), one.whats.size()) << text;
    for (std::size_t at = 0; at < one.whats.size(); ++at) {
      const std::string told = std::to_string(made.error()[at].line) + ": " + made.error()[at].what;
      EXPECT_TRUE(told.starts_with(one.whats[at])) << told << "\nnot " << one.whats[at];
    }
  }
}

TEST(CompileTest, AWordThatAKeysFieldDoesNotHave) {
  Rule rule{.on = {"order"}, .when = "n > 1 and instrument.kind == 'house'"};
  rule.by = {KeyPart::account, KeyPart::instrument};
  EXPECT_TRUE(fault(rule).starts_with("7: 'house' is no word of this field")) << fault(rule);
  rule.when = "n > 1 and instrument.kind == 'spot'";
  EXPECT_EQ(fault(rule), "");
}

TEST(CompileTest, FactsAndTheLeadingNumber) {
  const auto made = compiled({.when = "limit <= n and n < 100"});
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->facts.size(), 1u);
  EXPECT_TRUE(made->facts[0].above);
  const auto below = compiled({.when = "n < limit"});
  EXPECT_FALSE(below->facts[0].above);
}

TEST(CompileTest, DifferentExpressionsHaveDifferentCanonicalTexts) {
  const std::vector<std::string> wheres = {"asset == 'x'",         "asset != 'x'",
                                           "asset in ['x', 'y']",  R"(asset == "x''y")",
                                           "asset == 'xy'",        "source_address == 'x'",
                                           "status == 'pending'",  "amount > 1",
                                           "amount >= 1",          "amount > 1.5",
                                           "amount + 1 > 2",       "amount - 1 > 2",
                                           "account.market_maker", "not account.market_maker",
                                           "amount in [1, 2]",     "amount in [1]"};
  std::map<std::string, std::string> known;
  for (const std::string& where : wheres) {
    const auto made = compiled({.where = where});
    ASSERT_TRUE(made.has_value()) << where;
    const auto [at, fresh] = known.emplace(made->counts[0].where.canonical, where);
    EXPECT_TRUE(fresh) << where << " and " << at->second << ": " << at->first;
  }
}

}  // namespace
}  // namespace marktwacht
