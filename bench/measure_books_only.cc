// The program with nothing on but its books: see measure.h.
#include <algorithm>

#include "base/check.h"
#include "bench/measure.h"
#include "bench/stopwatch.h"
#include "bench/stream_events.h"
#include "books/books.h"
#include "market/directory.h"

namespace marktwacht::bench {
namespace {

// How many events ahead the names, then the orders, then their places are asked for.
constexpr std::size_t names_ahead = 32, orders_ahead = 24, places_ahead = 16;

std::int64_t units(const Decimal& value, int scale) {
  const auto count = units_of(value, scale, "value");
  check(count.has_value(), "a stream's numbers are on the grid");
  return *count;
}

class BooksOnlyLane : public Lane {
 public:
  explicit BooksOnlyLane(const Stream& stream) : events_(stream.options) {
    for (const Event* event : events_.declarations(arena_)) {
      declare(*event);
    }
  }

  std::int64_t advance(std::span<const Command> commands) override {
    std::int64_t ns = 0;
    while (!commands.empty()) {
      const auto batch = commands.first(std::min(batch_size, commands.size()));
      arena_.reset();
      ready_.clear();
      for (const Command& command : batch) {
        ready_.push_back(events_.make(command, arena_));
      }
      const Stopwatch watch(Stopwatch::Clock::processor);
      for (std::size_t at = 0; at < ready_.size(); ++at) {
        look_ahead(at);
        take(*ready_[at]);
      }
      ns += watch.ns();
      commands = commands.subspan(batch.size());
    }
    return ns;
  }

  std::uint32_t live_orders() const override { return books_.live_orders(); }

 private:
  void declare(const Event& event) {
    if (event.type == EventType::account) {
      directory_.intern_account(as<event::Account>(event).account_id);
    } else if (event.type == EventType::instrument) {
      const auto& instrument = as<event::Instrument>(event);
      const auto terms = directory_.terms_of(instrument);
      check(terms.has_value(), "a stream's instruments are sound");
      const auto grid = Directory::grid_of(instrument, *terms);
      check(grid.has_value(), "a stream's instruments are sound");
      books_.set_tick(directory_.take(instrument, *terms, *grid), grid->tick);
    }
  }

  static Text order_id(const Event& event) {
    switch (event.type) {
      case EventType::order:
        return as<event::Order>(event).order_id;
      case EventType::cancel:
        return as<event::Cancel>(event).order_id;
      case EventType::replace:
        return as<event::Replace>(event).order_id;
      default:
        return as<event::Trade>(event).maker_order_id;
    }
  }

  void look_ahead(std::size_t at) const {
    const auto ahead = [&](std::size_t by, auto&& look) {
      if (at + by < ready_.size()) {
        look(*ready_[at + by]);
      }
    };
    ahead(names_ahead, [&](const Event& event) {
      books_.prefetch(Books::key(order_id(event)));
      if (event.type == EventType::order) {
        directory_.prefetch_account(as<event::Order>(event).account_id);
      }
    });
    ahead(orders_ahead, [&](const Event& event) {
      books_.prefetch_order(Books::key(order_id(event)));
      if (event.type == EventType::order) {
        directory_.prefetch_account_text(as<event::Order>(event).account_id);
      }
    });
    ahead(places_ahead, [&](const Event& event) {
      if (event.type != EventType::order) {
        if (const OrderSlot slot = books_.find(order_id(event)); slot.exists()) {
          books_.prefetch_place(slot);
        }
      }
    });
  }

  void take(const Event& event) {
    if (event.type == EventType::order) {
      return place(as<event::Order>(event));
    }
    const OrderSlot slot = books_.find(order_id(event));
    check(slot.exists(), "the order is live");
    const Terms& terms = directory_.instrument(books_.order(slot).instrument).terms;
    switch (event.type) {
      case EventType::cancel:
        return books_.remove(slot);
      case EventType::replace: {
        const auto& replace = as<event::Replace>(event);
        books_.change(slot, Price{units(replace.price, terms.price_scale)},
                      {units(replace.quantity, terms.quantity_scale)});
        return books_.rename(slot, replace.new_order_id);
      }
      default:
        books_.fill(slot, {units(as<event::Trade>(event).quantity, terms.quantity_scale)});
    }
  }

  void place(const event::Order& event) {
    const InstrumentIndex instrument = directory_.find_instrument(event.instrument_id);
    const Terms& terms = directory_.instrument(instrument).terms;
    check(!books_.find(event.order_id).exists(), "a new id is not live");
    books_.add({.order_id = event.order_id,
                .account = directory_.intern_account(event.account_id),
                .instrument = instrument,
                .side = event.side,
                .has_price = true,
                .rests = true,
                .price = {units(event.price, terms.price_scale)},
                .quantity = {units(event.quantity, terms.quantity_scale)},
                .placed = event.ts});
  }

  StreamEvents events_;
  Directory directory_;
  Books books_;
  Arena arena_;
  std::vector<const Event*> ready_;
};

}  // namespace

std::unique_ptr<Lane> books_only_lane(const Stream& stream) {
  return std::make_unique<BooksOnlyLane>(stream);
}

}  // namespace marktwacht::bench
