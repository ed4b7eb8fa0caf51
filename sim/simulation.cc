// From options to a running exchange: see simulation.h.
#include "sim/simulation.h"

#include <algorithm>

#include "base/check.h"
#include "sim/catalogue.h"
#include "sim/listings.h"

namespace marktwacht::sim {
namespace {

// A seed of its own for each purpose: adding to one moves nothing in another.
std::uint64_t part_seed(std::uint64_t seed, std::uint64_t part) {
  return Random(seed * 0x1'0000'01B3 + part * 0xD1B5'4A32'D192'ED03).next();
}
std::uint64_t part_seed(std::uint64_t seed, std::string_view name) {
  std::uint64_t part = 1469598103934665603;
  for (const char c : name) {
    part = (part ^ static_cast<unsigned char>(c)) * 1099511628211;
  }
  return part_seed(seed, part);
}

// Activity by the hour of the day (UTC), in 1/256 of the mean: quiet before Asia wakes, busiest
// when Europe and America trade at once.
constexpr std::int64_t hours[24] = {210, 222, 216, 199, 188, 182, 185, 205, 240, 262, 265, 268,
                                    284, 325, 353, 358, 341, 316, 293, 270, 262, 250, 230, 220};

// Accounts are declared up front where they make no more than this share of the stream; else each
// when it first acts.
constexpr std::uint64_t declared_share = 20;

// The house's own member: gives its number to what nobody owns.
class House : public Agent {
 public:
  Time wake(Desk&) override { return never; }
};

}  // namespace

Simulation::Simulation(const SimulationOptions& options, Sink& sink)
    : options_(options),
      listings_(make_listings(options.instruments, part_seed(options.seed, "listings"))),
      population_(options.accounts, part_seed(options.seed, "population")),
      tape_(listings_, population_, sink),
      values_(first_prices(listings_, part_seed(options.seed, "prices")), simulation_start,
              part_seed(options.seed, "values")),
      insurance_(population_.take()),
      venue_(listings_, population_, tape_, insurance_),
      labels_(population_),
      hands_(population_) {
  tape_.advance(simulation_start);
  for (std::uint32_t at = 0; at < listings_.size(); ++at) {
    venue_.set_last_price(at, values_.ticks(listings_[at].base_number, simulation_start));
  }
  add_all();
  declare_all();
}

Simulation::~Simulation() = default;

void Simulation::add_all() {
  Cast house(*this, 0);
  house.join(std::make_unique<House>(), never);
  house.declare(insurance_, {.roles = {Role::internal}});
  for (const Behaviour& honest : honest_catalogue) {
    Cast cast(*this, part_seed(options_.seed, honest.name));
    honest.add(cast);
  }
  for (const Behaviour& abuse : abuse_catalogue) {
    if (std::ranges::find(options_.abuse, abuse.name) != options_.abuse.end()) {
      Cast cast(*this, part_seed(options_.seed, abuse.name));
      abuse.add(cast);
    }
  }
}

void Simulation::declare_asset(std::string_view name) {
  event::Asset event;
  event.type = EventType::asset;
  MW_SET(event, asset, make_text(name));
  MW_SET(event, decimals, 8);
  tape_.publish(event);
}

void Simulation::declare_instrument(std::uint32_t number) {
  const Listing& listing = listings_[number];
  event::Instrument event;
  event.type = EventType::instrument;
  MW_SET(event, instrument_id, tape_.instrument_id(number));
  MW_SET(event, kind, listing.kind);
  MW_SET(event, base, make_text(listing.base));
  MW_SET(event, quote, make_text(quote_asset));
  MW_SET(event, tick_size, decimal(listing.tick.mantissa, listing.tick.exponent));
  MW_SET(event, lot_size, decimal(listing.lot.mantissa, listing.lot.exponent));
  MW_SET(event, underlying, make_text(listing.base));
  MW_SET(event, large_order_quantity, tape_.quantity(number, listing.large_lots));
  if (listing.daily_open_limit_lots != 0) {
    MW_SET(event, daily_open_limit, tape_.quantity(number, listing.daily_open_limit_lots));
  }
  if (listing.daily_open_count_limit != 0) {
    MW_SET(event, daily_open_count_limit, listing.daily_open_count_limit);
  }
  if (listing.position_limit_lots != 0) {
    MW_SET(event, position_limit, tape_.quantity(number, listing.position_limit_lots));
  }
  if (listing.hft_forbidden) {
    MW_SET(event, hft_forbidden, true);
  }
  std::vector<std::uint16_t> times;
  for (std::int64_t minute = 0; minute < 24 * 60; minute += listing.settlement_every_min) {
    times.push_back(static_cast<std::uint16_t>(minute));
  }
  if (listing.perpetual()) {
    MW_SET(event, leverage_max, decimal(50, 0));
    MW_SET(event, settlement_times, std::span<const std::uint16_t>(times));
  }
  tape_.publish(event);
}

void Simulation::declare_all() {
  declare_asset(quote_asset);
  for (std::uint32_t at = 0; at < listings_.size(); ++at) {
    if (at % 2 == 0) {
      declare_asset(listings_[at].base);
    }
    declare_instrument(at);
  }
  for (const auto& [account, facts] : facts_) {
    if (!facts.roles.empty()) {
      declare(account);
    }
  }
  for (const auto& [account, kind] : exemptions_) {
    event::Exemption event;
    event.type = EventType::exemption;
    MW_SET(event, account_id, population_.account_id(account));
    MW_SET(event, kind, kind);
    MW_SET(event, until_ts, simulation_start + Duration{365 * day.ns});
    tape_.publish(event);
  }
  if (options_.accounts <= options_.events / declared_share) {
    for (std::uint32_t account = 0; account < population_.size(); ++account) {
      declare(account);
    }
  }
}

void Simulation::declare(std::uint32_t account) {
  if (population_.declared(account)) {
    return;
  }
  population_.declare(account);
  event::Account event;
  event.type = EventType::account;
  MW_SET(event, account_id, population_.account_id(account));
  const auto at = facts_.find(account);
  const std::uint32_t master = at != facts_.end() ? at->second.master : population_.broker(account);
  if (master != no_account) {
    declare(master);
    MW_SET(event, master_id, population_.account_id(master));
  }
  const std::string person = "p" + std::to_string(population_.person(account));
  MW_SET(event, person_id, make_text(person));
  if (const std::uint32_t by = population_.referrer(account); by != no_account) {
    MW_SET(event, referrer_id, population_.account_id(by));
  }
  MW_SET(event, opened_ts, simulation_start + Duration{-population_.age(account).ns});
  if (at == facts_.end()) {
    MW_SET(event, kyc_level, std::int64_t{1} + account % 2);
  } else {
    const AccountFacts& facts = at->second;
    MW_SET(event, kyc_level, facts.kyc_level);
    std::uint32_t roles = 0;
    for (const Role role : facts.roles) {
      roles |= 1U << static_cast<unsigned>(role);
    }
    if (roles != 0) {
      MW_SET(event, roles, roles);
    }
  }
  tape_.publish(event);
}

// Who acts for the first time is declared, logs in and pays in.
void Simulation::introduce(std::uint32_t account) {
  if (population_.see(account)) {
    return;
  }
  declare(account);
  Desk desk(*this);
  desk.login(account);
  const auto facts = facts_.find(account);
  const bool firm = facts != facts_.end() && !facts->second.roles.empty();
  const std::int64_t hundreds =
      firm ? 50'000'000 : 1 + static_cast<std::int64_t>(scattered(account) % 500);
  desk.deposit(account, quote_asset, decimal(hundreds * 100, 0));
}

std::int64_t Simulation::season() {
  const std::int64_t minute = (tape_.now() - simulation_start).ns / second.ns / 60;
  if (minute != season_minute_) {
    season_minute_ = minute;
    const std::int64_t hour = minute / 60 % 24, past = minute % 60;
    season_ = (hours[hour] * (60 - past) + hours[(hour + 1) % 24] * past) / 60;
  }
  return season_;
}

// Fills in the order in which they happened; what is done about them may make more.
void Simulation::tell_fills() {
  std::vector<Venue::Notice>& notices = venue_.notices();
  Desk desk(*this);
  for (std::size_t at = 0; at < notices.size(); ++at) {
    const Venue::Notice notice = notices[at];
    acting_ = notice.owner;
    members_[acting_].agent->filled(notice.fill, desk);
  }
  notices.clear();
}

void Simulation::run() {
  Desk desk(*this);
  while (tape_.count() < options_.events && !scheduler_.empty()) {
    const Wake wake = scheduler_.next();
    venue_.expire(wake.due);
    tape_.advance(wake.due);
    acting_ = wake.agent;
    const Time next = members_[wake.agent].agent->wake(desk);
    if (next == never) {
      scheduler_.drop();
    } else {
      scheduler_.put_off(std::max(next, tape_.now()));
    }
    tell_fills();
  }
}

}  // namespace marktwacht::sim
