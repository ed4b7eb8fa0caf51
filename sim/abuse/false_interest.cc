// The trick of spoofing and layering: see false_interest.h.
#include "sim/abuse/false_interest.h"

#include <algorithm>

namespace marktwacht::sim {
namespace {

constexpr std::int64_t near_ticks = 10;  // where interest moves the price

}  // namespace

// Three times and more within minutes.
Script FalseInterest::act() {
  const std::int64_t tricks = random().between(3, by_severity(4, 8));
  for (std::int64_t trick_number = 0; trick_number < tricks; ++trick_number) {
    co_await trick();
    co_await pause(6'000);
  }
}

// A small order that shall be filled, large ones on the other side that shall not. Once the small
// one is filled the large ones go; whoever skirts the limits shows less, or leaves it longer.
Script FalseInterest::trick() {
  if (!open_market()) {
    co_return;
  }
  const Side wanted = draw_side(random());
  const Side other = opposite(wanted);
  const std::int64_t wants = std::max<std::int64_t>(1, usual_lots() / random().between(2, 4));
  const std::int64_t before = filled_lots();
  genuine_ = offer(account(0), wanted, beside_best(wanted, -1), wants).order;
  co_await pause(300);
  // Ten to forty times as much, and a good part of what stands there; 4.5 times just below the
  // limit.
  const bool less = is(Manner::skirting) && random().chance(50);
  const std::int64_t times_ten = less ? 45 : by_severity(120, 400);
  const std::int64_t part = less ? 0 : depth(other, near_ticks) * by_severity(25, 80) / 100;
  const std::int64_t lots = std::max(wants * times_ten / 10, part);
  show(other, lots, random().between(levels_least_, levels_most_));
  for (const Time limit = now() + patience(); now() < limit && filled_lots() == before;) {
    co_await pause(is(Manner::slow) ? 60 : 180);
    keep_behind_best(other);
    keep_genuine_first(wanted);
  }
  const bool filled = filled_lots() > before;
  const bool late = is(Manner::skirting) && !less;
  co_await sleep(Duration{(late               ? random().between(5'100, 6'500)
                           : is(Manner::slow) ? random().between(2'500, 4'600)
                                              : random().between(40, 900)) *
                          millisecond.ns});
  const std::int64_t withdrawn = withdraw();
  if (filled && withdrawn * 10 >= lots * 8) {
    const std::string_view clause = lots >= listing().large_lots ? "2.9" : "2.8";
    succeed(clause, detector_);
    succeed(clause, "spoofing");  // layers around a fill are that too
  }
  co_await pause(500);
  desk().cancel(genuine_);
}

// In levels of a tick or two, from the second best price on. In a crew the last one shows.
void FalseInterest::show(Side side, std::int64_t lots, std::int64_t levels) {
  shown_.clear();
  std::int64_t away = random().between(1, 2);
  for (std::int64_t level = 0; level < levels; ++level) {
    const std::uint32_t who = account(
        crew().size() - 1 - static_cast<std::size_t>(level % 2) * (crew().size() > 2 ? 1 : 0));
    shown_.push_back(offer(who, side, beside_best(side, away), lots / levels + 1, 1).order);
    away += random().between(1, 2);
  }
}

// Near the market, but not first.
void FalseInterest::keep_behind_best(Side side) {
  std::int64_t away = 1;
  for (OrderRef& ref : shown_) {
    const Order* order = desk().find(ref);
    if (order == nullptr) {
      continue;
    }
    const std::int64_t behind_best = std::abs(order->price - book().best(side));
    if (behind_best == 0 || behind_best > near_ticks) {
      const std::int64_t lots = order->remaining;
      ref = desk().replace(ref, beside_best(side, away), lots).order;
    }
    away += 2;
  }
}

void FalseInterest::keep_genuine_first(Side side) {
  const Order* order = desk().find(genuine_);
  if (order != nullptr && book().best(side) != order->price) {
    genuine_ = desk().replace(genuine_, beside_best(side, 0), order->remaining).order;
  }
}

// The lots that were still there.
std::int64_t FalseInterest::withdraw() {
  std::int64_t lots = 0;
  for (const OrderRef ref : shown_) {
    const Order* order = desk().find(ref);
    lots += order != nullptr ? order->remaining : 0;
    desk().cancel(ref);
  }
  return lots;
}

}  // namespace marktwacht::sim
