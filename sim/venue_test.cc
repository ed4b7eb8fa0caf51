// The matching engine: against its slow twin on random requests, and by hand what each rule says.
#include "sim/venue.h"

#include <gtest/gtest.h>

#include "sim/listings.h"
#include "sim/venue_twin.h"

namespace marktwacht::sim {
namespace {

std::string digits(const Text& text) { return std::string(text.view()); }

// Writes events as the twin does.
class Words : public Sink {
 public:
  explicit Words(const std::vector<Listing>& listings) : listings_(listings) {}

  void take(const Event& event) override {
    switch (event.type) {
      case EventType::order: {
        const auto& order = as<event::Order>(event);
        happened.push_back("order " + digits(order.order_id) + " " +
                           ticks(order.has_price(), order.price) + " " + lots(order.quantity));
        break;
      }
      case EventType::replace: {
        const auto& replace = as<event::Replace>(event);
        const Text id = replace.has_new_order_id() ? replace.new_order_id : replace.order_id;
        happened.push_back("replace " + digits(id) + " " + lots(replace.quantity));
        break;
      }
      case EventType::cancel: {
        const auto& cancel = as<event::Cancel>(event);
        happened.push_back("cancel " + digits(cancel.order_id) + " " +
                           std::string(word_of(cancel.reason)));
        break;
      }
      case EventType::trade: {
        const auto& trade = as<event::Trade>(event);
        happened.push_back("trade " + digits(trade.maker_order_id) + " " +
                           ticks(true, trade.price) + " " + lots(trade.quantity));
        kinds.push_back(trade.kind);
        break;
      }
      case EventType::triggered:
        happened.push_back("triggered " + digits(as<event::Triggered>(event).order_id));
        break;
      case EventType::reject:
        happened.push_back("reject " + std::string(word_of(as<event::Reject>(event).reason)));
        break;
      default:
        break;
    }
  }

  std::vector<std::string> happened;
  std::vector<TradeKind> kinds;

 private:
  std::string ticks(bool has, const Decimal& value) const {
    const GridStep& tick = listings_[0].tick;
    return std::to_string(has ? *scaled_int64(value, -tick.exponent) / tick.mantissa
                              : std::int64_t{no_price});
  }
  std::string lots(const Decimal& value) const {
    return std::to_string(*scaled_int64(value, -listings_[0].lot.exponent));
  }
  const std::vector<Listing>& listings_;
};

// One instrument on a grid of ones, and a venue on it.
struct Hall {
  Hall() {
    for (Listing& listing : listings) {
      listing.tick = {1, 0};
      listing.lot = {1, 0};
    }
    tape.advance(Time{1});
  }

  OrderRef place(std::uint32_t account, Side side, std::int32_t price, std::int64_t quantity,
                 TimeInForce time_in_force = TimeInForce::gtc) {
    return venue
        .place({.account = account,
                .instrument = 0,
                .side = side,
                .price = price,
                .quantity = quantity,
                .time_in_force = time_in_force},
               0)
        .order;
  }
  std::string last(std::size_t count) const {
    std::string text;
    for (std::size_t at = words.happened.size() - count; at < words.happened.size(); ++at) {
      text += words.happened[at] + "\n";
    }
    return text;
  }

  std::vector<Listing> listings = make_listings(2, 1);
  Population population{200, 1};
  Words words{listings};
  Tape tape{listings, population, words};
  Venue venue{listings, population, tape, 199};
};

std::string side_of(const Venue& venue, Side side) {
  const Book& book = venue.book(0);
  std::string text;
  for (std::int32_t price = book.best(side); price > 0 && price < price_end;
       price = book.worse(side, price)) {
    for (std::uint32_t at = book.level(price).head; at != no_slot; at = venue.orders()[at].next) {
      text += " " + std::to_string(venue.orders()[at].id) + " " + std::to_string(price) + " " +
              std::to_string(venue.orders()[at].remaining) + ";";
    }
  }
  return text;
}

// The twin's replaces name the price, which the venue's events leave out where it stays.
std::string without_price(const std::string& line) {
  if (!line.starts_with("replace ")) {
    return line;
  }
  const std::size_t first = line.find(' ', 8), second = line.find(' ', first + 1);
  return line.substr(0, first) + line.substr(second);
}

OrderRequest random_request(Random& random) {
  OrderRequest asked{.account = random.below(6),
                     .instrument = 0,
                     .side = random.chance(50) ? Side::buy : Side::sell,
                     .price = static_cast<std::int32_t>(random.between(95, 105)),
                     .quantity = random.between(1, 20),
                     .time_in_force = static_cast<TimeInForce>(random.below(5)),
                     .self_match = static_cast<SelfMatch>(random.below(5))};
  if (random.chance(8)) {
    asked.price = no_price;
    asked.time_in_force = TimeInForce::ioc;
  } else if (random.chance(1)) {
    asked.price = random.chance(50) ? 0 : price_end;
  }
  if (random.chance(10)) {
    asked.trigger = static_cast<std::int32_t>(random.between(93, 107));
  }
  if (random.chance(10)) {
    asked.display = 2;
  }
  return asked;
}

TEST(Venue, MatchesAsItsTwinDoes) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Hall hall;
    hall.population.set_person(4, 3);
    hall.venue.set_last_price(0, 100);
    VenueTwin twin(hall.population);
    twin.set_last_price(0, 100);
    Random random(seed);
    std::vector<std::pair<OrderRef, std::uint64_t>> live;
    std::int64_t expiries = 0;
    for (int step = 0; step < 1'500; ++step) {
      const std::uint32_t draw = random.below(100);
      if (draw < 55 || live.empty()) {
        OrderRequest asked = random_request(random);
        // Each at a time of its own: among equals the twin would have no order.
        asked.expires = Time{1'000'000'000 + 1'000'000 * ++expiries};
        const OrderRef ref = hall.venue.place(asked, 0).order;
        const std::uint64_t id = twin.place(asked);
        if (ref.slot != no_slot) {
          live.emplace_back(ref, id);
        }
      } else if (const auto at = random.below(static_cast<std::uint32_t>(live.size())); draw < 75) {
        hall.venue.cancel(live[at].first, CancelReason::user);
        twin.cancel(live[at].second);
        live[at] = live.back();
        live.pop_back();
      } else if (draw < 97) {
        const auto price = static_cast<std::int32_t>(random.between(95, 105));
        const std::int64_t quantity = random.between(1, 20);
        const OrderRef ref = hall.venue.replace(live[at].first, price, quantity).order;
        const std::uint64_t id = twin.replace(live[at].second, price, quantity);
        if (ref.slot != no_slot) {
          live[at] = {ref, id};
        }
      } else {
        const Time until{1'000'000'000 + 1'000'000 * (expiries - 100)};
        hall.venue.expire(until);
        twin.expire(until);
      }
      ASSERT_EQ(side_of(hall.venue, Side::buy), twin.side(0, Side::buy)) << seed << " " << step;
      ASSERT_EQ(side_of(hall.venue, Side::sell), twin.side(0, Side::sell)) << seed << " " << step;
      hall.venue.notices().clear();
    }
    ASSERT_EQ(hall.words.happened.size(), twin.happened.size());
    for (std::size_t at = 0; at < twin.happened.size(); ++at) {
      ASSERT_EQ(hall.words.happened[at], without_price(twin.happened[at])) << seed;
    }
  }
}

TEST(Venue, FirstByPriceThenByTime) {
  Hall hall;
  const OrderRef late_but_better = [&] {
    hall.place(1, Side::sell, 101, 5);
    hall.place(2, Side::sell, 101, 5);
    return hall.place(3, Side::sell, 100, 5);
  }();
  hall.place(4, Side::buy, 101, 12);
  EXPECT_EQ(hall.last(3),
            "trade 1000000003 100 5\ntrade 1000000001 101 5\ntrade 1000000002 101 2\n");
  EXPECT_EQ(hall.venue.orders().find(late_but_better), nullptr);
}

TEST(Venue, AGrownOrderGoesBehindAShrunkenOneStays) {
  Hall hall;
  const OrderRef first = hall.place(1, Side::sell, 100, 5);
  hall.place(2, Side::sell, 100, 5);
  hall.venue.replace(first, 100, 4);
  hall.place(3, Side::buy, 100, 1);
  EXPECT_EQ(hall.last(1), "trade 1000000001 100 1\n");
  hall.venue.replace(first, 100, 9);
  hall.place(3, Side::buy, 100, 1);
  EXPECT_EQ(hall.last(1), "trade 1000000002 100 1\n");
}

TEST(Venue, EachTimeInForce) {
  Hall hall;
  hall.place(1, Side::sell, 100, 5);
  hall.place(2, Side::buy, 100, 9, TimeInForce::fok);
  EXPECT_EQ(hall.last(1), "cancel 1000000002 fok\n");
  hall.place(2, Side::buy, 100, 1, TimeInForce::gtx);
  EXPECT_EQ(hall.last(1), "reject post_only\n");
  hall.place(2, Side::buy, 100, 4, TimeInForce::fok);
  EXPECT_EQ(hall.last(1), "trade 1000000001 100 4\n");
  hall.place(2, Side::buy, 100, 4, TimeInForce::ioc);
  EXPECT_EQ(hall.last(2), "trade 1000000001 100 1\ncancel 1000000004 ioc\n");
  hall.venue.place({.account = 2,
                    .instrument = 0,
                    .price = 99,
                    .quantity = 1,
                    .time_in_force = TimeInForce::gtd,
                    .expires = Time{5'000'000}},
                   0);
  hall.venue.expire(Time{4'999'999});
  EXPECT_EQ(hall.venue.book(0).best_bid(), 99);
  hall.venue.expire(Time{5'000'000});
  EXPECT_EQ(hall.last(1), "cancel 1000000005 expired\n");
  hall.place(2, Side::buy, no_price, 1);
  EXPECT_EQ(hall.last(1), "cancel 1000000006 ioc\n");
}

TEST(Venue, TriggersFireEachOther) {
  Hall hall;
  hall.venue.set_last_price(0, 100);
  hall.place(1, Side::buy, 99, 5);
  hall.place(1, Side::buy, 98, 5);
  hall.place(1, Side::buy, 97, 5);
  const auto stop = [&](std::int32_t trigger) {
    hall.venue.place({.account = 2,
                      .instrument = 0,
                      .side = Side::sell,
                      .quantity = 5,
                      .time_in_force = TimeInForce::ioc,
                      .trigger = trigger},
                     0);
  };
  stop(98);
  stop(99);
  EXPECT_EQ(hall.venue.waiting(0), 2u);
  hall.place(3, Side::sell, 99, 5);
  EXPECT_EQ(hall.last(5),
            "trade 1000000001 99 5\ntriggered 1000000005\ntrade 1000000002 98 5\n"
            "triggered 1000000004\ntrade 1000000003 97 5\n");
  EXPECT_EQ(hall.venue.waiting(0), 0u);
}

TEST(Venue, SelfMatchPrevention) {
  const auto after = [](SelfMatch mode, std::size_t count) {
    Hall hall;
    hall.population.set_person(2, 1);
    hall.place(1, Side::sell, 100, 3);
    hall.place(5, Side::sell, 100, 3);
    hall.venue.place({.account = 2,
                      .instrument = 0,
                      .side = Side::buy,
                      .price = 100,
                      .quantity = 5,
                      .self_match = mode},
                     0);
    return hall.last(count);
  };
  EXPECT_EQ(after(SelfMatch::none, 2), "trade 1000000001 100 3\ntrade 1000000002 100 2\n");
  EXPECT_EQ(after(SelfMatch::cancel_taker, 1), "cancel 1000000003 self_match\n");
  EXPECT_EQ(after(SelfMatch::cancel_maker, 2),
            "cancel 1000000001 self_match\ntrade 1000000002 100 3\n");
  EXPECT_EQ(after(SelfMatch::cancel_both, 2),
            "cancel 1000000001 self_match\ncancel 1000000003 self_match\n");
  EXPECT_EQ(after(SelfMatch::decrement, 3),
            "cancel 1000000001 self_match\nreplace 1000000003 2\ntrade 1000000002 100 2\n");
}

TEST(Venue, LiquidatesWhoCannotHoldOn) {
  Hall hall;
  hall.place(1, Side::sell, 1'000, 10);
  hall.venue.place({.account = 2,
                    .instrument = 0,
                    .side = Side::buy,
                    .price = 1'000,
                    .quantity = 10,
                    .leverage = 10},
                   0);
  const OrderRef own = hall.place(2, Side::buy, 900, 1);
  hall.place(3, Side::buy, 940, 4);
  hall.venue.mark(0, 951);
  EXPECT_EQ(hall.venue.position(2, 0), 10);
  hall.venue.mark(0, 950);
  EXPECT_EQ(hall.venue.position(2, 0), 0);
  EXPECT_EQ(hall.venue.orders().find(own), nullptr);
  EXPECT_EQ(hall.venue.position(3, 0), 4);
  EXPECT_EQ(hall.venue.position(199, 0), 6);  // what the book could not take
  EXPECT_EQ(hall.words.kinds,
            (std::vector{TradeKind::book, TradeKind::liquidation, TradeKind::adl}));
}

TEST(Venue, ReduceOnlyNeverOpens) {
  Hall hall;
  hall.place(1, Side::sell, 100, 5);
  hall.place(2, Side::buy, 100, 5);
  hall.place(3, Side::buy, 99, 50);
  OrderRequest close{.account = 2,
                     .instrument = 0,
                     .side = Side::sell,
                     .quantity = 20,
                     .time_in_force = TimeInForce::ioc,
                     .reduce_only = true};
  EXPECT_EQ(hall.venue.place(close, 0).filled, 5);
  EXPECT_TRUE(hall.venue.place(close, 0).refused);
  EXPECT_EQ(hall.venue.position(2, 0), 0);
}

}  // namespace
}  // namespace marktwacht::sim
