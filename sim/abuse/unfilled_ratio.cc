// Hardly any of what is ordered gets filled (clause 2.11): ten thousand orders in ten minutes that
// stand too far away to trade, withdrawn when they are old.
#include <deque>

#include "sim/abuse/program.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class UnfilledRatio : public Program {
 public:
  explicit UnfilledRatio(Plan plan) : Program(std::move(plan), "unfilled_ratio", 10'000) {}

 private:
  bool send() override {
    const Side side = draw_side(random());
    live_.push_back(
        offer(account(0), side, beside_best(side, random().between(30, 90)), usual_lots()).order);
    // 150 of them live more than seven seconds each.
    if (live_.size() > 150) {
      desk().cancel(live_.front());
      live_.pop_front();
    }
    return true;
  }

  void finish() override {
    for (const OrderRef order : live_) {
      desk().cancel(order);
    }
  }

  std::deque<OrderRef> live_;
};

}  // namespace

void add_unfilled_ratio(Cast& cast) { add_episodes<UnfilledRatio>(cast, program_episodes); }

}  // namespace marktwacht::sim
