// A whole exchange from one seed: venue, values, people and the clock that wakes them. Equal
// options give equal events.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/agent.h"
#include "sim/cast.h"
#include "sim/desk.h"
#include "sim/hands.h"
#include "sim/labels.h"
#include "sim/listing.h"
#include "sim/population.h"
#include "sim/scheduler.h"
#include "sim/tape.h"
#include "sim/values.h"
#include "sim/venue.h"

namespace marktwacht::sim {

struct SimulationOptions {
  std::uint64_t seed = 1;
  std::uint64_t events = 1'000'000;
  std::uint32_t accounts = 10'000;  // 200 or more
  std::uint32_t instruments = 20;   // 1 to 65,535
  std::int64_t density_per_mille = 1'000;
  std::int64_t severity_per_mille = 500;
  std::vector<std::string_view> abuse{};  // names of abuse.def
};

inline constexpr std::string_view quote_asset = "USDT";
inline constexpr Time simulation_start{1'761'523'200'000'000'000};  // 2025-10-27

class Simulation {
 public:
  Simulation(const SimulationOptions& options, Sink& sink);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  // Until so many events were published, and the act that was going on then is over.
  void run();

  const Venue& venue() const { return venue_; }
  const std::vector<Listing>& listings() const { return listings_; }
  const Population& population() const { return population_; }
  std::uint64_t events() const { return tape_.count(); }
  // As lines for `score`: the abuse and, beside it, honest look-alikes; nothing without abuse.
  std::string labels() const {
    return options_.abuse.empty() ? std::string() : labels_.lines(tape_.now());
  }
  // Who is one hand, see HandBook.
  std::string hands() const { return hands_.lines(); }

 private:
  friend class Desk;
  friend class Cast;

  struct Member {
    std::unique_ptr<Agent> agent;
    Random random;
  };

  void add_all();
  void declare_asset(std::string_view name);
  void declare_instrument(std::uint32_t number);
  void declare_all();
  void declare(std::uint32_t account);
  void introduce(std::uint32_t account);
  void tell_fills();
  std::int64_t season();

  SimulationOptions options_;
  std::vector<Listing> listings_;
  Population population_;
  Tape tape_;
  Values values_;
  std::uint32_t insurance_;
  Venue venue_;
  LabelBook labels_;
  HandBook hands_;
  std::map<std::uint32_t, AccountFacts> facts_;  // of accounts that have any
  std::vector<std::pair<std::uint32_t, ExemptionKind>> exemptions_;
  std::vector<Member> members_;
  Scheduler scheduler_;
  std::uint32_t acting_ = 0;
  std::int64_t season_minute_ = -1;
  std::int64_t season_ = 256;
};

}  // namespace marktwacht::sim
