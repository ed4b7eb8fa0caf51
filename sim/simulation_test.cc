// Whole simulations: one seed, one stream; a stream that the engine takes; books that are the same
// in both; the shares of the standard stream.
#include "sim/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/sha256.h"
#include "engine/engine.h"
#include "events/record.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

SimulationOptions small() {
  return {.seed = 1, .events = 120'000, .accounts = 3'000, .instruments = 12};
}

// Hashes the records and counts types and words.
class Watch : public Sink {
 public:
  void take(const Event& event) override {
    record_.clear();
    write_record(event, record_);
    sum_.add(record_);
    ++types[static_cast<std::size_t>(event.type)];
    EXPECT_GE(event.ts, last);
    last = event.ts;
    if (event.type == EventType::order) {
      const auto& order = as<event::Order>(event);
      ++times_in_force[static_cast<std::size_t>(order.time_in_force)];
      icebergs += order.has_display_quantity() ? 1 : 0;
      copies += order.has_copied_from() ? 1 : 0;
    } else if (event.type == EventType::cancel) {
      ++reasons[static_cast<std::size_t>(as<event::Cancel>(event).reason)];
    } else if (event.type == EventType::trade) {
      ++kinds[static_cast<std::size_t>(as<event::Trade>(event).kind)];
    } else if (event.type == EventType::reject) {
      ++refusals[static_cast<std::size_t>(as<event::Reject>(event).reason)];
    }
  }
  std::uint64_t of(EventType type) const { return types[static_cast<std::size_t>(type)]; }
  Digest digest() { return sum_.finish(); }

  std::array<std::uint64_t, event_types_end> types{};
  std::array<std::uint64_t, 8> times_in_force{}, kinds{}, refusals{};
  std::array<std::uint64_t, 16> reasons{};
  std::uint64_t icebergs = 0, copies = 0;
  Time last;

 private:
  std::string record_;
  Sha256 sum_;
};

Digest digest_of(const SimulationOptions& options) {
  Watch watch;
  Simulation(options, watch).run();
  return watch.digest();
}

TEST(Simulation, OneSeedOneStream) {
  SimulationOptions options = small();
  const Digest first = digest_of(options);
  EXPECT_EQ(first, digest_of(options));
  options.seed = 2;
  EXPECT_NE(first, digest_of(options));
}

class EngineSink : public Sink {
 public:
  void take(const Event& event) override {
    const marktwacht::Step step = engine.step(event);
    if (step.outcome != marktwacht::Step::Outcome::accepted) {
      ADD_FAILURE() << word_of(step.fault.reason) << " " << step.fault.field << " "
                    << event_info(event.type).word;
    }
  }
  Engine engine;
};

using Line = std::array<std::int64_t, 3>;  // price in ticks, lots left, lots shown

std::vector<std::pair<std::string, Line>> ours(const Venue& venue, std::uint32_t instrument,
                                               Side side) {
  std::vector<std::pair<std::string, Line>> lines;
  const Book& book = venue.book(instrument);
  for (std::int32_t price = book.best(side); price > 0 && price < price_end;
       price = book.worse(side, price)) {
    for (std::uint32_t at = book.level(price).head; at != no_slot; at = venue.orders()[at].next) {
      const Order& order = venue.orders()[at];
      lines.push_back({std::to_string(order.id), {order.price, order.remaining, order.visible()}});
    }
  }
  return lines;
}

std::vector<std::pair<std::string, Line>> theirs(const Engine& engine, const Listing& listing,
                                                 Side side) {
  std::vector<std::pair<std::string, Line>> lines;
  const Market& market = engine.market();
  const Books& books = market.books();
  const auto index = market.directory().find_instrument(make_text(listing.instrument_id));
  const Instrument& instrument = market.directory().instrument(index);
  books.visit_levels(index, side, [&](const LevelView& level) {
    books.visit_queue(index, side, level.price, [&](OrderSlot slot) {
      const auto& order = books.order(slot);
      lines.push_back({std::string(books.order_id(slot)),
                       {order.price.units / instrument.tick, order.remaining.units / instrument.lot,
                        books.visible(slot).units / instrument.lot}});
      return true;
    });
    return true;
  });
  return lines;
}

TEST(Simulation, TheEngineTakesAllOfItAndHasTheSameBooks) {
  EngineSink sink;
  SimulationOptions options = small();
  std::vector<std::string_view> all;
  for (const Behaviour& abuse : abuse_catalogue) {
    all.push_back(abuse.name);
  }
  options.abuse = all;
  Simulation simulation(options, sink);
  simulation.run();
  std::size_t orders = 0;
  for (std::uint32_t at = 0; at < options.instruments; ++at) {
    for (const Side side : {Side::buy, Side::sell}) {
      const auto own = ours(simulation.venue(), at, side);
      const auto engines = theirs(sink.engine, simulation.listings()[at], side);
      const auto [mine, other] = std::ranges::mismatch(own, engines);
      EXPECT_EQ(own.size(), engines.size()) << at;
      ASSERT_TRUE(mine == own.end() || other == engines.end())
          << at << ": " << testing::PrintToString(*mine) << testing::PrintToString(*other);
      orders += own.size();
    }
  }
  EXPECT_GT(orders, 500u);
  EXPECT_EQ(sink.engine.market().books().live_orders(), simulation.venue().orders().live());
}

TEST(Simulation, HasTheSharesOfTheStandardStream) {
  for (const std::int64_t density : {1'000, 30'000}) {
    Watch watch;
    SimulationOptions options = small();
    options.density_per_mille = density;
    options.events = 250'000;
    Simulation(options, watch).run();
    const double all =
        static_cast<double>(watch.of(EventType::order) + watch.of(EventType::cancel) +
                            watch.of(EventType::replace) + watch.of(EventType::trade));
    const auto percent = [&](EventType type) {
      return 100 * static_cast<double>(watch.of(type)) / all;
    };
    EXPECT_NEAR(percent(EventType::order), 46, 3) << density;
    EXPECT_NEAR(percent(EventType::cancel), 44, 4) << density;
    EXPECT_NEAR(percent(EventType::replace), 6, 1.5) << density;
    EXPECT_NEAR(percent(EventType::trade), 4, 1.5) << density;
  }
}

TEST(Simulation, EverythingHappens) {
  Watch watch;
  SimulationOptions options = small();
  options.events = 400'000;
  options.density_per_mille = 100;  // long enough for a funding
  Simulation(options, watch).run();
  for (const EventType type :
       {EventType::asset, EventType::instrument, EventType::account, EventType::exemption,
        EventType::login, EventType::deposit, EventType::withdrawal, EventType::reward,
        EventType::order, EventType::triggered, EventType::replace, EventType::cancel,
        EventType::reject, EventType::trade, EventType::index_price, EventType::mark_price,
        EventType::settlement, EventType::announcement}) {
    EXPECT_GT(watch.of(type), 0u) << event_info(type).word;
  }
  for (std::size_t tif = 0; tif < Words<TimeInForce>::list.size(); ++tif) {
    EXPECT_GT(watch.times_in_force[tif], 0u) << Words<TimeInForce>::list[tif];
  }
  for (const CancelReason reason : {CancelReason::user, CancelReason::ioc, CancelReason::fok,
                                    CancelReason::expired, CancelReason::self_match}) {
    EXPECT_GT(watch.reasons[static_cast<std::size_t>(reason)], 0u) << word_of(reason);
  }
  EXPECT_GT(watch.kinds[static_cast<std::size_t>(TradeKind::liquidation)], 0u);
  EXPECT_GT(watch.refusals[static_cast<std::size_t>(RejectedOrderReason::margin)], 0u);
  EXPECT_GT(watch.icebergs, 0u);
  EXPECT_GT(watch.copies, 0u);
}

TEST(Simulation, TwiceTheDensityHalfTheTime) {
  SimulationOptions options = small();
  Watch slow, quick;
  Simulation(options, slow).run();
  options.density_per_mille = 2'000;
  Simulation(options, quick).run();
  const auto lasted = [](const Watch& watch) {
    return static_cast<double>((watch.last - simulation_start).ns);
  };
  EXPECT_NEAR(lasted(slow) / lasted(quick), 2, 0.2);
}

TEST(Simulation, NobodyIsAccusedWithoutAbuse) {
  Watch watch;
  Simulation simulation(small(), watch);
  simulation.run();
  EXPECT_EQ(simulation.labels(), "");
}

// That each has its labels: abuse/catalogue_test.cc.
TEST(Simulation, LookAlikesStandBesideLabels) {
  Watch watch;
  SimulationOptions options = small();
  options.events = 600'000;
  options.abuse = {"self_trade"};
  Simulation simulation(options, watch);
  simulation.run();
  EXPECT_NE(simulation.labels().find("{\"clause\""), std::string::npos);
  EXPECT_NE(simulation.labels().find("{\"look_alike\":\"market_maker\""), std::string::npos);
}

}  // namespace
}  // namespace marktwacht::sim
