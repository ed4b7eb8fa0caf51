// The partition: uniting, taking apart, and who keeps which name.
#include "links/groups.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "links/part_search.h"

namespace marktwacht {

// --- components

std::uint32_t Groups::take_component() {
  if (free_components_.empty()) {
    free_components_.push_back(static_cast<std::uint32_t>(components_.size()));
    components_.emplace_back();
    group_of_component_.emplace_back();
  }
  const std::uint32_t number = free_components_.back();
  free_components_.pop_back();
  return number;
}

void Groups::release_component(std::uint32_t number) {
  components_[number] = {};
  group_of_component_[number] = GroupIndex::none();
  free_components_.push_back(number);
}

void Groups::add(std::uint32_t number, AccountIndex account) {
  if (account.value >= component_of_.size()) {
    component_of_.resize(std::size_t{account.value} + 1, none);
  }
  component_of_[account.value] = number;
  Component& component = components_[number];
  const bool in_order = component.ordered == component.members.size() &&
                        (component.members.empty() || component.members.back() < account);
  component.members.push_back(account);
  component.ordered += in_order ? 1 : 0;
  ++component.count;
}

// Its place among the members is cleared later, many at once.
void Groups::drop(std::uint32_t number, AccountIndex account) {
  constexpr std::size_t slack = 16;
  component_of_[account.value] = none;
  Component& component = components_[number];
  --component.count;
  if (component.members.size() > component.count * 2 + slack) {
    put_in_order(number);
  }
}

void Groups::put_in_order(std::uint32_t number) const {
  Component& component = components_[number];
  auto& members = component.members;
  if (component.ordered == members.size() && component.count == members.size()) {
    return;
  }
  const auto middle = members.begin() + static_cast<std::ptrdiff_t>(component.ordered);
  std::sort(middle, members.end());
  std::vector<AccountIndex> merged(members.size());
  std::merge(members.begin(), middle, middle, members.end(), merged.begin());
  members.swap(merged);
  members.erase(std::unique(members.begin(), members.end()), members.end());
  std::erase_if(members, [&](AccountIndex at) { return component_of_[at.value] != number; });
  component.ordered = members.size();
  check(component.count == members.size(), "the count is that of the members");
}

// --- names

std::uint32_t& Groups::times_named(AccountIndex account) {
  if (account.value >= times_named_.size()) {
    times_named_.resize(std::size_t{account.value} + 1);
  }
  return times_named_[account.value];
}

AccountIndex Groups::name_for(std::uint32_t component) const {
  put_in_order(component);
  const auto& members = components_[component].members;
  const auto unused = [this](AccountIndex at) {
    return at.value >= times_named_.size() || times_named_[at.value] == 0;
  };
  const auto found = std::find_if(members.begin(), members.end(), unused);
  return found == members.end() ? members.front() : *found;
}

GroupIndex Groups::form(std::uint32_t component) {
  check(formed_.size() < GroupIndex::none_value, "fewer than 2^32 groups");
  const GroupIndex group{static_cast<std::uint32_t>(formed_.size())};
  const AccountIndex name = name_for(component);
  ++times_named(name);
  formed_.push_back({name, component});
  group_of_component_[component] = group;
  return group;
}

void Groups::end(GroupIndex group) {
  Formed& ended = formed_[group.value];
  --times_named(ended.named_after);
  ended.component = none;
}

void Groups::report(GroupChange::Kind kind, GroupIndex group, GroupIndex other) {
  changes_.push_back({kind, group, other});
}

// --- growing

// Makes one group of `accounts` (distinct) and their groups.
void Groups::unite(std::span<const AccountIndex> accounts) {
  if (accounts.size() < 2) {
    return;
  }
  std::vector<GroupIndex> groups;
  for (const AccountIndex account : accounts) {
    if (const GroupIndex known = group(account); known.exists()) {
      groups.push_back(known);
    }
  }
  const bool takes_in = groups.size() < accounts.size();
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  unite_groups(groups);

  const std::uint32_t number =
      groups.empty() ? take_component() : formed_[groups.front().value].component;
  for (const AccountIndex account : accounts) {
    if (component_of(account) == none) {
      add(number, account);
    }
  }
  if (groups.empty()) {
    report(GroupChange::Kind::formed, form(number));
  } else if (takes_in) {
    report(GroupChange::Kind::grew, groups.front());
  }
}

// The first, which is the oldest, goes on; the largest takes in the members.
void Groups::unite_groups(std::span<const GroupIndex> groups) {
  if (groups.size() < 2) {
    return;
  }
  const auto component = [this](GroupIndex group) { return formed_[group.value].component; };
  const auto largest =
      component(*std::max_element(groups.begin(), groups.end(), [&](GroupIndex a, GroupIndex b) {
        return components_[component(a)].count < components_[component(b)].count;
      }));
  const GroupIndex oldest = groups.front();
  std::vector<GroupIndex> aliases = std::move(components_[component(oldest)].aliases);
  for (const GroupIndex group : groups) {
    const std::uint32_t from = component(group);
    if (group != oldest) {
      aliases.push_back(group);
      const auto& more = components_[from].aliases;
      aliases.insert(aliases.end(), more.begin(), more.end());
      end(group);
      report(GroupChange::Kind::merged, oldest, group);
    }
    if (from != largest) {
      for (const AccountIndex account : components_[from].members) {
        if (component_of_[account.value] == from) {
          add(largest, account);
        }
      }
      release_component(from);
    }
  }
  components_[largest].aliases = std::move(aliases);
  group_of_component_[largest] = oldest;
  formed_[oldest.value].component = largest;
}

// --- coming apart

// Those left without any link leave their group. Each part of the rest holds one of those still
// linked, or what is left of the value: where that makes one, the rest is whole.
void Groups::loosen(const Loosened& loosened) {
  if (loosened.accounts.empty()) {
    return;
  }
  const std::uint32_t number = component_of(loosened.accounts.front());
  const GroupIndex group = group_of_component_[number];
  std::vector<AccountIndex> seeds;
  if (loosened.remaining.exists()) {
    seeds.push_back(loosened.remaining);
  }
  bool shrank = false;
  for (const AccountIndex account : loosened.accounts) {
    if (declarations_.linked(account)) {
      seeds.push_back(account);
    } else {
      drop(number, account);
      shrank = true;
    }
  }
  if (components_[number].count == 0) {
    end(group);
    release_component(number);
    report(GroupChange::Kind::dissolved, group);
    return;
  }
  if (seeds.size() > 1) {
    take_apart(number, PartSearch(declarations_, seeds).split_off());
  }
  if (shrank) {
    report(GroupChange::Kind::shrank, group);
  }
}

// Gives each of `parts` a component of its own; what remains stays where it is.
void Groups::take_apart(std::uint32_t number, const std::vector<std::vector<AccountIndex>>& parts) {
  if (parts.empty()) {
    return;
  }
  std::vector<std::uint32_t> pieces{number};
  for (const auto& part : parts) {
    pieces.push_back(take_component());
    for (const AccountIndex account : part) {
      drop(number, account);
      add(pieces.back(), account);
    }
  }
  name_pieces(group_of_component_[number], std::move(pieces));
}

// The piece with the account it is called after goes on, else that with the first-seen one. The
// first piece is the largest as a rule: it is looked at only where its name does not decide.
void Groups::name_pieces(GroupIndex group, std::vector<std::uint32_t> pieces) {
  const std::uint32_t remaining = pieces.front();
  const auto by_first_seen = [this](std::uint32_t a, std::uint32_t b) {
    return components_[a].members.front() < components_[b].members.front();
  };
  const std::uint32_t named = component_of(formed_[group.value].named_after);
  const bool name_stays = std::find(pieces.begin(), pieces.end(), named) != pieces.end();
  if (name_stays) {
    std::erase(pieces, named);
  }
  for (const std::uint32_t piece : pieces) {
    put_in_order(piece);
  }
  std::sort(pieces.begin(), pieces.end(), by_first_seen);
  const std::uint32_t keeper = name_stays ? named : pieces.front();
  std::erase(pieces, keeper);

  std::vector<GroupIndex> aliases = std::move(components_[remaining].aliases);
  components_[remaining].aliases.clear();
  components_[keeper].aliases = std::move(aliases);
  formed_[group.value].component = keeper;
  group_of_component_[keeper] = group;
  for (const std::uint32_t piece : pieces) {
    report(GroupChange::Kind::split, form(piece), group);
  }
}

// --- declarations

void Groups::declare(Text group_id, std::span<const AccountIndex> members) {
  std::vector<AccountIndex> list(members.begin(), members.end());
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  Loosened loosened;
  declarations_.leave_list(group_id.view(), list, loosened);
  loosen(loosened);
  if (!list.empty()) {
    declarations_.join_list(group_id.view(), list);
    unite(list);
  }
}

void Groups::withdraw(Text group_id) { declare(group_id, {}); }

void Groups::set_master(AccountIndex account, AccountIndex master) {
  const AccountIndex next = master == account ? AccountIndex::none() : master;
  if (declarations_.master(account) == next) {
    return;
  }
  Loosened loosened;
  declarations_.leave_master(account, loosened);
  loosen(loosened);
  if (next.exists()) {
    declarations_.join_master(account, next);
    if (!declarations_.links_nobody(next)) {
      unite(std::array{account, next});
    }
  }
}

void Groups::set_person(AccountIndex account, Text person_id) {
  if (declarations_.person(account) == person_id.view()) {
    return;
  }
  Loosened loosened;
  declarations_.leave_person(account, loosened);
  loosen(loosened);
  if (!person_id.empty()) {
    const AccountIndex other = declarations_.join_person(account, person_id.view());
    if (other.exists()) {
      unite(std::array{account, other});
    }
  }
}

void Groups::set_links_nobody(AccountIndex master, bool links_nobody) {
  if (declarations_.links_nobody(master) == links_nobody) {
    return;
  }
  declarations_.set_links_nobody(master, links_nobody);
  const std::vector<AccountIndex> star = declarations_.star(master);
  if (links_nobody) {
    loosen({star, AccountIndex::none()});
  } else {
    unite(star);
  }
}

// The ends of pairs that go, group by group: all of a group's pairs at once, so that none is
// searched twice.
void Groups::set_pairs(std::span<const std::pair<AccountIndex, AccountIndex>> apart,
                       std::span<const std::pair<AccountIndex, AccountIndex>> linked) {
  std::vector<std::pair<GroupIndex, AccountIndex>> ends;
  for (const auto& [a, b] : apart) {
    ends.emplace_back(group(a), a);
    ends.emplace_back(group(b), b);
    declarations_.leave_pair(a, b);
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  for (auto at = ends.begin(); at != ends.end();) {
    Loosened loosened;
    for (const GroupIndex of = at->first; at != ends.end() && at->first == of; ++at) {
      loosened.accounts.push_back(at->second);
    }
    loosen(loosened);
  }
  for (const auto& [a, b] : linked) {
    declarations_.join_pair(a, b);
    unite(std::array{a, b});
  }
}

// --- reading

std::span<const AccountIndex> Groups::members(GroupIndex group) const {
  const std::uint32_t number = formed_[group.value].component;
  if (number == none) {
    return {};
  }
  put_in_order(number);
  return components_[number].members;
}

AccountIndex Groups::named_after(GroupIndex group) const {
  return formed_[group.value].named_after;
}

std::span<const GroupIndex> Groups::aliases(GroupIndex group) const {
  const std::uint32_t number = formed_[group.value].component;
  return number == none ? std::span<const GroupIndex>() : components_[number].aliases;
}

}  // namespace marktwacht
