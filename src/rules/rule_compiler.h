// How a rule is compiled: one for each rule, used once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/compile.h"
#include "rules/rule.h"

namespace marktwacht {

struct AggregateFunction;

// Compiles one rule; errors collect.
class RuleCompiler {
 public:
  explicit RuleCompiler(const RuleSpec& spec) { rule_.spec = spec; }
  std::expected<CompiledRule, std::vector<RulebookError>> run();

 private:
  const RuleSpec& spec() const { return rule_.spec; }
  void fail(const SourceText& source, const std::string& what);
  void fail(const SourceText& source, const SyntaxError& error);
  void fail(const SourceText& source, SyntaxErrors errors);
  std::optional<Syntax> parse(const SourceText& source);
  std::expected<Meaning, std::string> event_name(RuleEvent event, std::string_view name) const;
  const Number* find_param(std::string_view name) const;
  std::string allowed_names() const;
  CompileNames event_names(RuleEvent event) const;
  void compile_where();
  bool compile_where_as_it_is();
  std::optional<Formula> judged(const SourceText& source, ValueType wanted, bool aggregates);
  std::optional<std::uint32_t> find_let(std::string_view name) const;
  std::expected<Meaning, std::string> key_name(std::string_view name) const;
  std::expected<CallMeaning, SyntaxErrors> aggregate(const Syntax& syntax, const SyntaxNode& node);
  std::optional<AggregatePart> aggregate_part(const Syntax& syntax, const SyntaxNode& node,
                                              const AggregateFunction& function, RuleEvent event,
                                              CompileTrace& trace, SyntaxErrors& errors) const;
  std::expected<CallMeaning, SyntaxErrors> baseline(const Syntax& syntax, const SyntaxNode& node);
  void find_facts();
  FactSpec& fact(std::uint32_t let);

  static bool is_comparison(const SyntaxNode& node) {
    return node.kind == SyntaxKind::binary &&
           (node.text == ">=" || node.text == ">" || node.text == "<=" || node.text == "<" ||
            node.text == "==");
  }
  std::optional<std::uint32_t> let_of(const SyntaxNode& node) const;
  void visit_names(const Syntax& syntax, const SyntaxNode& node);
  void add_limit(const Syntax& syntax, std::uint32_t let, std::uint32_t limit, bool below);
  std::optional<Gate> find_gate(const Syntax& syntax, const SyntaxNode& node) const;
  std::optional<Field> find_limit() const;
  void name_accounts();
  bool hears_alerts() const;
  void find_detectors_heard();
  void find_detectors(const Syntax& syntax, const SyntaxNode& node);

  CompiledRule rule_;
  std::uint32_t lets_known_ = 0;
  std::vector<RulebookError> errors_;
};

}  // namespace marktwacht
