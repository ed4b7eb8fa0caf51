// What is asked of measures, and their state in and out of snapshots.
#include <algorithm>

#include "base/archive.h"
#include "base/check.h"
#include "base/sha256.h"
#include "measures/measure_reader.h"
#include "measures/measure_table.h"
#include "measures/measures.h"

namespace marktwacht {

GroupIndex group_named(const Market& market, std::string_view group_id) {
  if (!group_id.starts_with("g-")) {
    return {};
  }
  const AccountIndex account = market.directory().find_account(make_text(group_id.substr(2)));
  const GroupIndex group = account.exists() ? market.group(account) : GroupIndex::none();
  const auto is_called = [&](GroupIndex name) { return market.group_id(name) == group_id; };
  return group.exists() && (is_called(group) ||
                            std::ranges::any_of(market.groups().aliases(group), is_called))
             ? group
             : GroupIndex::none();
}

MeasureProgress Measures::progress(std::uint64_t number) const {
  const Measure* measure = find(number);
  if (measure == nullptr) {
    return MeasureProgress::over;
  }
  if (measure->pending()) {
    return MeasureProgress::proposed;
  }
  return holds(*measure) ? MeasureProgress::in_force : MeasureProgress::over;
}

bool Measures::holds(const Measure& measure) {
  const MeasureTerms& terms = terms_of(measure.plan.kind);
  const bool done =
      measure.state == MeasureState::applied && terms.undone_by == SetOf<MeasureUndo>{};
  return (measure.in_force() && terms.lasts && !done) || measure.ending();
}

std::vector<std::string> Measures::members_of(const MeasureTarget& target,
                                              std::uint64_t case_number) const {
  std::vector<std::string> members = target.account_ids;
  if (!target.account_id.empty()) {
    members = {target.account_id};
  } else if (!target.group_id.empty()) {
    if (const GroupIndex group = group_named(market_, target.group_id); group.exists()) {
      for (const AccountIndex member : market_.groups().members(group)) {
        members.push_back(market_.directory().account_id(member));
      }
    } else if (const Case* of = cases_.find(case_number)) {
      members.assign(of->account_ids.begin(), of->account_ids.end());  // the group is gone
    }
  }
  std::erase_if(members, [&](const std::string& member) {
    return std::ranges::find(target.excluded, member) != target.excluded.end();
  });
  std::ranges::sort(members);
  return members;
}

std::set<std::string> Measures::approvers(const Measure& measure) const {
  std::set<std::string> ids;
  if (!measure.approver_id.empty()) {
    ids.insert(measure.approver_id);
  }
  for (const std::uint64_t number : cases_.find(cases_.standing(measure.case_number))->measures) {
    const Measure& other = measures_.at(number);
    if (other.amended == measure.number && other.state == MeasureState::applied) {
      ids.insert(other.approver_id);
    }
  }
  return ids;
}

bool Measures::imposed_in_turn(const MeasurePlan& plan, std::uint64_t case_number, Time now,
                               Time until) const {
  const std::vector<GateSubject> subjects = subjects_of(plan, members_of(plan.target, case_number));
  const std::string& on = plan.parameters.instrument_id;
  const auto lately = [&](const Measure& before) {
    const auto ended =
        std::ranges::find(before.history, MeasureState::releasing, &MeasureStep::state);
    return ended == before.history.end() || now - ended->at < policy_.impose_max;
  };
  return std::ranges::any_of(measures_, [&](const auto& each) {
    const Measure& before = each.second;
    const std::string& there = before.plan.parameters.instrument_id;
    return before.imposed && before.plan.kind == plan.kind &&
           (on.empty() || there.empty() || on == there) &&
           until - before.in_force_at > policy_.impose_max && lately(before) &&
           std::ranges::any_of(subjects,
                               [&](const GateSubject& subject) {
                                 return std::ranges::binary_search(before.subjects, subject);
                               }) &&
           approvers(before).size() < 2;
  });
}

std::string Measures::preview_hash(const Measure& measure) const {
  std::string text;
  write_plan(measure.plan, text);
  for (const std::string& member : members_of(measure.plan.target, measure.case_number)) {
    text += "\n" + member;
    if (terms_of(measure.plan.kind).is_money && !measure.plan.parameters.amount) {
      text += " " + format_scaled(gain_left(measure, member), Case::gain_scale);
    }
  }
  if (measure.amends != Amends::nothing) {
    text += "\n" + std::string(word_of(measure.amends)) + " " + measure_id(measure.amended);
  }
  return hex(sha256(text));
}

std::vector<Stuck> Measures::stuck(Time now) const {
  std::vector<Stuck> list;
  for (const auto& [number, measure] : measures_) {
    if (!measure.in_force() && !measure.ending()) {
      continue;
    }
    const auto because = [&](bool holds, const char* why) {
      if (holds) {
        list.push_back({number, why});
      }
    };
    const bool failed = measure.state == MeasureState::release_failed || !measure.failing.empty() ||
                        std::ranges::any_of(measure.jobs, [](const MeasureJob& job) {
                          return job.state == MeasureJob::State::failed;
                        });
    because(measure.overdue, "overdue");
    because(failed, "failed");
    because(measure.unanswered, "unacknowledged");
    because(measure.appealed, "appeal");
    const Case* of = cases_.find(cases_.standing(measure.case_number));
    because(!measure.until && holds(measure) && !of->open(), "no_exit");
    because(measure.until && *measure.until < now && measure.in_force(), "overdue");
  }
  // As when a day's amount is used up: the restrictions change, and no measure does.
  for (const auto& [subject, state] : subjects_) {
    if (state.acknowledged >= state.revision || !is_told(subject) || awaiting_.contains(subject)) {
      continue;
    }
    if (state.failed || now - state.first_sent >= policy_.ack_deadline) {
      list.push_back({0, state.failed ? "failed" : "unacknowledged", subject});
    }
  }
  return list;
}

void Measures::save(ByteWriter& out) const {
  check(commands_.empty() && proposals_.empty() && changed_.empty(),
        "a snapshot is taken between steps");
  Saver saver(out);
  out.varint(measures_.size());
  for (const auto& [number, measure] : measures_) {
    std::string plan;
    write_plan(measure.plan, plan);
    saver(plan, measure);
  }
  saver(subjects_, timers_.all(), posted_);
  day_limits_.save(out);
}

bool Measures::load(ByteReader& in) {
  Loader loader(in);
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    std::string plan;
    Measure measure;
    loader(plan, measure);
    auto read = read_plan(plan);
    if (!read) {
      return false;
    }
    measure.plan = *std::move(read);
    for (const auto& [subject, revision] : measure.awaited) {
      awaiting_[subject].insert(measure.number);
    }
    if (measure.in_force() && !measure.plan.target.group_id.empty()) {
      by_group_[measure.plan.target.group_id].insert(measure.number);
    }
    measures_.emplace(measure.number, std::move(measure));
  }
  std::set<EnforcementTimer> timers;
  loader(subjects_, timers, posted_);
  for (const EnforcementTimer& timer : timers) {
    timers_.set(timer);
  }
  day_limits_.load(in);
  for (auto& [subject, state] : subjects_) {
    if (!std::ranges::all_of(state.measures,
                             [&](std::uint64_t number) { return measures_.contains(number); })) {
      return false;
    }
    state.restrictions = joined(subject, state);
  }
  return in.ok();
}

}  // namespace marktwacht
