// High-frequency trading where the product forbids it (clause 2.4): a program places and withdraws
// several times a second, for a minute.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t limit = 50;  // messages of a group within ten seconds

class HftForbidden : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const Time end = now() + Duration{random().between(15, 60) * second.ns};
    const std::int64_t per_ten_seconds = is(Manner::skirting) ? limit - 8 : by_severity(70, 220);
    const std::int64_t apart_ms = 20'000 / per_ten_seconds;
    std::vector<Time> sent;
    while (now() < end && open_market()) {
      const Side side = draw_side(random());
      const OrderRef order = offer(account(sent.size()), side,
                                   beside_best(side, random().between(1, 12)), usual_lots())
                                 .order;
      sent.push_back(now());
      co_await sleep(Duration{random().between(apart_ms / 3, apart_ms / 2) * millisecond.ns});
      if (desk().cancel(order)) {
        sent.push_back(now());
      }
      const auto full = static_cast<std::size_t>(limit);
      if (sent.size() >= full && now() - sent[sent.size() - full] < Duration{10 * second.ns}) {
        succeed("2.4", "hft_forbidden");
      }
      co_await sleep(Duration{random().between(apart_ms / 2, apart_ms * 2 / 3) * millisecond.ns});
    }
  }
};

bool forbids(const Listing& listing) { return listing.hft_forbidden; }

}  // namespace

void add_hft_forbidden(Cast& cast) {
  add_episodes<HftForbidden>(cast, {.lasts = {70 * second.ns}, .where = forbids});
}

}  // namespace marktwacht::sim
