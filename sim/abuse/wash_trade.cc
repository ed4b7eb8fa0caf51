// Wash trades (clause 2.7): a crew trades back and forth among its own accounts; in the end nobody
// holds more or less than before, and the instrument has a volume that nobody made.
#include "sim/abuse/circle.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class WashTrade : public Circle {
 public:
  using Circle::Circle;

 private:
  Script act() override {
    const std::int64_t pairs = is(Manner::skirting) ? 5 : by_severity(8, 30);
    for (std::int64_t done = 0, tries = 0; done < pairs && tries < 200 * pairs; ++tries) {
      const std::size_t first = random().below(static_cast<std::uint32_t>(crew().size()));
      const std::uint32_t seller = account(first), buyer = account(first + 1);
      const std::int64_t lots = usual_lots() * random().between(10, 40) / 10;
      if (!trade(seller, buyer, lots)) {
        co_await pause(400);
        continue;
      }
      co_await pause(10'000);
      // And back, the same quantity.
      bool back = false;
      for (int again = 0; again < 2'000 && !back; ++again) {
        co_await pause(400);
        back = trade(buyer, seller, lots);
      }
      if (!back) {
        co_return;
      }
      ++done;
      co_await pause(20'000);
    }
  }
};

}  // namespace

void add_wash_trade(Cast& cast) {
  add_episodes<WashTrade>(cast, {.accounts = 2, .split_accounts = 3, .lasts = {1'200 * second.ns}});
}

}  // namespace marktwacht::sim
