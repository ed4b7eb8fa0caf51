// Pump and dump (clause 2.7): a crew buys quietly, calls a crowd that buys all at once, and sells
// to it.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class PumpAndDump : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    if (!open_market()) {
      co_return;
    }
    // Quietly, for some minutes.
    const std::int64_t parts = random().between(12, 24);
    for (std::int64_t part = 0; part < parts; ++part) {
      take(account(static_cast<std::size_t>(part)), Side::buy,
           usual_lots() * random().between(1, 3));
      co_await pause(15'000);
    }
    // The call: for half a minute rush after rush, each of several market orders within a
    // millisecond.
    const Time called = now();
    const std::int32_t before = desk().last_price(instrument());
    const std::int64_t move = before * (is(Manner::skirting) ? 8 : by_severity(12, 40)) / 1000;
    std::int64_t moved = 0;
    const std::int64_t rushes = random().between(60, 110);
    for (std::int64_t rush = 0; rush < rushes; ++rush) {
      nudge(move / rushes);
      const std::int64_t buyers = std::max<std::int64_t>(2, by_severity(12, 40) / (4 + rush / 10));
      const std::int32_t reach = within_band(before + move * (rush + 1) / rushes);
      for (std::int64_t buyer = 0; buyer < buyers; ++buyer) {
        // All but the last are many small ones; who comes last wants it at any price up to there.
        const bool last = buyer + 1 == buyers;
        follow(Side::buy, last ? book().depth(Side::sell, reach) : 0, last ? reach : no_price);
      }
      moved = std::max<std::int64_t>(moved, desk().last_price(instrument()) - before);
      if (rush * 2 >= rushes && rush % 5 == 0) {
        dump(static_cast<std::size_t>(rush));
      }
      co_await pause(is(Manner::slow) ? 250 : 350);
    }
    for (std::size_t part = 0; part < 20 && filled_lots(1) < filled_lots(); ++part) {
      dump(part);
      nudge(-move / 20);
      follow(Side::sell);
      co_await pause(2'500);
    }
    if (moved * 2 <= move) {
      co_return;
    }
    // What was done to the instrument is seen also where the crew is not.
    const LabelFacts pumped{"2.7", "pump_and_dump", {}, listing().instrument_id};
    desk().close_label(desk().open_label(pumped, called));
    if (filled_lots(1) * 2 > filled_lots()) {
      succeed("2.7", "pump_and_dump");
    }
  }

  // One of those who were called: none of the crew, and none the wiser.
  void follow(Side side, std::int64_t lots = 0, std::int32_t worst = no_price) {
    const std::int64_t some = draw_lots(listing(), random()) / 2 + 1;
    take(desk().population().draw(random()), side, std::max(lots, some), worst, 2);
  }

  void dump(std::size_t who) {
    const std::int64_t left = filled_lots() - filled_lots(1);
    if (left > 0) {
      take(account(who), Side::sell, std::min(left, filled_lots() / 10 + 1), no_price, 1);
    }
  }
};

}  // namespace

void add_pump_and_dump(Cast& cast) {
  add_episodes<PumpAndDump>(cast, {.accounts = 2,
                                   .split_accounts = 2,
                                   .lasts = {720 * second.ns},
                                   .history = {3'700 * second.ns},
                                   .where = spot});
}

}  // namespace marktwacht::sim
