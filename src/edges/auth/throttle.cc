// Counting failures and the waits they lead to.
#include "edges/auth/throttle.h"

#include <algorithm>

#include "base/network.h"

namespace marktwacht {
namespace {

std::string address_key(std::string_view remote) {
  const auto names = parse_ip(remote);
  if (!names) {
    return "a " + std::string(remote.substr(0, 64));
  }
  // Who has one address of IPv6 has many.
  return "a " + (names->ip.find(':') == std::string::npos ? names->ip : names->subnet);
}
std::string user_key(std::string_view user_id) { return "u " + std::string(user_id.substr(0, 64)); }
std::string pair_key(std::string_view user_id, std::string_view remote) {
  return "p " + std::string(user_id.substr(0, 64)) + "\n" + address_key(remote);
}

}  // namespace

Throttle::Entry* Throttle::find(const std::string& key, const ThrottleTerms& terms, Time now) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) {
    return nullptr;
  }
  Entry& entry = found->second;
  const std::int64_t steps =
      std::max<std::int64_t>((now - entry.forgotten_up_to).ns, 0) / terms.forget_every.ns;
  entry.failures = std::max<std::int64_t>(entry.failures - steps, 0);
  entry.forgotten_up_to = entry.forgotten_up_to + Duration{steps * terms.forget_every.ns};
  return &entry;
}

Throttle::Entry& Throttle::touch(const std::string& key, Time now) {
  if (!entries_.contains(key) && entries_.size() >= entries_max) {
    entries_.erase(
        std::ranges::min_element(entries_, {}, [](const auto& each) { return each.second.last; }));
  }
  const auto [at, is_new] = entries_.try_emplace(key);
  if (is_new) {
    at->second.forgotten_up_to = now;
  }
  at->second.last = now;
  return at->second;
}

void Throttle::count(const std::string& key, const ThrottleTerms& terms, Time now) {
  find(key, terms, now);
  Entry& entry = touch(key, now);
  constexpr std::int64_t doublings_max = 12;
  entry.failures = std::min(entry.failures + 1, terms.free + doublings_max);
  if (entry.failures > terms.free) {
    const std::int64_t wait = second.ns << (entry.failures - terms.free - 1);
    entry.until = now + Duration{std::min(wait, terms.wait_max.ns)};
  }
}

std::optional<Time> Throttle::begin(std::string_view user_id, std::string_view remote, Time now) {
  const std::string address = address_key(remote), user = user_key(user_id);
  const auto pair = entries_.find(pair_key(user_id, remote));
  const bool came_in = pair != entries_.end() && pair->second.came_in;
  const Entry* const by_address = find(address, of_address_, now);
  const Entry* const by_user = came_in ? nullptr : find(user, of_user_, now);
  const Time until = std::max(by_address == nullptr ? Time{} : by_address->until,
                              by_user == nullptr ? Time{} : by_user->until);
  if (until > now) {
    return until;
  }
  count(address, of_address_, now);
  if (!came_in) {
    count(user, of_user_, now);
  }
  return std::nullopt;
}

void Throttle::forgive(std::string_view user_id, std::string_view remote, Time now, Right right) {
  if (right == Right::wholly) {
    touch(pair_key(user_id, remote), now).came_in = true;
  }
  for (const std::string& key : {address_key(remote), user_key(user_id)}) {
    if (const auto found = entries_.find(key); found != entries_.end()) {
      found->second.failures = std::max<std::int64_t>(found->second.failures - 1, 0);
      found->second.until = std::min(found->second.until, now);
    }
  }
}

}  // namespace marktwacht
