// The merge of statuses, diffs and fills; docs/formats/hyperliquid.md says its rules.
#include "edges/adapters/hyperliquid_orders.h"

#include <algorithm>

namespace marktwacht {

void HyperliquidOrders::start(Time ts, std::span<const OrderTerms> resting,
                              HyperliquidEvents& events) {
  events.instrument(ts);
  reset(ts, events);
  for (const OrderTerms& terms : resting) {
    // The node lists a trigger order on both sides.
    if (terms.quantity == 0 || live_.contains(terms.oid)) {
      continue;
    }
    const bool waiting = terms.trigger_price.has_value();
    live_[terms.oid] = {terms.quantity, waiting, terms.time_in_force != TimeInForce::ioc};
    events.book_order(ts, terms);
    whole_ = true;
  }
}

void HyperliquidOrders::reset(Time ts, HyperliquidEvents& events) {
  live_.clear();
  whole_ = false;
  events.book_reset(ts);
}

void HyperliquidOrders::apply(const CoinBlock& block, HyperliquidEvents& events) {
  block_ = &block;
  events_ = &events;
  touched_.clear();
  matched_.clear();
  entered_.clear();
  next_fill_ = next_diff_ = 0;
  taken_.assign(block.statuses.size(), 0);
  match_fills(events);
  index_rows();
  for (std::size_t row = 0; row < block.statuses.size(); ++row) {
    take_status(row);
  }
  trade_through(static_cast<std::int32_t>(matched_.size()) - 1);
  settle();
}

void HyperliquidOrders::match_fills(HyperliquidEvents& events) {
  events.come_from(block_->fills_from);
  boost::unordered_flat_map<std::uint64_t, const FillRow*> halves;
  for (const FillRow& row : block_->fills) {
    const auto [place, first] = halves.try_emplace(row.tid, &row);
    if (first) {
      continue;
    }
    const FillRow* other = place->second;
    halves.erase(place);
    if (other->side == row.side || other->size != row.size || !(other->price == row.price)) {
      events.refuse({RejectReason::bad_value, "tid"});
      continue;
    }
    // Outside the book both rows, or neither, may say that they crossed: then the liquidated
    // account counts as the one that takes.
    bool row_takes = row.crossed;
    if (row.crossed == other->crossed) {
      row_takes = !row.liquidated.empty() && row.liquidated == row.account;
    }
    matched_.push_back(row_takes ? MatchedFill{other, &row} : MatchedFill{&row, other});
  }
  // One half alone does not say who the other party was.
  for (const FillRow& row : block_->fills) {
    const auto found = halves.find(row.tid);
    if (found != halves.end() && found->second == &row) {
      events.refuse({RejectReason::missing_field, "tid"});
    }
  }
}

void HyperliquidOrders::index_rows() {
  for (std::size_t i = 0; i < block_->statuses.size(); ++i) {
    const StatusRow& row = block_->statuses[i];
    Touch& touch = touched_[row.order.oid];
    const auto place = static_cast<std::int32_t>(i);
    touch.first = touch.first < 0 ? place : touch.first;
    switch (row.word.kind) {
      case StatusKind::open:
        touch.open = place;
        break;
      case StatusKind::triggered:
        touch.trigger = place;
        break;
      case StatusKind::canceled:
      case StatusKind::rejected:
        touch.end = place;
        break;
      case StatusKind::filled:
        break;
    }
  }
  for (std::size_t i = 0; i < block_->diffs.size(); ++i) {
    const DiffRow& diff = block_->diffs[i];
    Touch& touch = touched_[diff.order.oid];
    touch.last = static_cast<std::int32_t>(i);
    if (diff.kind == DiffRow::Kind::create) {
      touch.created = touch.last;
    } else if (diff.kind == DiffRow::Kind::remove) {
      touch.removed = touch.last;
    }
  }
  for (std::size_t i = 0; i < matched_.size(); ++i) {
    const auto place = static_cast<std::int32_t>(i);
    touched_[matched_[i].maker->oid].last_fill = place;
    Touch& taker = touched_[matched_[i].taker->oid];
    taker.last_fill = taker.last_taken = place;
  }
}

HyperliquidOrders::Live* HyperliquidOrders::find(std::uint64_t oid) {
  const auto found = live_.find(oid);
  return found == live_.end() ? nullptr : &found->second;
}

void HyperliquidOrders::take_status(std::size_t place) {
  if (taken_[place] != 0) {
    return;
  }
  taken_[place] = 1;
  const StatusRow& row = block_->statuses[place];
  follow_diffs(touched_[row.order.oid], row);
  events_->come_from(block_->statuses_from);
  switch (row.word.kind) {
    case StatusKind::open:
    case StatusKind::triggered:
    case StatusKind::filled:
      take_open(row);
      break;
    case StatusKind::canceled:
    case StatusKind::rejected:
      take_end(row);
      break;
  }
}

// The diffs have the order of execution: what they put before this row's own change comes first. A
// modified order stands as "open" before the "canceled" of the one it replaces; the diffs have it
// the right way round, and the queue at a price is in their order.
void HyperliquidOrders::follow_diffs(const Touch& touch, const StatusRow& row) {
  const StatusKind kind = row.word.kind;
  const bool enters =
      kind == StatusKind::triggered || (kind == StatusKind::open && !row.order.trigger_price);
  const bool ends = kind == StatusKind::canceled || kind == StatusKind::rejected;
  const std::int32_t own = enters ? touch.created : ends ? touch.removed : -1;
  while (static_cast<std::int32_t>(next_diff_) <= own) {
    const DiffRow& diff = block_->diffs[next_diff_++];
    const Touch& other = touched_[diff.order.oid];
    std::int32_t place = -1;
    if (diff.kind == DiffRow::Kind::create) {
      place = other.trigger >= 0 ? other.trigger : other.open;
    } else if (diff.kind == DiffRow::Kind::remove) {
      place = other.end;
    }
    if (place >= 0) {
      take_status(static_cast<std::size_t>(place));
    }
  }
}

void HyperliquidOrders::take_open(const StatusRow& row) {
  const std::uint64_t oid = row.order.oid;
  // A "filled" of an order that we do not know, and that takes nothing, rested before the feed.
  bring(oid, row.word.kind != StatusKind::filled || takes_later(touched_[oid]));
  Live* live = find(oid);
  if (live != nullptr && live->waiting && row.word.kind == StatusKind::triggered) {
    enter(row.time, oid, *live);
  }
  trade_through(touched_[oid].last_taken);
}

void HyperliquidOrders::take_end(const StatusRow& row) {
  const std::uint64_t oid = row.order.oid;
  const bool canceled = row.word.kind == StatusKind::canceled;
  // An ioc order cannot have been placed before this block.
  const bool ioc = row.order.time_in_force == TimeInForce::ioc && !row.order.trigger_price;
  bring(oid, takes_later(touched_[oid]) || (canceled && ioc));
  trade_through(touched_[oid].last_fill);
  if (const Live* live = find(oid); live != nullptr) {
    const bool remainder =
        !live->rests && !live->waiting && canceled && row.word.cancel == CancelReason::user;
    end(oid, row.time, remainder ? CancelReason::ioc : row.word.cancel);
  } else if (!touched_[oid].gone) {
    take_unknown_end(row);
  }
}

void HyperliquidOrders::take_unknown_end(const StatusRow& row) {
  if (row.word.kind == StatusKind::rejected) {
    events_->reject(row.time, row.order, row.word.reject);
    return;
  }
  if (row.order.quantity == 0) {
    return;  // it followed a position and was never announced
  }
  if (whole_) {
    // The reader takes unknown orders for faults. The snapshot may come without trigger orders.
    OrderTerms terms = row.order;
    terms.quantity = row.size > 0 ? row.size : terms.quantity;
    events_->book_order(row.time, terms);
  }
  events_->cancel(row.time, row.order.oid, row.word.cancel);
}

// Announces the order where a row of this block shows that it is new, or that it `takes`.
void HyperliquidOrders::bring(std::uint64_t oid, bool takes) {
  const Touch& touch = touched_[oid];
  if (touch.gone || live_.contains(oid)) {
    return;
  }
  const std::int32_t place = touch.open >= 0      ? touch.open
                             : touch.trigger >= 0 ? touch.trigger
                             : takes              ? touch.first
                                                  : -1;
  if (place >= 0) {
    this->place(block_->statuses[static_cast<std::size_t>(place)]);
  }
}

void HyperliquidOrders::place(const StatusRow& row) {
  const std::uint64_t oid = row.order.oid;
  OrderTerms terms = row.order;
  if (terms.quantity == 0) {  // the size of the position: seen when it trades or rests
    const Touch& touch = touched_[oid];
    if (touch.created >= 0) {
      terms.quantity = block_->diffs[static_cast<std::size_t>(touch.created)].size;
    }
    for (std::size_t i = next_fill_; i < matched_.size(); ++i) {
      terms.quantity += matched_[i].taker->oid == oid ? matched_[i].taker->size : 0;
    }
    if (terms.quantity == 0) {
      return;
    }
  }
  const bool waiting = terms.trigger_price.has_value();
  events_->come_from(block_->statuses_from);
  events_->order(row.time, terms);
  live_[oid] = {terms.quantity, waiting, terms.time_in_force != TimeInForce::ioc};
  if (!waiting) {
    entered_.push_back(oid);
  }
}

void HyperliquidOrders::enter(Time ts, std::uint64_t oid, Live& live) {
  events_->triggered(ts, oid);
  live.waiting = false;
  entered_.push_back(oid);
}

void HyperliquidOrders::trade_through(std::int32_t last) {
  while (static_cast<std::int32_t>(next_fill_) <= last) {
    const MatchedFill& fill = matched_[next_fill_];
    bring(fill.maker->oid, false);
    bring(fill.taker->oid, true);
    ++next_fill_;
    events_->come_from(block_->fills_from);
    trade(fill);
  }
  events_->come_from(block_->statuses_from);
}

void HyperliquidOrders::trade(const MatchedFill& fill) {
  for (const FillRow* row : {fill.maker, fill.taker}) {
    Live* live = find(row->oid);
    if (live != nullptr && live->waiting) {
      enter(block_->time, row->oid, *live);
    }
    if (live != nullptr && live->remaining < row->size) {
      live->remaining = row->size;
      events_->replace(block_->time, row->oid, row->size);
    }
  }
  events_->trade(block_->time, fill);
  this->fill(fill.maker->oid, fill.maker->size);
  this->fill(fill.taker->oid, fill.taker->size);
}

void HyperliquidOrders::fill(std::uint64_t oid, std::int64_t size) {
  Live* live = find(oid);
  if (live == nullptr) {
    return;
  }
  live->remaining -= size;
  if (live->remaining == 0) {
    live_.erase(oid);
    touched_[oid].gone = true;
  }
}

void HyperliquidOrders::end(std::uint64_t oid, Time ts, CancelReason reason) {
  events_->cancel(ts, oid, reason);
  live_.erase(oid);
  touched_[oid].gone = true;
}

// Makes what we told equal to what the diffs say.
void HyperliquidOrders::settle() {
  if (!block_->has_diffs) {
    return;
  }
  events_->come_from(block_->diffs_from);
  for (std::size_t i = 0; i < block_->diffs.size(); ++i) {
    if (touched_[block_->diffs[i].order.oid].last == static_cast<std::int32_t>(i)) {
      settle(block_->diffs[i]);
    }
  }
  // What could execute and is not in the book is over.
  for (const std::uint64_t oid : entered_) {
    const Live* live = find(oid);
    if (live != nullptr && touched_[oid].last < 0) {
      end(oid, block_->time, live->rests ? CancelReason::system : CancelReason::ioc);
    }
  }
}

void HyperliquidOrders::settle(const DiffRow& diff) {
  const std::uint64_t oid = diff.order.oid;
  const Touch& touch = touched_[oid];
  Live* live = find(oid);
  if (live == nullptr) {
    // One that rested before the feed stays unknown.
    if (diff.size > 0 && (touch.created >= 0 || touch.gone)) {
      place(diff);
    }
    return;
  }
  if (diff.size == 0) {
    end(oid, block_->time, live->rests ? CancelReason::system : CancelReason::ioc);
    return;
  }
  if (!live->rests) {  // told as ioc, and yet it rests
    end(oid, block_->time, CancelReason::ioc);
    place(diff);
    return;
  }
  if (live->waiting) {
    enter(block_->time, oid, *live);
  }
  if (live->remaining != diff.size) {
    live->remaining = diff.size;
    events_->replace(block_->time, oid, diff.size);
  }
}

void HyperliquidOrders::place(const DiffRow& diff) {
  OrderTerms terms = diff.order;
  terms.quantity = diff.size;
  events_->order(block_->time, terms);
  live_[terms.oid] = {terms.quantity, false, true};
}

}  // namespace marktwacht
