// All window rules in force: they count what happens, judge it, and report. See docs/rules.md.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "findings/alert_opened.h"
#include "findings/finding.h"
#include "market/market.h"
#include "rules/active_rule.h"
#include "rules/key_values.h"
#include "rules/learnt_day.h"
#include "rules/rulebook.h"

namespace marktwacht {

// Numbers of recorded baselines against those that would have been learnt.
struct BaselinesCompared {
  std::uint64_t same = 0, different = 0;
};

// One thread. `market` must outlive it. Every call may report findings.
class Rules {
 public:
  explicit Rules(const Market& market) : market_(market) {}
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  // The rulebook of a text, or all that is wrong with it in the company of those in force.
  std::expected<Rulebook, std::vector<RulebookError>> check(std::string_view text) const;
  // Puts the rulebook that `check` made of `text` in force, in place of the one with its id.
  // `clock`: now, nothing before the first event.
  void publish(Rulebook book, std::string_view text, std::optional<Time> clock);

  // What must be derived for the rules in force.
  Listening listening() const;

  // Fetching what counting the event that `whom` is about will touch, in three steps some events
  // apart.
  void prefetch(const Whom& whom, RowsComing& coming);
  void prefetch_rows(RowsComing& coming) const;
  void prefetch_behind_rows(const RowsComing& coming) const;

  // Counts and judges the event that the market has just committed.
  void take(const Event& event, const Moment& moment);
  void groups_changed(std::span<const GroupChange> changes, const Moment& moment);
  void hear(const AlertOpened& alert);

  // The next time at which something ends; nothing when nothing is waited for.
  Time next_due() const;
  // Brings about what is due first; `due` is what next_due gave.
  void fire(Time due);
  // The trading day that begins at `start`; the one before ends there, and what it has taught is in
  // force from then on. Gives the texts that say so, for the journal.
  std::vector<std::string> start_day(Time start);
  // A journal says what the day that ends at `day_end` had taught, before it ends here: that is in
  // force then, whatever would be learnt. False when `text` is malformed.
  bool expect_baselines(std::string_view text, Time day_end);
  // The end of the input: open alerts get their last revision.
  void close(Time now);

  std::vector<Finding> take_findings() { return std::exchange(findings_, {}); }
  bool has_findings() const { return !findings_.empty(); }

  // For reports.
  const std::vector<std::unique_ptr<ActiveRule>>& rules() const { return rules_; }
  const std::vector<std::unique_ptr<RuleTable>>& tables() const { return tables_; }
  std::size_t open_alerts() const { return open_.size(); }
  const BaselinesCompared& baselines_compared() const { return baselines_compared_; }

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  struct Book {
    std::string id, text;
    std::vector<std::uint64_t> epochs;  // of its rules, in order
  };
  // What a `where` says of an event.
  enum class Answer : std::uint8_t { no, yes, faulty };
  using SubjectKey = std::pair<const ActiveRule*, Subject>;
  // What a rule's expressions amount to for one key.
  struct Judged {
    Scope scope;
    std::vector<Number> aggregates, lets, baselines;
    bool holds = false, faulty = false;
  };

  // rules_layout.cc
  void take_in(Rulebook book, std::string_view text, std::optional<Time> clock);
  void end_alerts_of(const ActiveRule& rule, std::string_view why, Time now);
  void lay_out();
  void make_rows();
  RuleTable& table_for(const ActiveRule& rule);
  KeySpace& space_for(const RuleTable& table);
  void place(ActiveRule& rule);
  void listen(RuleTable& table);
  std::uint32_t taker_for(RuleTable& table, ActiveRule& rule, std::size_t part);
  std::uint32_t cell_for(RuleTable& table, ActiveRule& rule, std::uint32_t aggregate);
  static void add_update(Taker& taker, CellUpdate update);
  static JudgedBy judged_by(ActiveRule& rule);
  void use_values(const RuleTable& table, const Key& key, bool use);
  void forget_unused(const RuleTable& table, const Key& key);
  // By what keys say: numbers of texts differ after a restore.
  void order_by_key(const RuleTable& table, RowsOf of, std::vector<std::uint32_t>& rows) const;

  // rules_carry.cc
  void take_rows_over(const std::vector<std::unique_ptr<RuleTable>>& older);
  void carry_open_marks();

  // rules_ahead.cc
  void lay_out_ahead();

  // rules_count.cc
  void take_order(const Event& event, Scope& scope, std::uint64_t seq);
  void take_line(const Event& event, Scope& scope, std::uint64_t seq);
  void take_derived(const Derived& derived, Scope& scope, std::uint64_t seq);
  void count(RuleEvent event, Scope& scope, std::uint64_t seq, bool first = true);
  void ask(const EventTakers& takers, Scope& scope);
  bool pass(TableTakers& takers, bool first);
  void update(const TableTakers& takers, const Scope& scope);
  bool add_value(const TableTakers::Update& update, const Scope& scope);
  void see_window(RuleTable& table, Scope& scope) const;
  void count_in(RuleTable& table, const Scope& scope);
  bool key_of(const RuleTable& table, const Scope& scope, Key& key);
  CountedRow row_for(RuleTable& table, const Key& key, Time now);
  void judge_all(RuleTable& table, const CountedRow& row, const CountedRow& group_row, Time now);
  void note_reached(RuleTable& table, const CountedRow& row) const;

  // rules_keys.cc
  bool composed_key_of(const RuleTable& table, const Scope& scope, Key& key);
  std::optional<std::uint32_t> key_value(KeyPart part, const Scope& scope);
  CountedRow fresh_row(RuleTable& table, const Key& key, Time now);
  CountedRow group_row_for(RuleTable& table, const Key& key);

  // rules_limits.cc
  void make_room(RuleTable& table, Time now);
  void remove_row(RuleTable& table, RowRef row);
  double progress(RuleTable& table, RowRef row, Time now);
  double progress(const ActiveRule& rule, RuleTable& table, RowRef row, Time now);

  // rules_judge.cc
  void judge(ActiveRule& rule, RuleTable& table, RowRef row, Time now,
             std::optional<std::uint64_t> counted);
  void judge_open(OpenAlert& alert, const Judged& judged, RuleTable& table, RowRef row, Time now,
                  std::optional<std::uint64_t> counted);
  void judge_episode(OpenAlert& alert, const Judged& judged, Time now,
                     std::optional<std::uint64_t> counted);
  void warn(ActiveRule& rule, RuleTable& table, RowRef row, const Judged& judged);
  void evaluate(const ActiveRule& rule, const RuleTable& table, RowRef row, Judged& judged,
                Time now) const;
  void evaluate_lets(const ActiveRule& rule, const RuleTable& table, RowRef row, Judged& judged,
                     Time now) const;
  bool lacks_limit(const ActiveRule& rule, const RuleTable& table, RowRef row, Time now);
  void set_scope(const RuleTable& table, RowRef row, Time now, Scope& scope) const;
  Number baseline(const ActiveRule& rule, std::uint32_t place, InstrumentIndex instrument) const;
  OpenAlert* find_open(const ActiveRule& rule, const Subject& subject);

  // rules_alerts.cc
  void open(ActiveRule& rule, RuleTable& table, RowRef row, const Judged& judged, Time now);
  // Those entries that the alert's rule has counted.
  template <class Visitor>
  static void visit_counted(const OpenAlert& alert, const WindowTable& rows, RowRef row,
                            Visitor&& visitor) {
    std::uint64_t mine = 0;
    for (const std::uint32_t taker : alert.rule->takers) {
      mine |= std::uint64_t{1} << taker;
    }
    rows.visit_entries(row, [&](const EntryQueue::Entry& entry) {
      if ((entry.takers & mine) != 0) {
        visitor(entry);
      }
    });
  }
  RowRef row_of(const OpenAlert& alert);
  void start_episode(OpenAlert& alert, const RuleTable& table, RowRef row);
  void state_facts(OpenAlert& alert, const Judged& judged) const;
  void name_accounts(OpenAlert& alert) const;
  Evidence evidence_of(const OpenAlert& alert) const;
  void report(const OpenAlert& alert, Finding::Act act, Time to, std::uint64_t successor = 0);
  void revise(OpenAlert& alert, const Judged& judged, Time now);
  // As it stands now, without a report; of a day's alert.
  void restate(OpenAlert& alert, Time now);
  void end(std::uint64_t number, Time to);
  void forget(std::uint64_t number);
  void set_timer(OpenAlert& alert, Time at);
  void set_episode_timer(OpenAlert& alert, std::optional<Time> next_expiry);
  void mark_row(const ActiveRule& rule, const Subject& subject, int by);

  // rules_groups.cc
  struct GroupMoves;
  GroupMoves moves_of(std::span<const GroupChange> changes) const;
  void state_before(const GroupMoves& moves, Time now);
  bool affected(const OpenAlert& alert, const GroupMoves& moves) const;
  void refold_groups(RuleTable& table, const GroupMoves& moves);
  void refold_group(RuleTable& table, GroupIndex group);
  void sum_all_groups();
  void note_summed(AccountIndex account, GroupIndex group);
  void drop_group(RuleTable& table, GroupIndex group);
  void fold_member(RuleTable& table, AccountIndex account, GroupIndex group);
  RowRef fold_row(RuleTable& table, std::uint32_t row, GroupIndex group);
  void refold_row(RuleTable& table, RowRef row);
  std::vector<RowRef> rows_below(const RuleTable& table, RowRef row) const;
  void move_alerts(const GroupMoves& moves, const Moment& moment);
  void gather_from_newcomers(OpenAlert& alert, const std::vector<AccountIndex>& before,
                             const Moment& moment);
  void freeze(OpenAlert& alert, Time now);
  void judge_groups(const GroupMoves& moves, Time now);

  // rules_windows.cc
  void expire(RuleTable& table, Time now);
  void expire_oldest(RuleTable& table);
  std::optional<Time> next_expiry(const RuleTable& table, RowRef row) const;
  void end_day_alerts(Time end);
  void clear_day();
  void clear_table(RuleTable& table);

  // rules_baselines.cc
  std::vector<std::string> learn_baselines(Time day_end);
  bool counted_by(const ActiveRule& rule, const RuleTable& table, RowRef row) const;
  LearntDay learn(const ActiveRule& rule, std::uint32_t place);
  LearntDay recorded(LearntDay own, Time day_end);
  void put_in_force(ActiveRule& rule, std::uint32_t place, const LearntDay& learnt);
  void end_cycle(RuleTable& table, Time end);
  std::vector<std::uint32_t> rows_to_judge(const ActiveRule& rule, const RuleTable& table,
                                           RowsOf of) const;
  static void note_reached_from_now(RuleTable& table);
  void judge_cycle(ActiveRule& rule, RuleTable& table, RowRef row, Time end);
  void fire_episode(std::uint64_t number, Time due);
  Time window_start(RuleTable& table, Time now) const;

  // rules_state.cc
  void save_tables(ByteWriter& out) const;
  bool load_tables(ByteReader& in);
  void save_open(const OpenAlert& alert, ByteWriter& out) const;
  bool load_open(ByteReader& in);
  void save_key(const RuleTable& table, const Key& key, ByteWriter& out) const;
  Key load_key(const RuleTable& table, ByteReader& in);

  const Market& market_;
  std::vector<Book> books_;
  std::vector<std::unique_ptr<ActiveRule>> rules_;  // in the order of books and of each file
  std::vector<std::unique_ptr<KeySpace>> spaces_;
  std::vector<std::unique_ptr<RuleTable>> tables_;
  std::vector<const RuleTable*> cycles_;  // those of them whose window is one
  std::vector<EventTakers> takers_by_event_;
  std::vector<std::vector<RowsAhead>> ahead_by_type_{event_types_end};
  std::uint64_t layouts_ = 0;  // no part of the state
  KeyValues values_;
  std::uint64_t epochs_ = 0;
  Time day_start_;
  std::uint64_t findings_made_ = 0;
  std::map<std::uint64_t, OpenAlert> open_;              // by number
  std::map<SubjectKey, std::uint64_t> open_by_subject_;  // looked up, never walked
  std::set<std::pair<Time, std::uint64_t>> timers_;      // of episodes
  // By account: the group whose rows hold its numbers; by group: those accounts, and some that
  // left.
  BigVector<GroupIndex> summed_into_;
  std::vector<std::vector<AccountIndex>> summed_of_;
  std::vector<std::pair<Time, LearntDay>> recorded_days_;  // that have not ended here
  std::set<SubjectKey> warned_;                            // no part of the state
  BaselinesCompared baselines_compared_;                   // no part of the state
  std::vector<Finding> findings_;
  std::vector<Answer> answers_;  // used again: `yes`, then those to the event's questions
  WindowEntry entry_;            // used again
  Judged judged_;                // used again
};

}  // namespace marktwacht
