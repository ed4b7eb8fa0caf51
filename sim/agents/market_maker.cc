// Market makers: quotes on both sides at several levels, moved with every whim of the market.
#include <array>
#include <memory>
#include <vector>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t share = 600;  // per mille of the instrument's events, of all its makers
constexpr std::size_t levels_most = 5;

struct MakerStyle {
  std::uint32_t account = 0;
  std::size_t levels = 3;        // a side
  std::int32_t half_spread = 2;  // ticks
  std::int32_t step = 2;         // ticks between levels
  std::uint32_t replaces = 13;   // per cent of moves that are one replace
  std::int64_t position_max = 0;
  std::int64_t share = 0;  // per mille
};

class MarketMaker : public Agent {
 public:
  MarketMaker(std::uint32_t instrument, const MakerStyle& style)
      : instrument_(instrument), style_(style) {}

  Time wake(Desk& desk) override {
    Random& random = desk.random();
    // What it believes: the value, seen a little dimly, and leaning against what it holds.
    const std::int64_t held =
        desk.listing(instrument_).perpetual() ? desk.position(style_.account, instrument_) : held_;
    const std::int64_t lean =
        std::clamp<std::int64_t>(held * 2 * style_.half_spread / style_.position_max,
                                 -3 * style_.half_spread, 3 * style_.half_spread);
    const std::int64_t centre = desk.value(instrument_) + random.between(-1, 1) - lean;
    const std::size_t at = random.below(static_cast<std::uint32_t>(2 * style_.levels));
    const Side side = at < style_.levels ? Side::buy : Side::sell;
    const auto level = static_cast<std::int64_t>(at % style_.levels);
    const std::int64_t away =
        style_.half_spread + level * style_.step + (random.below(4) == 0 ? 1 : 0);
    std::int32_t price = behind(side, within_band(centre), away);
    // Rather behind the others than refused; now and then it looked too late.
    const Book& book = desk.book(instrument_);
    if (!random.per_mille(30)) {
      price = side == Side::buy ? std::min(price, book.best_ask() - 1)
                                : std::max(price, book.best_bid() + 1);
    }
    quote(desk, at, side, price);
    return desk.now() + random.wait(desk.pace(instrument_, style_.share));
  }

  void filled(const Fill& fill, Desk&) override {
    held_ += fill.side == Side::buy ? fill.quantity : -fill.quantity;
  }

 private:
  void quote(Desk& desk, std::size_t at, Side side, std::int32_t price) {
    Random& random = desk.random();
    OrderRef& order = orders_[at];
    const std::int64_t lots = draw_lots(desk.listing(instrument_), random) * 2;
    if (desk.find(order) != nullptr && random.chance(style_.replaces)) {
      order = desk.replace(order, price, lots).order;
      return;
    }
    desk.cancel(order);
    order = desk.place({.account = style_.account,
                        .instrument = instrument_,
                        .side = side,
                        .price = price,
                        .quantity = lots,
                        .time_in_force = TimeInForce::gtx,
                        .channel = Channel::api})
                .order;
  }

  std::uint32_t instrument_;
  MakerStyle style_;
  std::array<OrderRef, 2 * levels_most> orders_{};
  std::int64_t held_ = 0;
};

}  // namespace

// A dozen firms; each instrument has three to six of them.
void add_market_maker(Cast& cast) {
  Random& random = cast.random();
  std::vector<std::uint32_t> firms;
  for (int firm = 0; firm < 12 && cast.population().left() > 0; ++firm) {
    firms.push_back(cast.take_account());
    cast.declare(firms.back(), {.roles = {Role::market_maker}, .kyc_level = 3});
    cast.exempt(firms.back(), ExemptionKind::market_making);
  }
  for (std::uint32_t at = 0; at < cast.instruments(); ++at) {
    const std::int64_t makers = at < 20 ? 6 : 3;
    for (std::int64_t maker = 0; maker < makers; ++maker) {
      MakerStyle style;
      style.account = firms[(at * 5 + static_cast<std::uint32_t>(maker)) % firms.size()];
      style.levels = static_cast<std::size_t>(random.between(2, levels_most));
      style.half_spread = static_cast<std::int32_t>(random.between(1, at < 40 ? 3 : 8));
      style.step = static_cast<std::int32_t>(random.between(1, 4));
      style.position_max = cast.listing(at).usual_lots * 200;
      style.share = share / makers / 2;
      const Duration first{random.between(1, 100) * millisecond.ns};
      cast.join(std::make_unique<MarketMaker>(at, style), cast.start() + first);
    }
  }
}

}  // namespace marktwacht::sim
