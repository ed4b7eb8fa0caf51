// How the streams are made: see streams.h.
#include "bench/streams.h"

#include <algorithm>
#include <array>

#include "bench/live_orders.h"
#include "sim/random.h"

namespace marktwacht::bench {
namespace {

using sim::scattered;
using sim::Weighted;
using sim::zipf;

constexpr std::uint32_t warm_up_most = 300'000;
constexpr std::int32_t ticks_at_start = 500'000;  // a price
constexpr Time stream_start{1'761'523'200'000'000'000};

// How far from the other side's best price orders are placed, in ticks: some anywhere within reach,
// the others near, where distance d, from 1, weighs 1 / (d + 1)².
struct Distances {
  std::uint32_t near_reach;
  std::uint32_t far_percent;
  std::uint32_t far_reach;
};

// Chosen so that the levels come out as those of the streams in docs/performance.md.
Distances distances_of(Shape shape) {
  return shape == Shape::tight ? Distances{560, 0, 1} : Distances{560, 32, 4'100};
}

Weighted near(const Distances& distances) {
  std::vector<std::uint64_t> weights(distances.near_reach);
  for (std::uint64_t at = 0; at < weights.size(); ++at) {
    weights[at] = (std::uint64_t{1} << 48) / ((at + 2) * (at + 2));
  }
  return Weighted(weights);
}

class StreamMaker {
 public:
  explicit StreamMaker(Stream& stream)
      : stream_(stream),
        random_(stream.options.seed * 2 + static_cast<std::uint64_t>(stream.shape)),
        orders_(stream.options.instruments),
        instruments_(zipf(stream.options.instruments)),
        accounts_(zipf(stream.options.accounts)),
        distances_(distances_of(stream.shape)),
        near_(near(distances_)),
        now_(stream_start) {}

  void make() {
    const StreamOptions& options = stream_.options;
    stream_.warm_up = std::min(warm_up_most, options.events);
    stream_.commands.reserve(std::size_t{stream_.warm_up} + options.events);
    const std::uint32_t live_at_start = stream_.warm_up / 20 * 19;
    for (std::uint32_t at = 0; at < stream_.warm_up; ++at) {
      step(orders_.size() < live_at_start ? CommandKind::place : kind());
    }
    for (std::uint32_t at = 0; at < options.events; ++at) {
      step(kind());
    }
    count();
  }

 private:
  CommandKind kind() {
    const std::uint32_t draw = random_.below(100);
    if (draw < 46 || orders_.size() == 0) {
      return CommandKind::place;
    }
    return draw < 90 ? CommandKind::cancel : draw < 96 ? CommandKind::replace : CommandKind::trade;
  }

  void step(CommandKind kind) {
    now_.ns += random_.below(2'000'000);
    Command command;
    switch (kind) {
      case CommandKind::place:
        command = place();
        break;
      case CommandKind::cancel:
        command = cancel();
        break;
      case CommandKind::replace:
        command = replace();
        break;
      case CommandKind::trade:
        command = trade();
        break;
    }
    command.ts = now_;
    stream_.commands.push_back(command);
    stream_.facts.levels_most =
        std::max(stream_.facts.levels_most, orders_.levels_of(command.instrument));
  }

  std::uint64_t fresh_id() { return scattered(stream_.options.seed * 1'000'000'007 + ++ids_); }

  // Never crosses the other side.
  std::int32_t draw_price(std::uint32_t instrument, Side side) {
    const std::uint32_t place = random_.chance(distances_.far_percent)
                                    ? random_.below(distances_.far_reach)
                                    : near_.draw(random_);
    const auto distance = static_cast<std::int32_t>(place) + 1;
    std::int32_t from = ticks_at_start;
    if (const Side other = opposite(side); !orders_.empty(instrument, other)) {
      from = orders_[orders_.best(instrument, other)].price;
    }
    return side == Side::buy ? std::max(1, from - distance) : from + distance;
  }

  // Mostly small, a few large.
  std::uint32_t draw_quantity() { return 1 + random_.below(random_.chance(10) ? 2'000 : 100); }

  Command place() {
    LiveOrder order;
    order.order_id = fresh_id();
    order.instrument = static_cast<std::uint16_t>(instruments_.draw(random_));
    order.account = accounts_.draw(random_);
    order.side = random_.chance(50) ? Side::buy : Side::sell;
    order.price = draw_price(order.instrument, order.side);
    order.quantity = draw_quantity();
    orders_.add(order);
    return about(order, CommandKind::place);
  }

  Command cancel() {
    const std::uint32_t place = random_.chance(75) ? orders_.young(random_) : orders_.any(random_);
    const Command command = about(orders_[place], CommandKind::cancel);
    orders_.remove(place);
    return command;
  }

  Command replace() {
    const std::uint32_t place = random_.chance(75) ? orders_.young(random_) : orders_.any(random_);
    LiveOrder& order = orders_[place];
    const std::uint64_t old_id = order.order_id;
    order.order_id = fresh_id();
    const std::int32_t price = draw_price(order.instrument, order.side);
    orders_.move(place, price, draw_quantity());
    Command command = about(order, CommandKind::replace);
    command.order_id = old_id;
    command.new_order_id = order.order_id;
    return command;
  }

  // Half of them take all that is left of the maker.
  Command trade() {
    const std::uint32_t any = orders_.any(random_);
    const std::uint32_t place = orders_.best(orders_[any].instrument, orders_[any].side);
    LiveOrder& maker = orders_[place];
    Command command = about(maker, CommandKind::trade);
    command.new_order_id = fresh_id();
    command.maker = maker.account;
    command.account = accounts_.draw(random_);
    if (maker.quantity > 1 && random_.chance(53)) {
      command.quantity = 1 + random_.below(maker.quantity - 1);
      maker.quantity -= command.quantity;
    } else {
      orders_.remove(place);
    }
    return command;
  }

  static Command about(const LiveOrder& order, CommandKind kind) {
    Command command;
    command.order_id = order.order_id;
    command.price = order.price;
    command.quantity = order.quantity;
    command.account = order.account;
    command.instrument = order.instrument;
    command.kind = kind;
    command.side = order.side;
    return command;
  }

  void count() {
    StreamFacts& facts = stream_.facts;
    facts.live_orders = orders_.size();
    facts.levels = orders_.levels();
    const auto first = stream_.commands.begin() + stream_.warm_up;
    std::array<std::uint32_t, 4> kinds{};
    for (auto at = first; at != stream_.commands.end(); ++at) {
      ++kinds[static_cast<std::size_t>(at->kind)];
    }
    facts.orders = kinds[0];
    facts.cancels = kinds[1];
    facts.replaces = kinds[2];
    facts.trades = kinds[3];
    facts.seconds = (stream_.commands.back().ts - first->ts).ns / second.ns;
  }

  Stream& stream_;
  Random random_;
  LiveOrders orders_;
  Weighted instruments_;
  Weighted accounts_;
  Distances distances_;
  Weighted near_;
  Time now_;
  std::uint64_t ids_ = 0;
};

}  // namespace

Stream make_stream(Shape shape, const StreamOptions& options) {
  Stream stream;
  stream.shape = shape;
  stream.options = options;
  StreamMaker(stream).make();
  return stream;
}

}  // namespace marktwacht::bench
