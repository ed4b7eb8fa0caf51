// The records of all price levels, and the pages that lead from ticks to levels.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <unordered_map>

#include "base/check.h"
#include "base/fixed.h"
#include "base/huge_pages.h"
#include "base/int128.h"
#include "base/prefetch.h"
#include "books/order_table.h"

namespace marktwacht {

// Two share a cache line. Sums are exact: 2^32 orders of less than 2^63 stay below 2^95.
struct Level {
  Price price;
  std::uint64_t total_low;
  std::uint32_t total_high : 31;
  std::uint32_t has_hidden : 1;  // then LevelStore knows how much
  std::uint32_t orders;
  OrderSlot head;
  OrderSlot tail;

  UInt128 total() const { return UInt128{total_high} << 64 | total_low; }
  void add(Quantity quantity) { set_total(total() + static_cast<std::uint64_t>(quantity.units)); }
  void take(Quantity quantity) { set_total(total() - static_cast<std::uint64_t>(quantity.units)); }

 private:
  void set_total(UInt128 sum) {
    total_low = static_cast<std::uint64_t>(sum);
    total_high = static_cast<std::uint32_t>(sum >> 64) & 0x7FFF'FFFF;
  }
};
static_assert(sizeof(Level) == 32);

class LevelStore {
 public:
  explicit LevelStore(std::pmr::memory_resource* memory) : hidden_(memory) {}

  const Level& operator[](LevelIndex level) const { return levels_[level.value]; }
  Level& operator[](LevelIndex level) { return levels_[level.value]; }

  // An empty level.
  LevelIndex add(Price price) {
    LevelIndex level{free_};
    if (level.exists()) {
      free_ = levels_[level.value].orders;
    } else {
      level = {used_++};
      levels_.reserve(used_);
    }
    levels_[level.value] = {price, 0, 0, 0, 0, OrderSlot::none(), OrderSlot::none()};
    ++live_;
    return level;
  }
  // It must be empty.
  void remove(LevelIndex level) {
    levels_[level.value].orders = free_;
    free_ = level.value;
    --live_;
  }

  // What its orders do not show.
  UInt128 hidden(LevelIndex level) const {
    return levels_[level.value].has_hidden ? hidden_.at(level.value) : 0;
  }
  void set_hidden(LevelIndex level, UInt128 quantity) {
    levels_[level.value].has_hidden = quantity > 0;
    if (quantity > 0) {
      hidden_[level.value] = quantity;
    } else {
      hidden_.erase(level.value);
    }
  }

  void prefetch(LevelIndex level) const { prefetch_line(&levels_[level.value]); }
  std::uint32_t live() const { return live_; }
  std::size_t bytes() const { return std::size_t{used_} * sizeof(Level); }

 private:
  static constexpr std::uint32_t none = LevelIndex::none_value;

  Chunks<Level, 16> levels_;
  std::uint32_t used_ = 0;  // ever
  std::uint32_t live_ = 0;
  std::uint32_t free_ = none;  // linked by `orders`
  std::pmr::unordered_map<std::uint32_t, UInt128> hidden_;
};

// A page says for each of 512 neighbouring ticks which level stands there; a bitmap beside it
// finds the next one.
class TickPages {
 public:
  static constexpr unsigned shift = 9;
  static constexpr std::uint32_t ticks = 1U << shift;
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  LevelIndex level(std::uint32_t page, std::uint32_t tick) const {
    return {~slots_[page].inverted[tick]};
  }
  // The same question as `level(...).exists()`, of the bitmaps, which are few and so at hand.
  bool has(std::uint32_t page, std::uint32_t tick) const {
    return (bits_[page].words[tick / 64] >> tick % 64 & 1) != 0;
  }
  const void* address(std::uint32_t page, std::uint32_t tick) const {
    return &slots_[page].inverted[tick];
  }

  // An empty page.
  std::uint32_t add() {
    ++live_;
    if (free_ != none) {
      const std::uint32_t page = free_;
      free_ = static_cast<std::uint32_t>(bits_[page].words[0]);
      bits_[page].words[0] = 0;
      return page;
    }
    check(used_ < none - 1, "fewer than 2^32 pages");
    slots_.reserve(std::size_t{used_} + 1);
    bits_.reserve(std::size_t{used_} + 1);
    return used_++;
  }

  void set(std::uint32_t page, std::uint32_t tick, LevelIndex level) {
    slots_[page].inverted[tick] = ~level.value;
    bits_[page].words[tick / 64] |= std::uint64_t{1} << tick % 64;
  }
  // True when the page is empty now; then it must be given back.
  bool clear(std::uint32_t page, std::uint32_t tick) {
    slots_[page].inverted[tick] = 0;
    Bits& bits = bits_[page];
    bits.words[tick / 64] &= ~(std::uint64_t{1} << tick % 64);
    std::uint64_t any = 0;
    for (const std::uint64_t word : bits.words) {
      any |= word;
    }
    return any == 0;
  }
  // It must be empty.
  void remove(std::uint32_t page) {
    bits_[page].words[0] = free_;
    free_ = page;
    --live_;
  }

  // The first level at `tick` or after it; `ticks` when there is none.
  std::uint32_t next(std::uint32_t page, std::uint32_t tick) const {
    if (tick == ticks) {
      return ticks;
    }
    const Bits& bits = bits_[page];
    std::uint32_t at = tick / 64;
    std::uint64_t word = bits.words[at] & (~std::uint64_t{0} << tick % 64);
    while (word == 0) {
      if (++at == ticks / 64) {
        return ticks;
      }
      word = bits.words[at];
    }
    return at * 64 + static_cast<std::uint32_t>(std::countr_zero(word));
  }

  std::uint32_t live() const { return live_; }
  std::size_t bytes() const { return std::size_t{used_} * (sizeof(Slots) + sizeof(Bits)); }

 private:
  struct Slots {
    std::uint32_t inverted[ticks];  // ~level, so that fresh memory says "none"
  };
  struct alignas(64) Bits {
    std::uint64_t words[ticks / 64];
  };

  Chunks<Slots, 10> slots_;
  Chunks<Bits, 15> bits_;
  std::uint32_t used_ = 0;  // ever
  std::uint32_t live_ = 0;
  std::uint32_t free_ = none;  // linked by the first word
};

// What the ladders of all instruments share.
struct LadderPools {
  explicit LadderPools(std::pmr::memory_resource* memory) : levels(memory) {}

  LevelStore levels;
  TickPages pages;
};

}  // namespace marktwacht
