// Names, grids and sizes of instruments: see listings.h.
#include "sim/listings.h"

#include <array>

#include "sim/random.h"

namespace marktwacht::sim {
namespace {

constexpr std::array<const char*, 24> known = {
    "BTC", "ETH",  "SOL", "XRP", "BNB",  "DOGE", "ADA", "TRX", "AVAX", "LINK", "DOT", "LTC",
    "BCH", "NEAR", "UNI", "APT", "ATOM", "ETC",  "FIL", "ARB", "OP",   "INJ",  "SUI", "AAVE"};

// Of the busiest instrument at density 1: twenty events a second.
constexpr std::int64_t busiest_per_hour = 72'000;

// Some products have limits of their own, and some settle hourly: wide enough for whoever trades on
// his own account.
void set_limits(Listing& listing, std::uint32_t number) {
  listing.settlement_every_min = listing.base_number % 2 == 1 ? 60 : 480;
  if (number % 4 == 0) {
    listing.position_limit_lots = listing.usual_lots * 400;
  }
  if (number % 10 == 5) {
    listing.daily_open_count_limit = 300;
  }
  if (number % 10 == 7) {
    listing.daily_open_limit_lots = listing.usual_lots * 600;
  }
  listing.hft_forbidden = number % 10 == 9;
}

}  // namespace

std::vector<Listing> make_listings(std::uint32_t instruments, std::uint64_t seed) {
  Random random(seed);
  std::vector<Listing> listings(instruments);
  GridStep tick, lot;
  for (std::uint32_t at = 0; at < instruments; ++at) {
    Listing& listing = listings[at];
    listing.base_number = at / 2;
    listing.base = at / 2 < known.size() ? known[at / 2] : "C" + std::to_string(100 + at / 2);
    if (at % 2 == 0) {
      tick = {random.chance(70) ? 1 : 5, static_cast<int>(random.between(-4, -1))};
      lot = {1, static_cast<int>(random.between(-3, -1))};
    }
    listing.kind = at % 2 == 0 ? InstrumentKind::perpetual : InstrumentKind::spot;
    listing.partner = (at ^ 1) < instruments ? at ^ 1 : at;
    listing.instrument_id = listing.base + (listing.perpetual() ? "-PERP" : "-USDT");
    listing.tick = tick;
    listing.lot = lot;
    listing.usual_lots = random.between(8, 40) * 10;
    listing.large_lots = listing.usual_lots * 50;
    listing.activity = busiest_per_hour / (at + 1) + 1;
    set_limits(listing, at);
  }
  return listings;
}

std::vector<std::int32_t> first_prices(const std::vector<Listing>& listings, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::int32_t> prices;
  for (std::size_t base = 0; base < (listings.size() + 1) / 2; ++base) {
    prices.push_back(static_cast<std::int32_t>(random.between(9'000, 22'000)));
  }
  return prices;
}

}  // namespace marktwacht::sim
