// Rebuilds everything after every act.
#include "links/groups_twin.h"

#include <algorithm>

namespace marktwacht {
namespace {

constexpr std::uint32_t nothing = GroupIndex::none_value;

bool overlap(const GroupsTwin::Set& a, const GroupsTwin::Set& b) {
  return std::any_of(a.begin(), a.end(), [&](std::uint32_t x) { return b.contains(x); });
}

bool within(const GroupsTwin::Set& part, const GroupsTwin::Set& whole) {
  return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

}  // namespace

std::vector<GroupsTwin::Set> GroupsTwin::partition() const {
  std::map<std::string, Set> values;
  for (const auto& [id, list] : lists_) {
    values["list " + id] = list;
  }
  for (const auto& [account, person] : persons_) {
    values["person " + person].insert(account);
  }
  for (const auto& [account, master] : masters_) {
    if (!nobody_.contains(master)) {
      values["master " + std::to_string(master)].insert({account, master});
    }
  }
  for (const auto& [a, b] : pairs_) {
    values["pair " + std::to_string(a) + " " + std::to_string(b)] = {a, b};
  }
  std::vector<Set> parts;
  for (const auto& [name, value] : values) {
    Set part = value;
    for (auto at = parts.begin(); at != parts.end();) {
      if (overlap(*at, part)) {
        part.insert(at->begin(), at->end());
        at = parts.erase(at);
      } else {
        ++at;
      }
    }
    parts.push_back(part);
  }
  std::erase_if(parts, [](const Set& part) { return part.size() < 2; });
  std::sort(parts.begin(), parts.end());
  return parts;
}

void GroupsTwin::report(GroupChange::Kind kind, std::uint32_t group, std::uint32_t other) {
  changes.push_back({kind, GroupIndex{group}, GroupIndex{other}});
}

std::uint32_t GroupsTwin::form(const Set& members) {
  std::uint32_t name = *members.begin();
  for (const std::uint32_t member : members) {
    if (std::none_of(groups.begin(), groups.end(), [&](const TwinGroup& group) {
          return !group.members.empty() && group.named_after == member;
        })) {
      name = member;
      break;
    }
  }
  groups.push_back({name, members, {}});
  return static_cast<std::uint32_t>(groups.size() - 1);
}

void GroupsTwin::after_leaving() {
  const std::vector<Set> all = partition();
  for (std::uint32_t i = 0; i < groups.size(); ++i) {
    const Set before = groups[i].members;
    std::vector<Set> parts;
    std::size_t left = 0;
    for (const Set& part : all) {
      if (!before.empty() && within(part, before)) {
        parts.push_back(part);
        left += part.size();
      }
    }
    if (before.empty() || (parts.size() == 1 && parts[0] == before)) {
      continue;
    }
    if (parts.empty()) {
      groups[i].members.clear();
      groups[i].aliases.clear();
      report(GroupChange::Kind::dissolved, i, nothing);
      continue;
    }
    auto keeper = std::find_if(parts.begin(), parts.end(), [&](const Set& part) {
      return part.contains(groups[i].named_after);
    });
    keeper = keeper == parts.end() ? parts.begin() : keeper;
    groups[i].members = *keeper;
    for (auto part = parts.begin(); part != parts.end(); ++part) {
      if (part != keeper) {
        report(GroupChange::Kind::split, form(*part), i);
      }
    }
    if (left < before.size()) {
      report(GroupChange::Kind::shrank, i, nothing);
    }
  }
}

void GroupsTwin::after_joining() {
  for (const Set& part : partition()) {
    std::vector<std::uint32_t> inside;
    std::size_t had = 0;
    for (std::uint32_t i = 0; i < groups.size(); ++i) {
      if (!groups[i].members.empty() && within(groups[i].members, part)) {
        inside.push_back(i);
        had += groups[i].members.size();
      }
    }
    if (inside.empty()) {
      report(GroupChange::Kind::formed, form(part), nothing);
      continue;
    }
    TwinGroup& oldest = groups[inside[0]];
    for (std::size_t k = 1; k < inside.size(); ++k) {
      TwinGroup& other = groups[inside[k]];
      oldest.aliases.push_back(inside[k]);
      oldest.aliases.insert(oldest.aliases.end(), other.aliases.begin(), other.aliases.end());
      other.members.clear();
      other.aliases.clear();
      report(GroupChange::Kind::merged, inside[0], inside[k]);
    }
    oldest.members = part;
    if (had < part.size()) {
      report(GroupChange::Kind::grew, inside[0], nothing);
    }
  }
}

void GroupsTwin::declare(const std::string& group_id, const Set& members) {
  std::erase_if(lists_[group_id], [&](std::uint32_t at) { return !members.contains(at); });
  after_leaving();
  lists_[group_id] = members;
  after_joining();
}

void GroupsTwin::set_master(std::uint32_t account, AccountIndex master) {
  const auto known = masters_.find(account);
  if (known != masters_.end() && known->second == master.value) {
    return;
  }
  masters_.erase(account);
  after_leaving();
  if (master.exists() && master.value != account) {
    masters_[account] = master.value;
    after_joining();
  }
}

void GroupsTwin::set_person(std::uint32_t account, const std::string& person_id) {
  const auto known = persons_.find(account);
  if (known != persons_.end() && known->second == person_id) {
    return;
  }
  persons_.erase(account);
  after_leaving();
  if (!person_id.empty()) {
    persons_[account] = person_id;
    after_joining();
  }
}

void GroupsTwin::set_pair(std::uint32_t a, std::uint32_t b, bool linked) {
  if (linked) {
    pairs_.emplace(a, b);
    after_joining();
  } else {
    pairs_.erase({a, b});
    after_leaving();
  }
}

void GroupsTwin::set_links_nobody(std::uint32_t master, bool links_nobody) {
  if (links_nobody) {
    nobody_.insert(master);
    after_leaving();
  } else {
    nobody_.erase(master);
    after_joining();
  }
}

}  // namespace marktwacht
