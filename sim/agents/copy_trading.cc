// Copy trading: a leader trades, followers do the same a moment later; some through the venue's own
// programme, which says so, others by their own API keys, which does not show.
#include <memory>
#include <vector>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

constexpr std::int64_t share = 1;  // per mille of the instrument's events: three leaders' trades

struct Follower {
  std::uint32_t account = 0;
  bool declared = false;
  Duration lag;              // always about the same
  std::int64_t percent = 0;  // of the leader's quantity
};

class CopyTrading : public Agent {
 public:
  CopyTrading(std::uint32_t instrument, std::uint32_t leader, std::vector<Follower> followers)
      : instrument_(instrument),
        leader_(leader),
        followers_(std::move(followers)),
        next_(followers_.size()) {}

  // The leader's turn, then one follower after the other.
  Time wake(Desk& desk) override {
    if (next_ == followers_.size()) {
      lead(desk);
      next_ = 0;
    } else {
      follow(desk, followers_[next_++]);
    }
    if (next_ < followers_.size()) {
      return led_ + followers_[next_].lag + Duration{desk.random().between(0, 3) * millisecond.ns};
    }
    return desk.now() + desk.random().wait(Duration{3 * desk.pace(instrument_, share).ns});
  }

 private:
  void lead(Desk& desk) {
    Random& random = desk.random();
    trade_ = {.account = leader_,
              .instrument = instrument_,
              .side = draw_side(random),
              .quantity = draw_lots(desk.listing(instrument_), random),
              .time_in_force = TimeInForce::ioc,
              .channel = Channel::web};
    led_ = desk.now();
    desk.place(trade_);
  }

  void follow(Desk& desk, const Follower& follower) {
    OrderRequest asked = trade_;
    asked.account = follower.account;
    asked.quantity = std::max<std::int64_t>(1, trade_.quantity * follower.percent / 100);
    asked.channel = follower.declared ? Channel::copy : Channel::api;
    asked.copied_from = follower.declared ? leader_ : no_account;
    desk.place(asked);
  }

  std::uint32_t instrument_, leader_;
  std::vector<Follower> followers_;  // by their lag
  std::size_t next_;
  Time led_;
  OrderRequest trade_;
};

}  // namespace

void add_copy_trading(Cast& cast) {
  Random& random = cast.random();
  const std::uint32_t leaders = std::min(cast.instruments(), 12U);
  for (std::uint32_t at = 0; at < leaders; ++at) {
    const std::uint32_t leader = cast.take_account();
    if (leader == no_account) {
      return;
    }
    cast.declare(leader, {.roles = {Role::copy_leader}, .kyc_level = 3});
    const std::uint32_t count = std::min(4 + 2 * at, cast.population().crowd_size() / 20);
    std::vector<Follower> followers;
    for (std::uint32_t follower = 0; follower < count; ++follower) {
      followers.push_back({.account = cast.draw_from_crowd(),
                           .declared = random.chance(60),
                           .lag = {random.between(40, 900) * millisecond.ns},
                           .percent = random.between(2, 30)});
    }
    std::vector<std::uint32_t> all{leader};
    for (const Follower& follower : followers) {
      all.push_back(follower.account);
    }
    cast.look_alike("copy_trading", std::move(all), at);
    std::ranges::sort(followers, {}, &Follower::lag);
    cast.join(std::make_unique<CopyTrading>(at, leader, std::move(followers)),
              cast.start() + Duration{20 * second.ns});
  }
}

}  // namespace marktwacht::sim
