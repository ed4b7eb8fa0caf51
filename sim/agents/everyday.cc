// What honest people do besides trading: pay friends, change phones and passwords, move their
// money, take part in programmes, earn commissions, talk about what they own.
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/agents/draws.h"
#include "sim/agents/posts.h"
#include "sim/agents/programs.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

class Everyday : public Agent {
 public:
  explicit Everyday(std::int64_t share) : share_(share) {}

  Time wake(Desk& desk) override {
    if (!told_) {
      told_ = true;
      tell_programs(desk);
      label_wallets(desk);
      for (const Neighbours& neighbours : desk.population().neighbours()) {
        if (neighbours.what == "cafe") {
          visitors_.insert(visitors_.end(), neighbours.accounts.begin(), neighbours.accounts.end());
        }
      }
    }
    if (!visitors_.empty()) {  // each is there once, at least
      desk.login(visitors_.back());
      visitors_.pop_back();
    }
    const std::uint32_t who = desk.population().draw(desk.random());
    const std::uint32_t draw = desk.random().below(100);
    if (draw < 20) {
      move_money(desk, who);
    } else if (draw < 35) {
      pay_a_friend(desk, who);
    } else if (draw < 55) {
      change_device(desk, who);
    } else if (draw < 75) {
      take_part(desk, who);
    } else if (draw < 85) {
      state_balance(desk, who);
    } else {
      talk(desk, who);
    }
    return desk.now() + desk.random().wait(desk.pace(0, share_));
  }

 private:
  static constexpr std::string_view quote = "USDT";
  static constexpr std::uint32_t exchanges = 4;

  void tell_programs(Desk& desk) {
    for (const ProgramTerms& terms : programs) {
      event::Program program;
      program.type = EventType::program;
      MW_SET(program, program_id, make_text(terms.id));
      MW_SET(program, volume_required, decimal(terms.volume_required, 0));
      MW_SET(program, from_ts, desk.now());
      MW_SET(program, until_ts, desk.now() + Duration{90 * day.ns});
      desk.publish(program);
    }
  }

  // Where other exchanges keep their clients' money: of half of them that is known.
  void label_wallets(Desk& desk) {
    for (std::uint64_t exchange = 0; exchange < exchanges; exchange += 2) {
      const std::string wallet = wallet_of(exchange);
      event::AddressLabel label;
      label.type = EventType::address_label;
      MW_SET(label, address, make_text(wallet));
      MW_SET(label, kind, AddressKind::exchange);
      desk.publish(label);
    }
  }
  static std::string wallet_of(std::uint64_t exchange) {
    return address_text((std::uint64_t{1} << 40) + exchange);
  }

  // To and from addresses of one's own, or an account elsewhere; now and then for one sum of just
  // under ten thousand.
  void move_money(Desk& desk, std::uint32_t who) {
    Random& random = desk.random();
    std::string own = address_text(who);
    if (random.chance(40)) {
      const std::uint32_t exchange = random.below(exchanges);
      own = wallet_of(exchange);
      desk.hands().stranger("hot_wallet", exchange, who);
    }
    const std::int64_t units =
        random.chance(8) ? random.between(180, 199) * 50 : heavy_tail(random, 100, 8);
    if (random.chance(60)) {
      desk.deposit(who, quote, decimal(units, 0), own);
    } else {
      const std::uint64_t fresh = random.next();
      desk.withdraw(who, quote, decimal(units, 0), random.chance(80) ? own : address_text(fresh));
    }
  }

  // Family, mostly, and always the same.
  void pay_a_friend(Desk& desk, std::uint32_t who) {
    const auto friend_rank =
        static_cast<std::uint32_t>(scattered(who) % desk.population().crowd_size());
    const std::uint32_t other = desk.population().ranked(friend_rank);
    if (other != who) {
      desk.hands().stranger("payment", who, who);
      desk.hands().stranger("payment", who, other);
      desk.transfer(who, other, quote, decimal(desk.random().between(2, 400), 0));
    }
  }

  // A new phone, a journey, a forgotten password.
  void change_device(Desk& desk, std::uint32_t who) {
    Random& random = desk.random();
    Place place = desk.population().place(who);
    place.device = random.chance(60) ? random.below(1U << 31) : place.device;
    if (random.chance(40)) {
      place.ip = random.below(1U << 31);
      place.kind = random.chance(50) ? IpKind::vpn : IpKind::mobile;
    }
    for (std::uint32_t failures = random.below(3); failures > 0; --failures) {
      desk.login(who, place, LoginResult::failed);
    }
    desk.login(who, place, LoginResult::ok);
    if (random.chance(35)) {
      event::Credential change;
      change.type = EventType::credential;
      MW_SET(change, account_id, desk.account_id(who));
      MW_SET(change, kind, static_cast<CredentialKind>(random.below(6)));
      desk.publish(change);
    }
  }

  // Programmes and commissions, without any thought of gaming them.
  void take_part(Desk& desk, std::uint32_t who) {
    Random& random = desk.random();
    const std::uint32_t by = desk.population().referrer(who);
    if (by != no_account) {
      desk.reward(by, {.kind = RewardKind::commission, .source_account = who}, quote,
                  decimal(random.between(5, 900), -2));
      return;
    }
    const ProgramTerms& terms = programs[random.below(3)];
    const bool released = random.chance(40);
    desk.reward(who,
                {.status = released ? RewardStatus::released : RewardStatus::granted,
                 .program_id = terms.id},
                quote, decimal(terms.bonus, 0));
    if (random.chance(30)) {
      const std::uint32_t other = desk.population().draw(random);
      desk.reward(who, {.kind = RewardKind::fee_rebate, .source_account = other}, quote,
                  decimal(random.between(5, 300), -2));
    }
  }

  // Of somebody who has only paid in yet: what was paid in.
  void state_balance(Desk& desk, std::uint32_t) {
    Random& random = desk.random();
    const std::uint32_t at = random.below(desk.population().crowd_size() / 2);
    const std::uint32_t who = desk.population().ranked(desk.population().crowd_size() - 1 - at);
    if (stated_.contains(who)) {
      return;
    }
    stated_.insert(who);
    const Decimal amount = decimal(random.between(2, 200) * 50, 0);
    desk.login(who);
    desk.deposit(who, quote, amount, address_text(who));
    event::Balance balance;
    balance.type = EventType::balance;
    MW_SET(balance, account_id, desk.account_id(who));
    MW_SET(balance, asset, make_text(quote));
    MW_SET(balance, total, amount);
    MW_SET(balance, available, amount);
    desk.publish(balance);
  }

  void talk(Desk& desk, std::uint32_t who) {
    Random& random = desk.random();
    const std::uint32_t at = random.below(random.below(desk.instruments()) + 1);
    const std::string text =
        reworded(rumour_text(desk.listing(at).base, random.chance(50), random), random);
    const bool repost = !last_post_.empty() && at == last_instrument_ && random.chance(30);
    const std::string id = publish_post(desk, {.account = random.chance(30) ? who : no_account,
                                               .instrument = at,
                                               .text = repost ? last_text_ : text,
                                               .repost_of = repost ? last_post_ : ""});
    if (!repost) {
      last_post_ = id;
      last_text_ = text;
      last_instrument_ = at;
    }
  }

  std::int64_t share_;
  bool told_ = false;
  std::set<std::uint32_t> stated_;
  std::vector<std::uint32_t> visitors_;  // of internet cafés
  std::string last_post_, last_text_;
  std::uint32_t last_instrument_ = 0;
};

}  // namespace

void add_everyday(Cast& cast) {
  cast.join(std::make_unique<Everyday>(15), cast.start() + Duration{second.ns});
}

}  // namespace marktwacht::sim
