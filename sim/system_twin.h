// Test support: an engine with its journal in memory, which can be stopped at any record and made
// anew from what was written, as a service is. What left it is kept, kind by kind.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "events/ndjson.h"

namespace marktwacht::sim {

struct SystemOutputs {
  static constexpr std::array<const char*, 5> names = {"case", "measure", "decision", "command",
                                                       "gate"};
  std::array<std::vector<std::string>, names.size()> lines;
  std::vector<SubjectRestrictions> gate;  // as handed out
  std::vector<ExchangeCommand> commands;

  void take(const EnforcementOutput& made);
};

// "" or the first line in which they differ.
std::string difference(const SystemOutputs& a, const SystemOutputs& b);

class System {
 public:
  System();

  // Called after every step, also of a replay.
  std::function<void(const System&)> watch;

  Step take(std::string_view line);
  // The same, but it stops after so many records of those that the line leads to; what is left over
  // is done once it runs again. The line comes again if it was not recorded.
  // `from_snapshot`: made anew from the last snapshot and what came since.
  void take_and_stop(std::string_view line, std::uint64_t records, bool from_snapshot);
  void keep_snapshot();
  void close();

  Engine& engine() { return *engine_; }
  const Engine& engine() const { return *engine_; }
  const std::vector<std::string>& journal() const { return journal_; }
  const SystemOutputs& outputs() const { return outputs_; }
  const std::vector<std::string>& refused() const { return refused_; }

  // Another engine that reads all of the journal; with `rulebook` in place of those that it holds.
  struct Replayed {
    std::unique_ptr<Engine> engine;
    SystemOutputs outputs;
  };
  Replayed replayed(const std::string& rulebook = {}) const;

 private:
  void record(const Event& event);
  void write(const Event* event, std::uint64_t seq);
  void replay_into(Engine& engine, std::size_t first, SystemOutputs& outputs,
                   const std::string& rulebook) const;

  const Event* decode(std::string_view line);

  NdjsonReader reader_;
  std::string padded_;
  Batch batch_;
  Item item_;
  std::unique_ptr<Engine> engine_;
  std::vector<std::string> journal_;  // payloads; the first has seq 1
  SystemOutputs outputs_;
  std::vector<std::string> refused_;  // lines, with why
  struct {
    std::string bytes;
    std::size_t records = 0;
    SystemOutputs outputs;
  } snapshot_;
};

}  // namespace marktwacht::sim
