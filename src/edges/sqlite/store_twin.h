// Test support: what the store holds, as plain lists that are filtered and sorted in memory, and
// random batches for both.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "edges/sqlite/store.h"
#include "edges/sqlite/store_reader.h"

namespace marktwacht {

struct TwinAlert {
  std::uint64_t opened_seq = 0, seq = 0;
  std::int64_t revision = 0, score = 0;
  Time at, opened, from;
  std::string state, detector, clause, severity, group_id, instrument_id, maturity;
  std::vector<std::string> account_ids;
  std::vector<AlertRevision> revisions;

  std::string id() const { return "a-" + std::to_string(opened_seq); }
  std::string line() const;
};

struct TwinCase {
  std::uint64_t number = 0, seq = 0;
  std::int64_t revision = 0;
  Time at, opened, last_alert, due;
  std::string state, severity, assignee_id;
  std::vector<std::string> account_ids, group_ids, alert_ids, measure_ids;

  std::string id() const { return "c-" + std::to_string(number); }
  std::string line() const;
};

struct TwinMeasure {
  std::uint64_t number = 0, seq = 0;
  std::int64_t revision = 0;
  Time at, proposed;
  std::string state, case_id, kind, proposer_id;
  std::vector<std::string> account_ids;  // once in force
  std::string target_account_id;         // empty: the target is target_account_ids
  std::vector<std::string> target_account_ids;

  std::string id() const { return "m-" + std::to_string(number); }
  std::string line() const;
  bool is_about(const std::string& account_id) const;
};

struct TwinDecision {
  std::uint64_t seq = 0;
  Time at;
  std::string user_id, kind, result;
  std::vector<std::pair<std::string, std::string>> targets;  // member, value
  std::string rule;                                          // of a snooze
  Time until;

  std::string outcome() const;
  std::string event() const;
};

struct TwinCommand {
  std::uint64_t seq = 0;
  Time at;
  std::string command_id, account_id, measure_id;

  std::string line() const;
};

// The truth, and where the batches come from. Answers are ids (or lines) of all pages in order.
class StoreTwin {
 public:
  explicit StoreTwin(std::uint64_t seed) : random_(seed) {}

  // So many random records more; the twin knows them already.
  StoreBatch next(int records);
  // A random question: most filters open.
  AlertsQuery alerts_query();
  CasesQuery cases_query();
  MeasuresQuery measures_query();
  DecisionsQuery decisions_query();
  CommandsQuery commands_query();

  std::vector<std::string> ask(const AlertsQuery& query) const;
  std::vector<std::string> ask(const CasesQuery& query) const;
  std::vector<std::string> ask(const MeasuresQuery& query) const;
  std::vector<std::string> ask(const DecisionsQuery& query) const;
  std::vector<std::string> ask(const CommandsQuery& query) const;
  std::vector<std::string> timeline(const std::string& account_id) const;
  AlertContext context(const TwinAlert& alert, Time now) const;
  // By clause, detector, severity, state, shadow.
  using Counts =
      std::map<std::tuple<std::string, std::string, std::string, std::string, bool>, std::int64_t>;
  Counts counts() const;

  const std::map<std::uint64_t, TwinAlert>& alerts() const { return alerts_; }
  const std::map<std::uint64_t, TwinCase>& cases() const { return cases_; }
  const std::map<std::uint64_t, TwinMeasure>& measures() const { return measures_; }
  const std::map<std::uint64_t, TwinDecision>& decisions() const { return decisions_; }
  Time now() const { return Time{static_cast<std::int64_t>(seq_) * second.ns}; }
  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  const std::string& account();

 private:
  void add_alert(StoreBatch& batch);
  void add_case(StoreBatch& batch);
  void add_measure(StoreBatch& batch);
  void add_decision(StoreBatch& batch);
  void add_command(StoreBatch& batch);
  template <class List>
  const auto& any(const List& list) {
    return list[below(std::size(list))];
  }
  std::vector<std::string> some_accounts();
  template <class Map>
  std::string some_id(const Map& map);
  ListPart part(const std::vector<std::string>& keys);
  bool is_snoozed(const TwinAlert& alert, Time now) const;

  std::mt19937_64 random_;
  std::uint64_t seq_ = 0;
  std::map<std::uint64_t, TwinAlert> alerts_;
  std::map<std::uint64_t, TwinCase> cases_;
  std::map<std::uint64_t, TwinMeasure> measures_;
  std::map<std::uint64_t, TwinDecision> decisions_;
  std::vector<TwinCommand> commands_;
};

}  // namespace marktwacht
