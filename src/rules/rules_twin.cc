// Windows and alerts by brute force: every entry is kept, every judgement sums over all of them.
#include "rules/rules_twin.h"

#include <algorithm>
#include <deque>
#include <set>
#include <tuple>

namespace marktwacht::twin {
namespace {

using Members = std::vector<AccountIndex>;

// The groups at one moment: members by group, empty where one has ended.
struct Partition {
  std::vector<Members> groups;

  GroupIndex group_of(AccountIndex account) const {
    for (std::uint32_t i = 0; i < groups.size(); ++i) {
      if (std::ranges::find(groups[i], account) != groups[i].end()) {
        return GroupIndex{i};
      }
    }
    return GroupIndex::none();
  }
  Members members(GroupIndex group) const {
    return group.value < groups.size() ? groups[group.value] : Members{};
  }
};

Partition partition_of(const Groups& groups) {
  Partition made;
  for (std::uint32_t i = 0; i < groups.size(); ++i) {
    const auto members = groups.members(GroupIndex{i});
    made.groups.emplace_back(members.begin(), members.end());
  }
  return made;
}

// The key of an alert: a group or an account (the other is none), and an instrument or none.
struct Place {
  GroupIndex group;
  AccountIndex account;
  InstrumentIndex instrument;
  auto operator<=>(const Place&) const = default;
};

struct Judgement {
  View view;
  bool when = false;
  bool silent = false;
  bool warming = false;
  Number leading;
};

struct RuleState {
  RuleTwin rule;
  std::deque<Happening> entries;  // all that was ever counted
  std::optional<Time> loaded;
  std::int64_t closed = INT64_MIN;  // the last day or cycle that has been closed
  // By instrument and closed day: what each let had at its 99.9th percentile.
  std::map<InstrumentIndex, std::map<std::int64_t, std::map<std::string, Number>>> learnt;

  bool is(RuleTwin::Window window) const { return rule.window == window; }
};

struct OpenAlert {
  std::uint64_t number = 0, revisions = 0;
  std::size_t rule = 0;
  Place place;
  std::int64_t window = 0;  // of a day rule: the day
  Time from;
  Fraction said;  // the leading number of the last revision
  // Of a group that has dissolved: what the last revision will say.
  std::optional<RevisionTwin> frozen;
  // Episodes only.
  Judgement peak;
  Time watched;  // `when` is known up to here
  std::optional<Time> false_since;
  // What it has gathered, and what it will have if `when` becomes true again.
  std::set<const Happening*> gathered, waiting;
};

bool doubled(const Number& now, const Fraction& said) {
  return at_least(now, times(Number(said), fraction(2)));
}

// 60, and 10 more for each full doubling beyond the limit.
int score_of(const RuleTwin& rule, const Judgement& judgement) {
  const FactTwin& leading = rule.facts.front();
  Number big = judgement.view[leading.let], small = leading.limit(judgement.view);
  if (leading.stay_above) {
    std::swap(big, small);
  }
  int score = 60;
  while (score < 100 && at_least(big, times(small, fraction(2)))) {
    small = times(small, fraction(2));
    score += 10;
  }
  return score;
}

std::vector<Fact> facts_of(const RuleTwin& rule, const Judgement& judgement) {
  std::vector<Fact> facts;
  for (const FactTwin& fact : rule.facts) {
    facts.push_back({fact.let, text_of(judgement.view[fact.let]),
                     fact.limit ? text_of(fact.limit(judgement.view)) : ""});
  }
  for (const LetTwin& let : rule.lets) {
    if (std::ranges::find(facts, let.name, &Fact::name) == facts.end()) {
      facts.push_back({let.name, text_of(judgement.view[let.name]), ""});
    }
  }
  std::erase_if(facts, [](const Fact& fact) { return fact.value.empty(); });
  if (judgement.warming) {
    facts.push_back({"warming", "true", ""});
  }
  return facts;
}

}  // namespace

struct RulesTwin::State {
  Market market;
  std::vector<RuleState> rules;
  Duration day_start;
  std::optional<Time> clock;
  Partition partition;
  std::deque<OpenAlert> open;  // in the order of opening
  std::vector<RevisionTwin> revisions;
  std::uint64_t alerts = 0;
  std::vector<RevisionTwin> opened;  // not yet counted as `alert`
  const SeqOf* seq_of = nullptr;

  // --- time

  std::int64_t day_of(Time time) const {
    const std::int64_t since = time.ns - day_start.ns;
    return since / day.ns - (since % day.ns < 0 ? 1 : 0);
  }
  // The day or cycle that `time` is in, and where one starts.
  std::int64_t window_of(const RuleState& state, Time time) const {
    return state.is(RuleTwin::Window::day) ? day_of(time) : time.ns / state.rule.length.ns;
  }
  Time start_of(const RuleState& state, std::int64_t window) const {
    return state.is(RuleTwin::Window::day) ? Time{window * day.ns + day_start.ns}
                                           : Time{window * state.rule.length.ns};
  }

  // --- who

  Members members(const Place& place) const {
    return place.group.exists() ? partition.members(place.group) : Members{place.account};
  }
  Place place_of(const RuleState& state, AccountIndex account, InstrumentIndex instrument) const {
    Place place;
    place.group = state.rule.by_group ? partition.group_of(account) : GroupIndex::none();
    place.account = place.group.exists() ? AccountIndex::none() : account;
    place.instrument = state.rule.by_instrument ? instrument : InstrumentIndex::none();
    return place;
  }

  // --- what was counted

  template <class Keep>
  Entries counted(const RuleState& state, const Members& who, InstrumentIndex instrument,
                  Keep keep) const {
    Entries entries;
    for (std::size_t i = 0; i < state.entries.size(); ++i) {
      const Happening& h = state.entries[i];
      const bool here = !instrument.exists() || h.instrument == instrument;
      if (here && std::ranges::find(who, h.account) != who.end() && keep(h, i)) {
        entries.push_back(&h);
      }
    }
    return entries;
  }

  // In the day or cycle `window`, or in the sliding window that ends with `now`.
  Entries in_window(const RuleState& state, const Members& who, InstrumentIndex instrument,
                    std::int64_t window, Time now) const {
    return counted(state, who, instrument, [&](const Happening& h, std::size_t) {
      return state.is(RuleTwin::Window::sliding) ? now - h.at < state.rule.length
                                                 : window_of(state, h.at) == window;
    });
  }

  Entries in_window(const OpenAlert& alert, Time now) const {
    return in_window(rules[alert.rule], members(alert.place), alert.place.instrument, alert.window,
                     now);
  }

  Judgement judge(const RuleState& state, const Entries& entries, InstrumentIndex instrument,
                  Time window_start) const {
    Judgement made;
    View& view = made.view;
    view.params = state.rule.params;
    if (instrument.exists()) {
      view.instrument = &market.directory().instrument(instrument);
      view.baseline = [&state, instrument](const std::string& let) {
        return baseline(state, instrument, let);
      };
    }
    for (const LetTwin& let : state.rule.lets) {
      const Number number = let.of(entries, view);
      made.silent = made.silent || (number && number->silent());
      view.lets[let.name] = number;
    }
    made.when = !made.silent && state.rule.when(view);
    made.leading = view[state.rule.facts.front().let];
    made.warming = state.loaded && window_start < *state.loaded;
    return made;
  }

  Judgement judge(const OpenAlert& alert, Time now) const {
    const RuleState& state = rules[alert.rule];
    const Time start = state.is(RuleTwin::Window::sliding) ? Time{now.ns - state.rule.length.ns}
                                                           : start_of(state, alert.window);
    return judge(state, in_window(alert, now), alert.place.instrument, start);
  }

  // --- baselines

  static Number baseline(const RuleState& state, InstrumentIndex instrument,
                         const std::string& let) {
    Number most = fraction(0);
    const auto days = state.learnt.find(instrument);
    if (days == state.learnt.end()) {
      return most;
    }
    int left = 7;
    for (auto it = days->second.rbegin(); it != days->second.rend() && left > 0; ++it, --left) {
      const Number& value = it->second.at(let);
      most = more(value, most) ? value : most;
    }
    return most;
  }

  // Nearest rank over the accounts that counted anything.
  void learn(RuleState& state, std::int64_t window) const {
    std::map<InstrumentIndex, std::map<std::string, std::vector<Number>>> values;
    std::map<std::pair<InstrumentIndex, AccountIndex>, Entries> of;
    for (const Happening& h : state.entries) {
      if (window_of(state, h.at) == window) {
        of[{h.instrument, h.account}].push_back(&h);
      }
    }
    for (const auto& [key, entries] : of) {
      const Judgement judgement = judge(state, entries, key.first, start_of(state, window));
      for (const auto& [let, number] : judgement.view.lets) {
        values[key.first][let].push_back(number);
      }
    }
    for (auto& [instrument, lets] : values) {
      for (auto& [let, numbers] : lets) {
        std::ranges::sort(numbers, [](const Number& a, const Number& b) { return less(a, b); });
        const std::size_t rank = (numbers.size() * 999 + 999) / 1000;
        state.learnt[instrument][window][let] = numbers[rank - 1];
      }
    }
  }

  // --- revisions

  Entries evidence(const OpenAlert& alert) const {
    const RuleState& state = rules[alert.rule];
    if (!state.is(RuleTwin::Window::sliding)) {
      return in_window(alert, Time{});
    }
    Entries entries(alert.gathered.begin(), alert.gathered.end());
    std::ranges::sort(entries, {}, [](const Happening* h) { return h->seq; });
    return entries;
  }

  // What stands in the window of its members now.
  void gather(OpenAlert& alert, Time now, bool holds) const {
    for (const Happening* h : in_window(alert, now)) {
      if (h->at >= alert.from) {
        alert.waiting.insert(h);
      }
    }
    if (holds) {
      alert.gathered.merge(alert.waiting);
      alert.waiting.clear();
    }
  }

  RevisionTwin compose(const OpenAlert& alert, const Judgement& judgement) const {
    const RuleState& state = rules[alert.rule];
    const Place& place = alert.place;
    RevisionTwin made;
    made.alert = alert.number;
    made.detector = state.rule.id;
    made.rulebook_id = state.rule.rulebook_id;
    made.score = score_of(state.rule, judgement);
    for (const AccountIndex account : members(place)) {
      made.account_ids.push_back(market.directory().account_id(account));
    }
    std::ranges::sort(made.account_ids);
    made.group_id = place.group.exists() ? market.group_id(place.group) : "";
    made.instrument_id =
        place.instrument.exists() ? market.directory().instrument_id(place.instrument) : "";
    made.from = alert.from;
    made.facts = facts_of(state.rule, judgement);
    for (const Happening* h : evidence(alert)) {
      made.seqs.push_back(h->seq);
    }
    made.seqs.erase(std::unique(made.seqs.begin(), made.seqs.end()), made.seqs.end());
    return made;
  }

  void say(OpenAlert& alert, RevisionTwin revision, std::string state, Time to, Time at) {
    revision.revision = ++alert.revisions;
    revision.state = std::move(state);
    revision.to = to;
    revision.at = at;
    if (revision.revision == 1) {
      opened.push_back(revision);
    }
    revisions.push_back(std::move(revision));
  }

  void say_last(OpenAlert& alert, const std::string& state, Time to, Time at,
                std::uint64_t superseded_by = 0) {
    RevisionTwin revision = alert.frozen ? *alert.frozen : compose(alert, last_judgement(alert));
    revision.superseded_by = superseded_by;
    say(alert, std::move(revision), state, to, at);
  }

  // What the last revision's facts are made of, if it were made now.
  Judgement last_judgement(const OpenAlert& alert) const {
    return rules[alert.rule].is(RuleTwin::Window::sliding) ? alert.peak : judge(alert, Time{});
  }

  // --- judging

  OpenAlert* find_open(std::size_t rule, const Place& place) {
    const auto found = std::ranges::find_if(open, [&](const OpenAlert& alert) {
      return alert.rule == rule && alert.place == place && !alert.frozen;
    });
    return found == open.end() ? nullptr : &*found;
  }

  // At an event that `rule` counts, or when a group gained members.
  void judge_now(std::size_t rule, const Place& place, Time now) {
    const RuleState& state = rules[rule];
    if (state.is(RuleTwin::Window::cycle)) {
      return;
    }
    if (OpenAlert* alert = find_open(rule, place)) {
      return follow(*alert, now);
    }
    OpenAlert fresh;
    fresh.rule = rule;
    fresh.place = place;
    fresh.window = state.is(RuleTwin::Window::day) ? day_of(now) : 0;
    const Judgement judgement = judge(fresh, now);
    if (!judgement.when) {
      return;
    }
    fresh.number = ++alerts;
    fresh.from = state.is(RuleTwin::Window::day) ? start_of(state, fresh.window)
                                                 : in_window(fresh, now).front()->at;
    fresh.said = *judgement.leading;
    fresh.peak = judgement;
    fresh.watched = now;
    gather(fresh, now, true);
    open.push_back(fresh);
    say(open.back(), compose(open.back(), judgement), "open", now, now);
  }

  // An open alert, at an event, at a change of its group, or when entries leave its window.
  void follow(OpenAlert& alert, Time now) {
    Judgement judgement = judge(alert, now);
    if (rules[alert.rule].is(RuleTwin::Window::sliding)) {
      alert.watched = now;
      judgement.warming = alert.peak.warming;  // as it was when the episode opened
      gather(alert, now, judgement.when);
      if (!judgement.when) {
        alert.false_since = alert.false_since.value_or(now);
        return;
      }
      alert.false_since.reset();
      if (more(judgement.leading, alert.peak.leading)) {
        alert.peak = judgement;
      }
    }
    if (!judgement.silent && doubled(judgement.leading, alert.said)) {
      alert.said = *judgement.leading;
      say(alert, compose(alert, judgement), "open", now, now);
    }
  }

  // --- time passes

  // When something is to be done for `alert`, an episode.
  Time next_of(const OpenAlert& alert) const {
    const Duration length = rules[alert.rule].rule.length;
    Time next{INT64_MAX};
    if (alert.false_since) {
      next = std::min(next, *alert.false_since + length);
    }
    if (!alert.frozen) {
      for (const Happening* h : in_window(alert, alert.watched)) {
        next = std::min(next, h->at + length);
      }
    }
    return next;
  }

  // The end of the window of a day or cycle rule that has counted something since the last one.
  std::optional<Time> end_of(const RuleState& state) const {
    if (state.is(RuleTwin::Window::sliding) || state.entries.empty()) {
      return std::nullopt;
    }
    const std::int64_t window = window_of(state, state.entries.back().at);
    return window > state.closed ? std::optional(start_of(state, window + 1)) : std::nullopt;
  }

  void advance(Time now) {
    while (true) {
      Time due{INT64_MAX};
      for (const RuleState& state : rules) {
        due = std::min(due, end_of(state).value_or(due));
      }
      for (const OpenAlert& alert : open) {
        if (rules[alert.rule].is(RuleTwin::Window::sliding)) {
          due = std::min(due, next_of(alert));
        }
      }
      if (due > now || due.ns == INT64_MAX) {
        break;
      }
      watch_episodes(due);
      end_windows(due);
      count_opened(due);
    }
    clock = now;
  }

  void watch_episodes(Time due) {
    for (OpenAlert& alert : open) {
      const RuleState& state = rules[alert.rule];
      if (!state.is(RuleTwin::Window::sliding) || next_of(alert) != due) {
        continue;
      }
      if (alert.false_since && *alert.false_since + state.rule.length == due) {
        say_last(alert, "ended", *alert.false_since, due);
        alert.number = 0;
      } else {
        follow(alert, due);
      }
    }
    std::erase_if(open, [](const OpenAlert& alert) { return alert.number == 0; });
  }

  void end_windows(Time due) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      RuleState& state = rules[i];
      if (end_of(state) != due) {
        continue;
      }
      const std::int64_t window = window_of(state, state.entries.back().at);
      if (state.is(RuleTwin::Window::cycle)) {
        judge_cycle(i, window, due);
      } else {
        end_day(i, due);
        if (state.rule.uses_baseline) {
          learn(state, window);
        }
      }
      state.closed = window;
    }
  }

  void end_day(std::size_t rule, Time due) {
    for (OpenAlert& alert : open) {
      if (alert.rule == rule) {
        say_last(alert, "ended", due, due);
      }
    }
    std::erase_if(open, [&](const OpenAlert& alert) { return alert.rule == rule; });
  }

  void judge_cycle(std::size_t rule, std::int64_t window, Time due) {
    const RuleState& state = rules[rule];
    std::map<Place, bool> places;
    for (const Happening& h : state.entries) {
      if (window_of(state, h.at) == window) {
        places[place_of(state, h.account, h.instrument)] = true;
      }
    }
    for (const auto& [place, unused] : places) {
      OpenAlert alert;
      alert.rule = rule;
      alert.place = place;
      alert.window = window;
      alert.from = start_of(state, window);
      const Judgement judgement = judge(alert, due);
      if (judgement.when) {
        alert.number = ++alerts;
        say(alert, compose(alert, judgement), "ended", due, due);
      }
    }
  }

  // --- groups change

  // Where the alerts of `place` go, nothing where its group has dissolved.
  std::optional<Place> moved(const Place& place, const Partition& fresh) const {
    Place to = place;
    if (place.account.exists()) {
      to.group = fresh.group_of(place.account);
      to.account = to.group.exists() ? AccountIndex::none() : place.account;
      return to;
    }
    if (!fresh.members(place.group).empty()) {
      return to;
    }
    for (std::uint32_t i = 0; i < fresh.groups.size(); ++i) {
      const auto aliases = market.groups().aliases(GroupIndex{i});
      if (std::ranges::find(aliases, place.group) != aliases.end()) {
        to.group = GroupIndex{i};
        return to;
      }
    }
    return std::nullopt;
  }

  void freeze(OpenAlert& alert, Time now) {
    RevisionTwin last = compose(alert, last_judgement(alert));
    if (rules[alert.rule].is(RuleTwin::Window::sliding) && !alert.false_since) {
      alert.false_since = now;
    }
    alert.frozen = std::move(last);
  }

  void move_alerts(const Partition& fresh, Time now) {
    using Key = std::pair<std::size_t, Place>;
    std::map<Key, std::uint64_t> first;  // the alert that goes on
    std::vector<std::pair<OpenAlert*, Place>> moves;
    for (OpenAlert& alert : open) {
      if (!rules[alert.rule].rule.by_group || alert.frozen) {
        continue;
      }
      const auto to = moved(alert.place, fresh);
      if (!to) {
        freeze(alert, now);
        continue;
      }
      const auto [kept, is_first] = first.try_emplace(Key(alert.rule, *to), alert.number);
      if (is_first) {
        moves.emplace_back(&alert, *to);
      } else {
        say_last(alert, "superseded", now, now, kept->second);
        alert.number = 0;
      }
    }
    for (const auto& [alert, to] : moves) {
      alert->place = to;
    }
    std::erase_if(open, [](const OpenAlert& alert) { return alert.number == 0; });
  }

  // Those that took somebody in, if only one who had left by the same line. What split off is
  // judged at its next event.
  static std::set<GroupIndex> gained(const std::vector<GroupChange>& changes) {
    using Kind = GroupChange::Kind;
    std::set<GroupIndex> groups;
    for (const GroupChange& change : changes) {
      if (change.kind == Kind::formed || change.kind == Kind::grew || change.kind == Kind::merged) {
        groups.insert(change.group);
      }
    }
    return groups;
  }

  void regroup(Time now) {
    const std::vector<GroupChange> changes = market.take_group_changes();
    const Partition fresh = partition_of(market.groups());
    if (changes.empty()) {
      return;
    }
    move_alerts(fresh, now);
    partition = fresh;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (rules[i].rule.by_group) {
        judge_gained(i, gained(changes), now);
      }
    }
    for (OpenAlert& alert : open) {  // those who left may have made `when` false
      if (rules[alert.rule].is(RuleTwin::Window::sliding) && rules[alert.rule].rule.by_group &&
          !alert.frozen && alert.place.group.exists()) {
        follow(alert, now);
      }
    }
  }

  void judge_gained(std::size_t rule, const std::set<GroupIndex>& groups, Time now) {
    const RuleState& state = rules[rule];
    for (const GroupIndex group : groups) {
      const Members who = partition.members(group);
      std::map<InstrumentIndex, bool> instruments;
      const std::int64_t window = state.is(RuleTwin::Window::day) ? day_of(now) : 0;
      for (const Happening* h : in_window(state, who, {}, window, now)) {
        instruments[state.rule.by_instrument ? h->instrument : InstrumentIndex::none()] = true;
      }
      for (const auto& [instrument, unused] : instruments) {
        judge_now(rule, {group, AccountIndex::none(), instrument}, now);
      }
    }
  }

  // --- counting

  void count(const Happening& happening) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      RuleState& state = rules[i];
      const bool keyed = happening.account.exists() &&
                         (!state.rule.by_instrument || happening.instrument.exists());
      if (!state.loaded || !keyed) {
        continue;
      }
      Happening h = happening;
      h.window_start = state.is(RuleTwin::Window::sliding)
                           ? Time{h.at.ns - state.rule.length.ns}
                           : start_of(state, window_of(state, h.at));
      if (state.rule.counts(h, state.rule)) {
        state.entries.push_back(h);
        judge_now(i, place_of(state, h.account, h.instrument), h.at);
      }
    }
  }

  // Alerts that opened are events too.
  void count_opened(Time now) {
    std::vector<Happening> happenings;
    for (const RevisionTwin& revision : std::exchange(opened, {})) {
      Happening h;
      h.event = "alert";
      h.at = now;
      h.seq = (*seq_of)(revision);
      h.detector = revision.detector;
      h.rulebook_id = revision.rulebook_id;
      h.instrument = market.directory().find_instrument(make_text(revision.instrument_id));
      for (const std::string& id : revision.account_ids) {
        h.account = market.directory().find_account(make_text(id));
        happenings.push_back(h);
      }
    }
    std::ranges::stable_sort(happenings, {}, &Happening::seq);
    for (const Happening& h : happenings) {
      count(h);
    }
  }

  void end_at_once(OpenAlert& alert, const std::string& why, Time now) {
    RevisionTwin last = alert.frozen ? *alert.frozen : compose(alert, last_judgement(alert));
    if (!why.empty()) {
      last.facts.push_back({"closed_by", why, ""});
    }
    say(alert, std::move(last), "ended", alert.false_since.value_or(now), now);
    alert.number = 0;
  }

  void remove(std::string_view rulebook_id, Time now) {
    for (OpenAlert& alert : open) {
      if (rules[alert.rule].rule.rulebook_id == rulebook_id) {
        end_at_once(alert, "rule_removed", now);
      }
    }
    std::erase_if(open, [](const OpenAlert& alert) { return alert.number == 0; });
    for (RuleState& state : rules) {
      if (state.rule.rulebook_id == rulebook_id) {
        state.loaded.reset();
        state.entries.clear();
      }
    }
  }

  void close() {
    for (OpenAlert& alert : open) {
      end_at_once(alert, "", *clock);
    }
    open.clear();
  }
};

RulesTwin::RulesTwin(std::vector<RuleTwin> rules, Duration trading_day_start)
    : state_(std::make_unique<State>()) {
  state_->market.listen({true, true, true, true, true});
  state_->day_start = trading_day_start;
  for (RuleTwin& rule : rules) {
    state_->rules.emplace_back().rule = std::move(rule);
  }
}

RulesTwin::~RulesTwin() = default;

void RulesTwin::step(const Event& event, Time now, std::uint64_t seq, bool clock_runs, bool loaded,
                     const SeqOf& seq_of) {
  State& state = *state_;
  state.seq_of = &seq_of;
  check(!state.market.prepare(event).has_value(), "the twin takes accepted events only");
  if (clock_runs) {
    state.advance(now);
  }
  // Preparing belongs to the market as it is: nothing above changed it.
  state.market.commit(event, {now, seq, clock_runs ? state.day_of(now) : 0});
  if (loaded) {
    for (RuleState& rule : state.rules) {
      rule.loaded = now;
    }
  }
  state.regroup(now);
  for (const Happening& h : happenings_of(state.market, event, now, seq)) {
    state.count(h);
  }
  state.count_opened(now);
}

void RulesTwin::remove(std::string_view rulebook_id, Time now) { state_->remove(rulebook_id, now); }

void RulesTwin::close() { state_->close(); }

const std::vector<RevisionTwin>& RulesTwin::revisions() const { return state_->revisions; }

}  // namespace marktwacht::twin
