// The shape of a pattern detector: what it states of itself, what it hears, what it reports.
// docs/detectors/README.md says how one is added.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/expiring_table.h"
#include "base/prefetch.h"
#include "detectors/param.h"
#include "events/event.h"
#include "findings/alert_opened.h"
#include "market/market.h"

namespace marktwacht {

// What a detector may hear: the types of the stream by their codes (table.h), and behind them what
// the market derives.
enum class EventKind : std::uint8_t {
#define MW_KIND(code, word, Name, origin, LIST) word = code,
  MW_EVENTS(MW_KIND)
#undef MW_KIND
      fill = event_types_end,
  withdrawn,
  order_closed,
  message,
  end_
};
static_assert(static_cast<int>(EventKind::end_) <= 64, "a set of kinds is a word");

constexpr EventKind kind_of(EventType type) { return static_cast<EventKind>(type); }

class EventKinds {
 public:
  constexpr EventKinds() = default;
  constexpr EventKinds(std::initializer_list<EventKind> kinds) {
    for (const EventKind kind : kinds) {
      bits_ |= std::uint64_t{1} << static_cast<int>(kind);
    }
  }
  constexpr bool has(EventKind kind) const { return (bits_ >> static_cast<int>(kind) & 1) != 0; }
  constexpr bool any() const { return bits_ != 0; }
  constexpr bool any_of(EventKinds others) const { return (bits_ & others.bits_) != 0; }
  constexpr void add(EventKinds others) { bits_ |= others.bits_; }

 private:
  std::uint64_t bits_ = 0;
};

// What a detector states of itself. Texts may use {fact}, {fact.limit}, {accounts}, {instrument}.
struct DetectorSpec {
  std::string_view id;     // file name, config key, the alert's `detector`
  std::string_view claim;  // one sentence that a compliance officer would sign
  std::string_view clause;
  Severity severity{};  // where a report does not say more
  Maturity maturity{};  // where a report does not say less
  EventKinds hears;
  EventKinds looks_ahead = {};    // lines before which look_ahead is asked
  bool asks_tape = false;         // what Market::tape() knows
  bool asks_owned = false;        // what Books::visit_owned shows
  bool asks_lockstep = false;     // what Links::lockstep() knows
  Duration memory_max;            // age after which state is gone
  Duration quiet_max;             // an alert has ended when nothing was reported for so long
  std::uint32_t entries_max = 0;  // the default; a rulebook may say less or more
  std::span<const ParamSpec> params;
  std::string_view text_en, text_de;
};

// What has happened, once the market has taken it. Of the pointers, `line` is set for whatever came
// of a line of the stream, and one other as the kind says. order, triggered, replace, cancel: only
// of orders that count (rules.md), with `touched`. alert: not a line, but one that has just opened;
// never the detector's own.
struct Occurrence {
  EventKind kind{};
  Moment moment;
  AccountIndex account;        // none where only the line says it
  InstrumentIndex instrument;  // the same
  const Event* line = nullptr;
  const OrderTouched* touched = nullptr;
  const Fill* fill = nullptr;
  const Withdrawn* withdrawn = nullptr;
  const OrderClosed* order_closed = nullptr;
  const Message* message = nullptr;
  const AlertOpened* alert = nullptr;  // of another detector, or of a rule

  Time now() const { return moment.now; }
};

// A named number of a report: units × 10^-scale.
struct Measured {
  std::string_view name;
  Int128 units = 0;
  int scale = 0;
  const Param* limit = nullptr;  // nullptr: none
};

// part / of, with four decimals, rounded half-even; of > 0.
inline Measured ratio(std::string_view name, Int128 part, Int128 of, const Param* limit) {
  return {name, divide_half_even(part * Param::one, of), Param::scale, limit};
}

// One time the pattern was seen. What is reported of one owner (the account's group, or itself) and
// instrument grows one alert (of what is less mature than the detector one of its own), until
// nothing comes for quiet_max. The alert states the report with the largest leading number (of
// equal ones the last), and is revised when that doubles or the severity rises.
struct Report {
  AccountIndex account;        // none: nobody is known, only where
  InstrumentIndex instrument;  // none: all
  // Who took part beside the account's own group; the alert names all who ever did.
  std::vector<AccountIndex> parties;
  Time from;                    // what is reported began
  std::vector<Measured> facts;  // the leading number first; its scale is always the same
  std::vector<ScorePart> score_parts;
  Severity severity{};                  // at least that of the Spec counts
  Maturity maturity{};                  // at most that of the Spec counts
  std::vector<std::uint64_t> evidence;  // seqs, ascending
  std::uint64_t counted = 0;            // events it rests on, when more than those
};

// Where a detector's reports go, and its questions to time.
class Findings {
 public:
  virtual Time now() const = 0;
  virtual std::int64_t day() const = 0;  // the trading day's number
  virtual void report(const Report& report) = 0;
  // How many reports the open alert of the account's owner has had; 0: none is open.
  virtual std::uint64_t reports(AccountIndex account, InstrumentIndex instrument) const = 0;
  // Calls `fire` with this key at that time, before what happens then; asked twice is one.
  virtual void wake(Time at, std::uint64_t key) = 0;
  // Blind spots: a record had to go for want of room; something could not be judged.
  virtual void forgot() = 0;
  virtual void unjudged() = 0;

 protected:
  ~Findings() = default;
};

// One with its parameters. It reports facts, never prose, and never acts; its state follows from
// what it heard.
class Detector {
 public:
  virtual ~Detector() = default;
  virtual void on(const Occurrence& event, const Market& market, Findings& findings) = 0;
  virtual void fire(std::uint64_t, const Market&, Findings&) {}
  // Starts fetching what `on` will look at of these at an event that comes soon. Asked at lines of
  // the types that the Spec's `looks_ahead` names; changes nothing but the time that `on` takes.
  virtual void look_ahead(Ahead, AccountIndex, InstrumentIndex, const Market&) const {}
  // Canonical. `load` into a fresh one; false when the bytes are malformed.
  virtual void save(ByteWriter& out) const = 0;
  virtual bool load(ByteReader& in, const Market& market) = 0;
};

// How it is to run: as many params as its Spec has, in their order.
struct DetectorSetup {
  std::vector<Param> params;
  std::uint32_t entries_max = 0;

  bool operator==(const DetectorSetup&) const = default;
};

// A detector's records, within its limits.
template <class T>
class Entries {
 public:
  // memory_max: at most that of the Spec.
  Entries(const DetectorSetup& setup, Duration memory_max)
      : table_(setup.entries_max, memory_max) {}

  T* find(std::uint64_t key, Time now) { return table_.find(key, now); }
  // A new one is all zeros; valid until the next call.
  T& touch(std::uint64_t key, Findings& findings) {
    return table_.touch(key, findings.now(), [&] {
      ++forgotten_;
      findings.forgot();
    });
  }
  void erase(std::uint64_t key) { table_.erase(key); }
  // How many had to go for want of room since this was made; no part of the state.
  std::uint64_t forgotten() const { return forgotten_; }
  // Of the record the first `bytes`.
  void look_ahead(Ahead ahead, std::uint64_t key, std::size_t bytes = sizeof(T)) const {
    ahead == Ahead::place ? table_.prefetch(key) : table_.prefetch_record(key, bytes);
  }

  void save(ByteWriter& out) const { table_.save(out); }
  // `sound(key, record)`: whether they can be.
  template <class Sound>
  bool load(ByteReader& in, Sound&& sound) {
    return table_.load(in, sound);
  }

 private:
  ExpiringTable<T> table_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace marktwacht
