// Seconds are settled one after the other, a minute late: see lockstep.h.
#include "links/lockstep.h"

#include <algorithm>
#include <bit>

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

Lockstep::Pending Lockstep::Pending::of(const BookAction& action, Time at, std::uint64_t seq) {
  return {action.account, action.instrument, action.price, at,
          seq << 3 | static_cast<std::uint64_t>(action.side) << 2 |
              static_cast<std::uint64_t>(action.act) << 1 | (action.own_will ? 1U : 0U)};
}

BookAction Lockstep::Pending::action() const {
  return {
      account, instrument, static_cast<Side>(what >> 2 & 1), static_cast<BookAct>(what >> 1 & 1),
      price,   own_will()};
}

std::uint64_t Lockstep::hash_of(const Pending& done, std::uint64_t second_hash) {
  const std::uint64_t where = std::uint64_t{done.instrument.value} << 2 | (done.what >> 1 & 3);
  return mixed(mixed(second_hash ^ where) +
               static_cast<std::uint64_t>(done.price.units) * 0x9E37'79B9'7F4A'7C15U);
}

void Lockstep::act(const BookAction& action, Time now, std::uint64_t seq) {
  found_.clear();
  last_seq_ = seq;
  const std::int64_t number = second_of(now);
  settle(number);
  if (pending_.size() >= limits_.pending_max) {
    pending_.pop_front();
    ++forgotten_;
  }
  BookAction kept = action;
  // Whoever slices by the clock does so at full seconds.
  const std::int64_t within = now.ns - number * second.ns;
  kept.own_will &= within >= limits_.round_span.ns && within <= second.ns - limits_.round_span.ns;
  pending_.push_back(Pending::of(kept, now, seq));
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
void Lockstep::settle(std::int64_t second_number) {
  const Time end{(second_number - limits_.notice_span.ns / second.ns - 1) * second.ns};
  while (!pending_.empty() && pending_.front().at < end) {
    settle_second(second_of(pending_.front().at));
  }
}

void Lockstep::settle_second(std::int64_t number) {
  take_second(Time{(number + 1) * second.ns});
  const Time at = of_second_.front().at;
  while (!notices_.empty() && notices_.front().at + limits_.notice_span < at) {
    notices_.pop_front();
  }
  for (const Pending& each : of_second_) {
    OfMarket& market = of_markets_[each.instrument.value];
    market.heard = market.actions++ == 0 ? heard(each.instrument, at) : market.heard;
  }
  sort_out(number);
  for (const Deed& deed : deeds_) {
    take(deed, at);
  }
  for (const Pending& each : of_second_) {
    of_markets_[each.instrument.value] = {};
  }
}

// Takes the actions before `end` out of those that wait.
void Lockstep::take_second(Time end) {
  of_second_.clear();
  for (; !pending_.empty() && pending_.front().at < end; pending_.pop_front()) {
    of_second_.push_back(pending_.front());
    const std::uint32_t instrument = of_second_.back().instrument.value;
    if (instrument >= of_markets_.size()) {
      of_markets_.resize(instrument + std::size_t{1});
    }
  }
}

// Who of the second did the same.
void Lockstep::sort_out(std::int64_t number) {
  const auto count = static_cast<std::uint32_t>(of_second_.size());
  const std::uint64_t second_hash =
      mixed(static_cast<std::uint64_t>(number) * 0x9E37'79B9'7F4A'7C15U);
  deeds_.clear();
  next_.assign(count, none);
  slots_.assign(std::bit_ceil(2 * std::size_t{count}), none);
  for (std::uint32_t place = 0; place < count; ++place) {
    const Pending& done = of_second_[place];
    if (!done.own_will() || of_markets_[done.instrument.value].heard) {
      continue;
    }
    const std::uint64_t hash = hash_of(done, second_hash);
    std::size_t slot = hash & (slots_.size() - 1);
    while (slots_[slot] != none && !of_second_[deeds_[slots_[slot]].first].same_as(done)) {
      slot = (slot + 1) & (slots_.size() - 1);
    }
    if (slots_[slot] == none) {
      slots_[slot] = static_cast<std::uint32_t>(deeds_.size());
      deeds_.push_back({hash, place, place});
      continue;
    }
    Deed& deed = deeds_[slots_[slot]];
    next_[deed.last] = place;
    deed.last = place;
  }
}

// Each account once: who came first, first.
void Lockstep::take(const Deed& deed, Time now) {
  const std::uint32_t commonness = of_markets_[of_second_[deed.first].instrument.value].actions;
  doers_.clear();
  for (std::uint32_t place = deed.first; place != none; place = next_[place]) {
    const Pending& done = of_second_[place];
    if (add(done.account, deed.hash, commonness, now) && doers_.size() <= limits_.together_max) {
      doers_.push_back({&done, nullptr});
    }
  }
  if (doers_.size() < 2 || doers_.size() > limits_.together_max) {
    return;
  }
  for (Doer& doer : doers_) {
    doer.actor = actors_.find(doer.done->account.value, now);
  }
  std::erase_if(doers_, [](const Doer& doer) { return doer.actor == nullptr; });  // no room
  for (std::size_t then = 1; then < doers_.size(); ++then) {
    for (std::size_t first = 0; first < then; ++first) {
      if (may_be_alike(*doers_[first].actor, *doers_[then].actor)) {
        meet(doers_[first], doers_[then], commonness, now);
      }
    }
  }
}

// Whether it did not do so before in this second.
bool Lockstep::add(AccountIndex account, std::uint64_t hash, std::uint32_t commonness, Time now) {
  Actor& actor = actors_.touch(account.value, now, [&] { ++forgotten_; });
  const std::int64_t hour = now.ns / hour_ns;
  if (actor.actions == 0) {
    actor.number = ++actors_ever_;
    actor.hour = hour;
  } else if (actor.last == hash) {
    return false;
  }
  if (actor.hour != hour) {
    actor.lately = actor.hour + 1 == hour ? actor.recent : MinHash();
    actor.recent = {};
    actor.hour = hour;
  }
  actor.lately.add(hash, commonness);
  actor.recent.add(hash, commonness);
  actor.weight += one / commonness;
  actor.last = hash;
  ++actor.actions;
  return true;
}

// Most who meet are nothing alike: a glance tells. Of two that are alike by 0.8 it misses one in
// ten thousand.
bool Lockstep::may_be_alike(const Actor& a, const Actor& b) {
  return std::min(a.actions, b.actions) >= actions_seen_min && a.lately.glance(b.lately) >= 2;
}

// Both did the same in this second.
void Lockstep::meet(const Doer& first, const Doer& then, std::uint32_t commonness, Time now) {
  const AccountPair accounts = AccountPair::of(first.done->account, then.done->account);
  const bool a_first = first.done->account == accounts.a;
  const Actor& a = *(a_first ? first : then).actor;
  const Actor& b = *(a_first ? then : first).actor;
  Pair* pair = pairs_.find(pair_key(accounts), now);
  if (pair == nullptr || pair->numbers[0] != a.number || pair->numbers[1] != b.number) {
    if (a.lately.likeness(b.lately) < likeness_seen_min) {
      return;
    }
    pair = &pairs_.touch(pair_key(accounts), now, [&] { ++forgotten_; });
    *pair = {};
    pair->outside[0] = a.weight - one / commonness;
    pair->outside[1] = b.weight - one / commonness;
    pair->first_seq = first.done->seq();
    pair->since = first.done->at;
    pair->instrument = first.done->instrument.value;
    pair->numbers[0] = a.number;
    pair->numbers[1] = b.number;
  } else {
    pair = &pairs_.touch(pair_key(accounts), now, [&] { ++forgotten_; });
  }
  pair->weight += one / commonness;
  ++pair->shared;
  pair->a_first += a_first ? 1U : 0U;
  if (pair->instrument != first.done->instrument.value) {
    pair->instrument = InstrumentIndex::none().value;
  }
  const std::uint64_t either =
      a.weight - pair->outside[0] + b.weight - pair->outside[1] - pair->weight;
  if (pair->shared >= actions_seen_min && either > 2 * pair->weight) {
    pairs_.erase(pair_key(accounts));
    return;
  }
  judge(accounts, *pair, either, then.done->seq(), now);
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
    const InstrumentIndex instrument{static_cast<std::uint32_t>(pair.instrument)};
    found_.push_back({accounts, instrument, pair.shared, static_cast<std::uint32_t>(likeness),
                      pair.since, pair.first_seq, seq});
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
