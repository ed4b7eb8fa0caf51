// Lists, persons and stars: leaving and joining them in constant time per account.
#include "links/declarations.h"

#include <algorithm>

#include "base/check.h"
#include "base/free_places.h"

namespace marktwacht {

const Declarations::Row& Declarations::row(AccountIndex account) const {
  static const Row empty;
  return account.value < rows_.size() ? rows_[account.value] : empty;
}

Declarations::Row& Declarations::row_of(AccountIndex account) {
  check(account.exists(), "the account has an index");
  if (account.value >= rows_.size()) {
    rows_.resize(std::size_t{account.value} + 1);
  }
  return rows_[account.value];
}

std::uint32_t Declarations::add_membership(AccountIndex account, std::uint32_t list) {
  const std::uint32_t number = take_place(memberships_, free_memberships_);
  Row& self = row_of(account);
  memberships_[number] = {account, list, self.membership_first, none};
  if (self.membership_first != none) {
    memberships_[self.membership_first].previous = number;
  }
  self.membership_first = number;
  return number;
}

void Declarations::remove_membership(std::uint32_t number) {
  const Membership& gone = memberships_[number];
  if (gone.next != none) {
    memberships_[gone.next].previous = gone.previous;
  }
  if (gone.previous != none) {
    memberships_[gone.previous].next = gone.next;
  } else {
    rows_[gone.account.value].membership_first = gone.next;
  }
  free_memberships_.push_back(number);
}

std::string_view Declarations::text(LinkValue value) const {
  switch (value.kind) {
    case LinkValue::Kind::person:
      return person_names_.text(value.number);
    case LinkValue::Kind::list:
      return list_names_.text(value.number);
    case LinkValue::Kind::star:
    case LinkValue::Kind::pair:
      break;
  }
  return {};
}

void Declarations::leave_list(std::string_view id, std::span<const AccountIndex> keep,
                              Loosened& loosened) {
  const std::uint32_t number = list_names_.find(id);
  if (number == none) {
    return;
  }
  std::vector<std::uint32_t>& memberships = lists_[number].memberships;
  const bool linked = memberships.size() > 1;
  std::size_t kept = 0;
  for (const std::uint32_t membership : memberships) {
    const AccountIndex account = memberships_[membership].account;
    if (std::binary_search(keep.begin(), keep.end(), account)) {
      memberships[kept++] = membership;
    } else {
      loosened.accounts.push_back(account);
      remove_membership(membership);
    }
  }
  memberships.resize(kept);
  if (!linked) {
    loosened.accounts.clear();
  } else if (kept > 0) {
    const AccountIndex first = memberships_[memberships.front()].account;
    if (kept > 1) {
      loosened.remaining = first;
    } else {
      loosened.accounts.push_back(first);
    }
  }
  if (kept == 0) {
    lists_[number] = {};
    list_names_.forget(number);
  }
}

void Declarations::join_list(std::string_view id, std::span<const AccountIndex> members) {
  check(!members.empty(), "a list has members");
  const std::uint32_t number = list_names_.intern(id);
  if (number >= lists_.size()) {
    lists_.resize(std::size_t{number} + 1);
  }
  std::vector<std::uint32_t>& old = lists_[number].memberships;
  std::vector<std::uint32_t> merged;
  merged.reserve(std::max(members.size(), old.size()));
  auto at = old.begin();
  for (const AccountIndex account : members) {
    for (; at != old.end() && memberships_[*at].account < account; ++at) {
      merged.push_back(*at);
    }
    const bool listed = at != old.end() && memberships_[*at].account == account;
    merged.push_back(listed ? *at++ : add_membership(account, number));
  }
  merged.insert(merged.end(), at, old.end());
  old = std::move(merged);
}

std::string_view Declarations::person(AccountIndex account) const {
  const std::uint32_t number = row(account).person;
  return number == none ? std::string_view() : person_names_.text(number);
}

void Declarations::leave_person(AccountIndex account, Loosened& loosened) {
  const Row self = row(account);
  if (self.person == none) {
    return;
  }
  Person& person = persons_[self.person];
  if (self.person_next.exists()) {
    rows_[self.person_next.value].person_previous = self.person_previous;
  }
  if (self.person_previous.exists()) {
    rows_[self.person_previous.value].person_next = self.person_next;
  } else {
    person.first = self.person_next;
  }
  Row& changed = rows_[account.value];
  changed.person = none;
  changed.person_next = changed.person_previous = AccountIndex::none();
  --person.size;
  if (person.size == 0) {
    person_names_.forget(self.person);
    return;
  }
  loosened.accounts.push_back(account);
  if (person.size > 1) {
    loosened.remaining = person.first;
  } else {
    loosened.accounts.push_back(person.first);
  }
}

AccountIndex Declarations::join_person(AccountIndex account, std::string_view person_id) {
  Row& self = row_of(account);
  check(self.person == none, "it left its person before");
  self.person = person_names_.intern(person_id);
  if (self.person >= persons_.size()) {
    persons_.resize(std::size_t{self.person} + 1);
  }
  Person& person = persons_[self.person];
  const AccountIndex other = person.size > 0 ? person.first : AccountIndex::none();
  self.person_next = other;
  if (other.exists()) {
    rows_[other.value].person_previous = account;
  }
  person.first = account;
  ++person.size;
  return other;
}

void Declarations::leave_master(AccountIndex account, Loosened& loosened) {
  const Row self = row(account);
  if (!self.master.exists()) {
    return;
  }
  Row& master = rows_[self.master.value];
  if (self.star_next.exists()) {
    rows_[self.star_next.value].star_previous = self.star_previous;
  }
  if (self.star_previous.exists()) {
    rows_[self.star_previous.value].star_next = self.star_next;
  } else {
    master.star_first = self.star_next;
  }
  --master.star_size;
  Row& changed = rows_[account.value];
  changed.master = changed.star_next = changed.star_previous = AccountIndex::none();
  if (master.links_nobody) {
    return;
  }
  loosened.accounts.push_back(account);
  if (master.star_size > 0) {
    loosened.remaining = self.master;
  } else {
    loosened.accounts.push_back(self.master);
  }
}

void Declarations::join_master(AccountIndex account, AccountIndex master) {
  row_of(AccountIndex{std::max(account.value, master.value)});
  Row& self = rows_[account.value];
  Row& hub = rows_[master.value];
  check(!self.master.exists() && account != master, "it left its master before");
  self.master = master;
  self.star_next = hub.star_first;
  if (hub.star_first.exists()) {
    rows_[hub.star_first.value].star_previous = account;
  }
  hub.star_first = account;
  ++hub.star_size;
}

void Declarations::set_links_nobody(AccountIndex master, bool links_nobody) {
  row_of(master).links_nobody = links_nobody;
}

std::vector<AccountIndex> Declarations::star(AccountIndex master) const {
  std::vector<AccountIndex> accounts;
  if (row(master).star_size > 0) {
    visit_accounts({LinkValue::Kind::star, master.value},
                   [&](AccountIndex account) { accounts.push_back(account); });
  }
  return accounts;
}

bool Declarations::star_links(AccountIndex master) const {
  return master.exists() && row(master).star_size > 0 && !row(master).links_nobody;
}

bool Declarations::linked(AccountIndex account) const {
  const Row& self = row(account);
  if ((self.person != none && persons_[self.person].size > 1) || star_links(self.master) ||
      star_links(account) || self.pair_first != none) {
    return true;
  }
  for (std::uint32_t at = self.membership_first; at != none; at = memberships_[at].next) {
    if (lists_[memberships_[at].list].memberships.size() > 1) {
      return true;
    }
  }
  return false;
}

std::size_t Declarations::size(LinkValue value) const {
  switch (value.kind) {
    case LinkValue::Kind::person:
      return persons_[value.number].size;
    case LinkValue::Kind::star:
      return std::size_t{rows_[value.number].star_size} + 1;
    case LinkValue::Kind::list:
      return lists_[value.number].memberships.size();
    case LinkValue::Kind::pair:
      return 2;
  }
  return 0;
}

std::uint32_t& Declarations::mark_of(LinkValue value) {
  switch (value.kind) {
    case LinkValue::Kind::person:
      return persons_[value.number].mark;
    case LinkValue::Kind::star:
      return rows_[value.number].star_mark;
    case LinkValue::Kind::pair:
      return pairs_[value.number].mark;
    case LinkValue::Kind::list:
      break;
  }
  return lists_[value.number].mark;
}

void Declarations::mark(AccountIndex account, std::uint32_t mark) {
  rows_[account.value].mark = mark;
  marked_accounts_.push_back(account);
}

void Declarations::mark(LinkValue value, std::uint32_t mark) {
  mark_of(value) = mark;
  marked_values_.push_back(value);
}

void Declarations::forget_marks() {
  for (const AccountIndex account : marked_accounts_) {
    rows_[account.value].mark = none;
  }
  for (const LinkValue value : marked_values_) {
    mark_of(value) = none;
  }
  marked_accounts_.clear();
  marked_values_.clear();
}

}  // namespace marktwacht
