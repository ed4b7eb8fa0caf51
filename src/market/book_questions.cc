// Walks over levels and queues; powers of two by table.
#include "market/book_questions.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace marktwacht {
namespace {

constexpr int halvings_max = 16;
constexpr int walked_halvings = 6;  // a sixty-fourth counts no more
constexpr int orders_max = 4'096;
constexpr int steps = 16;  // of one halving
constexpr int ten_thousandths = 4;

// 2^16 × 2^(−i/16), to the nearest.
constexpr std::array<std::int64_t, steps> powers = {65536, 62757, 60097, 57549, 55109, 52772,
                                                    50535, 48393, 46341, 44376, 42495, 40693,
                                                    38968, 37316, 35734, 34219};

// Each of the owner's orders that own_depth counts.
template <class Visitor>
void visit_own(const Market& market, Owner owner, InstrumentIndex instrument, const Near& near,
               Time until, const JustTaken& taken, Visitor&& visitor) {
  const Books& books = market.books();
  const auto count = [&](Price price, Quantity quantity) {
    const std::int64_t behind =
        near.side == Side::buy ? near.price.units - price.units : price.units - near.price.units;
    if (quantity.units > 0 && behind <= near.distance) {
      visitor(price, quantity);
    }
  };
  count(taken.price, taken.quantity);
  visit_members(market, owner, [&](AccountIndex member) {
    books.visit_owned(member, instrument, near.side, [&](OrderSlot slot) {
      const Order& order = books.order(slot);
      if (order.placed <= until && slot != taken.now) {
        count(order.price, order.has_display ? books.visible(slot) : order.remaining);
      }
    });
  });
}

}  // namespace

std::int64_t distance_of(const Instrument& instrument, Price price, std::int64_t ticks,
                         std::int64_t bp_hundredths) {
  constexpr Int128 hundredths = 1'000'000;
  const Int128 by_price =
      Int128{price.units < 0 ? -price.units : price.units} * bp_hundredths / hundredths;
  return std::max(instrument.tick * ticks, static_cast<std::int64_t>(by_price));
}

std::int64_t halved(Quantity quantity, std::int64_t distance, std::int64_t half) {
  const Int128 step = Int128{distance} * steps / half;
  if (step >= halvings_max * steps) {
    return 0;
  }
  const auto at = static_cast<std::size_t>(step);
  return static_cast<std::int64_t>(Int128{quantity.units} * powers[at % steps] >>
                                   (16 + at / steps));
}

Quantity depth_within(const Market& market, InstrumentIndex instrument, Side side, Price price,
                      std::int64_t distance, Int128 enough) {
  const Price worst{side == Side::buy ? price.units - distance : price.units + distance};
  const Int128 most = std::min(enough, Int128{INT64_MAX});
  return market.books().depth(instrument, side, worst, {static_cast<std::int64_t>(most)});
}

std::int64_t own_interest(const Market& market, Owner owner, InstrumentIndex instrument, Side side,
                          Price price, std::int64_t half, Time until) {
  const Books& books = market.books();
  std::int64_t interest = 0;
  int orders_left = orders_max;
  books.visit_levels(instrument, side, [&](const LevelView& level) {
    const std::int64_t distance = std::abs(level.price.units - price.units);
    const bool behind = side == Side::buy ? level.price < price : level.price > price;
    if (behind && distance / half >= walked_halvings) {
      return false;
    }
    books.visit_queue(instrument, side, level.price, [&](OrderSlot slot) {
      const Order& order = books.order(slot);
      if (owner_of(market, order.account) == owner && order.placed <= until) {
        interest += halved(books.visible(slot), distance, half);
      }
      return --orders_left > 0;
    });
    return orders_left > 0;
  });
  return interest;
}

std::uint32_t own_orders(const Market& market, Owner owner, InstrumentIndex instrument, Side side) {
  std::uint32_t orders = 0;
  visit_members(market, owner, [&](AccountIndex member) {
    orders += market.books().owned(member, instrument, side);
  });
  return orders;
}

std::int64_t own_quantity(const Market& market, Owner owner, InstrumentIndex instrument,
                          const Near& near, Time until, const JustTaken& taken) {
  std::int64_t sum = 0;
  visit_own(market, owner, instrument, near, until, taken,
            [&](Price, Quantity quantity) { sum += quantity.units; });
  return sum;
}

OwnDepth own_depth(const Market& market, Owner owner, InstrumentIndex instrument, const Near& near,
                   Time until, const JustTaken& taken) {
  OwnDepth own;
  std::vector<Price> prices;
  visit_own(market, owner, instrument, near, until, taken, [&](Price price, Quantity quantity) {
    own.quantity += quantity.units;
    prices.push_back(price);
  });
  std::ranges::sort(prices);
  own.levels = std::ranges::unique(prices).begin() - prices.begin();
  return own;
}

Int128 position_of(const Market& market, Owner owner, InstrumentIndex instrument) {
  Int128 held = 0;
  visit_members(market, owner, [&](AccountIndex member) {
    for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg}) {
      held += market.accounts().position({member, instrument, leg}).units;
    }
  });
  return held;
}

Int128 gain_from(const Instrument& instrument, Side side, Price traded, Price worth,
                 Quantity quantity) {
  const Terms& terms = instrument.terms;
  const auto money = gain(terms, side == Side::buy, traded, worth, quantity);
  const auto in_four_places =
      money ? rescale(money->units, terms.gain_scale, ten_thousandths) : std::nullopt;
  return in_four_places.value_or(0);
}

Int128 gain_by_move(const Market& market, Owner owner, InstrumentIndex instrument, Int128 move,
                    std::int64_t of) {
  const Instrument& at = market.directory().instrument(instrument);
  const Int128 held = position_of(market, owner, instrument);
  if (!at.trade_price || held == 0) {
    return 0;
  }
  const Int128 size = std::min(held < 0 ? -held : held, Int128{INT64_MAX});
  const auto change = multiply(at.trade_price->units, move);
  const Int128 to = at.trade_price->units + change.value_or(0) / of;
  return !change || to < INT64_MIN || to > INT64_MAX
             ? 0
             : gain_from(at, held > 0 ? Side::buy : Side::sell, *at.trade_price,
                         Price{static_cast<std::int64_t>(to)},
                         Quantity{static_cast<std::int64_t>(size)});
}

std::vector<InstrumentIndex> derivatives_on(const Market& market, InstrumentIndex instrument) {
  const Directory& directory = market.directory();
  const std::string& underlying = directory.instrument(instrument).underlying;
  std::vector<InstrumentIndex> found;
  for (std::uint32_t at = 0; at < directory.instruments(); ++at) {
    const Instrument& of = directory.instrument({at});
    if (at != instrument.value && of.kind != InstrumentKind::spot && !of.underlying.empty() &&
        (of.underlying == underlying || of.underlying == directory.instrument_id(instrument))) {
      found.push_back({at});
    }
  }
  return found;
}

bool holds_position(const Market& market, AccountIndex account, InstrumentIndex instrument) {
  return std::ranges::any_of(accounts_of(market, account), [&](AccountIndex member) {
    return std::ranges::any_of(std::array{Leg::net, Leg::long_leg, Leg::short_leg}, [&](Leg leg) {
      return market.accounts().position({member, instrument, leg}) != Quantity{};
    });
  });
}

}  // namespace marktwacht
