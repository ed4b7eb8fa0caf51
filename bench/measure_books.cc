// Books alone: see measure.h.
#include <algorithm>

#include "base/check.h"
#include "bench/measure.h"
#include "bench/stopwatch.h"
#include "bench/stream_events.h"
#include "books/books.h"

namespace marktwacht::bench {
namespace {

// How many events ahead the index and the order are asked for.
constexpr std::size_t index_ahead = 16, order_ahead = 8;

struct Ids {
  Text order_id;
  Text new_order_id;
};

void apply(const Command& command, const Ids& ids, Books& books) {
  if (command.kind == CommandKind::place) {
    books.add({.order_id = ids.order_id,
               .account = AccountIndex{command.account},
               .instrument = InstrumentIndex{command.instrument},
               .side = command.side,
               .has_price = true,
               .rests = true,
               .price = price_of(command),
               .quantity = quantity_of(command),
               .placed = command.ts});
    return;
  }
  const OrderSlot slot = books.find(ids.order_id);
  check(slot.exists(), "the order is live");
  switch (command.kind) {
    case CommandKind::cancel:
      books.remove(slot);
      break;
    case CommandKind::replace:
      books.change(slot, price_of(command), quantity_of(command));
      books.rename(slot, ids.new_order_id);
      break;
    default:
      books.fill(slot, quantity_of(command));
  }
}

class BooksLane : public Lane {
 public:
  BooksLane(const Stream& stream, bool prefetched) : prefetched_(prefetched) {
    for (std::uint32_t at = 0; at < stream.options.instruments; ++at) {
      books_.set_tick(InstrumentIndex{at}, price_units);
    }
  }

  std::int64_t advance(std::span<const Command> commands) override {
    std::int64_t ns = 0;
    while (!commands.empty()) {
      const auto batch = commands.first(std::min(batch_size, commands.size()));
      make_ready(batch);
      const Stopwatch watch(Stopwatch::Clock::processor);
      prefetched_ ? apply_prefetched(batch) : apply_all(batch);
      ns += watch.ns();
      commands = commands.subspan(batch.size());
    }
    return ns;
  }

  std::uint32_t live_orders() const override { return books_.live_orders(); }

 private:
  void make_ready(std::span<const Command> batch) {
    arena_.reset();
    ids_.clear();
    for (const Command& command : batch) {
      ids_.push_back({id_text(command.order_id, arena_), {}});
      if (command.kind == CommandKind::replace) {
        ids_.back().new_order_id = id_text(command.new_order_id, arena_);
      }
    }
  }

  void apply_all(std::span<const Command> batch) {
    for (std::size_t at = 0; at < batch.size(); ++at) {
      apply(batch[at], ids_[at], books_);
    }
  }

  void apply_prefetched(std::span<const Command> batch) {
    for (std::size_t at = 0; at < batch.size(); ++at) {
      if (at + index_ahead < batch.size()) {
        books_.prefetch(Books::key(ids_[at + index_ahead].order_id));
        books_.prefetch_order(Books::key(ids_[at + order_ahead].order_id));
      }
      apply(batch[at], ids_[at], books_);
    }
  }

  bool prefetched_;
  Books books_;
  Arena arena_;
  std::vector<Ids> ids_;
};

}  // namespace

std::unique_ptr<Lane> books_lane(const Stream& stream, bool prefetched) {
  return std::make_unique<BooksLane>(stream, prefetched);
}

}  // namespace marktwacht::bench
