// Bonus hunting (clause 2.3): a crew of accounts each claims one programme's bonus, trades just the
// volume that it takes, and withdraws; who does not get there is given nothing.
#include <algorithm>
#include <vector>

#include "sim/abuse/episode.h"
#include "sim/agents/programs.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class BonusHunting : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    const ProgramTerms& program = programs[random().below(2)];
    const std::string address = address_text(random().next());
    for (const std::uint32_t who : crew()) {
      desk().login(who);
      desk().deposit(who, "USDT", decimal(random().between(20, 60) * 100, 0));
      desk().reward(who, {.program_id = program.id}, "USDT", decimal(program.bonus, 0));
      co_await pause(20'000);
    }
    std::vector<std::uint32_t> released;
    for (const std::uint32_t who : crew()) {
      co_await trade_required(who, program.volume_required);
      if (reached_) {
        desk().reward(who, {.status = RewardStatus::released, .program_id = program.id}, "USDT",
                      decimal(program.bonus, 0));
        released.push_back(who);
      }
    }
    co_await pause(is(Manner::slow) ? 300'000 : 60'000);
    // To one address, or each to its own.
    for (const std::uint32_t who : released) {
      const bool same = !is(Manner::split) && !is(Manner::skirting);
      const std::int64_t amount = random().between(1'000, 3'000);
      std::string to = address;
      if (!same) {  // no choice of two texts: g++ 12 loses temporary strings within a coroutine
        to = address_text(random().next());
      }
      desk().withdraw(who, "USDT", decimal(amount, 0), to);
      co_await pause(15'000);
    }
    if (released.size() >= 3) {
      succeed("2.3", "bonus_hunting", released, false);
    }
  }

  // In and out, until the volume is reached and no further.
  Script trade_required(std::uint32_t who, std::int64_t volume) {
    const std::int64_t thousand = std::max<std::int64_t>(
        1, whole(desk().notional(instrument(), desk().mid(instrument()), 1'000)));
    const std::int64_t lots = volume * 1'000 / thousand + 1;
    const std::int64_t trades = 2 * random().between(3, 6);
    std::int64_t done = 0;
    for (int at = 0; done < lots && at < 60; ++at) {
      const Side side = at % 2 == 0 ? Side::buy : Side::sell;
      done += take(who, side, std::min(lots / trades + 1, lots - done + 1)).filled;
      co_await pause(4'000);
    }
    reached_ = done >= lots;
  }

  bool reached_ = false;  // the volume, by whom it was traded for last
};

// Where such a volume is traded within minutes.
bool liquid(const Listing& listing) { return listing.activity >= 18'000; }

}  // namespace

void add_bonus_hunting(Cast& cast) {
  add_episodes<BonusHunting>(
      cast, {.accounts = 4, .split_accounts = 3, .lasts = {1'200 * second.ns}, .where = liquid});
}

}  // namespace marktwacht::sim
