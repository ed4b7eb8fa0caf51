// Snapshots of groups: the declarations, and of the partition only what they do not say: which
// group is which part, its name and its aliases.
#include <algorithm>

#include "links/groups.h"

namespace marktwacht {

void Groups::save(ByteWriter& out) const {
  std::uint32_t accounts = declarations_.accounts_end();
  for (const Formed& formed : formed_) {
    accounts = std::max(accounts, formed.named_after.value + 1);
  }
  declarations_.save(out, accounts);
  save_groups(out);
  out.varint(changes_.size());
  for (const GroupChange& change : changes_) {
    out.byte(static_cast<std::uint8_t>(change.kind));
    out.fixed(change.group.value);
    out.fixed(change.other.value);
  }
}

void Groups::save_groups(ByteWriter& out) const {
  out.varint(formed_.size());
  for (std::uint32_t i = 0; i < formed_.size(); ++i) {
    out.varint(formed_[i].named_after.value);
    const auto alive = members(GroupIndex{i});
    out.byte(alive.empty() ? 0 : 1);
    if (!alive.empty()) {
      out.varint(alive.front().value);
      out.varint(aliases(GroupIndex{i}).size());
      for (const GroupIndex alias : aliases(GroupIndex{i})) {
        out.varint(alias.value);
      }
    }
  }
}

// A new component of all that `start` is linked with; the caller forgets the marks.
void Groups::spread(AccountIndex start) {
  const std::uint32_t number = take_component();
  add(number, start);
  for (std::size_t i = 0; i < components_[number].members.size(); ++i) {
    declarations_.visit_values(components_[number].members[i], [&](LinkValue value) {
      if (declarations_.marked(value) != Declarations::none) {
        return;
      }
      declarations_.mark(value, number);
      declarations_.visit_accounts(value, [&](AccountIndex account) {
        if (component_of(account) == none) {
          add(number, account);
        }
      });
    });
  }
}

bool Groups::load(ByteReader& in) {
  std::uint32_t accounts = 0;
  if (!declarations_.load(in, accounts)) {
    return false;
  }
  component_of_.assign(accounts, none);
  for (std::uint32_t i = 0; i < accounts; ++i) {
    if (component_of_[i] == none && declarations_.linked(AccountIndex{i})) {
      spread(AccountIndex{i});
    }
  }
  declarations_.forget_marks();
  return load_groups(in, accounts) && load_changes(in);
}

bool Groups::load_groups(ByteReader& in, std::uint32_t accounts) {
  const std::uint64_t count = in.varint();
  if (!in.ok() || count > in.left()) {
    return false;
  }
  formed_.resize(static_cast<std::size_t>(count));
  for (Formed& formed : formed_) {
    const std::uint64_t name = in.varint();
    const std::uint8_t alive = in.byte();
    if (name >= accounts || alive > 1) {
      return false;
    }
    formed.named_after = AccountIndex{static_cast<std::uint32_t>(name)};
    if (alive == 1) {
      formed.component =
          take_living(in, GroupIndex{static_cast<std::uint32_t>(&formed - &formed_[0])});
      if (formed.component == none) {
        return false;
      }
      ++times_named(formed.named_after);
    }
  }
  return in.ok() && std::none_of(group_of_component_.begin(), group_of_component_.end(),
                                 [](GroupIndex group) { return !group.exists(); });
}

// The component of the living group that comes next, or none where that is malformed.
std::uint32_t Groups::take_living(ByteReader& in, GroupIndex group) {
  const std::uint64_t first = in.varint();
  const std::uint32_t number = first < component_of_.size() ? component_of_[first] : none;
  if (!in.ok() || number == none || group_of_component_[number].exists()) {
    return none;
  }
  put_in_order(number);
  if (components_[number].members.front().value != first) {
    return none;
  }
  group_of_component_[number] = group;
  const std::uint64_t aliases = in.varint();
  for (std::uint64_t i = 0; i < aliases && in.ok(); ++i) {
    const std::uint64_t alias = in.varint();
    if (alias >= formed_.size()) {
      return none;
    }
    components_[number].aliases.push_back(GroupIndex{static_cast<std::uint32_t>(alias)});
  }
  return in.ok() ? number : none;
}

bool Groups::load_changes(ByteReader& in) {
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::uint8_t kind = in.byte();
    const GroupIndex group{in.fixed<std::uint32_t>()}, other{in.fixed<std::uint32_t>()};
    if (kind > static_cast<std::uint8_t>(GroupChange::Kind::dissolved) ||
        group.value >= formed_.size() || (other.exists() && other.value >= formed_.size())) {
      return false;
    }
    report(static_cast<GroupChange::Kind>(kind), group, other);
  }
  return in.ok();
}

}  // namespace marktwacht
