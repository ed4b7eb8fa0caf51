// API bots that mean well and are refused: post-only orders where they would trade, more than the
// margin allows, more than the rate allows. In floods, as long as the fault lasts.
#include <memory>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t share = 70;  // per mille of the instrument's events
constexpr std::int64_t flood_most = 60;

class ApiBot : public Agent {
 public:
  ApiBot(std::uint32_t instrument, std::uint32_t account)
      : instrument_(instrument), account_(account) {}

  Time wake(Desk& desk) override {
    Random& random = desk.random();
    if (flood_ == 0 && random.per_mille(25)) {
      flood_ = random.between(10, flood_most);
      fault_ = random.chance(60)   ? RejectedOrderReason::post_only
               : random.chance(60) ? RejectedOrderReason::margin
                                   : RejectedOrderReason::rate;
    }
    if (flood_ > 0) {
      --flood_;
      try_again(desk);
    } else {
      work(desk);
    }
    return desk.now() + random.wait(flood_ > 0 ? Duration{12 * millisecond.ns}
                                               : desk.pace(instrument_, share / 2));
  }

 private:
  OrderRequest request(Desk& desk, Side side) const {
    return {.account = account_,
            .instrument = instrument_,
            .side = side,
            .quantity = draw_lots(desk.listing(instrument_), desk.random()),
            .time_in_force = TimeInForce::gtx,
            .channel = Channel::api};
  }

  // The same mistake once more.
  void try_again(Desk& desk) {
    const Side side = draw_side(desk.random());
    OrderRequest asked = request(desk, side);
    const Book& book = desk.book(instrument_);
    asked.price = book.has(opposite(side)) ? book.best(opposite(side)) : desk.mid(instrument_);
    desk.refuse(asked, fault_);
  }

  // A grid of orders at some distance from the price, one of them moved at a time: further from the
  // touch than anybody is misled by.
  void work(Desk& desk) {
    Random& random = desk.random();
    const std::uint32_t at = random.below(static_cast<std::uint32_t>(std::size(grid_)));
    const Side side = at % 2 == 0 ? Side::buy : Side::sell;
    if (desk.cancel(grid_[at])) {
      grid_[at] = {};
    }
    OrderRequest asked = request(desk, side);
    const Book& book = desk.book(instrument_);
    const std::int32_t best = book.has(side) ? book.best(side) : desk.mid(instrument_);
    asked.price = behind(side, best, random.between(12, 60));
    grid_[at] = desk.place(asked).order;
  }

  std::uint32_t instrument_, account_;
  OrderRef grid_[10];
  std::int64_t flood_ = 0;
  RejectedOrderReason fault_ = RejectedOrderReason::post_only;
};

}  // namespace

void add_api_bot(Cast& cast) {
  const std::vector<std::uint32_t> accounts = cast.take_accounts(80);
  for (std::uint32_t at = 0; at < cast.instruments() && !accounts.empty(); ++at) {
    if (cast.listing(at).hft_forbidden) {
      continue;
    }
    cast.look_alike("api_bot", {accounts[at % accounts.size()]}, at);
    cast.join(std::make_unique<ApiBot>(at, accounts[at % accounts.size()]),
              cast.start() + Duration{second.ns});
  }
}

}  // namespace marktwacht::sim
