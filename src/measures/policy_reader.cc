// Reading a policy with toml++: its numbers, tables and lists, and what makes it sound.
#include "measures/policy_reader.h"

#include <toml++/toml.h>

#include <algorithm>
#include <set>

#include "measures/ladder_reader.h"
#include "measures/measure_table.h"
#include "measures/policy_fields.h"

namespace marktwacht {
namespace {

using Errors = std::vector<PolicyError>;

constexpr Duration hour{3'600 * second.ns};

void read_numbers(PolicyFields& fields, Policy& policy) {
  fields.flag("automatic", policy.automatic);
  fields.time("memory_days", day, {1, 3'650}, policy.memory);
  fields.time("case_gap_days", day, {1, 365}, policy.case_gap);
  fields.time("count_window_h", hour, {1, 744}, policy.count_window);
  fields.time("human_review_h", hour, {1, 72}, policy.human_review);
  fields.time("impose_max_h", hour, {1, 72}, policy.impose_max);
  std::int64_t accounts = policy.many_accounts;
  fields.whole("many_accounts", {1, 20}, accounts);
  policy.many_accounts = static_cast<std::uint32_t>(accounts);
  fields.time("ack_deadline_s", second, {1, 86'400}, policy.ack_deadline);
  fields.time("retry_first_s", second, {1, 86'400}, policy.retry_first);
  fields.time("retry_most_s", second, {1, 86'400}, policy.retry_most);
  fields.text("recovery_account_id", 128, policy.recovery_account_id);
}

void read_case_due(const toml::table& table, Policy& policy, Errors& errors) {
  PolicyFields fields(table, "case_due_h", errors);
  for (std::size_t i = 0; i < severities; ++i) {
    fields.time(Words<Severity>::list[i], hour, {1, 8'760}, policy.case_due[i]);
  }
  fields.finish();
}

void read_legal_basis(const toml::table& table, Policy& policy, Errors& errors) {
  PolicyFields fields(table, "legal_basis", errors);
  for (const auto& [key, said] : table) {
    const std::string clause(key.str());
    if (!is_clause(clause)) {
      fields.fail(line_of(said), "\"" + clause + "\" must be a clause in quotes, as \"2.7\"");
    }
    auto& bases = policy.legal_bases;
    auto place = std::ranges::lower_bound(bases, clause, {}, &LegalBasis::clause);
    if (place == bases.end() || place->clause != clause) {
      place = bases.insert(place, {clause, ""});
    }
    fields.text(clause, 1'000, place->text);
  }
}

void read_country_bans(const toml::table& table, Policy& policy, Errors& errors) {
  PolicyFields fields(table, "country_bans", errors);
  policy.country_bans.clear();
  for (const auto& [key, said] : table) {  // by name
    CountryBan ban{std::string(key.str()), {}};
    fields.words(ban.country, ban.kinds);
    policy.country_bans.push_back(std::move(ban));
  }
}

void read_root(const toml::table& root, Policy& policy, Errors& errors) {
  PolicyFields fields(root, "", errors);
  read_numbers(fields, policy);
  if (const toml::table* table = fields.table("case_due_h")) {
    read_case_due(*table, policy, errors);
  }
  if (const toml::table* table = fields.table("legal_basis")) {
    read_legal_basis(*table, policy, errors);
  }
  if (const toml::table* table = fields.table("country_bans")) {
    read_country_bans(*table, policy, errors);
  }
  const std::vector<const toml::table*> rows = fields.tables("ladder", "[[ladder]] rows");
  if (fields.node("ladder") != nullptr) {
    policy.ladder = read_ladder(rows, errors);
  }
  fields.finish();
}

// Whatever may be proposed or stands in the ladder must be able to name its basis.
void check_legal_bases(const Policy& policy, Errors& errors) {
  std::set<std::string_view> needed;
  for (std::size_t i = 0; i < Words<MeasureKind>::list.size(); ++i) {
    const auto& clauses = terms_of(static_cast<MeasureKind>(i)).clauses;
    needed.insert(clauses.begin(), clauses.end());
  }
  for (const LadderRow& row : policy.ladder) {
    needed.insert(row.clauses.begin(), row.clauses.end());
  }
  needed.erase("");
  std::string missing;
  for (const std::string_view clause : needed) {
    if (legal_basis_of(policy, clause).empty()) {
      missing += (missing.empty() ? "" : ", ") + std::string(clause);
    }
  }
  if (!missing.empty()) {
    errors.push_back({0, "legal_basis has no text for the clauses " + missing});
  }
}

// What no key says alone. Line 0: of the whole.
void check_whole(const Policy& policy, Errors& errors) {
  if (policy.retry_first > policy.retry_most) {
    errors.push_back({0, "retry_first_s must not be above retry_most_s"});
  }
  if (!std::ranges::is_sorted(policy.case_due, std::ranges::greater())) {
    errors.push_back({0,
                      "case_due_h: the graver a case the sooner it is due: the hours must not "
                      "rise from low to critical"});
  }
  check_legal_bases(policy, errors);
}

}  // namespace

std::expected<Policy, Errors> read_policy(std::string_view text, const Policy& defaults) {
  Policy policy = defaults;
  Errors errors;
  try {  // tidy: toml++ reports by exceptions
    read_root(toml::parse(text), policy, errors);
  } catch (const toml::parse_error& error) {  // tidy: see above
    errors.push_back(
        {static_cast<int>(error.source().begin.line), std::string(error.description())});
  }
  if (errors.empty()) {
    check_whole(policy, errors);
  }
  if (!errors.empty()) {
    std::ranges::stable_sort(errors, {}, &PolicyError::line);
    return std::unexpected(std::move(errors));
  }
  return policy;
}

std::expected<Policy, Errors> read_policy(std::string_view text) {
  return read_policy(text, default_policy());
}

}  // namespace marktwacht
