// Test support: what must hold of enforcement after every record (quality.md, "enforcement
// invariants"), computed anew from the measures and cases, slowly.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "sim/system_twin.h"

namespace marktwacht::sim {

class Invariants {
 public:
  // Fails the test with what does not hold. Asked after every step.
  void check(const System& system);

  std::uint64_t checks() const { return checks_; }

 private:
  void alerts(const System& system);
  void case_and_alert(const Engine& engine, const Measure& measure);
  void two_people(const Engine& engine, const Measure& measure);
  void end_in_sight(const Engine& engine, const Measure& measure);
  void gate(const System& system);
  void commands(const System& system);
  void ledger(const Engine& engine);

  std::uint64_t checks_ = 0;
  std::set<std::string> evidenced_;  // alerts
  std::set<std::uint64_t> began_;    // measures that have been seen in force
  std::size_t gate_seen_ = 0, commands_seen_ = 0;
  std::set<std::string> command_ids_;
  std::map<GateSubject, SubjectRestrictions> handed_out_;
};

}  // namespace marktwacht::sim
