// Nearly all orders are withdrawn within five seconds (clause 2.11).
#include "sim/abuse/program.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class InvalidCancelRatio : public Program {
 public:
  explicit InvalidCancelRatio(Plan plan)
      : Program(std::move(plan), "invalid_cancel_ratio", 5'000) {}

 private:
  // The one before goes when the next comes, after a tenth of a second.
  bool send() override {
    const Side side = draw_side(random());
    desk().cancel(last_);
    last_ =
        offer(account(0), side, beside_best(side, random().between(20, 80)), usual_lots()).order;
    return true;
  }
  void finish() override { desk().cancel(last_); }

  OrderRef last_;
};

}  // namespace

void add_invalid_cancel_ratio(Cast& cast) {
  add_episodes<InvalidCancelRatio>(cast, program_episodes);
}

}  // namespace marktwacht::sim
