// Test support: an engine that a story of enforcement is told to, and what came of it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "gate/gate_twin.h"

namespace marktwacht {

// What a story's engine is given, one by one: an event as NDJSON, or an alert.
struct MeasureInput {
  std::string line;
  std::optional<Alert> alert;
};

// One record of the journal that the engine made.
struct MeasureRecord {
  std::string payload;
  std::uint64_t seq = 0;
};

// All that went out, so that two runs can be compared.
struct MeasureTrace {
  std::string cases, measures, decisions, commands, gate;

  void take(const EnforcementOutput& made);
  bool operator==(const MeasureTrace&) const = default;
};

// Takes inputs into an engine; keeps what is needed to do the same in other ways.
class MeasureRun {
 public:
  MeasureRun() { engine_->write_revisions(true); }

  // "", or why the engine refused it.
  std::string take(const MeasureInput& input);

  const Engine& engine() const { return *engine_; }
  const MeasureTrace& trace() const { return trace_; }
  const std::vector<MeasureInput>& inputs() const { return inputs_; }
  const std::vector<MeasureRecord>& records() const { return records_; }
  const GateTwin& gate() const { return gate_; }

 private:
  friend std::string cut_differs(const MeasureRun& live);
  void record(const Event* event, std::uint64_t seq);

  std::unique_ptr<Engine> engine_ = std::make_unique<Engine>();
  MeasureTrace trace_;
  std::vector<MeasureInput> inputs_;
  std::vector<MeasureRecord> records_;
  GateTwin gate_;
};

// The same with a snapshot after each input, from which a fresh engine goes on; and from the bytes
// of the journal. "", or what differs.
std::string cut_differs(const MeasureRun& live);
std::string replay_differs(const MeasureRun& live);
// What the measure would have refused in the days until `to`, as stories say it, in order.
std::vector<std::string> refused_before(const MeasureRun& live, const Measure& measure, Time to);
// Every line that was written, and the preview of every measure, against their schemas.
std::string lines_differ_from_schemas(const MeasureRun& live);

}  // namespace marktwacht
