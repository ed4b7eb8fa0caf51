// Searches that meet become one; one that has nothing ahead has found a whole part. The last is
// never finished: it stands for what remains.
#include "links/part_search.h"

namespace marktwacht {

PartSearch::PartSearch(Declarations& declarations, std::span<const AccountIndex> seeds)
    : declarations_(declarations), searches_(seeds.size()), unfinished_(seeds.size()) {
  for (std::uint32_t i = 0; i < seeds.size(); ++i) {
    searches_[i].leader = i;
  }
  for (std::uint32_t i = 0; i < seeds.size(); ++i) {
    discover(i, seeds[i]);
  }
  for (std::uint32_t i = 0; i < seeds.size(); ++i) {
    if (leader(i) == i) {
      turns_.emplace(next_cost(i), i);
    }
  }
}

std::uint32_t PartSearch::leader(std::uint32_t search) {
  while (searches_[search].leader != search) {
    searches_[search].leader = searches_[searches_[search].leader].leader;
    search = searches_[search].leader;
  }
  return search;
}

std::size_t PartSearch::next_cost(std::uint32_t search) const {
  return searches_[search].cost + declarations_.size(searches_[search].ahead.back());
}

void PartSearch::discover(std::uint32_t search, AccountIndex account) {
  declarations_.mark(account, search);
  searches_[search].found.push_back(account);
  declarations_.visit_values(account, [&](LinkValue value) {
    const std::uint32_t owner = declarations_.marked(value);
    if (owner == Declarations::none) {
      const std::uint32_t now = leader(search);
      declarations_.mark(value, now);
      searches_[now].ahead.push_back(value);
    } else {
      meet(owner, search);
    }
  });
}

// The one that has found less joins the other.
void PartSearch::meet(std::uint32_t a, std::uint32_t b) {
  a = leader(a);
  b = leader(b);
  if (a == b) {
    return;
  }
  const auto load = [this](std::uint32_t at) {
    return searches_[at].found.size() + searches_[at].ahead.size();
  };
  if (load(a) < load(b)) {
    std::swap(a, b);
  }
  Search& larger = searches_[a];
  Search& smaller = searches_[b];
  smaller.leader = a;
  larger.cost += smaller.cost;
  larger.found.insert(larger.found.end(), smaller.found.begin(), smaller.found.end());
  larger.ahead.insert(larger.ahead.end(), smaller.ahead.begin(), smaller.ahead.end());
  smaller.found = {};
  smaller.ahead = {};
  --unfinished_;
}

void PartSearch::walk(std::uint32_t search) {
  const LinkValue value = searches_[search].ahead.back();
  searches_[search].ahead.pop_back();
  searches_[search].cost += declarations_.size(value);
  declarations_.visit_accounts(value, [&](AccountIndex account) {
    const std::uint32_t owner = declarations_.marked(account);
    if (owner == Declarations::none) {
      discover(leader(search), account);
    } else {
      meet(owner, search);
    }
  });
  const std::uint32_t now = leader(search);
  if (searches_[now].ahead.empty()) {
    if (unfinished_ > 1) {
      searches_[now].finished = true;
      --unfinished_;
    }
  } else {
    turns_.emplace(next_cost(now), now);
  }
}

std::vector<std::vector<AccountIndex>> PartSearch::split_off() {
  while (unfinished_ > 1) {
    const auto [cost, search] = turns_.top();
    turns_.pop();
    // One that met another since has a later turn, or none.
    if (leader(search) == search && !searches_[search].finished && cost == next_cost(search)) {
      walk(search);
    }
  }
  std::vector<std::vector<AccountIndex>> parts;
  for (std::uint32_t i = 0; i < searches_.size(); ++i) {
    if (searches_[i].finished) {
      parts.push_back(std::move(searches_[i].found));
    }
  }
  return parts;
}

}  // namespace marktwacht
