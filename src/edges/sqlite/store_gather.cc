// See store_gather.h.
#include "edges/sqlite/store_gather.h"

#include <utility>

#include "alerts/alert_id.h"
#include "events/ndjson.h"

namespace marktwacht {

void StoreGather::add_enforced(const Engine& engine, const Event* event) {
  const EnforcementOutput& made = engine.enforced();
  const Time at = engine.clock().value_or(Time{});
  for (const EnforcementOutput::Revision& revision : made.cases) {
    cases_[revision.number] = {revision.seq, at};
  }
  for (const EnforcementOutput::Revision& revision : made.measures) {
    measures_[revision.number] = {revision.seq, at};
  }
  std::string decision;
  if (event != nullptr && event->type == EventType::decision) {
    write_ndjson(*event, decision);
  }
  for (const EnforcementOutput::Line& line : made.decisions) {
    batch_.decisions.push_back({{line.seq, at, line.text}, decision});
  }
  for (const ExchangeCommand& command : made.commands) {
    write_command(command, batch_.commands.emplace_back(command.seq, command.at, "").text);
  }
}

void StoreGather::add_state(const Engine& engine) {
  const Enforcement& enforcement = engine.enforcement();
  for (const auto& [number, of] : enforcement.cases().all()) {
    cases_[number] = {number, of.opened};
  }
  for (const auto& [number, of] : enforcement.measures().all()) {
    measures_[number] = {number, of.proposed_at};
  }
  for (const auto& [alert_id, alert] : enforcement.cases().alerts()) {
    if (const std::uint64_t number = alert_number(alert_id); number > 0) {  // of ours
      batch_.alerts.push_back({number, alert.opened, recorded_form(alert.recorded())});
    }
  }
}

void StoreGather::add_live(const Engine& engine, const Event* event) {
  for (const Alert& alert : engine.alerts()) {
    batch_.alerts.push_back({alert.seq, alert.at, recorded_form(alert)});
  }
  add_enforced(engine, event);
}

void StoreGather::add_replayed(const Engine& engine, const Event& event, std::uint64_t seq) {
  if (event.type == EventType::alert) {
    batch_.alerts.push_back({seq, event.ts, std::string(as<event::Alert>(event).body.view())});
  }
  add_enforced(engine, &event);
}

StoreBatch StoreGather::take(const Engine& engine, std::uint64_t applied_seq) {
  StoreBatch batch = std::exchange(batch_, {});
  const auto write_each = [](ByNumber& noted, const auto& all, auto write, auto& lines) {
    for (const auto& [number, changed] : std::exchange(noted, {})) {
      StoreBatch::Line& line = lines[number];
      line.seq = changed.seq;
      line.at = changed.at;
      write(*all.find(number), line.text);
    }
  };
  write_each(cases_, engine.enforcement().cases(), write_case, batch.cases);
  write_each(measures_, engine.enforcement().measures(), write_measure, batch.measures);
  batch.applied_seq = applied_seq;
  return batch;
}

}  // namespace marktwacht
