// See store_gather.h.
#include "edges/sqlite/store_gather.h"

#include <algorithm>

#include "events/ndjson.h"

namespace marktwacht {
namespace {

void add_enforced(const Engine& engine, const Event* event, StoreBatch& batch) {
  const EnforcementOutput& made = engine.enforced();
  const Time at = engine.clock().value_or(Time{});
  const auto add = [&](const std::vector<EnforcementOutput::Line>& lines,
                       std::vector<StoreBatch::Line>& to) {
    for (const EnforcementOutput::Line& line : lines) {
      to.push_back({line.seq, at, line.text});
    }
  };
  add(made.cases, batch.cases);
  add(made.measures, batch.measures);
  std::string decision;
  if (event != nullptr && event->type == EventType::decision) {
    write_ndjson(*event, decision);
  }
  for (const EnforcementOutput::Line& line : made.decisions) {
    batch.decisions.push_back({{line.seq, at, line.text}, decision});
  }
  for (const ExchangeCommand& command : made.commands) {
    write_command(command, batch.commands.emplace_back(command.seq, command.at, "").text);
  }
}

}  // namespace

void add_live(const Engine& engine, const Event* event, std::uint64_t seq, StoreBatch& batch) {
  for (const Alert& alert : engine.alerts()) {
    batch.alerts.push_back({alert.seq, alert.at, recorded_form(alert)});
  }
  add_enforced(engine, event, batch);
  batch.applied_seq = std::max({batch.applied_seq, seq, engine.last_seq()});
}

void add_replayed(const Engine& engine, const Event& event, std::uint64_t seq, StoreBatch& batch) {
  if (event.type == EventType::alert) {
    batch.alerts.push_back({seq, event.ts, std::string(as<event::Alert>(event).body.view())});
  }
  add_enforced(engine, &event, batch);
  batch.applied_seq = std::max(batch.applied_seq, seq);
}

}  // namespace marktwacht
