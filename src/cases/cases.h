// From alerts to cases: which alerts belong together, and what people do with cases. Reads nothing
// but what it is given: alert records and decisions. Contract: enforcement.md, "Cases".
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/alert.h"
#include "base/bytes.h"
#include "base/time.h"
#include "cases/case.h"
#include "cases/refusal.h"
#include "events/event.h"

namespace marktwacht {

struct CaseTerms {
  Duration gap;                                            // see Policy::case_gap
  std::array<Duration, Words<Severity>::list.size()> due;  // by severity
  Duration memory;                                         // of a confirmed offence
};

// One clause of a confirmed case, as it counts against its accounts.
struct ConfirmedOffence {
  std::uint64_t case_number = 0;
  Time at;
  std::set<std::string> clauses, account_ids;

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.case_number, self.at, self.clauses, self.account_ids);
  }
};

// How far a measure is, as far as its case must know.
enum class MeasureProgress : std::uint8_t { proposed, in_force, over };

// What an alert record did.
struct AlertTaken {
  const KnownAlert* alert = nullptr;  // until the next call
  bool actionable = false;            // stable, not snoozed, in a case, not settled by a person
};

// One thread. Closed cases are kept: they are the record.
class Cases {
 public:
  // Alerts that no case holds are kept so many, the newest.
  static constexpr std::size_t loose_alerts_max = 100'000;

  void set_terms(const CaseTerms& terms) { terms_ = terms; }

  AlertTaken take(const Alert& alert, bool is_rule);

  // Which record changes something.
  struct By {
    Time now;
    std::uint64_t seq = 0;
  };
  // Two control groups became one: their open cases do too.
  void groups_merged(const std::string& into, const std::string& from, const By& by);

  // A decision about alerts and cases: done, or why not. `field` gets the name of what is wrong.
  Refusal decide(const event::Decision& decision, const By& by, std::string_view& field);
  // Whatever is found about the subject until then opens a case, also what runs in shadow.
  // `subject`: "account ", "group " or "instrument " and its id.
  void watch(const std::string& subject, Time until) { watches_[subject] = until; }
  // The case that a measure about these belongs to: the one named, else that of the alerts, which
  // is opened if they have none.
  Refusal case_for_measure(const event::Decision& decision, const By& by, std::uint64_t& number);
  // A measure joins its case.
  void add_measure(std::uint64_t case_number, std::uint64_t measure);
  // require_report was sent, and was answered.
  void wait_for_report(std::uint64_t case_number, bool waiting);
  // Asked before a case closes.
  void ask_progress(std::function<MeasureProgress(std::uint64_t measure)> progress) {
    progress_ = std::move(progress);
  }

  const Case* find(std::uint64_t number) const;
  // The case that it has gone into, if it has; else itself. There is such a case.
  std::uint64_t standing(std::uint64_t number) const;
  Case* find_to_change(std::uint64_t number);  // counts as changed
  const KnownAlert* alert(std::string_view alert_id) const;
  const std::map<std::string, KnownAlert, std::less<>>& alerts() const { return alerts_; }
  const std::map<std::uint64_t, Case>& all() const { return cases_; }

  // Confirmed before `now`, about any of these accounts and clauses, by cases other than this one.
  std::uint32_t confirmed_before(std::uint64_t case_number,
                                 const std::set<std::string>& account_ids,
                                 std::span<const std::string> clauses, Time now) const;
  // Alerts of the clause about the case's accounts that opened after now - window.
  std::uint32_t alerts_within(const Case& of, std::string_view clause, Duration window,
                              Time now) const;
  std::uint64_t forgotten_alerts() const { return forgotten_; }

  // What changed since this was asked last, ascending; each has got its next revision.
  std::vector<std::uint64_t> take_changed();
  bool has_changes() const { return !changed_.empty(); }

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  struct Snooze {
    std::string rule, subject;  // subject: "account " or "group " and its id
    auto operator<=>(const Snooze&) const = default;
    template <class Self, class Visit>
    static void members(Self& self, Visit&& visit) {
      visit(self.rule, self.subject);
    }
  };

  // cases.cc
  void place(KnownAlert& alert, std::uint64_t seq);
  Case& open_case(std::uint64_t seq, Time now);
  void join(Case& to, KnownAlert& alert);
  void widen(Case& to, const KnownAlert& alert);
  Case* matching(const KnownAlert& alert);
  bool snoozed(const KnownAlert& alert) const;
  bool watched(const KnownAlert& alert) const;
  void merge(Case& into, Case& from, const By& by);
  void index(const Case& of);
  void forget_loose();
  Case& touch(Case& of);

  // case_decisions.cc
  using Field = std::string_view&;
  Refusal find_case(const event::Decision& decision, Case*& found, Field field);
  Refusal find_open(const event::Decision& decision, Case*& found, Field field);
  KnownAlert* find_alert(const event::Decision& decision);
  Refusal assign(const event::Decision& decision, Field field);
  Refusal note(const event::Decision& decision, const By& by, Field field);
  Refusal close_alert(const event::Decision& decision, Field field);
  Refusal attach(const event::Decision& decision, Field field);
  Refusal detach(const event::Decision& decision, Field field);
  Refusal merge_cases(const event::Decision& decision, const By& by, Field field);
  Refusal close_case(const event::Decision& decision, const By& by, Field field);
  Refusal reopen(const event::Decision& decision, Field field);
  Refusal mark_reported(const event::Decision& decision, Field field);
  Refusal snooze(const event::Decision& decision, const By& by, Field field);
  void leave_case(KnownAlert& alert);

  CaseTerms terms_{};
  std::map<std::uint64_t, Case> cases_;
  std::map<std::string, KnownAlert, std::less<>> alerts_;
  std::deque<std::string> loose_;  // alerts that had no case when they came, oldest first
  using ById = std::map<std::string, std::set<std::uint64_t>, std::less<>>;
  ById open_by_account_, open_by_group_;  // of cases_
  std::map<Snooze, Time> snoozes_;        // until when
  std::map<std::string, Time> watches_;   // by subject, until when
  std::vector<ConfirmedOffence> offences_;
  std::uint64_t forgotten_ = 0;
  std::set<std::uint64_t> changed_;
  std::function<MeasureProgress(std::uint64_t)> progress_ = [](std::uint64_t) {
    return MeasureProgress::over;
  };
};

}  // namespace marktwacht
