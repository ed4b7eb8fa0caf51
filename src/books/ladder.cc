// One side of one book: making, removing and moving levels.
#include "books/ladder.h"

#include <algorithm>

#include "base/check.h"

namespace marktwacht {
namespace {

constexpr std::uint32_t window_min = 16;
constexpr std::size_t cost_free = 1024;  // so small a window moves whenever it likes
constexpr std::int64_t span_max = PageDirectory::size_max * 3 / 4;  // leaves room to move in
constexpr std::size_t far_min = 64;

// Twice what is needed, so that growing stays rare.
std::uint32_t window_for(std::int64_t span) {
  const std::uint64_t twice = std::bit_ceil(static_cast<std::uint64_t>(span) * 2);
  return static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(twice, window_min, PageDirectory::size_max));
}

std::int64_t centred(std::int64_t lowest, std::int64_t highest, std::uint32_t size) {
  return lowest - (static_cast<std::int64_t>(size) - (highest - lowest + 1)) / 2;
}

}  // namespace

void Ladder::set_tick(std::int64_t tick, LadderPools& pools) {
  check(tick > 0, "a tick is positive");
  if (tick != grid_.tick()) {
    rebuild(TickGrid(tick), pools);
  }
}

LevelIndex Ladder::add(Price price, LadderPools& pools) {
  const LevelIndex level = pools.levels.add(price);
  ++size_;
  ++added_;
  if (!best_.exists() || rank(price) < rank(best_price_)) {
    best_ = level;
    best_price_ = price;
  }
  std::int64_t tick = 0;
  const bool on_grid = grid_.divides(price.units, tick);
  tick ^= flip_;
  if (on_grid && !directory_.covers(tick >> TickPages::shift)) {
    stretch(tick, pools);
  }
  if (on_grid && directory_.covers(tick >> TickPages::shift)) {
    put_near(tick, level, pools);
    return level;
  }
  far_.emplace(rank(price), level);
  ++far_added_;
  if (on_grid && far_.size() > near_size_ + far_min && far_added_ * 2 >= size_) {
    rebuild(grid_, pools);
  }
  return level;
}

void Ladder::remove(Price price, LevelIndex level, LadderPools& pools) {
  std::int64_t tick = 0;
  if (in_window(price, tick)) [[likely]] {
    take_near(tick, pools);
  } else {
    check(far_.erase(rank(price)) == 1, "a removed level is in its ladder");
  }
  pools.levels.remove(level);
  --size_;
  if (level == best_) {
    find_best(pools);
  }
}

void Ladder::put_near(std::int64_t tick, LevelIndex level, LadderPools& pools) {
  const std::int64_t number = tick >> TickPages::shift;
  std::uint32_t page = directory_.at(number);
  if (page == PageDirectory::none) {
    page = pools.pages.add();
    directory_.set(number, page);
  }
  pools.pages.set(page, low(tick), level);
  near_best_ = near_size_ == 0 ? tick : std::min(near_best_, tick);
  ++near_size_;
}

void Ladder::take_near(std::int64_t tick, LadderPools& pools) {
  const std::int64_t number = tick >> TickPages::shift;
  const std::uint32_t page = directory_.at(number);
  if (pools.pages.clear(page, low(tick))) {
    pools.pages.remove(page);
    directory_.clear(number);
  }
  --near_size_;
  if (tick == near_best_ && near_size_ > 0) {
    near_best_ = next_near(tick, pools);
  }
}

void Ladder::find_best(const LadderPools& pools) {
  best_ = near_size_ > 0 ? near_level(near_best_, pools) : LevelIndex::none();
  if (!far_.empty() && (!best_.exists() || far_.begin()->first < rank(pools.levels[best_].price))) {
    best_ = far_.begin()->second;
  }
  best_price_ = best_.exists() ? pools.levels[best_].price : Price{};
}

void Ladder::stretch(std::int64_t tick, LadderPools& pools) {
  const std::int64_t number = tick >> TickPages::shift;
  std::int64_t lowest = number;
  std::int64_t highest = number;
  if (directory_.range(lowest, highest)) {
    lowest = std::min(lowest, number);
    highest = std::max(highest, number);
  }
  const std::int64_t span = highest - lowest + 1;
  if (span > span_max) {
    return;
  }
  const std::uint32_t size = window_for(span);
  const std::size_t cost = std::max(size, directory_.size()) + 8 * far_.size();
  if (cost > cost_free && added_ < cost / 64) {
    return;
  }
  added_ = 0;
  directory_.move(centred(lowest, highest, size), size);
  adopt(pools);
}

// What stood too far away and lies in the window now.
void Ladder::adopt(LadderPools& pools) {
  for (auto far = far_.begin(); far != far_.end();) {
    std::int64_t tick = 0;
    if (in_window(Price{far->first ^ flip_}, tick)) {
      put_near(tick, far->second, pools);
      far = far_.erase(far);
    } else {
      ++far;
    }
  }
}

void Ladder::rebuild(const TickGrid& grid, LadderPools& pools) {
  std::vector<LevelIndex> sorted;
  sorted.reserve(size_);
  visit(pools, [&](LevelIndex level) {
    sorted.push_back(level);
    return true;
  });
  for (const LevelIndex level : sorted) {
    std::int64_t tick = 0;
    if (in_window(pools.levels[level].price, tick)) {
      take_near(tick, pools);
    }
  }
  far_.clear();
  far_added_ = 0;
  added_ = 0;
  grid_ = grid;
  set_densest_window(sorted, pools);
  for (const LevelIndex level : sorted) {
    const Price price = pools.levels[level].price;
    std::int64_t tick = 0;
    if (in_window(price, tick)) {
      put_near(tick, level, pools);
    } else {
      far_.emplace_hint(far_.end(), rank(price), level);
    }
  }
}

void Ladder::set_densest_window(const std::vector<LevelIndex>& sorted, const LadderPools& pools) {
  std::vector<std::int64_t> numbers;  // of the pages of levels on the grid, best first
  for (const LevelIndex level : sorted) {
    std::int64_t tick = 0;
    if (grid_.divides(pools.levels[level].price.units, tick)) {
      numbers.push_back((tick ^ flip_) >> TickPages::shift);
    }
  }
  std::size_t from = 0;
  std::size_t best_from = 0;
  std::size_t best_to = 0;  // past the last
  for (std::size_t to = 0; to < numbers.size(); ++to) {
    while (numbers[to] - numbers[from] >= span_max) {
      ++from;
    }
    if (to + 1 - from > best_to - best_from) {
      best_from = from;
      best_to = to + 1;
    }
  }
  if (best_to == 0) {
    directory_.move(0, 0);
    return;
  }
  const std::int64_t lowest = numbers[best_from];
  const std::int64_t highest = numbers[best_to - 1];
  const std::uint32_t size = window_for(highest - lowest + 1);
  directory_.move(centred(lowest, highest, size), size);
}

}  // namespace marktwacht
