// Layering (clause 2.8): false interest on three levels or more; once around a fill on the other
// side, once for its own sake, moved with the market for minutes and never filled.
#include "sim/abuse/false_interest.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class LayersAroundFills : public FalseInterest {
 public:
  explicit LayersAroundFills(Plan plan) : FalseInterest(std::move(plan), "layering", 3, 6) {}
};

// Several levels that follow the best price at their distance, so that they press and never trade.
class LastingLayers : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    if (!open_market()) {
      co_return;
    }
    const Side side = draw_side(random());
    const std::int64_t levels = random().between(3, by_severity(4, 7));
    const std::int64_t share = is(Manner::skirting) ? 9 : by_severity(15, 45);
    const std::int64_t lots = std::max(usual_lots(), depth(side, 30) * share / 100);
    for (std::int64_t level = 0; level < levels; ++level) {
      const std::int64_t away = 3 + level * random().between(2, 3);
      aways_.push_back(away);
      orders_.push_back(offer(account(static_cast<std::size_t>(level)), side,
                              beside_best(side, away), lots / levels + 1)
                            .order);
    }
    const Time first = now();
    const std::int64_t enough = random().between(60, by_severity(80, 200));
    while (moves_ < enough || now() - first < Duration{70 * second.ns}) {
      co_await pause(900);
      follow(side);
      if (moves_ >= 50 && now() - first >= Duration{60 * second.ns} &&
          filled_lots() * 100 <= lots) {
        succeed("2.8", "layering");
      }
    }
    for (const OrderRef order : orders_) {
      desk().cancel(order);
    }
  }

  // Each level back to its distance; one that stands right may be shifted by a tick.
  void follow(Side side) {
    for (std::size_t at = 0; at < orders_.size(); ++at) {
      const Order* order = desk().find(orders_[at]);
      const std::int32_t price = beside_best(side, aways_[at] + random().between(0, 1));
      if (order != nullptr && order->price != price) {
        orders_[at] = desk().replace(orders_[at], price, order->remaining).order;
        ++moves_;
      }
    }
  }

  std::vector<OrderRef> orders_;
  std::vector<std::int64_t> aways_;
  std::int64_t moves_ = 0;
};

}  // namespace

void add_layering(Cast& cast) {
  add_episodes<LayersAroundFills>(cast, {.per_million = 10, .lasts = {600 * second.ns}});
  add_episodes<LastingLayers>(cast, {.per_million = 10, .lasts = {300 * second.ns}});
}

}  // namespace marktwacht::sim
