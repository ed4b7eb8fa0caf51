// Matched orders (clause 2.7): two who do not seem to know each other place opposite orders at one
// price within a second, again and again, and fill each other.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class MatchedOrders : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t aim = is(Manner::skirting) ? 10 : random().between(12, by_severity(16, 50));
    for (std::int64_t tries = 0; matched_ < aim && tries < 100 * aim; ++tries) {
      const std::int64_t before = matched_;
      co_await match(static_cast<std::size_t>(tries));
      if (matched_ >= 10) {
        succeed("2.7", "matched_orders");
      }
      co_await pause(matched_ == before ? 500 : 9'000);
    }
  }

  // The first order stands between the best prices; the second meets it before anybody else does.
  Script match(std::size_t turn) {
    const std::int64_t lots = usual_lots() * random().between(10, 40) / 10;
    const std::int32_t price = make_room(account(turn), account(turn + 1), lots / 2);
    if (price == no_price) {
      co_return;
    }
    const Side side = draw_side(random());
    const OrderRef first = offer(account(turn), side, price, lots).order;
    co_await sleep(
        Duration{(is(Manner::slow) ? random().between(500, 950) : random().between(5, 200)) *
                 millisecond.ns});
    const Order* left = desk().find(first);
    if (left != nullptr && left->remaining == lots && book().level(price).head == first.slot &&
        book().best(side) == price) {
      matched_ += take(account(turn + 1), opposite(side), lots, price).filled == lots ? 1 : 0;
    }
    desk().cancel(first);
  }

  std::int64_t matched_ = 0;
};

}  // namespace

void add_matched_orders(Cast& cast) {
  add_episodes<MatchedOrders>(
      cast, {.accounts = 2, .split_accounts = 0, .lasts = {600 * second.ns}, .linked = false});
}

}  // namespace marktwacht::sim
