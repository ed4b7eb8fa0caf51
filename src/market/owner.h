// Whose hand moves an account: its control group, or itself where it has none.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "market/market.h"

namespace marktwacht {

// A number for keys; what it stands for changes when groups do.
struct Owner {
  static constexpr std::uint32_t group_bit = 0x8000'0000;

  std::uint32_t value = 0;

  bool is_group() const { return (value & group_bit) != 0; }
  GroupIndex group() const {
    return is_group() ? GroupIndex{value & ~group_bit} : GroupIndex::none();
  }
  auto operator<=>(const Owner&) const = default;
};

// O(1).
inline Owner owner_of(const Market& market, AccountIndex account) {
  const GroupIndex group = market.group(account);
  return {group.exists() ? group.value | Owner::group_bit : account.value};
}

inline std::uint64_t key_of(Owner owner, InstrumentIndex instrument) {
  return static_cast<std::uint64_t>(owner.value) << 32 | instrument.value;
}

// Each account of the owner.
template <class Visitor>
void visit_members(const Market& market, Owner owner, Visitor&& visitor) {
  if (!owner.is_group()) {
    visitor(AccountIndex{owner.value});
    return;
  }
  for (const AccountIndex member : market.groups().members(owner.group())) {
    visitor(member);
  }
}

// The account, or all of its group: by index, ascending; of none nobody.
inline std::vector<AccountIndex> accounts_of(const Market& market, AccountIndex account) {
  const GroupIndex group = market.group(account);
  if (!group.exists()) {
    return account.exists() ? std::vector{account} : std::vector<AccountIndex>{};
  }
  const auto members = market.groups().members(group);
  return {members.begin(), members.end()};
}

}  // namespace marktwacht
