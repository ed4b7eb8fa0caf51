// Abnormal profit (clause 2.1): somebody is always in before the news, and on the right side.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class AbnormalProfit : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const std::int64_t times = random().between(3, by_severity(3, 5));
    std::int64_t profitable = 0;
    for (std::int64_t time = 0; time < times; ++time) {
      const bool good = !listing().perpetual() || random().chance(50);
      const Side side = good ? Side::buy : Side::sell;
      const std::uint32_t who = account(static_cast<std::size_t>(time));
      const std::int64_t lots = usual_lots() * random().between(2, 8);
      const std::int64_t before = earned();
      std::int64_t in = 0;
      for (int part = 0; part < 4; ++part) {
        in += take(who, side, lots / 4 + 1).filled;
        co_await pause(10'000);
      }
      co_await pause(is(Manner::slow) ? 150'000 : 90'000);
      const std::int64_t size = random().between(60, by_severity(90, 250));
      desk().announce(
          instrument(), AnnouncementKind::news,
          good ? "The project announces a partnership." : "The project delays its release.",
          good ? size : -size);
      co_await sleep(Duration{random().between(60, 120) * second.ns});
      std::int64_t out = 0;
      for (int part = 0; part < 12 && out < in; ++part) {
        out += take(who, opposite(side), std::min(in / 4 + 1, in - out)).filled;
        co_await pause(8'000);
      }
      co_await pause(60'000);
      // What a thin market did not take back counts at its last price.
      const std::int64_t left =
          (side == Side::buy ? in - out : out - in) * std::int64_t{desk().last_price(instrument())};
      profitable += earned() + left > before && out * 10 >= in * 9 ? 1 : 0;
      if (time >= 2 && profitable * 5 >= (time + 1) * 4) {
        succeed("2.1", "abnormal_profit", crew(), false);
      }
    }
  }
};

// Where a price follows the news within a minute.
bool busy(const Listing& listing) { return listing.activity >= 9'000; }

}  // namespace

void add_abnormal_profit(Cast& cast) {
  add_episodes<AbnormalProfit>(cast,
                               {.per_million = 10, .lasts = {1'800 * second.ns}, .where = busy});
}

}  // namespace marktwacht::sim
