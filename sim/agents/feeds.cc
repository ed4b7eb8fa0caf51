// What the venue itself publishes: index and mark prices, funding, and who comes and goes.
#include <algorithm>
#include <memory>

#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

// The index of a base asset; the mark follows it, half way to where the book is.
class IndexFeed : public Agent {
 public:
  IndexFeed(std::uint32_t instrument, Duration every) : instrument_(instrument), every_(every) {}

  Time wake(Desk& desk) override {
    const Listing& listing = desk.listing(instrument_);
    const std::int64_t fine = desk.values().fine(listing.base_number, desk.now());
    const bool disturbed = desk.values().disturbed(listing.base_number, desk.now());
    desk.tape().index_price(instrument_, fine >> 12,
                            disturbed ? IndexStatus::disturbed : IndexStatus::ok);
    if (listing.perpetual()) {
      const auto value = static_cast<std::int32_t>(fine >> 16);
      // A basis beyond 1 % is an empty book, not a price.
      const std::int32_t basis =
          std::clamp((desk.mid(instrument_) - value) / 2, -value / 100, value / 100);
      desk.venue().mark(instrument_, value + basis);
    }
    return desk.now() + every_;
  }

 private:
  std::uint32_t instrument_;
  Duration every_;
};

// Every hour or every eight, as the product says.
class Funding : public Agent {
 public:
  explicit Funding(std::uint32_t instrument) : instrument_(instrument) {}

  Time wake(Desk& desk) override {
    const std::int32_t value = desk.value(instrument_);
    const std::int64_t premium = (desk.mid(instrument_) - value) * std::int64_t{1'000'000} / value;
    desk.tape().settlement(instrument_, value, std::clamp<std::int64_t>(100 + premium, -750, 750));
    return desk.now() + Duration{desk.listing(instrument_).settlement_every_min * 60 * second.ns};
  }

 private:
  std::uint32_t instrument_;
};

// People log in, pay in and out, and get their commissions.
class Visits : public Agent {
 public:
  explicit Visits(std::int64_t share) : share_(share) {}

  Time wake(Desk& desk) override {
    Random& random = desk.random();
    const std::uint32_t account = desk.population().draw(random);
    const std::uint32_t draw = random.below(100);
    if (draw < 70) {
      desk.login(account, random.chance(4) ? LoginResult::failed : LoginResult::ok);
    } else if (draw < 82) {
      desk.deposit(account, quote, decimal(random.between(1, 400) * 25, 0));
    } else if (draw < 92) {
      const std::string destination = "hot-" + std::to_string(random.below(12));
      desk.withdraw(account, quote, decimal(random.between(1, 300) * 25, 0), destination);
    } else {
      desk.reward(account, random.chance(70) ? RewardKind::fee_rebate : RewardKind::commission,
                  quote, decimal(random.between(1, 500), -2));
    }
    return desk.now() + random.wait(desk.pace(0, share_));
  }

 private:
  std::int64_t share_;
  static constexpr std::string_view quote = "USDT";
};

}  // namespace

void add_feeds(Cast& cast) {
  constexpr std::int64_t every_s = 8, every_s_max = 300;
  for (std::uint32_t at = 0; at < cast.instruments(); at += 2) {
    const Duration every{std::min<std::int64_t>(every_s * (at / 2 + 1), every_s_max) * second.ns};
    const Duration first{cast.random().between(1, every.ns / second.ns) * second.ns};
    cast.join(std::make_unique<IndexFeed>(at, every), cast.start() + first);
    const Duration settles{cast.listing(at).settlement_every_min * 60 * second.ns};
    cast.join(std::make_unique<Funding>(at), cast.start() + settles);
  }
  std::int64_t activity = 0;
  for (std::uint32_t at = 0; at < cast.instruments(); ++at) {
    activity += cast.listing(at).activity;
  }
  const std::int64_t visits = 12 * activity / cast.listing(0).activity;  // per mille of all events
  cast.join(std::make_unique<Visits>(visits), cast.start() + Duration{second.ns});
}

}  // namespace marktwacht::sim
