// Joining a simulation: see cast.h.
#include "sim/cast.h"

#include <algorithm>

#include "sim/simulation.h"

namespace marktwacht::sim {

std::uint32_t Cast::instruments() const {
  return static_cast<std::uint32_t>(simulation_.listings_.size());
}
Listing& Cast::listing(std::uint32_t instrument) { return simulation_.listings_[instrument]; }
HandBook& Cast::hands() { return simulation_.hands_; }
Population& Cast::population() { return simulation_.population_; }
Time Cast::start() const { return simulation_start; }

Duration Cast::length() const {
  std::int64_t an_hour = 0;
  for (const Listing& listing : simulation_.listings_) {
    an_hour += listing.activity;
  }
  const Int128 ns = Int128{simulation_.options_.events} * 3'600'000 * second.ns / an_hour /
                    simulation_.options_.density_per_mille;
  return {static_cast<std::int64_t>(ns)};
}

std::int64_t Cast::severity_per_mille() const { return simulation_.options_.severity_per_mille; }

std::int64_t Cast::density_per_mille() const { return simulation_.options_.density_per_mille; }

std::uint64_t Cast::events() const { return simulation_.options_.events; }

std::uint32_t Cast::take_account() {
  return population().left() > 0 ? population().take() : no_account;
}

std::vector<std::uint32_t> Cast::take_accounts(std::uint32_t most) {
  std::vector<std::uint32_t> accounts(std::min(most, (population().left() + 7) / 8));
  std::ranges::generate(accounts, [&] { return take_account(); });
  return accounts;
}

std::uint32_t Cast::draw_from_crowd() {
  return population().ranked(random_.below(population().crowd_size()));
}

void Cast::declare(std::uint32_t account, AccountFacts facts) {
  simulation_.facts_[account] = std::move(facts);
}

void Cast::exempt(std::uint32_t account, ExemptionKind kind) {
  simulation_.exemptions_.emplace_back(account, kind);
}

void Cast::look_alike(std::string_view what, std::vector<std::uint32_t> accounts,
                      std::uint32_t instrument) {
  simulation_.hands_.look_alike(what, accounts);
  simulation_.labels_.look_alike(what, std::move(accounts), listing(instrument).instrument_id,
                                 start());
}

void Cast::join(std::unique_ptr<Agent> agent, Time first_wake) {
  const auto number = static_cast<std::uint32_t>(simulation_.members_.size());
  simulation_.members_.push_back({std::move(agent), Random(random_.next())});
  if (first_wake != never) {
    simulation_.scheduler_.ask(first_wake, number);
  }
}

}  // namespace marktwacht::sim
