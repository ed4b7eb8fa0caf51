// Rebuilds everything whenever it is asked.
#include "links/links_twin.h"

#include <algorithm>

namespace marktwacht {
namespace {

std::pair<std::uint32_t, std::uint32_t> ordered(std::uint32_t a, std::uint32_t b) {
  return {std::min(a, b), std::max(a, b)};
}

bool over(Time created, Time now, EvidenceKind kind, const LinkTable& table) {
  return created + table.memory[static_cast<std::size_t>(kind)] <= now;
}

}  // namespace

void LinksTwin::see(SharedKind what, const std::string& value, std::uint32_t account, Time now) {
  values_[{what, value}].try_emplace(account, Piece{now, false});
}

void LinksTwin::transfer(std::uint32_t a, std::uint32_t b, Time now) {
  if (a != b) {
    transfers_.try_emplace(ordered(a, b), Piece{now, false});
    payments_.try_emplace({a, b}, Piece{now, false});
  }
}

void LinksTwin::set_referral(std::uint32_t account, std::uint32_t referrer, Time opened) {
  referrals_[account] = {referrer, opened};
}

void LinksTwin::set_links_nobody(std::uint32_t account, bool links_nobody) {
  links_nobody ? void(nobody_.insert(account)) : void(nobody_.erase(account));
}

void LinksTwin::label_address(const std::string& address) {
  values_.erase({SharedKind::address, address});
}

void LinksTwin::set_person(std::uint32_t account, const std::string& person) {
  persons_[account] = person;
}

void LinksTwin::confirm(std::uint32_t a, std::uint32_t b) {
  for (auto& [value, pieces] : values_) {
    if (value_weight(value, a, b) != 0) {
      const auto keep = [&](SharedKind what, std::uint32_t account) {
        const auto of = values_.find({what, value.second});
        if (of != values_.end() && of->second.contains(account)) {
          of->second.at(account).kept = true;
        }
      };
      if (value.first != SharedKind::tx_sent && value.first != SharedKind::tx_received) {
        keep(value.first, a);
        keep(value.first, b);
        continue;
      }
      const auto other =
          value.first == SharedKind::tx_sent ? SharedKind::tx_received : SharedKind::tx_sent;
      for (const auto& [x, y] : {std::pair(a, b), std::pair(b, a)}) {
        const auto& across = values_.at({other, value.second});
        if (pieces.contains(x) && across.contains(y)) {
          keep(value.first, x);
          keep(other, y);
        }
      }
    }
  }
  if (transfer_weight(a, b) != 0) {
    transfers_.at(ordered(a, b)).kept = true;
  }
  if (returned_weight(a, b) != 0) {
    payments_.at({a, b}).kept = payments_.at({b, a}).kept = true;
  }
  verdicts_[ordered(a, b)] = {true, 0};
}

void LinksTwin::refuse(std::uint32_t a, std::uint32_t b) {
  std::uint8_t kinds = 0;
  sum(a, b, &kinds);
  verdicts_[ordered(a, b)] = {false, kinds};
}

void LinksTwin::expire(Time now) {
  for (auto& [value, pieces] : values_) {
    const EvidenceKind kind = kind_of(value.first);
    std::erase_if(pieces, [&](const auto& entry) {
      return !entry.second.kept && over(entry.second.created, now, kind, table);
    });
  }
  for (auto* of : {&transfers_, &payments_}) {
    std::erase_if(*of, [&](const auto& entry) {
      return !entry.second.kept && over(entry.second.created, now, EvidenceKind::funds, table);
    });
  }
}

std::uint32_t LinksTwin::counterparties(std::uint32_t account) const {
  return static_cast<std::uint32_t>(std::ranges::count_if(transfers_, [&](const auto& entry) {
    return entry.first.first == account || entry.first.second == account;
  }));
}

std::int32_t LinksTwin::transfer_weight(std::uint32_t a, std::uint32_t b) const {
  if (!transfers_.contains(ordered(a, b)) || nobody_.contains(a) || nobody_.contains(b)) {
    return 0;
  }
  const std::uint32_t most = std::max(counterparties(a), counterparties(b));
  return table.of(SharedKind::transfer).weight(most + 1);
}

std::int32_t LinksTwin::returned_weight(std::uint32_t a, std::uint32_t b) const {
  if (!payments_.contains({a, b}) || !payments_.contains({b, a}) || nobody_.contains(a) ||
      nobody_.contains(b)) {
    return 0;
  }
  const std::uint32_t most = std::max(counterparties(a), counterparties(b));
  return table.of(SharedKind::returned).weight(most + 1);
}

std::int32_t LinksTwin::value_weight(const Value& value, std::uint32_t a, std::uint32_t b) const {
  const auto& [what, text] = value;
  const auto& pieces = values_.at(value);
  if (what != SharedKind::tx_sent && what != SharedKind::tx_received) {
    const bool both = pieces.contains(a) && pieces.contains(b);
    return both ? table.of(what).weight(static_cast<std::uint32_t>(pieces.size())) : 0;
  }
  const auto across = values_.find(
      {what == SharedKind::tx_sent ? SharedKind::tx_received : SharedKind::tx_sent, text});
  if (across == values_.end() || !((pieces.contains(a) && across->second.contains(b)) ||
                                   (pieces.contains(b) && across->second.contains(a)))) {
    return 0;
  }
  return table.of(what).weight(
      2 * static_cast<std::uint32_t>(std::max(pieces.size(), across->second.size())));
}

std::int32_t LinksTwin::referral_weight(std::uint32_t a, std::uint32_t b) const {
  const auto x = referrals_.find(a), y = referrals_.find(b);
  if (x == referrals_.end() || y == referrals_.end() || x->second.referrer != y->second.referrer ||
      std::abs(x->second.opened.ns - y->second.opened.ns) > table.referral_burst.ns) {
    return 0;
  }
  const auto all = std::ranges::count_if(
      referrals_, [&](const auto& entry) { return entry.second.referrer == x->second.referrer; });
  return table.of(SharedKind::referrer).weight(static_cast<std::uint32_t>(all));
}

std::int32_t LinksTwin::sum(std::uint32_t a, std::uint32_t b, std::uint8_t* kinds) const {
  std::map<EvidenceKind, std::int32_t> heaviest;
  const auto add = [&](EvidenceKind kind, std::int32_t weight) {
    heaviest[kind] = std::max(heaviest[kind], weight);
  };
  for (const auto& [value, pieces] : values_) {
    add(kind_of(value.first), value_weight(value, a, b));
  }
  add(EvidenceKind::funds, transfer_weight(a, b));
  add(EvidenceKind::funds, returned_weight(a, b));
  add(EvidenceKind::referral, referral_weight(a, b));
  std::int32_t all = table.prior;
  for (const auto& [kind, weight] : heaviest) {
    all += weight;
    if (kinds != nullptr && weight != 0) {
      *kinds = static_cast<std::uint8_t>(*kinds | 1U << static_cast<unsigned>(kind));
    }
  }
  return all;
}

bool LinksTwin::linked(std::uint32_t a, std::uint32_t b) const {
  std::uint8_t kinds = 0;
  const bool enough = sum(a, b, &kinds) >= table.link_min;
  const auto verdict = verdicts_.find(ordered(a, b));
  if (verdict == verdicts_.end()) {
    return enough;
  }
  return verdict->second.confirmed || (enough && (kinds & ~verdict->second.refused_kinds) != 0);
}

std::vector<LinksTwin::Set> LinksTwin::partition(std::uint32_t accounts) const {
  std::vector<Set> parts;
  for (std::uint32_t account = 0; account < accounts; ++account) {
    Set part{account};
    for (auto at = parts.begin(); at != parts.end();) {
      const bool joined = std::ranges::any_of(*at, [&](std::uint32_t other) {
        const auto x = persons_.find(account), y = persons_.find(other);
        const bool one_person = x != persons_.end() && y != persons_.end() && !x->second.empty() &&
                                x->second == y->second;
        return one_person || linked(account, other);
      });
      if (joined) {
        part.insert(at->begin(), at->end());
        at = parts.erase(at);
      } else {
        ++at;
      }
    }
    parts.push_back(part);
  }
  std::erase_if(parts, [](const Set& part) { return part.size() < 2; });
  std::ranges::sort(parts);
  return parts;
}

}  // namespace marktwacht
