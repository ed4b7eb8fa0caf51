// Why two accounts are linked, along which way, since when, and how firmly.
#include <algorithm>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <set>
#include <tuple>

#include "links/links.h"

namespace marktwacht {
namespace {

// A group as a graph: its accounts, and each declared value as a node of its own.
class Graph {
 public:
  struct Edge {
    std::uint32_t to = 0;
    std::uint32_t number = 0;  // of the edge, the same both ways
    bool weak = false;         // one kind of evidence is all it rests on
  };

  template <class IsWeak>
  Graph(const Declarations& links, std::span<const AccountIndex> members, IsWeak&& is_weak)
      : accounts_(static_cast<std::uint32_t>(members.size())) {
    edges_.resize(members.size());
    std::map<LinkValue, std::uint32_t> nodes;
    for (std::uint32_t i = 0; i < members.size(); ++i) {
      links.visit_values(members[i], [&](LinkValue value) {
        if (value.kind != LinkValue::Kind::pair) {
          const auto [at, fresh] =
              nodes.try_emplace(value, static_cast<std::uint32_t>(edges_.size()));
          edges_.resize(edges_.size() + (fresh ? 1 : 0));
          return join(i, at->second, false);
        }
        links.visit_accounts(value, [&](AccountIndex other) {
          if (members[i] < other) {
            const auto at = std::ranges::lower_bound(members, other);
            join(i, static_cast<std::uint32_t>(at - members.begin()),
                 is_weak(AccountPair{members[i], other}));
          }
        });
      });
    }
  }

  // Whether the loss of a weak edge leaves `least` accounts or more on both sides.
  bool has_bridge(std::uint32_t least) {
    least_ = least;
    found_.assign(edges_.size(), 0);
    lowest_.assign(edges_.size(), 0);
    walk(0, no_edge, false);
    return bridge_;
  }

 private:
  static constexpr std::uint32_t no_edge = 0xFFFF'FFFF;

  void join(std::uint32_t a, std::uint32_t b, bool weak) {
    edges_[a].push_back({b, count_, weak});
    edges_[b].push_back({a, count_++, weak});
  }

  // Depth first (as deep as the group has nodes, at most); how many accounts lie beyond `node`.
  std::uint32_t walk(std::uint32_t node, std::uint32_t came_by, bool weak) {
    found_[node] = lowest_[node] = ++clock_;
    std::uint32_t beyond = node < accounts_ ? 1 : 0;
    for (const Edge& edge : edges_[node]) {
      if (edge.number == came_by) {
        continue;
      }
      if (found_[edge.to] == 0) {
        beyond += walk(edge.to, edge.number, edge.weak);
        lowest_[node] = std::min(lowest_[node], lowest_[edge.to]);
      } else {
        lowest_[node] = std::min(lowest_[node], found_[edge.to]);
      }
    }
    bridge_ = bridge_ || (weak && lowest_[node] == found_[node] && beyond >= least_ &&
                          accounts_ - beyond >= least_);
    return beyond;
  }

  std::uint32_t accounts_;
  std::vector<std::vector<Edge>> edges_;
  std::vector<std::uint32_t> found_,
      lowest_;  // in the order of the walk; 0 = not yet
  std::uint32_t count_ = 0, clock_ = 0, least_ = 0;
  bool bridge_ = false;
};

}  // namespace

Why Links::why(AccountPair pair) const {
  Why why;
  const Declarations& links = groups_.links();
  bool linked = false;
  links.visit_values(pair.a, [&](LinkValue value) {
    bool both = false;
    links.visit_accounts(value, [&](AccountIndex account) { both |= account == pair.b; });
    if (both && value.kind != LinkValue::Kind::pair) {
      why.declared.push_back(value);
    }
    linked |= both;
  });
  std::ranges::sort(why.declared, {}, [&](LinkValue value) {
    const bool star = value.kind == LinkValue::Kind::star;
    return std::tuple(value.kind, links.text(value), star ? value.number : 0);
  });
  why.shared = evidence_.shared(pair);
  why.weighed = evidence_.weigh(pair);
  if (const auto verdict = verdicts_.find(pair); verdict != verdicts_.end()) {
    why.verdict = verdict->second;
  }
  const bool suspected = why.weighed.sum >= evidence_.table().suspect_min;
  why.state = linked ? PairState::linked : suspected ? PairState::suspected : PairState::apart;
  return why;
}

// Breadth first from `from`, each value walked once; accounts of one distance in order of sight.
std::vector<PathStep> Links::path(AccountIndex from, AccountIndex to) const {
  struct Came {
    AccountIndex from;
    LinkValue by{};
  };
  const Declarations& links = groups_.links();
  boost::unordered_flat_map<std::uint32_t, Came> came{{from.value, {}}};
  std::set<LinkValue> walked;
  std::vector<AccountIndex> here{from};
  while (!here.empty() && !came.contains(to.value)) {
    std::vector<AccountIndex> next;
    for (const AccountIndex account : here) {
      links.visit_values(account, [&](LinkValue value) {
        if (!walked.insert(value).second) {
          return;
        }
        links.visit_accounts(value, [&](AccountIndex other) {
          if (came.try_emplace(other.value, Came{account, value}).second) {
            next.push_back(other);
          }
        });
      });
    }
    std::ranges::sort(next);
    here = std::move(next);
  }
  std::vector<PathStep> steps;
  for (AccountIndex at = to; came.contains(to.value) && at != from;) {
    const Came& step = came.find(at.value)->second;
    steps.push_back({at, step.by});
    at = step.from;
  }
  std::ranges::reverse(steps);
  return steps;
}

std::vector<GroupEvent> Links::history(GroupIndex group) const {
  std::set<GroupIndex> parts{group};
  for (auto at = history_.rbegin(); at != history_.rend(); ++at) {
    if (at->change.kind == GroupChange::Kind::merged && parts.contains(at->change.group)) {
      parts.insert(at->change.other);
    }
  }
  std::vector<GroupEvent> events;
  for (const GroupEvent& event : history_) {
    const bool split_off =
        event.change.kind == GroupChange::Kind::split && parts.contains(event.change.other);
    if (parts.contains(event.change.group) || split_off) {
      events.push_back(event);
    }
  }
  return events;
}

bool Links::fragile(GroupIndex group) const {
  constexpr std::uint32_t side_min = 3;
  const auto members = groups_.members(group);
  if (members.size() > evidence_.table().group_max) {
    return true;
  }
  if (members.size() < 2 * side_min) {
    return false;
  }
  return Graph(groups_.links(), members,
               [this](AccountPair pair) {
                 const auto verdict = verdicts_.find(pair);
                 const bool confirmed = verdict != verdicts_.end() && verdict->second.confirmed;
                 return !confirmed && std::popcount(evidence_.weigh(pair).kinds()) == 1;
               })
      .has_bridge(side_min);
}

std::vector<AccountIndex> Links::suspects(AccountIndex account) const {
  std::vector<AccountIndex> all;
  for (const AccountIndex other : evidence_.neighbours(account)) {
    const AccountPair pair = AccountPair::of(account, other);
    if (!groups_.has_pair(pair.a, pair.b) &&
        evidence_.weigh(pair).sum >= evidence_.table().suspect_min) {
      all.push_back(other);
    }
  }
  return all;
}

}  // namespace marktwacht
