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

// 2^16 × 2^(−i/16), to the nearest.
constexpr std::array<std::int64_t, steps> powers = {65536, 62757, 60097, 57549, 55109, 52772,
                                                    50535, 48393, 46341, 44376, 42495, 40693,
                                                    38968, 37316, 35734, 34219};

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
                      std::int64_t distance) {
  const Price worst{side == Side::buy ? price.units - distance : price.units + distance};
  return market.books().depth(instrument, side, worst);
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

OwnDepth own_depth(const Market& market, Owner owner, InstrumentIndex instrument, const Near& near,
                   Time until, const JustTaken& taken) {
  const Books& books = market.books();
  const bool taken_counts =
      taken.quantity.units > 0 &&
      (near.side == Side::buy ? near.price.units - taken.price.units
                              : taken.price.units - near.price.units) <= near.distance;
  OwnDepth own{taken_counts ? taken.quantity.units : 0, taken_counts ? 1 : 0};
  int orders_left = orders_max;
  books.visit_levels(instrument, near.side, [&](const LevelView& level) {
    const std::int64_t behind = near.side == Side::buy ? near.price.units - level.price.units
                                                       : level.price.units - near.price.units;
    if (behind > near.distance) {
      return false;
    }
    std::int64_t here = 0;
    books.visit_queue(instrument, near.side, level.price, [&](OrderSlot slot) {
      const Order& order = books.order(slot);
      if (owner_of(market, order.account) == owner && order.placed <= until && slot != taken.now) {
        here += books.visible(slot).units;
      }
      return --orders_left > 0;
    });
    own.quantity += here;
    own.levels += here > 0 && !(taken_counts && level.price == taken.price) ? 1 : 0;
    return orders_left > 0;
  });
  return own;
}

bool holds_position(const Market& market, AccountIndex account, InstrumentIndex instrument) {
  return std::ranges::any_of(accounts_of(market, account), [&](AccountIndex member) {
    return std::ranges::any_of(std::array{Leg::net, Leg::long_leg, Leg::short_leg}, [&](Leg leg) {
      return market.accounts().position({member, instrument, leg}) != Quantity{};
    });
  });
}

}  // namespace marktwacht
