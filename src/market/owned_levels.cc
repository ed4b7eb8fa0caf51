// Sums of each owner at each level.
#include "market/owned_levels.h"

#include <algorithm>
#include <limits>

namespace marktwacht {
namespace {

Quantity sum(Quantity a, Quantity b) {
  constexpr Int128 largest = std::numeric_limits<std::int64_t>::max();
  return {static_cast<std::int64_t>(std::min(Int128{a.units} + b.units, largest))};
}

}  // namespace

std::vector<OwnedLevel> owned_levels(const Market& market, InstrumentIndex instrument, Side side,
                                     std::size_t levels_max) {
  const Books& books = market.books();
  std::vector<OwnedLevel> levels;
  books.visit_levels(instrument, side, [&](const LevelView& level) {
    if (levels.size() == levels_max) {
      return false;
    }
    auto& owners = levels.emplace_back(level, std::vector<LevelOwner>{}).owners;
    books.visit_queue(instrument, side, level.price, [&](OrderSlot slot) {
      const Order& order = books.order(slot);
      auto owner = std::ranges::find(owners, order.account, &LevelOwner::account);
      if (owner == owners.end()) {
        owner = owners.insert(owner, {order.account, {}, {}});
      }
      owner->visible = sum(owner->visible, books.visible(slot));
      owner->total = sum(owner->total, order.remaining);
      return true;
    });
    return true;
  });
  return levels;
}

}  // namespace marktwacht
