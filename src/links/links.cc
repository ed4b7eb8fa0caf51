// From evidence and verdicts to links in force.
#include "links/links.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/network.h"
#include "base/token.h"

namespace marktwacht {

// --- evidence

void Links::set_links_nobody(AccountIndex account, bool links_nobody) {
  groups_.set_links_nobody(account, links_nobody);
  evidence_.set_links_nobody(account, links_nobody);
  settle();
}

namespace {

// A login in the words of evidence.
struct Worded {
  Worded(const EvidenceStore::Login& of, bool with_network)
      : names(with_network ? parse_ip(of.ip) : std::nullopt), login(of) {
    if (names) {
      login.ip = names->ip;
      login.subnet = names->subnet;
    } else if (with_network) {  // of a live service it is a token, which has a network too
      login.subnet = network_of_token(of.ip);
    }
  }
  Worded(const Worded&) = delete;
  Worded& operator=(const Worded&) = delete;

  std::optional<NetworkNames> names;
  EvidenceStore::Login login;
};

}  // namespace

void Links::log_in(const Login& login) {
  const EvidenceStore::Login said{login.ip, {}, login.device_id, login.user_agent};
  const EvidenceStore::AsUsual as_usual = evidence_.as_usual(said, login.account, login.now);
  if (as_usual.all()) {
    return evidence_.log_in(said, as_usual, login.account, login.now);
  }
  evidence_.log_in(Worded(said, !as_usual.ip).login, as_usual, login.account, login.now);
  settle();
}

void Links::look_ahead(Look look, const Login& login, Coming& coming) const {
  switch (look) {
    case Look::row:
      return evidence_.prefetch_row(login.account);
    case Look::usual:
      return evidence_.prefetch_usual(login.account);
    case Look::values: {
      const EvidenceStore::Login said{login.ip, {}, login.device_id, login.user_agent};
      const EvidenceStore::AsUsual as_usual = evidence_.as_usual(said, login.account, login.now);
      coming.count = 0;
      if (!as_usual.all()) {
        evidence_.prefetch_values(Worded(said, !as_usual.ip).login, as_usual, coming);
      }
      return;
    }
    case Look::pieces:
      return evidence_.prefetch_pieces(coming, login.account);
  }
}

void Links::see_address(AccountIndex account, std::string_view address, Time now) {
  if (!address.empty()) {
    evidence_.see(SharedKind::address, address, account, now);
    settle();
  }
}

void Links::label_address(std::string_view address) {
  evidence_.forget_address(address);
  settle();
}

void Links::send_by(AccountIndex account, std::string_view tx_id, Time now) {
  if (!tx_id.empty()) {
    evidence_.see(SharedKind::tx_sent, tx_id, account, now);
    settle();
  }
}

void Links::receive_by(AccountIndex account, std::string_view tx_id, Time now) {
  if (!tx_id.empty()) {
    evidence_.see(SharedKind::tx_received, tx_id, account, now);
    settle();
  }
}

void Links::transfer(AccountIndex from, AccountIndex to, Time now) {
  evidence_.see_transfer(from, to, now);
  settle();
}

void Links::set_referral(AccountIndex account, AccountIndex referrer, Time opened) {
  evidence_.set_referral(account, referrer, opened);
  settle();
}

// As a pair's own value: of two accounts, whatever else each of them is in lockstep with.
bool Links::act(const BookAction& action, Time now, std::uint64_t seq) {
  lockstep_.act(action, now, seq);
  if (lockstep_.found(seq).empty() || !weighs_lockstep()) {
    return false;
  }
  for (const LockstepPair& pair : lockstep_.found(seq)) {
    const std::string text =
        EvidenceStore::bytes_of(pair.accounts.a) + EvidenceStore::bytes_of(pair.accounts.b);
    evidence_.see(SharedKind::lockstep, text, pair.accounts.a, now);
    evidence_.see(SharedKind::lockstep, text, pair.accounts.b, now);
  }
  settle();
  return true;
}

void Links::expire(Time due) {
  evidence_.expire(due);
  settle();
}

// --- what people decide

void Links::confirm(AccountPair pair) {
  check(pair.a < pair.b, "two accounts, in order");
  evidence_.keep(pair);
  verdicts_[pair] = {true, 0};
  evidence_.touch(pair.a, pair.b);
  settle();
}

void Links::refuse(AccountPair pair) {
  check(pair.a < pair.b, "two accounts, in order");
  verdicts_[pair] = {false, evidence_.weigh(pair).kinds()};
  evidence_.touch(pair.a, pair.b);
  settle();
}

void Links::set_table(const LinkTable& table, Time now) {
  evidence_.set_table(table, now);
  expire(now);  // of what is remembered for a shorter time now
}

bool Links::linked(AccountPair pair) const {
  const auto verdict = verdicts_.find(pair);
  if (verdict != verdicts_.end() && verdict->second.confirmed) {
    return true;
  }
  const Weighed weighed = evidence_.weigh(pair);
  const unsigned refused = verdict == verdicts_.end() ? 0U : verdict->second.refused_kinds;
  const bool may_be = verdict == verdicts_.end() || (weighed.kinds() & ~refused) != 0;
  return may_be && weighed.sum >= evidence_.table().link_min;
}

void Links::settle() {
  if (!evidence_.touched()) {
    return;
  }
  std::vector<std::pair<AccountIndex, AccountIndex>> apart, together;
  for (const AccountPair& pair : evidence_.take_touched()) {
    const bool now = linked(pair);
    if (now != groups_.has_pair(pair.a, pair.b)) {
      (now ? together : apart).emplace_back(pair.a, pair.b);
    }
  }
  groups_.set_pairs(apart, together);
}

void Links::remember(Time now, std::uint64_t seq) {
  for (const auto changes = groups_.changes(); remembered_ < changes.size(); ++remembered_) {
    history_.push_back({changes[remembered_], now, seq});
  }
}

std::vector<GroupChange> Links::take_changes() {
  remembered_ = 0;
  return groups_.take_changes();
}

// --- snapshots

void Links::save(ByteWriter& out) const {
  evidence_.save(out);
  lockstep_.save(out);
  groups_.save(out);
  out.varint(verdicts_.size());
  for (const auto& [pair, verdict] : verdicts_) {
    out.varint(pair.a.value);
    out.varint(pair.b.value);
    out.byte(verdict.confirmed ? 1 : 0);
    out.byte(verdict.refused_kinds);
  }
  out.varint(history_.size());
  for (const GroupEvent& event : history_) {
    out.byte(static_cast<std::uint8_t>(event.change.kind));
    out.fixed(event.change.group.value);
    out.fixed(event.change.other.value);
    out.zigzag(event.at.ns);
    out.varint(event.seq);
  }
}

bool Links::load(ByteReader& in, NumberBounds bounds) {
  const std::uint32_t accounts = bounds.accounts;
  if (!evidence_.load(in, accounts) || !lockstep_.load(in, bounds) || !groups_.load(in)) {
    return false;
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const std::uint64_t a = in.varint(), b = in.varint();
    const std::uint8_t confirmed = in.byte(), kinds = in.byte();
    if (!in.ok() || a >= b || b >= accounts || confirmed > 1) {
      return false;
    }
    const AccountPair pair{AccountIndex{static_cast<std::uint32_t>(a)},
                           AccountIndex{static_cast<std::uint32_t>(b)}};
    if (!verdicts_.empty() && verdicts_.rbegin()->first >= pair) {
      return false;
    }
    verdicts_.emplace_hint(verdicts_.end(), pair, LinkVerdict{confirmed == 1, kinds});
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const std::uint8_t kind = in.byte();
    const GroupIndex group{in.fixed<std::uint32_t>()}, other{in.fixed<std::uint32_t>()};
    const Time at{in.zigzag()};
    const std::uint64_t seq = in.varint();
    if (!in.ok() || kind > static_cast<std::uint8_t>(GroupChange::Kind::dissolved) ||
        group.value >= groups_.size() || (other.exists() && other.value >= groups_.size())) {
      return false;
    }
    history_.push_back({{static_cast<GroupChange::Kind>(kind), group, other}, at, seq});
  }
  remembered_ = groups_.changes().size();
  return in.ok();
}

}  // namespace marktwacht
