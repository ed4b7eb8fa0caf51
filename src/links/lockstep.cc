// Seconds are settled one after the other, a minute late: see lockstep.h.
#include "links/lockstep.h"

#include <algorithm>

#include "base/check.h"

namespace marktwacht {
namespace {

constexpr std::uint64_t one = std::uint64_t{1} << 32;  // a weight of 1
// When two are compared exactly: hashes alike to this share (per mille), over so many actions.
constexpr std::uint32_t likeness_seen_min = 500, actions_seen_min = 8;
constexpr std::int64_t hour_ns = 3'600 * second.ns;

std::int64_t second_of(Time at) {
  return at.ns >= 0 ? at.ns / second.ns : -((-at.ns + second.ns - 1) / second.ns);
}

// Splitmix64's finish.
std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ bits >> 30) * 0xBF58'476D'1CE4'E5B9U;
  bits = (bits ^ bits >> 27) * 0x94D0'49BB'1331'11EBU;
  return bits ^ bits >> 31;
}

std::uint64_t pair_key(AccountPair pair) {
  return std::uint64_t{pair.a.value} << 32 | pair.b.value;
}

}  // namespace

Lockstep::Lockstep(const LockstepLimits& limits)
    : limits_(limits),
      actors_(limits.actors_max, limits.memory_max),
      pairs_(limits.pairs_max, limits.memory_max) {
  check(limits.actors_max >= limits.together_max, "those who act together have room");
}

std::uint64_t Lockstep::hash_of_key(const Key& key, std::int64_t second_number) {
  std::uint64_t hash = mixed(static_cast<std::uint64_t>(second_number) * 0x9E37'79B9'7F4A'7C15U);
  hash = mixed(hash ^
               (std::uint64_t{key.instrument.value} << 2 |
                static_cast<std::uint64_t>(key.side) << 1 | static_cast<std::uint64_t>(key.act)));
  return mixed(hash + static_cast<std::uint64_t>(key.price.units) * 0x9E37'79B9'7F4A'7C15U);
}

void Lockstep::act(const BookAction& action, Time now, std::uint64_t seq) {
  found_.clear();
  last_seq_ = seq;
  settle(now);
  if (pending_.size() >= limits_.pending_max) {
    pending_.pop_front();
    ++forgotten_;
  }
  BookAction kept = action;
  // Whoever slices by the clock does so at full seconds.
  const std::int64_t within = now.ns - second_of(now) * second.ns;
  kept.own_will &= within >= limits_.round_span.ns && within <= second.ns - limits_.round_span.ns;
  pending_.push_back({kept, now, seq});
}

void Lockstep::notice(InstrumentIndex instrument, Time now) {
  while (!notices_.empty() && pending_.empty() && notices_.front().at + limits_.notice_span < now) {
    notices_.pop_front();
  }
  const auto same = [&](const Notice& notice) {
    return notice.instrument == instrument && second_of(notice.at) == second_of(now);
  };
  if (notices_.empty() || !std::any_of(notices_.rbegin(), notices_.rend(), same)) {
    notices_.push_back({instrument, now});
  }
}

bool Lockstep::heard(InstrumentIndex instrument, Time at) const {
  return std::ranges::any_of(notices_, [&](const Notice& notice) {
    return (!notice.instrument.exists() || notice.instrument == instrument) &&
           at <= notice.at + limits_.notice_span && notice.at <= at + limits_.notice_span;
  });
}

// Seconds whose notices have all been heard.
void Lockstep::settle(Time now) {
  while (!pending_.empty() &&
         second_of(pending_.front().at) < second_of(now) - limits_.notice_span.ns / second.ns - 1) {
    settle_second(second_of(pending_.front().at));
  }
}

void Lockstep::settle_second(std::int64_t number) {
  of_second_.clear();
  while (!pending_.empty() && second_of(pending_.front().at) == number) {
    of_second_.push_back(pending_.front());
    pending_.pop_front();
  }
  const Time at = of_second_.front().at;
  while (!notices_.empty() && notices_.front().at + limits_.notice_span < at) {
    notices_.pop_front();
  }
  std::ranges::stable_sort(of_second_, {}, [](const Pending& each) { return key_of(each.action); });
  for (auto market = of_second_.begin(); market != of_second_.end();) {
    const InstrumentIndex instrument = market->action.instrument;
    const auto end = std::find_if(market, of_second_.end(), [&](const Pending& each) {
      return each.action.instrument != instrument;
    });
    const auto commonness = static_cast<std::uint32_t>(end - market);
    if (heard(instrument, at)) {
      market = end;
    }
    while (market != end) {
      const Key key = key_of(market->action);
      std::vector<Pending> together;  // who came first, first
      for (; market != end && key_of(market->action) == key; ++market) {
        const bool again = std::ranges::any_of(together, [&](const Pending& other) {
          return other.action.account == market->action.account;
        });
        if (market->action.own_will && !again) {
          together.push_back(*market);
        }
      }
      const std::uint64_t hash = hash_of_key(key, number);
      for (const Pending& each : together) {
        add(each.action.account, hash, commonness, at);
      }
      for (std::size_t then = 1; together.size() <= limits_.together_max && then < together.size();
           ++then) {
        for (std::size_t first = 0; first < then; ++first) {
          meet(together[first], together[then], commonness, at);
        }
      }
    }
  }
}

void Lockstep::add(AccountIndex account, std::uint64_t hash, std::uint32_t commonness, Time now) {
  Actor& actor = actors_.touch(account.value, now, [&] { ++forgotten_; });
  const std::int64_t hour = now.ns / hour_ns;
  if (actor.actions == 0) {
    actor.number = ++actors_ever_;
    actor.hour = hour;
  }
  if (actor.hour != hour) {
    actor.before = actor.hour + 1 == hour ? actor.recent : MinHash();
    actor.recent = {};
    actor.hour = hour;
  }
  actor.recent.add(hash, commonness);
  actor.weight += one / commonness;
  ++actor.actions;
}

bool Lockstep::alike(const Actor& a, const Actor& b) {
  if (std::min(a.actions, b.actions) < actions_seen_min) {
    return false;
  }
  MinHash all_a = a.recent, all_b = b.recent;
  all_a.unite(a.before);
  all_b.unite(b.before);
  return all_a.likeness(all_b) >= likeness_seen_min;
}

// Both did the same in this second.
void Lockstep::meet(const Pending& first, const Pending& then, std::uint32_t commonness, Time now) {
  const AccountPair accounts = AccountPair::of(first.action.account, then.action.account);
  const Actor* a = actors_.find(accounts.a.value, now);
  const Actor* b = actors_.find(accounts.b.value, now);
  if (a == nullptr || b == nullptr) {
    return;  // it went for want of room
  }
  Pair* pair = pairs_.find(pair_key(accounts), now);
  if (pair == nullptr || pair->numbers[0] != a->number || pair->numbers[1] != b->number) {
    if (!alike(*a, *b)) {
      return;
    }
    pair = &pairs_.touch(pair_key(accounts), now, [&] { ++forgotten_; });
    *pair = {};
    pair->outside[0] = a->weight - one / commonness;
    pair->outside[1] = b->weight - one / commonness;
    pair->first_seq = first.seq;
    pair->since = first.at;
    pair->numbers[0] = a->number;
    pair->numbers[1] = b->number;
  } else {
    pair = &pairs_.touch(pair_key(accounts), now, [&] { ++forgotten_; });
  }
  pair->weight += one / commonness;
  ++pair->shared;
  pair->a_first += first.action.account == accounts.a ? 1U : 0U;
  const std::uint64_t either =
      a->weight - pair->outside[0] + b->weight - pair->outside[1] - pair->weight;
  if (pair->shared >= actions_seen_min && either > 2 * pair->weight) {
    pairs_.erase(pair_key(accounts));
    return;
  }
  judge(accounts, *pair, either, then.seq, now);
}

void Lockstep::judge(AccountPair accounts, const Pair& pair, std::uint64_t either,
                     std::uint64_t seq, Time now) {
  if (either == 0) {
    return;
  }
  const std::uint64_t likeness =
      static_cast<std::uint64_t>(static_cast<unsigned __int128>(pair.weight) * 1000 / either);
  const std::uint64_t more = std::max(pair.a_first, pair.shared - pair.a_first);
  if (pair.shared >= limits_.shared_min && likeness >= limits_.likeness_min &&
      more * 1000 <= std::uint64_t{limits_.first_share_max} * pair.shared) {
    found_.push_back({accounts, pair.shared, static_cast<std::uint32_t>(likeness), pair.since,
                      pair.first_seq, seq});
    remember(accounts, now);
  }
}

void Lockstep::remember(AccountPair accounts, Time now) {
  const auto known = locked_.find({accounts.a, accounts.b});
  if (known == locked_.end() && locked_.size() >= 2 * std::size_t{limits_.pairs_max}) {
    std::erase_if(locked_,
                  [&](const auto& each) { return each.second + limits_.memory_max < now; });
    if (locked_.size() >= 2 * std::size_t{limits_.pairs_max}) {
      ++forgotten_;
      return;
    }
  }
  locked_[{accounts.a, accounts.b}] = now;
  locked_[{accounts.b, accounts.a}] = now;
}

std::vector<AccountIndex> Lockstep::partners(AccountIndex account, Time now) const {
  std::vector<AccountIndex> all;
  for (auto at = locked_.lower_bound({account, AccountIndex{0}});
       at != locked_.end() && at->first.first == account; ++at) {
    if (now <= at->second + limits_.memory_max) {
      all.push_back(at->first.second);
    }
  }
  return all;
}

}  // namespace marktwacht
