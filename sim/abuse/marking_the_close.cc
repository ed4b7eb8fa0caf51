// Marking the close (clause 2.7): in the last minutes before a settlement, own market orders push
// the price at which a position is settled; afterwards the price comes back.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class MarkingTheClose : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t every = listing().settlement_every_min * 60 * second.ns;
    const Duration window{random().between(240, 540) * second.ns}, ahead{700 * second.ns};
    const Time close{((now() + ahead).ns / every + 1) * every};
    // The position that shall profit comes first, ahead of those minutes.
    co_await sleep(Duration{(close - now()).ns - ahead.ns});
    begin();
    const Side side = draw_side(random());
    const std::int64_t sign = side == Side::buy ? 1 : -1;
    const std::int64_t lots = usual_lots() * by_severity(15, 60) / 10;
    for (int part = 0; part < 4; ++part) {
      take(account(crew().size() - 1), side, lots * 2, no_price, 1);
      co_await sleep(Duration{10 * second.ns});
    }
    co_await sleep(Duration{(close - now()).ns - window.ns});
    const std::int32_t before = desk().last_price(instrument());
    while (close - now() > Duration{40 * second.ns}) {
      take(account(0), side, lots);
      co_await pause(is(Manner::slow) ? 2'500 : 5'000);
    }
    // The last orders go far enough to be seen in the settlement price.
    const std::int64_t move = usual_move(600) * (is(Manner::skirting) ? 1 : by_severity(2, 4));
    for (int step = 1; step <= 8 && now() < close; ++step) {
      const std::int32_t worst = within_band(before + sign * move * step / 8);
      take(account(0), side, lots + depth(opposite(side), move) / 2, worst);
      co_await sleep(Duration{std::max<std::int64_t>(1, (close - now()).ns / (9 - step) - 1)});
    }
    if (filled_lots() > lots * 5) {
      succeed("2.7", "marking_the_close");
    }
    co_await sleep(Duration{random().between(60, 200) * second.ns});
    for (int part = 0; part < 10; ++part) {
      take(account(0), opposite(side), filled_lots() / 10 + 1, no_price, 2);
      take(account(crew().size() - 1), opposite(side), filled_lots(1) / 10 + 1, no_price, 2);
      co_await pause(8'000);
    }
  }
};

// Where it settles often enough to happen in short streams.
bool settles_hourly(const Listing& listing) {
  return listing.perpetual() && listing.settlement_every_min <= 60;
}

}  // namespace

void add_marking_the_close(Cast& cast) {
  add_episodes<MarkingTheClose>(cast, {.per_million = 15,
                                       .lasts = {3'900 * second.ns},
                                       .apart = {3'600 * second.ns},
                                       .where = settles_hourly});
}

}  // namespace marktwacht::sim
