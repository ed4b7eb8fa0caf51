// Whom accounts meet again, and the sets that follow from it.
#include "detectors/meetings.h"

#include <algorithm>
#include <cstddef>

#include "market/owner.h"

namespace marktwacht {
namespace {

std::int64_t half_of(Time now) { return now.ns / Meetings::half_window.ns; }

std::uint64_t key_of(AccountIndex account, InstrumentIndex instrument) {
  return static_cast<std::uint64_t>(account.value) << 32 | instrument.value;
}

// Those of one hand, or whose orders looked for each other, are remembered before others.
constexpr std::uint32_t met_by_chance = 1, met_on_purpose = 4;

// Without a tie: so many accounts at most, each pair of which is so much of what either trades.
constexpr std::size_t untied_most = 5;
constexpr std::int64_t untied_part = 8;

}  // namespace

bool are_matched(const Fill& fill, const MatchLimits& limits) {
  const OrderFacts &a = fill.order, &b = fill.counterparty_order;
  if (!a.known || !b.known || !a.has_price || !b.has_price || !a.sized || !b.sized) {
    return false;
  }
  const std::int64_t apart = std::max(a.placed, b.placed).ns - std::min(a.placed, b.placed).ns;
  const Int128 larger = std::max(a.quantity, b.quantity).units;
  const Int128 smaller = std::min(a.quantity, b.quantity).units;
  return apart <= limits.apart.ns && a.price == b.price &&
         (larger - smaller) * Param::one <= larger * limits.size_within.units &&
         limits.filled_min.reached(fill.quantity.units, larger);
}

bool is_meeting(const Fill& fill) {
  const bool agreed = fill.kind == TradeKind::block || fill.kind == TradeKind::rfq;
  return fill.counterparty.exists() && !fill.same_account &&
         (fill.kind == TradeKind::book || (agreed && fill.same_group));
}

bool TradingSet::has(AccountIndex account) const {
  return std::ranges::find(members, account, &SetMember::account) != members.end();
}

void add_set(const TradingSet& set, const ChanceLimits& limits, Report& report) {
  const Chance& chance = set.chance;
  const bool tied = set.tie == Tie::link || set.tie == Tie::matched;
  const bool many = 2 * limits.trades_min.whole() <= set.trades;
  report.account = set.first();
  for (const SetMember& member : set.members) {
    report.parties.push_back(member.account);
  }
  report.severity = tied ? Severity::medium : Severity::low;
  report.maturity = tied ? Maturity::stable : Maturity::incubating;
  report.facts.push_back(
      {"chance_ratio", chance.ratio_units(), Param::scale, &limits.chance_ratio_min});
  report.facts.push_back(
      ratio("volume_share", chance.observed, chance.volume, &limits.volume_share_min));
  report.score_parts.push_back({"tie", tied ? 30 : 0});
  report.score_parts.push_back({"share", chance.large_share(limits) ? 10 : 0});
  report.score_parts.push_back({"many", many ? 10 : 0});
}

void Meetings::Trader::roll(std::int64_t now) {
  if (now == half) {
    return;
  }
  const bool next = now == half + 1;
  const auto roll_one = [&](auto& halves) {
    halves[1] = next ? halves[0] : std::remove_reference_t<decltype(halves[0])>{};
    halves[0] = {};
  };
  roll_one(dealt);
  for (Regular& regular : regulars) {
    roll_one(regular.trades);
    roll_one(regular.matched);
    roll_one(regular.dealt);
  }
  half = now;
}

// The place of somebody met again, or of somebody new, when the others have been met less often
// than that: each meeting with a stranger takes one from all.
std::size_t Meetings::Trader::meet(std::uint32_t other, std::uint32_t weight) {
  std::size_t least = 0;
  for (std::size_t place = 0; place < regulars_kept; ++place) {
    if (knows(place, other)) {
      met[place] += met[place] < 1'000 ? weight : 0;
      return place;
    }
    least = met[place] < met[least] ? place : least;
  }
  const std::uint32_t taken = std::min(weight, met[least]);
  for (std::uint32_t& times : met) {
    times -= std::min(taken, times);
  }
  if (met[least] == 0 && weight > taken) {
    others[least] = other;
    met[least] = weight - taken;
    regulars[least] = {};
  }
  return least;
}

void Meetings::look_ahead(Ahead ahead, AccountIndex account, InstrumentIndex instrument) const {
  traders_.look_ahead(ahead, key_of(account, instrument), offsetof(Trader, regulars));
}

bool Meetings::take(const Occurrence& event, Findings& findings) {
  const Fill& fill = *event.fill;
  const std::int64_t now = half_of(event.now());
  const bool buys = fill.side == Side::buy, is_match = matched(fill);
  if (!fill.maker) {
    Total& total = totals_.touch(event.instrument.value, findings);
    if (total.half != now) {
      total.dealt[1] = total.half == now - 1 ? total.dealt[0] : Dealt{};
      total.dealt[0] = {};
      total.half = now;
    }
    total.dealt[0].add(true, false, fill.quantity.units);
  }
  Trader& trader = traders_.touch(key_of(event.account, event.instrument), findings);
  trader.roll(now);
  trader.dealt[0].add(buys, fill.maker, fill.quantity.units);
  const bool meant = is_match || fill.same_group;
  const std::size_t place =
      trader.meet(fill.counterparty.value, meant ? met_on_purpose : met_by_chance);
  if (!trader.knows(place, fill.counterparty.value)) {
    return meant;
  }
  Regular& regular = trader.regulars[place];
  ++regular.trades[0];
  regular.matched[0] += is_match ? 1 : 0;
  regular.dealt[0].add(buys, fill.maker, fill.quantity.units);
  return meant || trader.met[place] > met_by_chance;
}

Dealt Meetings::View::sum(const Dealt (&halves)[2]) const {
  Dealt total = trader->half >= now - 1 ? halves[0] : Dealt{};
  if (trader->half == now) {
    total.add(halves[1]);
  }
  return total;
}

std::int64_t Meetings::View::sum(const std::uint32_t (&halves)[2]) const {
  return (trader->half >= now - 1 ? std::int64_t{halves[0]} : 0) +
         (trader->half == now ? std::int64_t{halves[1]} : 0);
}

std::optional<Meetings::View> Meetings::view(AccountIndex account, InstrumentIndex instrument,
                                             Time now) {
  const Trader* trader = traders_.find(key_of(account, instrument), now);
  return trader == nullptr ? std::nullopt : std::optional(View{account, trader, half_of(now)});
}

// Whether the share that has to stay inside a set could.
bool Meetings::has_regulars(const View& view, const ChanceLimits& limits) {
  Int128 regular_volume = 0;
  for (std::size_t place = 0; place < regulars_kept; ++place) {
    regular_volume += view.has(place) ? view.with(place).volume() : 0;
  }
  const Int128 volume = view.all().volume();
  return volume > 0 && limits.inside_min.reached(regular_volume, volume);
}

bool Meetings::may_belong(AccountIndex account, InstrumentIndex instrument, Time now,
                          const ChanceLimits& limits) {
  const auto known = view(account, instrument, now);
  return known && has_regulars(*known, limits);
}

std::vector<Meetings::View> Meetings::gather(const Occurrence& event, const ChanceLimits& limits,
                                             const Follow& follow) {
  std::vector<View> views;
  const auto add = [&](AccountIndex account) {
    const auto known = [&](const View& other) { return other.account == account; };
    if (views.size() == set_members_max || std::ranges::any_of(views, known)) {
      return;
    }
    const auto found = view(account, event.instrument, event.now());
    if (found && has_regulars(*found, limits)) {
      views.push_back(*found);
    }
  };
  add(event.account);
  add(event.fill->counterparty);
  for (std::size_t at = 0; at < views.size() && views.size() >= 2; ++at) {
    for (std::size_t place = 0; place < regulars_kept; ++place) {
      if (views[at].has(place) && views[at].trades(place) > 0 && follow(views[at], place)) {
        add(views[at].other(place));
      }
    }
  }
  return views;
}

// Who has less inside than it must goes, until all that are left have enough: the largest such set.
void Meetings::prune(std::vector<View>& views, const ChanceLimits& limits) {
  const auto lacks = [&](const View& view) {
    Int128 inside = 0;
    for (std::size_t place = 0; place < regulars_kept; ++place) {
      const auto is_other = [&](const View& at) { return at.account == view.other(place); };
      inside +=
          view.has(place) && std::ranges::any_of(views, is_other) ? view.with(place).volume() : 0;
    }
    return !limits.inside_min.reached(inside, view.all().volume());
  };
  for (auto at = std::ranges::find_if(views, lacks); at != views.end();
       at = std::ranges::find_if(views, lacks)) {
    views.erase(at);
  }
}

void Meetings::keep_joined(std::vector<View>& views, AccountIndex with) {
  std::vector<View> joined;
  const auto move_over = [&](AccountIndex account) {
    if (const auto at = std::ranges::find(views, account, &View::account); at != views.end()) {
      joined.push_back(*at);
      views.erase(at);
    }
  };
  move_over(with);
  for (std::size_t at = 0; at < joined.size(); ++at) {
    for (std::size_t place = 0; place < regulars_kept; ++place) {
      if (joined[at].has(place) && joined[at].trades(place) > 0) {
        move_over(joined[at].other(place));
      }
    }
  }
  views = std::move(joined);
  std::ranges::sort(views, {}, &View::account);
}

std::optional<TradingSet> Meetings::try_tie(const Occurrence& event, const SetQuestion& question,
                                            Tie tie, const Follow& follow) {
  std::vector<View> views = gather(event, question.limits, follow);
  prune(views, question.limits);
  keep_joined(views, event.account);
  const auto among = [&](AccountIndex account) {
    return std::ranges::any_of(views, [&](const View& at) { return at.account == account; });
  };
  if (views.size() < 2 || !among(event.fill->counterparty) ||
      (tie == Tie::none && views.size() > untied_most)) {
    return std::nullopt;
  }
  TradingSet set;
  set.tie = tie;
  std::int64_t trades = 0, matched = 0;  // from both sides
  for (const View& view : views) {
    SetMember member{view.account, view.all(), {}};
    for (std::size_t place = 0; place < regulars_kept; ++place) {
      if (view.has(place) && among(view.other(place))) {
        member.inside.add(view.with(place));
        trades += view.trades(place);
        matched += view.matched(place);
      }
    }
    set.members.push_back(member);
  }
  set.trades = trades / 2;
  set.matched = matched / 2;
  const std::int64_t trades_min = question.limits.trades_min.whole();
  const bool few_matched = set.matched < trades_min || 2 * set.matched < set.trades;
  if (set.trades < trades_min || (tie == Tie::matched && few_matched)) {
    return std::nullopt;
  }
  const Total* total = totals_.find(event.instrument.value, event.now());
  set.chance = chance_of(
      set.members, total == nullptr ? 0 : Int128{total->dealt[0].bought} + total->dealt[1].bought);
  return set.chance.beyond(question.limits) ? std::optional(std::move(set)) : std::nullopt;
}

std::optional<TradingSet> Meetings::set_around(const Occurrence& event, const Market& market,
                                               const SetQuestion& question) {
  for (const AccountIndex account : {event.account, event.fill->counterparty}) {
    if (!may_belong(account, event.instrument, event.now(), question.limits)) {
      return std::nullopt;
    }
  }
  std::optional<TradingSet> set;
  if (market.groups().same_group(event.account, event.fill->counterparty)) {
    set = try_tie(event, question, Tie::link, [&](const View& own, std::size_t place) {
      return market.groups().same_group(own.account, own.other(place));
    });
  }
  if (!set) {
    set = try_tie(event, question, Tie::matched, [](const View& own, std::size_t place) {
      return 2 * own.matched(place) >= own.trades(place);
    });
  }
  const auto of_star = [&](AccountIndex account) {
    return std::ranges::binary_search(question.star, account);
  };
  if (!set && of_star(event.account) && of_star(event.fill->counterparty)) {
    set = try_tie(event, question, Tie::star,
                  [&](const View& own, std::size_t place) { return of_star(own.other(place)); });
  }
  if (!set && question.unlinked) {
    set = try_tie(event, question, Tie::none, [](const View& own, std::size_t place) {
      return untied_part * own.with(place).volume() >= own.all().volume();
    });
  }
  return set;
}

bool Meetings::load(ByteReader& in) {
  const auto sound = [](const Dealt& dealt) {
    return std::min({dealt.bought, dealt.sold, dealt.made_bought, dealt.made_sold}) >= 0;
  };
  const auto both = [&](const Dealt(&halves)[2]) { return sound(halves[0]) && sound(halves[1]); };
  return traders_.load(in, [&](auto, const Trader& trader) {
    return both(trader.dealt) && std::ranges::all_of(trader.regulars, [&](const Regular& regular) {
             return both(regular.dealt);
           });
  }) && totals_.load(in, [&](auto, const Total& total) { return both(total.dealt); });
}

}  // namespace marktwacht
