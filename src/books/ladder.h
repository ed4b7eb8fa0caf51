// One side of one book: from prices to levels, best first.
#pragma once

#include <cstdint>
#include <map>
#include <memory_resource>
#include <string>
#include <vector>

#include "base/fixed.h"
#include "base/prefetch.h"
#include "books/level_store.h"
#include "books/page_directory.h"
#include "books/tick_grid.h"

namespace marktwacht {

// One sorted set of levels, kept in two places: on-grid prices within the directory's window in
// pages of ticks, all others (off the grid, or too far) in an ordered map. Any int64 is a price.
// When the map holds most levels, the window moves to where most of them stand. Both are ordered by
// rank, which is the price for sells and its complement for buys: the lower, the better.
class alignas(64) Ladder {
 public:
  Ladder(Side side, std::pmr::memory_resource* memory)
      : flip_(side == Side::buy ? -1 : 0), far_(memory) {}

  std::int64_t tick() const { return grid_.tick(); }
  // Another tick moves all levels to their new places.
  void set_tick(std::int64_t tick, LadderPools& pools);

  std::uint32_t size() const { return size_; }
  // None when the side is empty.
  LevelIndex best() const { return best_; }
  Price best_price() const { return best_price_; }

  LevelIndex find(Price price, const LadderPools& pools) const {
    std::int64_t tick = 0;
    if (in_window(price, tick)) {
      const std::uint32_t page = directory_.at(tick >> TickPages::shift);
      return page == PageDirectory::none ? LevelIndex::none() : pools.pages.level(page, low(tick));
    }
    return find_far(price);
  }

  // The level of this price, a new empty one if there is none.
  LevelIndex find_or_add(Price price, LadderPools& pools) {
    std::int64_t tick = 0;
    if (in_window(price, tick)) [[likely]] {
      const std::uint32_t page = directory_.at(tick >> TickPages::shift);
      if (page != PageDirectory::none && pools.pages.has(page, low(tick))) {
        return pools.pages.level(page, low(tick));
      }
    } else if (const LevelIndex level = find_far(price); level.exists()) {
      return level;
    }
    return add(price, pools);
  }

  // Forgets a level, which stands at this price, and frees its record.
  void remove(Price price, LevelIndex level, LadderPools& pools);

  // Starts fetching where `find` looks for the price, and where the best level is looked for.
  void prefetch(Price price, const LadderPools& pools) const {
    std::int64_t tick = 0;
    if (in_window(price, tick)) {
      if (const auto page = directory_.at(tick >> TickPages::shift); page != PageDirectory::none) {
        prefetch_line<FetchFor::reading>(pools.pages.address(page, low(tick)));
      }
    }
  }

  void prefetch_best(const LadderPools& pools) const {
    if (near_size_ > 0) {
      const std::uint32_t page = directory_.at(near_best_ >> TickPages::shift);
      prefetch_line<FetchFor::reading>(pools.pages.address(page, low(near_best_)));
    }
    if (best_.exists()) {
      pools.levels.prefetch(best_);
    }
  }

  // Visits levels from the best on while `visitor(LevelIndex)` returns true.
  template <class Visitor>
  void visit(const LadderPools& pools, Visitor&& visitor) const {
    std::uint32_t near = near_size_;
    std::int64_t tick = near_best_;
    for (auto far = far_.begin(); near > 0 || far != far_.end();) {
      LevelIndex level;
      if (near > 0) {
        level = near_level(tick, pools);
      }
      if (near == 0 || (far != far_.end() && far->first < rank(pools.levels[level].price))) {
        level = (far++)->second;
      } else if (--near > 0) {
        tick = next_near(tick + 1, pools);
      }
      if (!visitor(level)) {
        return;
      }
    }
  }

  // The first broken invariant, or nothing. For tests: walks everything.
  std::string fault(const LadderPools& pools) const;
  std::size_t bytes() const { return sizeof *this + directory_.bytes() + far_.size() * 64; }
  std::size_t far_size() const { return far_.size(); }

 private:
  std::int64_t rank(Price price) const { return price.units ^ flip_; }
  static std::uint32_t low(std::int64_t tick) {
    return static_cast<std::uint32_t>(tick) & (TickPages::ticks - 1);
  }
  // `tick` counts ticks in the order of ranks; meant only where this is true.
  bool in_window(Price price, std::int64_t& tick) const {
    const bool on_grid = grid_.divides(price.units, tick);
    tick ^= flip_;
    return on_grid && directory_.covers(tick >> TickPages::shift);
  }

  LevelIndex near_level(std::int64_t tick, const LadderPools& pools) const {
    return pools.pages.level(directory_.at(tick >> TickPages::shift), low(tick));
  }
  // The first tick with a level from `tick` on: there must be one.
  std::int64_t next_near(std::int64_t tick, const LadderPools& pools) const {
    std::int64_t number = tick >> TickPages::shift;
    if (directory_.covers(number)) [[likely]] {
      if (const auto page = directory_.at(number); page != PageDirectory::none) {
        if (const auto at = pools.pages.next(page, low(tick)); at < TickPages::ticks) {
          return number * TickPages::ticks + at;
        }
        ++number;
      }
    }
    number = directory_.next(number);
    return number * TickPages::ticks + pools.pages.next(directory_.at(number), 0);
  }

  LevelIndex find_far(Price price) const {
    if (far_.empty()) [[likely]] {
      return LevelIndex::none();
    }
    const auto found = far_.find(rank(price));
    return found == far_.end() ? LevelIndex::none() : found->second;
  }

  LevelIndex add(Price price, LadderPools& pools);
  void put_near(std::int64_t tick, LevelIndex level, LadderPools& pools);
  void take_near(std::int64_t tick, LadderPools& pools);
  void find_best(const LadderPools& pools);
  // Tries to bring `tick` into the window.
  void stretch(std::int64_t tick, LadderPools& pools);
  void adopt(LadderPools& pools);
  // Gives every level its place anew, the window being where most of them are.
  void rebuild(const TickGrid& grid, LadderPools& pools);
  void set_densest_window(const std::vector<LevelIndex>& sorted, const LadderPools& pools);

  TickGrid grid_;
  std::int64_t flip_;
  PageDirectory directory_;
  LevelIndex best_;
  std::uint32_t size_ = 0;
  Price best_price_;
  std::int64_t near_best_ = 0;  // tick of the best level in pages; meant when there are any
  std::uint32_t near_size_ = 0;
  // Moving the window costs as much as its size: paid for by levels added since the last time.
  std::uint64_t added_ = 0;
  std::uint64_t far_added_ = 0;                  // the same for `rebuild`
  std::pmr::map<std::int64_t, LevelIndex> far_;  // by rank
};

}  // namespace marktwacht
