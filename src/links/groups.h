// Control groups: which accounts are one hand, by what is declared (control_group, master_id,
// person_id) and by pairs that evidence or people link. See docs/links.md, docs/decisions.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/index.h"
#include "base/text.h"
#include "links/declarations.h"

namespace marktwacht {

using GroupIndex = Index<struct GroupTag>;

// What happened to the partition, in order, since the last `take_changes`. A merge that also takes
// in single accounts is followed by `grew`; a split that also leaves some single, by `shrank`.
struct GroupChange {
  // Stored in snapshots: never renumber.
  enum class Kind : std::uint8_t { formed, grew, shrank, merged, split, dissolved } kind;
  GroupIndex group;  // that goes on (or is new, or is gone)
  GroupIndex other;  // merged: the one that ended; split: the one it came out of
  auto operator<=>(const GroupChange&) const = default;
};

// What links accounts of one group.
struct Link {
  LinkValue::Kind kind{};
  std::string_view name;               // the person's or list's id; else empty
  AccountIndex master;                 // of a star, else none
  std::vector<AccountIndex> accounts;  // by index, ascending
};

// The groups are the connected components of the links in force: a function of the set of links,
// whatever their order. Only ids depend on order: a group is called "g-" + the id of
// its first-seen member when it forms, keeps that name while it grows, a merge keeps the older
// group's and records the other as alias; when one splits, the part with the member it is named
// after keeps the name (else the part with the first-seen member), the others form anew, passing
// over members that a living group is still called after (decision 0007).
// Growing costs amortised O(log n) per account; losing links costs what comes off, as a rule.
// One thread. Accounts are named by their dense index, which is the order of first sight.
class Groups {
 public:
  // A declared group: its members now; a later one replaces the list: who is not on the new one
  // leaves before new ones join. Withdrawing an unknown one does nothing, an empty list withdraws.
  void declare(Text group_id, std::span<const AccountIndex> members);
  void withdraw(Text group_id);
  // The account's master and person as last stated; none and an empty text take it back. To be
  // one's own master is to have none.
  void set_master(AccountIndex account, AccountIndex master);
  void set_person(AccountIndex account, Text person_id);
  // A broker or omnibus account as master links nobody.
  void set_links_nobody(AccountIndex master, bool links_nobody);
  // Pairs (a < b, distinct) that stop being linked, all in force; then pairs that are linked from
  // now on, none in force.
  void set_pairs(std::span<const std::pair<AccountIndex, AccountIndex>> apart,
                 std::span<const std::pair<AccountIndex, AccountIndex>> linked);
  bool has_pair(AccountIndex a, AccountIndex b) const { return declarations_.has_pair(a, b); }

  // The links in force, for those who explain them; their marks are free between two acts.
  const Declarations& links() const { return declarations_; }

  // The account's group, none when it is alone. O(1).
  GroupIndex group(AccountIndex account) const {
    const std::uint32_t component = component_of(account);
    return component == none ? GroupIndex::none() : group_of_component_[component];
  }
  bool same_group(AccountIndex a, AccountIndex b) const {
    return a == b || (group(a).exists() && group(a) == group(b));
  }
  // In order of first sight; empty for a group that ended. Valid until the next change.
  std::span<const AccountIndex> members(GroupIndex group) const;
  // The account after whose id the group is called.
  AccountIndex named_after(GroupIndex group) const;
  // What holds the group together: each value by which members are linked, as
  // `visitor(Link)`, in the order of its first member. Walks the members' links.
  template <class Visitor>
  void visit_links(GroupIndex group, Visitor&& visitor) const;
  // Groups whose names are aliases of this one; empty for a group that ended.
  std::span<const GroupIndex> aliases(GroupIndex group) const;
  std::uint32_t size() const { return static_cast<std::uint32_t>(formed_.size()); }  // ever formed

  std::span<const GroupChange> changes() const { return changes_; }  // not taken yet
  std::vector<GroupChange> take_changes() { return std::exchange(changes_, {}); }

  // All state in canonical order: equal groups write equal bytes.
  void save(ByteWriter& out) const;
  // Into fresh Groups; false when the bytes are malformed.
  bool load(ByteReader& in);

 private:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  // A living group's accounts. Merging pours the smaller into the larger, whichever goes on.
  struct Component {
    std::vector<AccountIndex> members;  // some may have left or stand twice, until put in order
    std::size_t ordered = 0;            // so many in front are ascending
    std::size_t count = 0;              // of those who are members
    std::vector<GroupIndex> aliases;
  };
  // Kept for ever, so that aliases and old alerts still name it.
  struct Formed {
    AccountIndex named_after;
    std::uint32_t component = none;  // none: it ended
  };

  std::uint32_t component_of(AccountIndex account) const {
    return account.value < component_of_.size() ? component_of_[account.value] : none;
  }
  std::uint32_t take_component();
  void release_component(std::uint32_t number);
  void add(std::uint32_t number, AccountIndex account);
  void drop(std::uint32_t number, AccountIndex account);
  void put_in_order(std::uint32_t number) const;

  void unite(std::span<const AccountIndex> accounts);
  void unite_groups(std::span<const GroupIndex> groups);
  void loosen(const Loosened& loosened);
  void take_apart(std::uint32_t number, const std::vector<std::vector<AccountIndex>>& parts);
  void name_pieces(GroupIndex group, std::vector<std::uint32_t> pieces);

  GroupIndex form(std::uint32_t component);
  void end(GroupIndex group);
  AccountIndex name_for(std::uint32_t component) const;
  std::uint32_t& times_named(AccountIndex account);
  void report(GroupChange::Kind kind, GroupIndex group, GroupIndex other = GroupIndex::none());

  void spread(AccountIndex start);
  void save_groups(ByteWriter& out) const;
  bool load_groups(ByteReader& in, std::uint32_t accounts);
  std::uint32_t take_living(ByteReader& in, GroupIndex group);
  bool load_changes(ByteReader& in);

  Declarations declarations_;
  BigVector<std::uint32_t> component_of_;  // by account
  // Numbers are used again, groups' indices never.
  std::vector<GroupIndex> group_of_component_;
  mutable std::vector<Component> components_;  // mutable: put in order when read
  std::vector<std::uint32_t> free_components_;
  std::vector<Formed> formed_;            // by group
  BigVector<std::uint32_t> times_named_;  // by account: living groups called after it
  std::vector<GroupChange> changes_;
};

template <class Visitor>
void Groups::visit_links(GroupIndex group, Visitor&& visitor) const {
  std::set<LinkValue> seen;
  for (const AccountIndex member : members(group)) {
    declarations_.visit_values(member, [&](LinkValue value) {
      if (!seen.insert(value).second) {
        return;
      }
      Link link{value.kind, declarations_.text(value), AccountIndex::none(), {}};
      link.master = value.kind == LinkValue::Kind::star ? AccountIndex{value.number} : link.master;
      declarations_.visit_accounts(value,
                                   [&](AccountIndex account) { link.accounts.push_back(account); });
      std::ranges::sort(link.accounts);
      visitor(static_cast<const Link&>(link));
    });
  }
}

}  // namespace marktwacht
