// Nearly all orders are tiny (clause 2.11): less than fifty units of the quote asset each, ten
// thousand in ten minutes. They trade, one lot at a time.
#include "sim/abuse/program.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class DustRatio : public Program {
 public:
  explicit DustRatio(Plan plan) : Program(std::move(plan), "dust_ratio", 10'000) {}

 private:
  bool send() override {
    const Side side = draw_side(random());
    take(account(0), side, 1, book().best(opposite(side)));
    return true;
  }
};

// Where one lot is worth less than 50 at the highest price a stream may reach (50,000 ticks).
bool one_lot_is_dust(const Listing& listing) {
  std::int64_t worth = 50'000 * listing.tick.mantissa * listing.lot.mantissa;
  for (int places = listing.tick.exponent + listing.lot.exponent; places < 0; ++places) {
    worth /= 10;
  }
  return worth < 50;
}

}  // namespace

void add_dust_ratio(Cast& cast) {
  Episodes episodes = program_episodes;
  episodes.where = one_lot_is_dust;
  add_episodes<DustRatio>(cast, episodes);
}

}  // namespace marktwacht::sim
