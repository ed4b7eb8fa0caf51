// Nearly all immediate orders expire (clause 2.11): they are priced so that they cannot trade.
#include "sim/abuse/program.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class ExpireRatio : public Program {
 public:
  explicit ExpireRatio(Plan plan) : Program(std::move(plan), "expire_ratio", 5'000) {}

 private:
  bool send() override {
    const Side side = draw_side(random());
    OrderRequest asked =
        request(account(0), side, beside_best(side, random().between(0, 6)), usual_lots());
    asked.time_in_force = random().chance(50) ? TimeInForce::ioc : TimeInForce::fok;
    desk().place(asked);
    return true;
  }
};

}  // namespace

void add_expire_ratio(Cast& cast) { add_episodes<ExpireRatio>(cast, program_episodes); }

}  // namespace marktwacht::sim
