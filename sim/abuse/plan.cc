// Who does it, where, when and how: the seed's choice for each episode (episode.h).
#include <algorithm>

#include "sim/abuse/episode.h"

namespace marktwacht::sim {
namespace {

// The less severe, the more of them evade: four in five at severity 0, none at 1.
Manner draw_manner(Random& random, std::int64_t severity) {
  if (!random.per_mille(static_cast<std::uint32_t>((1000 - severity) * 4 / 5))) {
    return Manner::plain;
  }
  return static_cast<Manner>(1 + random.below(4));
}

// Most crews can be seen to be one; those that split hide it better.
Bond draw_bond(Random& random, Manner manner) {
  const std::uint32_t draw = random.below(100);
  if (manner == Manner::split) {
    return draw < 60 ? Bond::funds : draw < 80 ? Bond::device : Bond::none;
  }
  return draw < 50 ? Bond::person : draw < 80 ? Bond::device : Bond::funds;
}

void link(Population& population, const Plan& plan) {
  for (const std::uint32_t account : plan.accounts) {
    if (plan.bond == Bond::person) {
      population.set_person(account, population.person(plan.accounts[0]));
    } else if (plan.bond == Bond::device) {
      population.set_place(account, population.place(plan.accounts[0]));
    }
  }
}

// Where something happens: markets with at least one event a second, all where there are none.
std::vector<std::uint32_t> markets(Cast& cast, bool (*where)(const Listing&)) {
  std::vector<std::uint32_t> lively, all;
  for (std::uint32_t at = 0; at < cast.instruments(); ++at) {
    const Listing& listing = cast.listing(at);
    if (where(listing)) {
      all.push_back(at);
      if (listing.activity * cast.density_per_mille() >= 3'600'000) {
        lively.push_back(at);
      }
    }
  }
  return lively.empty() ? all : lively;
}

}  // namespace

std::vector<Plan> plan_episodes(Cast& cast, const Episodes& episodes) {
  Random& random = cast.random();
  const std::vector<std::uint32_t> choice = markets(cast, episodes.where);
  // The books need a minute to fill; excitement and abuse make a stream shorter than it would be.
  const Duration quiet = std::max(episodes.history, Duration{60 * second.ns});
  const Duration lasts = std::min(episodes.lasts, Duration{cast.length().ns / 5});
  const std::int64_t room = cast.length().ns * 54 / 100 - quiet.ns - lasts.ns;
  if (choice.empty() || room <= 0 || episodes.own_events > cast.events() / 10) {
    return {};
  }
  const auto asked = static_cast<std::int64_t>(cast.events()) * episodes.per_million / 1'000'000;
  const std::int64_t bearable = std::ssize(choice) * room / episodes.apart.ns;
  const std::int64_t count = std::max<std::int64_t>(1, std::min(asked, bearable));
  const std::uint32_t first = random.below(static_cast<std::uint32_t>(choice.size()));
  std::vector<Plan> plans;
  for (std::int64_t at = 0; at < count; ++at) {
    Plan plan;
    plan.instrument = choice[(first + static_cast<std::size_t>(at)) % choice.size()];
    plan.severity = cast.severity_per_mille();
    plan.manner = draw_manner(random, plan.severity);
    plan.bond = draw_bond(random, plan.manner);
    const std::int64_t share = room / count;
    plan.start = cast.start() + quiet + Duration{share * at} +
                 Duration{static_cast<std::int64_t>(Int128{share} * random.below(1000) / 1000)};
    const std::uint32_t accounts =
        episodes.accounts + (plan.manner == Manner::split ? episodes.split_accounts : 0);
    for (std::uint32_t crew = 0; crew < accounts; ++crew) {
      plan.accounts.push_back(cast.recruit());
    }
    if (!episodes.linked || plan.accounts.size() == 1) {
      plan.bond = Bond::none;
    }
    link(cast.population(), plan);
    // By funds they are one hand once those have moved; who is one person, the accounts say.
    if (plan.accounts.size() > 1 && (plan.bond == Bond::device || plan.bond == Bond::none)) {
      cast.hands().one_hand(plan.bond == Bond::device ? "device" : "nothing", plan.accounts);
    }
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace marktwacht::sim
