// A rule in force, and the window table that it shares with others.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "market/blind_spot.h"
#include "rules/evidence_list.h"
#include "rules/rule.h"
#include "rules/window_table.h"

namespace marktwacht {

struct ActiveRule {
  CompiledRule compiled;
  std::shared_ptr<const FindingSource> source;
  std::uint64_t epoch =
      0;  // the change of rulebooks that it came with: state of older ones is not its
  bool while_running = false;  // it came after the clock had started, at `since`
  Time since;
  // Where it counts: the table, for each of its events the taker, for each aggregate the cell.
  std::uint32_t table = 0;
  std::vector<std::uint32_t> takers, cells;
  // What its baselines were on the last closed days, newest last, by instrument.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Number>> learnt;  // (place, instr.)

  // No part of the state.
  std::uint64_t faults = 0;    // events for which it was silent
  std::uint64_t warnings = 0;  // keys for which warn_when has held

  const RuleSpec& spec() const { return compiled.spec; }
  bool by_group() const { return compiled.by(KeyPart::group); }
  bool sliding() const { return spec().window.kind == WindowKind::sliding; }
};

// What a passed `where` adds to a cell.
struct CellUpdate {
  std::uint32_t cell = 0;
  AggregateKind kind{};
  std::optional<Formula> condition, value;
};

// A rule that judges when its taker has counted. Below `least` in `cell` it cannot hold or warn.
struct JudgedBy {
  ActiveRule* rule = nullptr;
  std::uint32_t cell = 0;
  std::int64_t least = INT64_MIN;
  bool by_group = false;  // the rule is
};

// One `where` over one event, for all rules of the same epoch that have it.
struct Taker {
  RuleEvent event{};
  std::uint64_t epoch = 0;
  bool once = false;  // of an alert on several accounts: counted for the first only
  Formula where;
  std::uint64_t counts = 0;         // bits: cells of kind count without a condition
  std::vector<CellUpdate> updates;  // of all others
  std::vector<ActiveRule*> rules;
  std::vector<JudgedBy> judged_by;
  std::string identity;
};

struct RuleTable {
  Window window;
  std::vector<KeyPart> parts;  // of the stored key: group is stored as account, owner first
  std::vector<Taker> takers;
  std::vector<std::string> cell_identities;
  std::vector<AggregateKind> cell_kinds;
  std::vector<ActiveRule*> rules;
  std::uint32_t entries_max = 0;
  bool grouped = false;                      // some rule is by group
  std::optional<std::size_t> instrument_at;  // its place in the key
  KeySpace* space = nullptr;
  std::unique_ptr<WindowTable> rows;
  Time cycle_end{never};        // of the cycle that has rows
  Time cycle_start{INT64_MIN};  // of the cycle that was asked for last; no part of the state
  // Of a cycle: the accounts' rows that some rule's gate lets through at its end, some of them
  // often; nothing while only a look at all rows can tell. No part of the state.
  std::optional<std::vector<std::uint32_t>> reached;
  BlindSpot evictions;  // keys that its limit made it forget

  bool by_owner() const { return !parts.empty() && parts[0] == KeyPart::account; }
  bool sums_groups() const { return grouped && by_owner(); }
  bool sliding() const { return window.kind == WindowKind::sliding; }
};

// Rows that are looked ahead at before an event of some type: of what key, which lines, and whose
// they are. Only of tables in which such events have lately been counted, for many hardly ever are:
// `review` says so from time to time.
struct RowsAhead {
  // What comes of the event, in one table.
  struct Part {
    const WindowTable* table = nullptr;
    KeyRows::Lines lines = 0;
    const std::uint64_t* counted = nullptr;  // how often it has been, ever
    std::uint64_t reviewed_at = 0;           // that, then
  };
  static constexpr std::uint32_t looks_max = 4'096;  // between two reviews
  static constexpr std::uint32_t often = 32;         // counted at one look of so many

  KeySpace::Parts parts{};
  const KeyRows* rows = nullptr;
  std::vector<Part> all{};
  std::uint32_t looks = 0;
  KeyRows::Lines lines = 0;
  std::vector<const WindowTable*> tables{};

  void use(const Part& part);
  void review();
};

// The rows that an event will be counted in, as far as it says by itself.
struct RowsComing {
  struct One {
    const RowsAhead* ahead = nullptr;
    KeyRows::Coming key;
  };
  static constexpr std::size_t most = 4;  // by account and instrument, or account; of two accounts

  std::uint64_t layout = 0;  // while the rules are laid out so
  std::uint32_t size = 0;
  std::array<One, most> all;
};

// A `where` that an event is asked once, for all takers that have it.
struct Question {
  const Formula* where = nullptr;
  RuleTable* window = nullptr;  // whose window it asks about, if it does: then it is its own
};

// A table and those of its takers that listen to one event.
struct TableTakers {
  struct One {
    std::uint64_t bit = 0;
    std::uint64_t counts = 0;  // of the taker
    std::uint32_t answer = 0;  // its `where`: the place in Rules::answers_
    bool once = false;
  };
  // A CellUpdate, with what each event needs of it close together.
  struct Update {
    std::uint64_t bit = 0;               // of its taker
    const Formula* condition = nullptr;  // nullptr: none
    const Formula* value = nullptr;      // likewise
    std::uint32_t cell = 0;
    std::uint32_t same_value = 0;  // those of one value have one number
    AggregateKind kind{};
  };
  RuleTable* table = nullptr;
  bool asks_window = false;   // counting needs to know where the window starts
  std::uint64_t counted = 0;  // how often something was; no part of the state
  std::vector<One> takers{};
  std::vector<Update> updates{};
};

// All that one kind of event is for.
struct EventTakers {
  std::vector<Question> questions;
  std::vector<TableTakers> tables;
};

// Whether the gate's count is too low for its condition to hold.
bool below(const std::optional<Gate>& gate, const ActiveRule& rule, const RuleTable& table,
           RowRef row);

// Whom an alert is about, within its rule's table.
struct Subject {
  RowsOf of{};
  Key key;

  auto operator<=>(const Subject&) const = default;
};

struct OpenAlert {
  std::uint64_t number = 0;
  ActiveRule* rule = nullptr;
  Subject subject;
  Time from;
  bool warming = false;
  bool frozen = false;  // its group is gone: nothing about it changes any more
  std::vector<AccountIndex> accounts;
  std::string group_id;
  Number revised_at;  // the leading number of the last revision
  // As last stated; of an episode: at its peak.
  std::vector<Fact> facts;
  std::vector<ScorePart> score_parts;
  // Of an episode.
  bool holds = true;
  Time false_since;
  Number peak;
  EvidenceList evidence, pending;              // pending: counted since `when` became false
  std::map<AccountIndex, std::uint64_t> left;  // who has left it, at which seq
  Evidence frozen_evidence;
  std::optional<Time> timer;

  // Where it ends when something else than its window ends it at `now`: an episode was over at the
  // instant at which `when` became false.
  Time over_by(Time now) const { return holds ? now : false_since; }
};

}  // namespace marktwacht
