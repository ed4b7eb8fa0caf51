// Logins: most are as usual, and need no look at what accounts share.
#include <algorithm>

#include "base/prefetch.h"
#include "links/evidence.h"

namespace marktwacht {

bool EvidenceStore::is_value(std::uint32_t number, std::string_view text) const {
  return number == none ? text.empty() : values_[number].text() == text;
}

bool EvidenceStore::knows_usual(const Row& row, Time now) {
  return std::int64_t{row.usual_until} * usual_unit.ns > now.ns;
}

EvidenceStore::AsUsual EvidenceStore::as_usual(const Login& login, AccountIndex account,
                                               Time now) const {
  if (account.value >= rows_.size() || !knows_usual(rows_[account.value], now)) {
    return {};
  }
  prefetch_usual(account);
  const Usual& usual = rows_[account.value].usual;
  return {.ip = is_value(usual.ip, login.ip),
          .device = is_value(usual.device, login.device_id),
          .user_agent = is_value(usual.user_agent, login.user_agent)};
}

EvidenceStore::AllSaid EvidenceStore::unusual(const Login& login, AsUsual as_usual) {
  AllSaid all;
  const auto say = [&](SharedKind what, std::string_view text, bool known) {
    if (!text.empty() && !known) {
      all.said[all.size++] = {what, text};
    }
  };
  say(SharedKind::device, login.device_id, as_usual.device);
  say(SharedKind::ip, login.ip, as_usual.ip);
  say(SharedKind::subnet, login.subnet, as_usual.ip);
  say(SharedKind::user_agent, login.user_agent, as_usual.user_agent);
  return all;
}

void EvidenceStore::log_in(const Login& login, AsUsual as_usual, AccountIndex account, Time now) {
  Row& row = row_of(account);
  if (as_usual.all()) {
    row.unusual = 0;
    return;
  }
  if (row.unusual < unusual_max) {
    ++row.unusual;
  }
  const AllSaid said = unusual(login, as_usual);
  const AllSeen seen = see_all(said.all(), account, now);
  if (!knows_usual(row, now) || row.unusual == unusual_max) {
    note_usual(said.all(), seen, as_usual, account, now);
  }
}

// Of what stays usual the row has the value, and until when it is there at the least.
void EvidenceStore::note_usual(std::span<const Said> said, const AllSeen& seen, AsUsual as_usual,
                               AccountIndex account, Time now) {
  Row& row = rows_[account.value];
  Usual usual{.ip = as_usual.ip ? row.usual.ip : none,
              .device = as_usual.device ? row.usual.device : none,
              .user_agent = as_usual.user_agent ? row.usual.user_agent : none};
  constexpr std::int64_t last = (1 << 28) - 1;
  std::int64_t until = knows_usual(row, now) ? row.usual_until : last;
  for (std::size_t i = 0; i < said.size(); ++i) {
    const SharedKind what = said[i].what;
    const Time due = due_of(kind_of(what), pieces_[seen[i].piece].created);
    until = std::clamp(due.ns / usual_unit.ns, std::int64_t{0}, until);
    usual.ip = what == SharedKind::ip ? seen[i].value : usual.ip;
    usual.device = what == SharedKind::device ? seen[i].value : usual.device;
    usual.user_agent = what == SharedKind::user_agent ? seen[i].value : usual.user_agent;
  }
  row.usual_until = static_cast<std::uint32_t>(until) & last;
  row.usual = usual;
  row.unusual = 0;
}

// --- ahead of a login

void EvidenceStore::prefetch_row(AccountIndex account) const {
  if (account.value < rows_.size()) {
    prefetch_lines(&rows_[account.value], sizeof(Row));
  }
}

void EvidenceStore::prefetch_usual(AccountIndex account) const {
  if (account.value < rows_.size()) {
    const Usual& usual = rows_[account.value].usual;
    for (const std::uint32_t value : {usual.ip, usual.device}) {
      if (value != none) {
        prefetch_lines(&values_[value], value_bytes);
      }
    }
  }
}

void EvidenceStore::prefetch_values(const Login& login, AsUsual as_usual, Coming& coming) const {
  coming.count = 0;
  for (const Said& each : unusual(login, as_usual).all()) {
    const Hash key = hash_of_value(each.what, each.text);
    value_table_.prefetch(key);
    coming.hashes[coming.count++] = key.bits;
  }
}

void EvidenceStore::prefetch_pieces(const Coming& coming, AccountIndex account) const {
  for (std::size_t i = 0; i < coming.count; ++i) {
    prefetch_found({coming.hashes[i]}, account);
  }
  if (coming.count > 0 && account.value < rows_.size()) {  // what becomes the second of its pieces
    for (const std::uint32_t first : rows_[account.value].first) {
      if (first != none) {
        prefetch_line(&pieces_[first]);
      }
    }
  }
}

}  // namespace marktwacht
