// One function for each invariant.
#include "sim/invariants_twin.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "measures/measure_table.h"

namespace marktwacht::sim {
namespace {

// Whether it keeps its subjects from anything: what nothing undoes only until it is done.
bool restricts(const Measure& measure) {
  return measure.in_force() && !(measure.state == MeasureState::applied &&
                                 terms_of(measure.plan.kind).undone_by == SetOf<MeasureUndo>{});
}

const Case* standing_case(const Cases& cases, std::uint64_t number) {
  const Case* of = cases.find(number);
  while (of != nullptr && of->state == CaseState::merged) {
    of = cases.find(of->merged_into);
  }
  return of;
}

std::vector<Restriction> own_restrictions(const Measure& measure, const GateSubject& subject) {
  const bool is_target = subject.kind == SubjectKind::account ||
                         subject.kind == SubjectKind::instrument || measure.plan.target.place;
  return is_target ? restrictions_of(measure.plan.kind, measure.plan.parameters, measure.until,
                                     measure.number)
                   : device_restrictions_of(measure.plan.kind, measure.until, measure.number);
}

bool is_full(const Restriction& one) {
  return !one.limit && one.held_min.ns == 0 && one.devices.empty();
}

// Never counts as later than any time.
std::int64_t ends(const Restriction& one) { return one.until ? one.until->ns : INT64_MAX; }

// The strongest of several on one action, instrument and asset.
Restriction strongest(std::vector<Restriction> all) {
  if (std::ranges::any_of(all, is_full)) {
    std::erase_if(all, [](const Restriction& one) { return !is_full(one); });
  }
  std::ranges::sort(all, [](const Restriction& a, const Restriction& b) {
    if (a.limit && b.limit && *a.limit != *b.limit) {
      return is_less(*a.limit, *b.limit);
    }
    if (a.held_min != b.held_min) {
      return a.held_min > b.held_min;
    }
    return ends(a) != ends(b) ? ends(a) > ends(b) : a.measure < b.measure;
  });
  Restriction first = all.front();
  for (const Restriction& one : all) {
    std::erase_if(first.devices, [&](const std::string& device) {
      return std::ranges::count(one.devices, device) == 0;
    });
  }
  return first;
}

// What holds of the subject, from the measures in force alone.
std::vector<Restriction> joined(const Engine& engine, const GateSubject& subject) {
  std::map<std::tuple<GateAction, std::string, std::string>, std::vector<Restriction>> scopes;
  for (const auto& [number, measure] : engine.enforcement().measures().all()) {
    if (restricts(measure) && std::ranges::count(measure.subjects, subject) > 0) {
      for (const Restriction& one : own_restrictions(measure, subject)) {
        scopes[{one.action, one.instrument_id, one.asset}].push_back(one);
      }
    }
  }
  std::vector<Restriction> all;
  for (const auto& [scope, those] : scopes) {
    all.push_back(strongest(those));
  }
  std::vector<Restriction> kept;
  for (const Restriction& one : all) {
    const bool covered = !is_full(one) && std::ranges::any_of(all, [&](const Restriction& other) {
      return is_full(other) && other.action == one.action && other.asset.empty() &&
             (other.instrument_id.empty() || other.instrument_id == one.instrument_id);
    });
    if (!covered) {
      kept.push_back(one);
    }
  }
  return kept;
}

// A day's amount is used up in between: at most what the measures say is left.
bool equal_but_used(const Restriction& has, const Restriction& should) {
  Restriction same = has;
  const std::set<std::string> known(has.devices.begin(), has.devices.end());
  if (known == std::set<std::string>(should.devices.begin(), should.devices.end())) {
    same.devices = should.devices;  // the same ones, in any order
  }
  if (!has.asset.empty() && has.limit && should.limit) {
    if (has.limit->negative()) {
      return false;
    }
    same.limit = should.limit;
    if (is_less(*should.limit, *has.limit)) {
      // Of two limits the one with less left stands, whichever is lower by itself.
      return false;
    }
    same.measure = should.measure;
    same.until = should.until;
    same.reason = should.reason;
  }
  return same == should;
}

}  // namespace

void Invariants::check(const System& system) {
  ++checks_;
  const Engine& engine = system.engine();
  alerts(system);
  for (const auto& [number, measure] : engine.enforcement().measures().all()) {
    case_and_alert(engine, measure);
    two_people(engine, measure);
    end_in_sight(engine, measure);
  }
  gate(system);
  commands(system);
  ledger(engine);
}

// No alert without evidence in the journal.
void Invariants::alerts(const System& system) {
  for (const Alert& alert : system.engine().alerts()) {
    EXPECT_FALSE(alert.evidence.seqs.empty()) << alert.alert_id;
    for (const std::uint64_t seq : alert.evidence.seqs) {
      EXPECT_TRUE(seq > 0 && seq < alert.seq) << alert.alert_id << " evidence " << seq;
    }
    evidenced_.insert(alert.alert_id);
  }
}

// No measure without a case, no case without an alert.
void Invariants::case_and_alert(const Engine& engine, const Measure& measure) {
  const Cases& cases = engine.enforcement().cases();
  const Case* of = standing_case(cases, measure.case_number);
  ASSERT_NE(of, nullptr) << measure_id(measure.number);
  EXPECT_EQ(std::ranges::count(of->measures, measure.number), 1) << measure_id(measure.number);
  EXPECT_FALSE(of->alert_ids.empty()) << case_id(of->number);
  for (const std::string& alert : of->alert_ids) {
    ASSERT_NE(cases.alert(alert), nullptr) << alert;
    EXPECT_EQ(cases.alert(alert)->case_number, of->number) << alert;
    EXPECT_TRUE(evidenced_.contains(alert)) << alert;
  }
}

// What took effect was approved by another than who shaped it, or is one of the two exceptions.
void Invariants::two_people(const Engine& engine, const Measure& measure) {
  const MeasureTerms& terms = terms_of(measure.plan.kind);
  const bool took_effect =
      measure.in_force() || measure.ending() || measure.state == MeasureState::released ||
      measure.state == MeasureState::reversed || measure.state == MeasureState::expired;
  if (!took_effect || !began_.insert(measure.number).second) {
    return;
  }
  const std::string id = measure_id(measure.number);
  const bool light = terms.reversible && !terms.always_two && !terms.is_money &&
                     measure.amends == Amends::nothing &&
                     measure.account_ids.size() <= engine.enforcement().policy().many_accounts;
  if (measure.automatic) {
    EXPECT_TRUE(light && engine.enforcement().policy().automatic) << id;
    EXPECT_TRUE(measure.approver_id.empty()) << id;
    EXPECT_TRUE(!terms.lasts || measure.until) << id << " is automatic and does not expire";
    for (const auto& [number, other] : engine.enforcement().measures().all()) {
      EXPECT_FALSE(other.automatic && number != measure.number &&
                   other.case_number == measure.case_number &&
                   other.plan.kind == measure.plan.kind && other.row == measure.row)
          << id << " and " << measure_id(number) << " are automatic in one case";
    }
    return;
  }
  EXPECT_FALSE(measure.approver_id.empty()) << id;
  if (measure.imposed) {
    EXPECT_TRUE(light) << id;
    EXPECT_TRUE(!terms.lasts || (measure.until && *measure.until - measure.in_force_at <=
                                                      engine.enforcement().policy().impose_max))
        << id;
    return;
  }
  EXPECT_NE(measure.proposer_id, Measure::system) << id;
  EXPECT_NE(measure.proposer_id, measure.approver_id) << id;
  EXPECT_FALSE(measure.shapers.contains(measure.approver_id)) << id;
}

// Nobody is in limbo: what binds ends by itself, or a case is open about it, or the page of those
// who are stuck has it. What has expired binds nobody.
void Invariants::end_in_sight(const Engine& engine, const Measure& measure) {
  const Measures& measures = engine.enforcement().measures();
  const Time now = engine.clock().value_or(Time{});
  if (!restricts(measure) || !terms_of(measure.plan.kind).lasts) {
    return;
  }
  const std::string id = measure_id(measure.number);
  EXPECT_FALSE(measure.until && *measure.until < now) << id << " is in force after its end";
  if (!measure.until) {
    const auto stuck = measures.stuck(now);
    const Case* of = standing_case(engine.enforcement().cases(), measure.case_number);
    const bool listed =
        std::ranges::any_of(stuck, [&](const Stuck& one) { return one.measure == measure.number; });
    EXPECT_TRUE(listed || of->open()) << id << " holds somebody and nobody works on it";
  }
}

// What was handed out, applied in order, is what holds now, and that is the join of all measures.
void Invariants::gate(const System& system) {
  const Engine& engine = system.engine();
  for (; gate_seen_ < system.outputs().gate.size(); ++gate_seen_) {
    const SubjectRestrictions& of = system.outputs().gate[gate_seen_];
    SubjectRestrictions& held = handed_out_[of.subject];
    EXPECT_GT(of.revision, held.revision) << of.subject.id;
    held = of;
  }
  std::vector<SubjectRestrictions> held;
  for (const auto& [subject, of] : handed_out_) {
    if (!of.restrictions.empty()) {
      held.push_back(of);
    }
    const std::vector<Restriction> should = joined(engine, subject);
    EXPECT_TRUE(std::ranges::equal(of.restrictions, should, equal_but_used))
        << "the gate's entry of " << subject.id << " is not the join of its measures";
  }
  EXPECT_TRUE(held == engine.enforcement().restrictions());
  for (const auto& [number, measure] : engine.enforcement().measures().all()) {
    for (const GateSubject& subject : measure.subjects) {
      EXPECT_TRUE(!restricts(measure) || handed_out_.contains(subject) ||
                  own_restrictions(measure, subject).empty())
          << measure_id(number) << " " << subject.id;
    }
  }
}

// Nothing leaves before its record, and each id once.
void Invariants::commands(const System& system) {
  for (; commands_seen_ < system.outputs().commands.size(); ++commands_seen_) {
    const ExchangeCommand& command = system.outputs().commands[commands_seen_];
    EXPECT_TRUE(command.seq > 0 && command.seq <= system.journal().size()) << command.command_id;
    EXPECT_TRUE(command_ids_.insert(command.command_id).second) << command.command_id;
    if (command.command == "set_restrictions") {
      continue;
    }
    std::map<std::string, Decimal> sums;
    for (const LedgerEntry& entry : command.entries) {
      sums[entry.asset] = sum_of(sums[entry.asset], entry.amount).value_or(Decimal{1, 0});
    }
    for (const auto& [asset, sum] : sums) {
      EXPECT_TRUE(sum.zero()) << command.command_id << " " << asset;
    }
  }
}

void Invariants::ledger(const Engine& engine) {
  std::map<std::string, Decimal> sums;
  for (const auto& [of, amount] : engine.enforcement().measures().posted()) {
    sums[of.second] = sum_of(sums[of.second], amount).value_or(Decimal{1, 0});
  }
  for (const auto& [asset, sum] : sums) {
    EXPECT_TRUE(sum.zero()) << asset << ": entries do not sum to 0";
  }
}

}  // namespace marktwacht::sim
