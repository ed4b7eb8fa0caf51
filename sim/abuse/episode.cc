// What all episodes share: see episode.h.
#include "sim/abuse/episode.h"

#include <algorithm>
#include <cstdlib>

namespace marktwacht::sim {

std::int64_t whole(const Decimal& amount) {
  Int128 units = amount.mantissa;
  for (int places = amount.exponent; places != 0; places += places < 0 ? 1 : -1) {
    units = places < 0 ? units / 10 : units * 10;
  }
  return static_cast<std::int64_t>(units);
}

Time Episode::wake(Desk& desk) {
  desk_ = &desk;
  if (script_ == nullptr) {
    began_ = now();
    channel_ = random().chance(50)   ? Channel::api
               : random().chance(60) ? Channel::app
                                     : Channel::web;
    root_ = act();
    script_ = root_.handle();
    show_bond();
  }
  script_.resume();
  return root_.handle().done() ? never : next_;
}

void Episode::filled(const Fill& fill, Desk& desk) {
  desk_ = &desk;
  filled_[fill.tag % 8] += fill.quantity;
  if (fill.tag != 2) {
    const std::int64_t worth = fill.quantity * fill.price;
    earned_ += fill.side == Side::sell ? worth : -worth;
  }
  const bool own = std::ranges::find(crew(), fill.account) != crew().end();
  if (own && fill.instrument == plan_.instrument) {
    watch_bursts(fill);
  }
}

// A burst of 30 s that moved the price by four standard deviations, half of it traded back within
// two minutes, is what momentum_ignition looks for.
void Episode::watch_bursts(const Fill& fill) {
  const std::size_t side = fill.side == Side::buy ? 0 : 1;
  Burst& other = bursts_[1 - side];
  const bool fresh = other.lots > 0 && now() - other.last <= Duration{120 * second.ns};
  if (fresh && std::abs(other.far - other.first) >= 4 * usual_move(30)) {
    other.back += fill.quantity;
    if (other.back * 2 >= other.lots) {
      constexpr std::string_view ignition = "momentum_ignition";
      if (std::ranges::find(labels_, ignition, &Given::detector) == labels_.end()) {
        const LabelFacts facts{"2.7", ignition, crew(), listing().instrument_id};
        labels_.push_back({ignition, desk_->open_label(facts, other.from)});
      }
      succeed("2.7", ignition);
      other = {};
    }
  }
  if (fill.maker) {
    return;
  }
  Burst& own = bursts_[side];
  if (own.lots == 0 || now() - own.from > Duration{30 * second.ns}) {
    own = {now(), now(), 0, 0, fill.price, fill.price};
  }
  own.last = now();
  own.lots += fill.quantity;
  own.far = fill.side == Side::buy ? std::max(own.far, fill.price) : std::min(own.far, fill.price);
}

// Accounts that are joined by funds alone have moved money to and fro before.
void Episode::show_bond() {
  if (plan_.bond == Bond::funds) {
    desk_->hands().one_hand("funds", crew());
    for (std::size_t at = 1; at < crew().size(); ++at) {
      const std::int64_t sum = random().between(2, 80) * 50;
      desk_->transfer(crew()[0], crew()[at], "USDT", decimal(sum, 0));
      desk_->transfer(crew()[at], crew()[0], "USDT", decimal(sum * random().between(3, 9) / 10, 0));
    }
  }
}

Episode::Wait Episode::pause(std::int64_t ms) {
  if (is(Manner::noisy) && random().chance(25)) {
    make_noise();
  }
  const std::int64_t longer = is(Manner::slow) ? ms * 3 : ms;
  return {*this, Duration{random().between(longer * 500, longer * 1500) * millisecond.ns / 1000}};
}

// A usual order, far enough to stay; the last one goes.
void Episode::make_noise() {
  desk_->cancel(noise_);
  const Side side = draw_side(random());
  const std::uint32_t who = account(random().below(static_cast<std::uint32_t>(crew().size())));
  OrderRequest asked = request(who, side, beside_best(side, random().between(5, 60)),
                               draw_lots(listing(), random()), 7);
  asked.time_in_force = TimeInForce::gtx;
  noise_ = desk_->place(asked).order;
}

std::int32_t Episode::beside_best(Side side, std::int64_t ticks) const {
  const std::int32_t best =
      book().has(side) ? book().best(side) : desk_->last_price(plan_.instrument);
  const std::int32_t price = behind(side, best, ticks);
  return side == Side::buy ? std::min(price, book().best_ask() - 1)
                           : std::max(price, book().best_bid() + 1);
}

std::int64_t Episode::depth(Side side, std::int64_t ticks) const {
  return book().has(side) ? book().depth(side, behind(side, book().best(side), ticks)) : 0;
}

std::int64_t Episode::usual_move(std::int64_t seconds) const {
  const std::int64_t daily = desk_->last_price(plan_.instrument) / 25;  // 4 %
  std::int64_t ticks = 1;
  while (ticks * ticks * 86'400 < daily * daily * seconds) {
    ++ticks;
  }
  return ticks;
}

Duration Episode::patience() const {
  const Duration fill = desk_->pace(plan_.instrument, 2);
  return std::clamp(fill, Duration{20 * second.ns}, Duration{600 * second.ns});
}

OrderRequest Episode::request(std::uint32_t account, Side side, std::int32_t price,
                              std::int64_t lots, std::uint32_t tag) const {
  return {.account = account,
          .instrument = plan_.instrument,
          .side = side,
          .price = price,
          .quantity = std::max<std::int64_t>(1, lots),
          .channel = channel_,
          .self_match = SelfMatch::none,
          .tag = tag};
}

Placed Episode::offer(std::uint32_t account, Side side, std::int32_t price, std::int64_t lots,
                      std::uint32_t tag) {
  return desk_->place(request(account, side, price, lots, tag));
}

Placed Episode::take(std::uint32_t account, Side side, std::int64_t lots, std::int32_t worst,
                     std::uint32_t tag) {
  OrderRequest asked = request(account, side, worst, lots, tag);
  asked.time_in_force = TimeInForce::ioc;
  return desk_->place(asked);
}

// Where there is no room between the best prices it is made: the thinner best level is taken first.
std::int32_t Episode::make_room(std::uint32_t taker_of_asks, std::uint32_t taker_of_bids,
                                std::int64_t lots_most) {
  if (!open_market()) {
    return no_price;
  }
  const std::int32_t room = book().best_ask() - book().best_bid() - 1;
  if (room > 0) {
    return static_cast<std::int32_t>(book().best_bid() + random().between(1, room));
  }
  const std::int64_t asks = depth(Side::sell, 0), bids = depth(Side::buy, 0);
  if (std::min(asks, bids) > lots_most) {
    return no_price;
  }
  const Side side = asks <= bids ? Side::buy : Side::sell;
  const std::int32_t price = book().best(opposite(side));
  take(side == Side::buy ? taker_of_asks : taker_of_bids, side, std::min(asks, bids), price, 4);
  const bool empty = open_market() && book().best_bid() < price && price < book().best_ask();
  return empty ? price : no_price;
}

bool Episode::trade_between(std::uint32_t seller, std::uint32_t buyer, std::int64_t lots) {
  const std::int32_t price = make_room(buyer, seller, lots / 2);
  if (price == no_price) {
    return false;
  }
  const Side first = draw_side(random());
  const std::uint32_t maker = first == Side::buy ? buyer : seller;
  const std::uint32_t taker = first == Side::buy ? seller : buyer;
  const OrderRef made = offer(maker, first, price, lots, 6).order;
  const std::int64_t met = take(taker, opposite(first), lots, price, 5).filled;
  desk_->cancel(made);
  return met == lots;
}

void Episode::nudge(std::int64_t ticks) {
  desk_->values().nudge(listing().base_number, ticks, now());
}

void Episode::succeed(std::string_view clause, std::string_view detector) {
  succeed(clause, detector, crew());
}

void Episode::succeed(std::string_view clause, std::string_view detector,
                      std::vector<std::uint32_t> accounts, bool with_instrument) {
  auto given = std::ranges::find(labels_, detector, &Given::detector);
  if (given == labels_.end()) {
    const std::string_view id = with_instrument ? listing().instrument_id : std::string_view{};
    const LabelFacts facts{clause, detector, std::move(accounts), id};
    labels_.push_back({detector, desk_->open_label(facts, began_)});
    given = labels_.end() - 1;
  }
  desk_->close_label(given->label);
}

}  // namespace marktwacht::sim
