// The links in force: which values link which accounts. A value is a declared list, a person, the
// star of a master with those who name it, or a pair that evidence or people link.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/index.h"
#include "links/number_table.h"
#include "links/value_names.h"

namespace marktwacht {

// Who may have lost a link by an act.
struct Loosened {
  std::vector<AccountIndex> accounts;  // all of one group; empty when the value linked nobody
  AccountIndex remaining;              // one of those who still hold together by the value, if any
};

// One thing that links accounts.
struct LinkValue {
  enum class Kind : std::uint8_t { person, star, list, pair } kind;
  std::uint32_t number;  // of a star: its master

  auto operator<=>(const LinkValue&) const = default;
};

// Leaving and joining are separate acts, so that a group can come apart before another forms.
// About 52 bytes per account, 16 per listed account, 36 per pair, and the texts in use.
class Declarations {
 public:
  static constexpr std::uint32_t none = ValueNames::none;

  // Takes those not in `keep` (ascending, distinct) off the list; none kept: the list is gone.
  void leave_list(std::string_view id, std::span<const AccountIndex> keep, Loosened& loosened);
  // Puts those of `members` (ascending, distinct, not empty) that are not on the list on it.
  void join_list(std::string_view id, std::span<const AccountIndex> members);

  // An account has at most one person and one master. Joining needs that it has none.
  std::string_view person(AccountIndex account) const;  // empty = none
  void leave_person(AccountIndex account, Loosened& loosened);
  // Somebody it is linked with by that, or none.
  AccountIndex join_person(AccountIndex account, std::string_view person_id);

  AccountIndex master(AccountIndex account) const { return row(account).master; }
  void leave_master(AccountIndex account, Loosened& loosened);
  void join_master(AccountIndex account, AccountIndex master);

  bool links_nobody(AccountIndex master) const { return row(master).links_nobody; }
  void set_links_nobody(AccountIndex master, bool links_nobody);
  // The master and all who name it; empty when nobody does.
  std::vector<AccountIndex> star(AccountIndex master) const;

  // Pairs that are linked for a reason of their own; a < b. Joining needs that it is not in force,
  // leaving that it is.
  bool has_pair(AccountIndex a, AccountIndex b) const { return find_pair(a, b) != none; }
  void join_pair(AccountIndex a, AccountIndex b);
  void leave_pair(AccountIndex a, AccountIndex b);

  // Whether any value links it with another account.
  bool linked(AccountIndex account) const;

  // --- for searches along the links
  // Visits each value that links `account` with others.
  template <class Visitor>
  void visit_values(AccountIndex account, Visitor&& visitor) const;
  // Visits all accounts of a value that links.
  template <class Visitor>
  void visit_accounts(LinkValue value, Visitor&& visitor) const;
  std::size_t size(LinkValue value) const;
  // The person's or list's id, empty for other values; valid until the next change.
  std::string_view text(LinkValue value) const;
  // Marks that a search leaves where it was: `none` until `mark` is called, and again after
  // `forget_marks`.
  std::uint32_t marked(AccountIndex account) const { return row(account).mark; }
  std::uint32_t marked(LinkValue value) { return mark_of(value); }
  void mark(AccountIndex account, std::uint32_t mark);
  void mark(LinkValue value, std::uint32_t mark);
  void forget_marks();

  // Accounts from this on have no part in any declaration.
  std::uint32_t accounts_end() const;
  // Canonical bytes for the accounts below `accounts`, which must cover `accounts_end()`.
  void save(ByteWriter& out, std::uint32_t accounts) const;
  // Into fresh Declarations; false when the bytes are malformed. How many accounts there are is
  // written to `accounts`; memory is bounded by the bytes read.
  bool load(ByteReader& in, std::uint32_t& accounts);

 private:
  // Persons and stars chain their accounts through these rows, lists through memberships.
  struct Row {
    std::uint32_t person = none;
    AccountIndex person_next, person_previous;
    AccountIndex master;
    AccountIndex star_next, star_previous;
    AccountIndex star_first;  // of those who name this one as master
    std::uint32_t star_size = 0;
    std::uint32_t membership_first = none;
    std::uint32_t pair_first = none;
    bool links_nobody = false;
    std::uint32_t mark = none, star_mark = none;
  };
  struct Person {
    AccountIndex first;
    std::uint32_t size = 0;
    std::uint32_t mark = none;
  };
  struct List {
    std::vector<std::uint32_t> memberships;  // by account, ascending
    std::uint32_t mark = none;
  };
  struct Membership {
    AccountIndex account;
    std::uint32_t list = none;
    std::uint32_t next = none, previous = none;  // of the same account
  };

  // In the chains of both accounts.
  struct Pair {
    AccountIndex accounts[2];
    std::uint32_t next[2] = {none, none}, previous[2] = {none, none};
    std::uint32_t mark = none;

    int side(AccountIndex account) const { return accounts[0] == account ? 0 : 1; }
  };

  const Row& row(AccountIndex account) const;
  Row& row_of(AccountIndex account);  // grows the table
  std::uint32_t add_membership(AccountIndex account, std::uint32_t list);
  void remove_membership(std::uint32_t number);
  bool star_links(AccountIndex master) const;
  std::uint32_t& mark_of(LinkValue value);
  std::uint32_t find_pair(AccountIndex a, AccountIndex b) const;

  void save_lists(ByteWriter& out) const;
  bool load_rows(ByteReader& in, std::uint32_t accounts);
  bool load_lists(ByteReader& in, std::uint32_t accounts);
  void save_pairs(ByteWriter& out) const;
  bool load_pairs(ByteReader& in, std::uint32_t accounts);

  BigVector<Row> rows_;  // by account
  ValueNames person_names_;
  std::vector<Person> persons_;
  ValueNames list_names_;
  std::vector<List> lists_;
  std::vector<Membership> memberships_;
  std::vector<std::uint32_t> free_memberships_;
  std::vector<Pair> pairs_;
  std::vector<std::uint32_t> free_pairs_;
  NumberTable<NumberPair> pair_table_;
  std::vector<AccountIndex> marked_accounts_;
  std::vector<LinkValue> marked_values_;
};

template <class Visitor>
void Declarations::visit_values(AccountIndex account, Visitor&& visitor) const {
  using Kind = LinkValue::Kind;
  const Row& self = row(account);
  if (self.person != none && persons_[self.person].size > 1) {
    visitor(LinkValue{Kind::person, self.person});
  }
  for (const AccountIndex master : {self.master, account}) {
    if (star_links(master)) {
      visitor(LinkValue{Kind::star, master.value});
    }
  }
  for (std::uint32_t at = self.membership_first; at != none; at = memberships_[at].next) {
    if (const LinkValue list{Kind::list, memberships_[at].list}; size(list) > 1) {
      visitor(list);
    }
  }
  for (std::uint32_t at = self.pair_first; at != none;
       at = pairs_[at].next[pairs_[at].side(account)]) {
    visitor(LinkValue{Kind::pair, at});
  }
}

template <class Visitor>
void Declarations::visit_accounts(LinkValue value, Visitor&& visitor) const {
  switch (value.kind) {
    case LinkValue::Kind::person: {
      AccountIndex at = persons_[value.number].first;
      for (; at.exists(); at = row(at).person_next) {
        visitor(at);
      }
      break;
    }
    case LinkValue::Kind::star: {
      visitor(AccountIndex{value.number});
      AccountIndex at = row(AccountIndex{value.number}).star_first;
      for (; at.exists(); at = row(at).star_next) {
        visitor(at);
      }
      break;
    }
    case LinkValue::Kind::list:
      for (const std::uint32_t number : lists_[value.number].memberships) {
        visitor(memberships_[number].account);
      }
      break;
    case LinkValue::Kind::pair:
      visitor(pairs_[value.number].accounts[0]);
      visitor(pairs_[value.number].accounts[1]);
  }
}

}  // namespace marktwacht
