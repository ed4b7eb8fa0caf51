// Reading rows, steps and proposals, and refusing what could never be done or reached.
#include "measures/ladder_reader.h"

#include <algorithm>

#include "measures/measure_table.h"
#include "measures/policy_fields.h"

namespace marktwacht {
namespace {

using Errors = std::vector<PolicyError>;

void read_parameters(PolicyFields& fields, MeasureParameters& said) {
  fields.decimal("amount", said.amount);
  fields.text("asset", 128, said.asset);
  fields.time("held_min_s", second, {1, 86'400}, said.held_min);
  fields.decimal("leverage_max", said.leverage_max);
  if (fields.node("channel") != nullptr) {
    fields.word("channel", said.channel.emplace());
  }
  fields.whole("kyc_level", {1, 3}, said.kyc_level);
  fields.text("text", 1'000, said.text);
  fields.words("actions", said.actions);
}

void read_automatic(PolicyFields& fields, std::string_view where, Proposal& proposal,
                    Errors& errors) {
  const toml::table* table = fields.table("automatic");
  if (table == nullptr) {
    return;
  }
  PolicyFields terms(*table, std::string(where) + ": automatic", errors);
  std::int64_t score = 0, kinds = 0;
  terms.flag("allowed", proposal.automatic.allowed);
  terms.whole("score_min", {0, 100}, score);
  terms.whole("evidence_kinds_min", {0, 10}, kinds);
  terms.duration(proposal.automatic.duration);
  terms.finish();
  proposal.automatic.score_min = static_cast<int>(score);
  proposal.automatic.evidence_kinds_min = static_cast<int>(kinds);
}

// Automatic measures are reversible and expire; a notice is over when it is sent.
void check_automatic(PolicyFields& fields, const Proposal& proposal) {
  const AutomaticTerms& automatic = proposal.automatic;
  const MeasureTerms& terms = terms_of(proposal.kind);
  if (!automatic.allowed) {
    if (automatic != AutomaticTerms{}) {
      fields.fail(fields.line(), "automatic: conditions without allowed = true say nothing");
    }
  } else if (terms.always_two || !terms.reversible) {
    fields.fail(fields.line(), "automatic.allowed must be false: two people decide it, always");
  } else if (terms.lasts && !proposal.duration && !automatic.duration) {
    fields.fail(fields.line(), "automatic measures expire: duration_… must be said");
  }
}

void check_proposal(PolicyFields& fields, const Proposal& proposal, bool says_amount_of) {
  const MeasureTerms& terms = terms_of(proposal.kind);
  const auto refuse = [&](bool is_wrong, std::string_view what) {
    if (is_wrong) {
      fields.fail(fields.line(), what);
    }
  };
  const bool is_instrument = proposal.target == ProposalTarget::instrument;
  refuse(is_instrument != (terms.aim == MeasureAim::instrument) && terms.aim != MeasureAim::anyone,
         is_instrument ? "target must be account or group" : "target must be instrument");
  refuse(proposal.on_instrument && (!terms.by_instrument || is_instrument),
         "on_instrument is for measures on the trading of accounts alone");
  refuse(!terms.lasts && (proposal.duration || proposal.automatic.duration),
         "duration_… must be absent: it is over once it is done");
  refuse(terms.needs_deadline != proposal.deadline.has_value(),
         terms.needs_deadline ? "deadline_h must be said"
                              : "deadline_h is for require_report and close_by alone");
  refuse(terms.is_money != says_amount_of,
         terms.is_money ? "amount_of must be one of: stated, gain, loss, loss_entered"
                        : "amount_of is for measures of money alone");
  const bool is_stated = terms.is_money && proposal.amount_of == AmountOf::stated;
  refuse(terms.is_money && says_amount_of && is_stated != proposal.parameters.amount.has_value(),
         is_stated ? "amount and asset must be said where amount_of is stated"
                   : "amount must be absent unless amount_of is stated");
  const std::string fault = parameter_fault(proposal.kind, proposal.parameters);
  refuse(!fault.empty(), fault);
  check_automatic(fields, proposal);
}

Proposal read_proposal(const toml::table& table, std::string_view where, Errors& errors) {
  const std::size_t faults = errors.size();
  PolicyFields kind_of(table, std::string(where), errors);
  Proposal proposal;
  kind_of.word("kind", proposal.kind);
  if (table.get("kind") == nullptr) {
    kind_of.fail(kind_of.line(), "a proposal must say its kind");
  }
  const std::string here = std::string(where) + ": " + std::string(word_of(proposal.kind));
  PolicyFields fields(table, errors.size() == faults ? here : std::string(where), errors);
  fields.node("kind");
  proposal.target = terms_of(proposal.kind).aim == MeasureAim::instrument
                        ? ProposalTarget::instrument
                        : ProposalTarget::group;
  fields.word("target", proposal.target);
  fields.flag("on_instrument", proposal.on_instrument);
  fields.word("severity_min", proposal.severity_min);
  fields.duration(proposal.duration);
  if (fields.node("deadline_h") != nullptr) {
    constexpr Duration hour{3'600 * second.ns};
    fields.time("deadline_h", hour, {1, 8'760}, proposal.deadline.emplace());
  }
  fields.word("amount_of", proposal.amount_of);
  read_parameters(fields, proposal.parameters);
  read_automatic(fields, here, proposal, errors);
  fields.finish();
  if (errors.size() == faults) {
    check_proposal(fields, proposal, fields.node("amount_of") != nullptr);
  }
  return proposal;
}

LadderStep read_step(const toml::table& table, std::string_view where,
                     const std::vector<std::string>& clauses, Errors& errors) {
  PolicyFields fields(table, std::string(where), errors);
  LadderStep step;
  std::int64_t count_min = 0;
  bool is_on = false;
  fields.whole("count_min", {1, 1'000'000}, count_min);
  fields.flag("automatic", is_on);
  step.count_min = static_cast<std::uint32_t>(count_min);
  for (const toml::table* one : fields.tables("proposals", "proposals")) {
    step.proposals.push_back(read_proposal(*one, where, errors));
  }
  if (fields.node("proposals") == nullptr) {
    fields.fail(fields.line(), "a step must have proposals; [] = a person decides");
  }
  fields.finish();
  if (is_on && std::ranges::none_of(step.proposals, [](const Proposal& proposal) {
        return proposal.automatic.allowed;
      })) {
    fields.fail(fields.line(), "automatic must be false where no proposal has automatic.allowed");
  } else if (is_on) {
    step.automatic_for = clauses;
  }
  return step;
}

void check_steps(PolicyFields& fields, const LadderRow& row) {
  std::vector<std::uint32_t> counts;
  for (const LadderStep& step : row.steps) {
    if (step.count_min > 0) {
      counts.push_back(step.count_min);
    }
  }
  if (counts.size() == row.steps.size()) {
    fields.fail(fields.line(), "a row must have a step without count_min: for the first offence");
  }
  std::ranges::sort(counts);
  if (std::ranges::adjacent_find(counts) != counts.end()) {
    fields.fail(fields.line(), "two steps have the same count_min");
  }
}

LadderRow read_row(const toml::table& table, Errors& errors) {
  const std::string id = table["id"].value_exact<std::string>().value_or("");
  PolicyFields fields(table, "ladder " + (id.empty() ? "row" : id), errors);
  LadderRow row;
  fields.text("id", 64, row.id);
  fields.texts("clauses", row.clauses);
  if (fields.node("id") == nullptr || fields.node("clauses") == nullptr) {
    fields.fail(fields.line(), "a row must have id and clauses");
  }
  for (const std::string& clause : row.clauses) {
    if (!is_clause(clause)) {
      fields.fail(fields.line(), "clauses: \"" + clause + "\" must be a clause, as \"2.7\"");
    }
  }
  std::ranges::sort(row.clauses);
  fields.word("source", row.source);
  fields.word("severity_min", row.severity_min);
  for (const toml::table* one : fields.tables("step", "[[ladder.step]] tables")) {
    const std::string where = "ladder " + id + ": step " + std::to_string(row.steps.size() + 1);
    row.steps.push_back(read_step(*one, where, row.clauses, errors));
  }
  fields.finish();
  check_steps(fields, row);
  return row;
}

// Whatever `later` fits, `earlier` fits too, of this clause.
bool shuts_out(const LadderRow& earlier, const LadderRow& later, const std::string& clause) {
  return std::ranges::find(earlier.clauses, clause) != earlier.clauses.end() &&
         earlier.severity_min <= later.severity_min &&
         (earlier.source == OffenceSource::any || earlier.source == later.source);
}

}  // namespace

bool is_clause(std::string_view text) {
  const std::size_t dot = text.find('.');
  const auto is_number = [](std::string_view part) {
    return !part.empty() && part.size() <= 2 && part[0] != '0' &&
           part.find_first_not_of("0123456789") == part.npos;
  };
  return dot != text.npos && is_number(text.substr(0, dot)) && is_number(text.substr(dot + 1));
}

std::vector<LadderRow> read_ladder(const std::vector<const toml::table*>& tables, Errors& errors) {
  std::vector<LadderRow> rows;
  for (const toml::table* table : tables) {
    rows.push_back(read_row(*table, errors));
    const LadderRow& row = rows.back();
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      if (rows[i].id == row.id) {
        errors.push_back({line_of(*table), "ladder " + row.id + ": two rows have this id"});
      }
      for (const std::string& clause : row.clauses) {
        if (shuts_out(rows[i], row, clause)) {
          errors.push_back({line_of(*table), "ladder " + row.id + ": never reached for " + clause +
                                                 ": the row " + rows[i].id + " above fits first"});
        }
      }
    }
  }
  return rows;
}

}  // namespace marktwacht
