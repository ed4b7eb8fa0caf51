// One coin: the rows of a block as a sequence of events that is consistent in itself.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "edges/adapters/hyperliquid_events.h"

namespace marktwacht {

// A block's rows of one coin. Statuses, diffs and fills each stand in the order of execution.
struct CoinBlock {
  Time time;
  std::span<const StatusRow> statuses;
  std::span<const DiffRow> diffs;
  std::span<const FillRow> fills;
  LineOrigin statuses_from, diffs_from, fills_from;
  bool has_diffs = false;  // false: the block's diffs are missing, not empty
};

// Mirrors what the reader of our events believes about the coin's orders and keeps it true: the
// statuses say who did what and why, the fills who traded, and the diffs are the truth about what
// rests; where the first two do not lead to the third, a replace, cancel or order closes the gap.
// Memory: the live orders.
class HyperliquidOrders {
 public:
  // What rests from the start, by a snapshot; without one unknown orders stay unknown.
  void start(Time ts, std::span<const OrderTerms> resting, HyperliquidEvents& events);
  // Blocks are missing: the book is unknown from here.
  void reset(Time ts, HyperliquidEvents& events);
  void apply(const CoinBlock& block, HyperliquidEvents& events);

 private:
  struct Live {
    std::int64_t remaining = 0;
    bool waiting = false;  // for its trigger
    bool rests = false;    // may stand in the book
  };
  // Where an order stands in the block: places in the lists, -1 = nowhere.
  struct Touch {
    std::int32_t open = -1, trigger = -1, end = -1, first = -1;  // statuses
    std::int32_t created = -1, removed = -1, last = -1;          // diffs
    std::int32_t last_taken = -1, last_fill = -1;                // matched fills
    bool gone = false;
  };

  void match_fills(HyperliquidEvents& events);
  void index_rows();
  void take_status(std::size_t row);
  void follow_diffs(const Touch& touch, const StatusRow& row);
  void take_open(const StatusRow& row);
  void take_end(const StatusRow& row);
  void take_unknown_end(const StatusRow& row);
  void bring(std::uint64_t oid, bool takes);
  void place(const StatusRow& row);
  void enter(Time ts, std::uint64_t oid, Live& live);
  void trade_through(std::int32_t last);
  void trade(const MatchedFill& fill);
  void fill(std::uint64_t oid, std::int64_t size);
  void settle();
  void settle(const DiffRow& diff);
  void place(const DiffRow& diff);
  void end(std::uint64_t oid, Time ts, CancelReason reason);
  Live* find(std::uint64_t oid);
  bool takes_later(const Touch& touch) const {
    return touch.last_taken >= static_cast<std::int32_t>(next_fill_);
  }

  boost::unordered_flat_map<std::uint64_t, Live> live_;
  bool whole_ = false;  // a snapshot said what rests

  // Of the block at hand.
  const CoinBlock* block_ = nullptr;
  HyperliquidEvents* events_ = nullptr;
  boost::unordered_flat_map<std::uint64_t, Touch> touched_;
  std::vector<MatchedFill> matched_;
  std::size_t next_fill_ = 0;
  std::size_t next_diff_ = 0;
  std::vector<char> taken_;             // statuses that are done
  std::vector<std::uint64_t> entered_;  // orders that became executable in this block
};

}  // namespace marktwacht
