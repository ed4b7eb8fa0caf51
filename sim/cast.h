// Who takes part: handed to everything that adds agents, before the first event is published.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/agent.h"
#include "sim/hands.h"
#include "sim/listing.h"
#include "sim/population.h"
#include "sim/random.h"

namespace marktwacht::sim {

class Simulation;

// What an `account` event says beyond its id.
struct AccountFacts {
  std::uint32_t master = no_account;  // the broker's account, or the owner's
  std::vector<Role> roles{};
  int kyc_level = 2;
};

class Cast {
 public:
  Cast(Simulation& simulation, std::uint64_t seed) : simulation_(simulation), random_(seed) {}

  Random& random() { return random_; }
  std::uint32_t instruments() const;
  // May still be changed: it is published later.
  Listing& listing(std::uint32_t instrument);
  Population& population();
  HandBook& hands();
  Time start() const;
  // How long the stream will last, about.
  Duration length() const;
  std::int64_t severity_per_mille() const;
  std::int64_t density_per_mille() const;
  std::uint64_t events() const;
  // An account for this agent alone; no_account when all are given out.
  std::uint32_t take_account();
  // Up to so many accounts, fewer when few are left; for firms, which can do with fewer.
  std::vector<std::uint32_t> take_accounts(std::uint32_t most);
  // One of the crowd, who also acts with it; any is as likely.
  std::uint32_t draw_from_crowd();
  // One for an episode of abuse, see Population::recruit.
  std::uint32_t recruit() { return population().recruit(random_); }
  void declare(std::uint32_t account, AccountFacts facts);
  void exempt(std::uint32_t account, ExemptionKind kind);
  // Says of honest accounts that they resemble abuse, for the labels file, and no hand of one.
  void look_alike(std::string_view what, std::vector<std::uint32_t> accounts,
                  std::uint32_t instrument);
  void join(std::unique_ptr<Agent> agent, Time first_wake);

 private:
  Simulation& simulation_;
  Random random_;
};

}  // namespace marktwacht::sim
