// Declarations in canonical order, for snapshots.
#include <algorithm>

#include "links/declarations.h"

namespace marktwacht {
namespace {

constexpr std::uint8_t has_master = 1, has_person = 2, is_nobody = 4;

}  // namespace

std::uint32_t Declarations::accounts_end() const {
  const auto used = [](const Row& row) {
    return row.person != none || row.master.exists() || row.star_size > 0 ||
           row.membership_first != none || row.pair_first != none || row.links_nobody;
  };
  const auto last = std::find_if(rows_.rbegin(), rows_.rend(), used);
  return static_cast<std::uint32_t>(rows_.rend() - last);
}

void Declarations::save(ByteWriter& out, std::uint32_t accounts) const {
  out.varint(accounts);
  for (std::uint32_t i = 0; i < accounts; ++i) {
    const Row& self = row(AccountIndex{i});
    out.byte(static_cast<std::uint8_t>((self.master.exists() ? has_master : 0) |
                                       (self.person != none ? has_person : 0) |
                                       (self.links_nobody ? is_nobody : 0)));
    if (self.master.exists()) {
      out.varint(self.master.value);
    }
    if (self.person != none) {
      out.text(person_names_.text(self.person));
    }
  }
  save_lists(out);
  save_pairs(out);
}

void Declarations::save_lists(ByteWriter& out) const {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < list_names_.numbers_end(); ++i) {
    if (list_names_.used(i)) {
      numbers.push_back(i);
    }
  }
  std::sort(numbers.begin(), numbers.end(), [this](std::uint32_t a, std::uint32_t b) {
    return list_names_.text(a) < list_names_.text(b);
  });
  out.varint(numbers.size());
  for (const std::uint32_t number : numbers) {
    out.text(list_names_.text(number));
    out.varint(lists_[number].memberships.size());
    for (const std::uint32_t membership : lists_[number].memberships) {
      out.varint(memberships_[membership].account.value);
    }
  }
}

bool Declarations::load_rows(ByteReader& in, std::uint32_t accounts) {
  for (std::uint32_t i = 0; i < accounts && in.ok(); ++i) {
    const AccountIndex account{i};
    const std::uint8_t flags = in.byte();
    if (flags > (has_master | has_person | is_nobody)) {
      return false;
    }
    if ((flags & has_master) != 0) {
      const std::uint64_t master = in.varint();
      if (master >= accounts || master == i) {
        return false;
      }
      join_master(account, AccountIndex{static_cast<std::uint32_t>(master)});
    }
    if ((flags & has_person) != 0) {
      const std::string_view person_id = in.text();
      if (person_id.empty()) {
        return false;
      }
      join_person(account, person_id);
    }
    if ((flags & is_nobody) != 0) {
      set_links_nobody(account, true);
    }
  }
  return in.ok();
}

bool Declarations::load_lists(ByteReader& in, std::uint32_t accounts) {
  std::string_view last;
  std::vector<AccountIndex> members;
  const std::uint64_t lists = in.varint();
  for (std::uint64_t i = 0; i < lists && in.ok(); ++i) {
    const std::string_view id = in.text();
    const std::uint64_t size = in.varint();
    members.clear();
    for (std::uint64_t k = 0; k < size && in.ok(); ++k) {
      const std::uint64_t account = in.varint();
      if (account >= accounts || (k > 0 && account <= members.back().value)) {
        return false;
      }
      members.push_back(AccountIndex{static_cast<std::uint32_t>(account)});
    }
    if (!in.ok() || members.empty() || (i > 0 && id <= last)) {
      return false;
    }
    last = id;
    join_list(id, members);
  }
  return in.ok();
}

bool Declarations::load(ByteReader& in, std::uint32_t& accounts) {
  const std::uint64_t count = in.varint();
  if (!in.ok() || count > in.left() || count >= AccountIndex::none_value) {
    return false;
  }
  accounts = static_cast<std::uint32_t>(count);
  rows_.resize(accounts);
  return load_rows(in, accounts) && load_lists(in, accounts) && load_pairs(in, accounts);
}

}  // namespace marktwacht
