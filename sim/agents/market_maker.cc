// Market makers: quotes on both sides at several levels, moved with every whim of the market.
#include <array>
#include <memory>
#include <vector>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t share = 250;  // per mille of the instrument's events: moves of all makers
constexpr std::size_t levels_most = 5;
constexpr Duration quickest{20 * millisecond.ns};  // between two moves
// Messages a second that a firm, and one of its makers, is built for; more of them where it is
// busy.
constexpr std::int64_t firm_rate = 50, maker_rate = 40;

struct MakerStyle {
  std::uint32_t account = 0;
  std::size_t levels = 3;         // a side
  std::int32_t half_spread = 2;   // ticks
  std::int32_t step = 2;          // ticks between levels
  std::uint32_t replaces = 22;    // per cent of moves that are one replace
  std::int64_t position_max = 1;  // lots
  std::int64_t share = 1;         // per mille, of its moves
};

class MarketMaker : public Agent {
 public:
  MarketMaker(std::uint32_t instrument, const MakerStyle& style)
      : instrument_(instrument), style_(style) {}

  // Moves one quote: mostly the one that is most out of place.
  Time wake(Desk& desk) override {
    Random& random = desk.random();
    const std::int64_t centre = believe(desk);
    std::size_t at = random.below(static_cast<std::uint32_t>(2 * style_.levels));
    if (!random.chance(25)) {
      at = worst(centre);
    }
    quote(desk, at, target(at, centre) - sign(at) * static_cast<std::int64_t>(random.below(4) / 3));
    return desk.now() + std::max(random.wait(desk.pace(instrument_, style_.share)), quickest);
  }

  void filled(const Fill& fill, Desk&) override {
    held_ += fill.side == Side::buy ? fill.quantity : -fill.quantity;
  }

 private:
  Side side(std::size_t at) const { return at < style_.levels ? Side::buy : Side::sell; }
  std::int64_t sign(std::size_t at) const { return at < style_.levels ? 1 : -1; }

  // The value, seen a little dimly, and leaning against what it holds.
  std::int64_t believe(Desk& desk) {
    const std::int64_t half = style_.half_spread;
    const std::int64_t lean =
        std::clamp(held_ * 2 * half / style_.position_max, -3 * half, 3 * half);
    return desk.value(instrument_) + desk.random().between(-1, 1) - lean;
  }

  std::int64_t target(std::size_t at, std::int64_t centre) const {
    const auto level = static_cast<std::int64_t>(at % style_.levels);
    return centre - sign(at) * (style_.half_spread + level * style_.step);
  }

  // Too near the other side counts four times: there it loses money.
  std::size_t worst(std::int64_t centre) const {
    std::size_t found = 0;
    std::int64_t most = -1;
    for (std::size_t at = 0; at < 2 * style_.levels; ++at) {
      const std::int64_t off = (prices_[at] - target(at, centre)) * sign(at);
      const std::int64_t bad = off > 0 ? 4 * off : -off;
      if (bad > most) {
        most = bad;
        found = at;
      }
    }
    return found;
  }

  void quote(Desk& desk, std::size_t at, std::int64_t wanted) {
    Random& random = desk.random();
    const Book& book = desk.book(instrument_);
    std::int32_t price = within_band(wanted);
    // Rather behind the others than refused; now and then it looked too late.
    if (!random.per_mille(30)) {
      price = side(at) == Side::buy ? std::min(price, book.best_ask() - 1)
                                    : std::max(price, book.best_bid() + 1);
    }
    prices_[at] = price;
    OrderRef& order = orders_[at];
    const std::int64_t lots = draw_lots(desk.listing(instrument_), random) * 2;
    if (desk.find(order) != nullptr && random.chance(style_.replaces)) {
      order = desk.replace(order, price, lots).order;
      return;
    }
    desk.cancel(order);
    order = desk.place({.account = style_.account,
                        .instrument = instrument_,
                        .side = side(at),
                        .price = price,
                        .quantity = lots,
                        .time_in_force = TimeInForce::gtx,
                        .channel = Channel::api})
                .order;
  }

  std::uint32_t instrument_;
  MakerStyle style_;
  std::array<OrderRef, 2 * levels_most> orders_{};
  std::array<std::int32_t, 2 * levels_most> prices_{};
  std::int64_t held_ = 0;
};

// Ticks by which a value of 16,000 ticks wanders in so many seconds, at 3 % a day.
std::int32_t wander(std::int64_t seconds) {
  std::int32_t ticks = 1;
  while (ticks * ticks * std::int64_t{86'400} < seconds * 480 * 480) {
    ++ticks;
  }
  return ticks;
}

}  // namespace

// A dozen firms or more; each instrument has three to six of them or more.
void add_market_maker(Cast& cast) {
  Random& random = cast.random();
  const auto messages = [&](std::int64_t activity) {  // a second: a move is two of them
    return 2 * activity * share / 1000 * cast.density_per_mille() / 1000 / 3600;
  };
  std::int64_t activity = 0;
  for (std::uint32_t at = 0; at < cast.instruments(); ++at) {
    activity += cast.listing(at).activity;
  }
  const std::vector<std::uint32_t> firms = cast.take_accounts(
      static_cast<std::uint32_t>(std::max<std::int64_t>(12, messages(activity) / firm_rate)));
  for (const std::uint32_t firm : firms) {
    cast.declare(firm, {.roles = {Role::market_maker}, .kyc_level = 3});
    cast.exempt(firm, ExemptionKind::market_making);
  }
  for (std::uint32_t at = 0; at < cast.instruments() && !firms.empty(); ++at) {
    const std::int64_t makers =
        std::max<std::int64_t>(at < 20 ? 6 : 3, messages(cast.listing(at).activity) / maker_rate);
    for (std::int64_t maker = 0; maker < makers; ++maker) {
      MakerStyle style;
      style.account = firms[(at * 5 + static_cast<std::uint32_t>(maker)) % firms.size()];
      style.levels = static_cast<std::size_t>(random.between(2, levels_most));
      style.share = std::max<std::int64_t>(1, share / makers);
      // The longer until it moves again, the wider it must stand.
      const std::int64_t seconds =
          3'600'000'000 / (cast.listing(at).activity * style.share) / cast.density_per_mille();
      style.half_spread = wander(seconds) / 2 + static_cast<std::int32_t>(random.between(1, 3));
      style.step = static_cast<std::int32_t>(random.between(1, 2 + style.half_spread / 2));
      style.position_max = cast.listing(at).usual_lots * 200;
      cast.look_alike("market_maker", {style.account}, at);
      const Duration first{random.between(1, 100) * millisecond.ns};
      cast.join(std::make_unique<MarketMaker>(at, style), cast.start() + first);
    }
  }
}

}  // namespace marktwacht::sim
