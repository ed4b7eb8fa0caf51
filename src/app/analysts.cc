// Who does what, when, drawn.
#include "app/analysts.h"

#include <algorithm>
#include <array>

#include "app/rulebook_options.h"
#include "base/check.h"
#include "events/config_names.h"
#include "events/json_members.h"
#include "events/json_object.h"
#include "measures/measure_table.h"

namespace marktwacht {
namespace {

constexpr std::int64_t minute = 60, hour = 60 * minute;
constexpr std::array<const char*, 2> analysts = {"anna", "amir"};
constexpr std::array<const char*, 2> approvers = {"ben", "bea"};

// An exchange of ordinary reliability.
constexpr sim::ExchangeFaults faults{.lost = 2,
                                     .answer_lost = 2,
                                     .repeated = 2,
                                     .refused = 2,
                                     .delay_most = Duration{30 * second.ns}};

std::string member(std::string_view name, std::string_view text) {
  std::string out = ",\"" + std::string(name) + "\":";
  write_json_string(text, out);
  return out;
}

std::string line(std::string_view type, Time at, const std::string& rest) {
  return R"({"type":")" + std::string(type) + R"(","ts":)" + std::to_string(at.ns) + rest + "}";
}

}  // namespace

Analysts::Analysts(std::uint64_t seed, sim::Sink& to)
    : random_(sim::scattered(seed & 0xffff'ffff) ^ 0x616e'616c'7973'7473),
      to_(to),
      exchange_(sim::scattered(~seed & 0xffff'ffff), faults) {
  const auto rulebook = read_rulebook("default");
  check(rulebook.has_value(), "the default rulebook is shipped");
  const Step step = engine_.step(config_event(rulebook_config, *rulebook, Time{}));
  check(step.outcome == Step::Outcome::accepted, "the default rulebook is sound");
}

// What is due by then comes first.
void Analysts::take(const Event& event) {
  if (!begun_) {
    begun_ = true;
    introduce(event.ts);
  }
  work_off_until(event.ts);
  hand_on(event);
}

void Analysts::introduce(Time now) {
  now_ = now;
  const auto user = [&](const char* id, const char* role) {
    std::string text;
    ObjectWriter object(text);
    object.text("user_id", id);
    object.text("role", role);
    object.end();
    say(line("config", now_, member("name", user_config) + member("text", text)));
  };
  for (const char* id : analysts) {
    user(id, "analyst");
  }
  for (const char* id : approvers) {
    user(id, "approver");
  }
}

std::optional<Time> Analysts::next_due() const {
  const auto exchange = exchange_.next_due();
  if (tasks_.empty()) {
    return exchange;
  }
  const Time task = tasks_.begin()->first;
  return exchange ? std::min(*exchange, task) : task;
}

void Analysts::work_off_until(Time now) {
  for (auto due = next_due(); due && *due <= now; due = next_due()) {
    now_ = std::max(now_, *due);
    if (const auto told = exchange_.next_due(); told && *told <= *due) {
      for (std::string& answer : exchange_.take_next()) {
        say(std::move(answer));
      }
      continue;
    }
    const Task task = tasks_.extract(tasks_.begin()).mapped();
    do_now(task);
  }
  now_ = std::max(now_, now);
}

// What the engine refuses does not happen.
void Analysts::hand_on(const Event& event) {
  const Step step = engine_.step(event);
  if (step.outcome != Step::Outcome::accepted) {
    return;
  }
  to_.take(event);
  see(step.now);
}

void Analysts::say(std::string text) {
  padded_ = std::move(text);
  const std::size_t size = padded_.size();
  padded_.append(NdjsonReader::padding, ' ');
  batch_.reset();
  Item item;
  reader_.read(std::string_view(padded_).substr(0, size), batch_, item);
  check(item.event != nullptr && batch_.unknown_fields == 0, "what is said is an event");
  hand_on(*item.event);
}

// --- what there is to do

void Analysts::do_later(Work work, std::uint64_t number, std::int64_t least_s, std::int64_t most_s,
                        std::uint32_t times) {
  const Duration wait{random_.between(least_s, most_s) * second.ns};
  tasks_.emplace(now_ + wait, Task{work, number, times});
}

void Analysts::see(Time now) {
  std::string text;
  for (const ExchangeCommand& command : engine_.enforced().commands) {
    text.clear();
    write_command(command, text);
    credit_entries(text);
    exchange_.send(text, now);
  }
  const auto& cases = engine_.enforcement().cases().all();
  for (auto at = cases.upper_bound(cases_seen_); at != cases.end(); ++at) {
    cases_seen_ = at->first;
    do_later(Work::assign, at->first, 20, 3 * minute);
    do_later(Work::close_case, at->first, 20 * minute, 3 * hour);
  }
  const auto& measures = engine_.enforcement().measures().all();
  for (auto at = measures.upper_bound(measures_seen_); at != measures.end(); ++at) {
    measures_seen_ = at->first;
    see_measure(at->second);
  }
}

void Analysts::see_measure(const Measure& measure) {
  if (measure.proposer_id == Measure::system) {
    do_later(Work::look, measure.number, minute, 6 * minute);
  } else if (measure.pending()) {
    do_later(Work::approve, measure.number, minute, 5 * minute);
  }
}

// The exchange knows balances; this one is told them when it is asked to move money.
void Analysts::credit_entries(std::string_view command) {
  const auto object = JsonMembers::of(command);
  const Directory& directory = engine_.market().directory();
  for (const std::string_view entry :
       object->elements("entries").value_or(std::vector<std::string_view>{})) {
    const auto members = JsonMembers::of(entry);
    const std::string id = members->text("account_id").value_or("");
    const std::string name = members->text("asset").value_or("");
    const AccountIndex account = directory.find_account(make_text(id));
    const AssetIndex asset = directory.find_asset(make_text(name));
    if (!account.exists() || !asset.exists()) {
      continue;
    }
    const Money held = engine_.market().accounts().balance(account, asset).total;
    const auto balance = make_decimal(held.units, -directory.asset(asset).decimals);
    const auto missing = sum_of(*balance, negated(exchange_.balance(id, name)));
    if (missing) {
      exchange_.credit(id, name, *missing);
    }
  }
}

// --- doing it

void Analysts::do_now(const Task& task) {
  if (task.work <= Work::close_case) {
    const Case* of = engine_.enforcement().cases().find(task.number);
    if (of->open()) {
      work_on_case(task, *of);
    }
    return;
  }
  work_on_measure(task, *engine_.enforcement().measures().find(task.number));
}

void Analysts::decide(std::string_view user, std::string_view kind, std::string_view reason,
                      const std::string& fields) {
  say(line("decision", now_,
           member("user_id", user) + member("kind", kind) + member("reason", reason) + fields));
}

void Analysts::work_on_case(const Task& task, const Case& of) {
  const std::string which = member("case_id", case_id(of.number));
  const std::string who =
      of.assignee_id.empty() ? analysts[random_.below(analysts.size())] : of.assignee_id;
  switch (task.work) {
    case Work::assign:
      do_later(Work::note, of.number, minute, 5 * minute);
      return decide(who, "assign", "next on the list", which + member("assignee_id", who));
    case Work::note: {
      if (of.measures.empty() && random_.chance(50)) {
        do_later(Work::suggest, of.number, 20, 2 * minute);
      }
      static constexpr std::array<const char*, 4> seen = {
          "looked at the orders behind it", "asked the account's manager",
          "the same person on both sides, by all signs", "may be an honest hedge"};
      return decide(who, "note", "inquiry",
                    which + member("text", seen[random_.below(seen.size())]));
    }
    case Work::suggest: {
      std::string measure;
      ObjectWriter object(measure);
      object.text("kind", random_.chance(70) ? "watch" : "block_withdrawal");
      ObjectWriter target(object.member("target"));
      target.texts("account_ids", of.account_ids);
      target.end();
      object.number("duration_s", 24 * hour);
      object.end();
      return decide(who, "propose", "until we know more", which + ",\"measure\":" + measure);
    }
    default:
      return close(task, of);
  }
}

// Once nothing waits; what holds on goes on beside a confirmed case.
void Analysts::close(const Task& task, const Case& of) {
  const Measures& measures = engine_.enforcement().measures();
  const auto progress = [&](MeasureProgress asked) {
    return std::ranges::any_of(
        of.measures, [&](std::uint64_t number) { return measures.progress(number) == asked; });
  };
  if (progress(MeasureProgress::proposed) && task.times < 5) {
    return do_later(Work::close_case, of.number, 10 * minute, hour, task.times + 1);
  }
  const bool holds = progress(MeasureProgress::in_force);
  const bool acted = holds || std::ranges::any_of(of.measures, [&](std::uint64_t number) {
                       return measures.find(number)->in_force_at.ns != 0;
                     });
  const std::string outcome = acted ? "confirmed" : random_.chance(60) ? "refuted" : "inconclusive";
  const bool reported = acted && random_.chance(30);
  decide(of.assignee_id.empty() ? analysts[0] : of.assignee_id, "close_case",
         reported ? "reported: the pattern is beyond doubt" : "not reported: below what must be",
         member("case_id", case_id(of.number)) + member("outcome", outcome) +
             ",\"reported\":" + (reported ? "true" : "false"));
}

void Analysts::work_on_measure(const Task& task, const Measure& measure) {
  const std::string which = member("measure_id", measure_id(measure.number));
  const char* approver = approvers[random_.below(approvers.size())];
  switch (task.work) {
    case Work::look:
      return look_at(measure);
    case Work::approve:
      return measure.pending() ? approve(measure) : void();
    case Work::lift:
      return measure.in_force() && !measure.until ? decide(analysts[random_.below(analysts.size())],
                                                           "lift", "no longer needed", which)
                                                  : void();
    case Work::appeal:
      if (measure.in_force()) {
        do_later(Work::decide_appeal, measure.number, 2 * minute, 10 * minute);
        account_says("appeal", measure, "I was hedging");
      }
      return;
    case Work::decide_appeal:
      if (measure.appealed) {
        const char* other =
            measure.approver_id == approver ? approvers[approver == approvers[0]] : approver;
        decide(other, "appeal_decide", "after looking at it again",
               which + member("outcome", random_.chance(30) ? "upheld" : "rejected"));
      }
      return;
    default:
      return measure.in_force() ? account_says("report", measure, "orders of my market making")
                                : void();
  }
}

// Three in four are found right; who looks at one that is in force already has reviewed it.
void Analysts::look_at(const Measure& measure) {
  const char* who = analysts[random_.below(analysts.size())];
  const std::string which = member("measure_id", measure_id(measure.number));
  if (!measure.pending() || random_.chance(75)) {
    decide(who, "adopt_proposal", "the alert is right", which);
    if (measure.pending()) {
      do_later(Work::approve, measure.number, minute, 5 * minute);
    }
  } else {
    decide(who, "withdraw_proposal", "an honest explanation", which);
  }
}

void Analysts::approve(const Measure& measure) {
  const char* who = approvers[random_.below(approvers.size())];
  const std::string which = member("measure_id", measure_id(measure.number));
  if (random_.chance(15)) {
    return decide(who, "refuse", "too hard for what was done", which);
  }
  decide(who, "approve", "as proposed",
         which + member("preview_hash", engine_.enforcement().measures().preview_hash(measure)) +
             ",\"preview_seq\":" + std::to_string(engine_.last_seq()));
  if (!measure.in_force()) {
    return;
  }
  if (measure.plan.kind == MeasureKind::require_report && random_.chance(70)) {
    do_later(Work::report, measure.number, 10 * minute, 12 * hour);
  } else if (random_.chance(25)) {
    do_later(Work::appeal, measure.number, 2 * minute, 15 * minute);
  }
  if (!measure.until && terms_of(measure.plan.kind).lasts) {
    do_later(Work::lift, measure.number, 15 * minute, 2 * hour);
  }
}

void Analysts::account_says(std::string_view type, const Measure& measure, std::string_view text) {
  if (!measure.account_ids.empty()) {
    say(line(type, now_,
             member("account_id", measure.account_ids.front()) +
                 member("measure_id", measure_id(measure.number)) + member("text", text)));
  }
}

}  // namespace marktwacht
