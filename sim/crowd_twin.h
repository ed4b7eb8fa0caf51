// Test support: accounts, the people who watch over them, and an exchange with faults, all drawn
// from one seed. People act on what they see of the engine, sometimes on what they saw before.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/exchange.h"
#include "sim/random.h"
#include "sim/system_twin.h"

namespace marktwacht::sim {

class Crowd {
 public:
  explicit Crowd(std::uint64_t seed);

  // Rulebook, policy, users, venue: the first records.
  std::vector<std::string> opening();
  // What happens next, in order; the exchange has got what left the system so far.
  std::vector<std::string> next(const System& system);
  // Time passes, the exchange answers all; empty once nothing is under way.
  std::vector<std::string> calm(const System& system);

  const Exchange& exchange() const { return exchange_; }
  const std::string& rulebook() const { return rulebook_; }
  // Other thresholds, other names: it finds other alerts.
  std::string other_rulebook() const;

 private:
  std::string rulebook_text(int first, const std::string& prefix) const;
  std::string policy_text();
  std::string line(std::string_view type, const std::string& rest);
  std::string account() { return "a" + std::to_string(random_.below(8)); }
  std::string instrument() { return random_.chance(50) ? "PERP" : "SPOT"; }
  std::string person();
  void deliver(const System& system);
  void answers(std::vector<std::string>& lines, Time until);

  std::string funds();
  std::string trading();
  std::string account_news(const System& system);
  std::string decision(const System& system);
  std::string about_measure(const System& system, const Measure& measure);
  std::string about_case(const System& system, const Case& of);
  std::string about_policy();
  std::string idea(const System& system);
  std::string decide(std::string_view kind, const std::string& rest);
  std::string drawn_measure();
  std::string target();

  Random random_;
  Exchange exchange_;
  std::string rulebook_;
  bool automatic_ = false, has_users_ = false;
  Time now_{1'700'006'400 * second.ns};
  std::size_t sent_ = 0, heard_ = 0;  // commands, decisions
  std::uint64_t orders_ = 0, calm_steps_ = 0;
  std::string clauses_[4];
  std::map<std::uint64_t, std::string> seen_;  // the preview's hash of a measure, as it was first
  std::vector<std::string> changes_;           // ids that may be approved
};

}  // namespace marktwacht::sim
