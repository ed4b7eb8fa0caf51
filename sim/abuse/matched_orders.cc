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
    for (std::int64_t tries = 0; matched_ < aim && tries < 20 * aim; ++tries) {
      co_await match(static_cast<std::size_t>(tries));
      if (matched_ >= 10) {
        succeed("2.7", "matched_orders");
      }
      co_await pause(8'000);
    }
  }

  // The first order stands between the best prices; the second meets it before anybody else does.
  Script match(std::size_t turn) {
    const std::int32_t room = book().best_ask() - book().best_bid() - 1;
    if (!open_market() || room < 1) {
      co_return;
    }
    const Side side = draw_side(random());
    const std::int64_t lots = usual_lots() * random().between(8, 30) / 10;
    const auto price = static_cast<std::int32_t>(book().best_bid() + random().between(1, room));
    const OrderRef first = offer(account(turn), side, price, lots).order;
    co_await sleep(
        Duration{(is(Manner::slow) ? random().between(500, 950) : random().between(5, 200)) *
                 millisecond.ns});
    const Order* left = desk().find(first);
    const bool first_in_line = left != nullptr && left->remaining == lots &&
                               book().best(side) == price && book().level(price).visible == lots;
    if (first_in_line) {
      OrderRequest second_order = request(account(turn + 1), opposite(side), price, lots);
      matched_ += desk().place(second_order).filled == lots ? 1 : 0;
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
