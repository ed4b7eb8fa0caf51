// Accounts and households: see population.h.
#include "sim/population.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/check.h"

namespace marktwacht::sim {
namespace {

constexpr std::uint32_t reserved_share = 8;  // one account in so many is for agents
constexpr std::uint32_t office_size = 200, family_size = 4, cafe_size = 30;

}  // namespace

Population::Population(std::uint32_t accounts, std::uint64_t seed)
    : names_(accounts),
      order_(accounts),
      person_(accounts),
      broker_(accounts, no_account),
      places_(accounts),
      seen_(accounts),
      declared_(accounts),
      reserved_(accounts / reserved_share),
      crowd_(zipf(accounts - accounts / reserved_share)) {
  Random random(seed);
  for (std::uint32_t at = 0; at < accounts; ++at) {
    const std::string text = "u" + std::to_string(10'000'000'000 + at);
    std::memcpy(names_[at].bytes, text.data(), sizeof names_[at].bytes);
    names_[at].hash = hash_of(text);
  }
  std::iota(order_.begin(), order_.end(), 0);
  std::iota(person_.begin(), person_.end(), 0);
  for (std::uint32_t at = accounts; at > 1; --at) {
    std::swap(order_[at - 1], order_[random.below(at)]);
  }
  house(random);
  pair(random);
}

// Of the crowd one in five is behind the NAT of one of three mobile carriers, the first two hundred
// in twenty thousand share an office, some live in families on one address with devices of their
// own, some sit in internet cafés that share the devices too; the others are alone.
void Population::house(Random& random) {
  std::uint32_t address = 1000, device = 1;
  for (std::uint32_t carrier = 1; carrier <= 3; ++carrier) {
    houses_[carrier] = House::carrier;
  }
  for (std::uint32_t at = 0; at < size(); ++at) {
    places_[order_[at]] = {++address, ++device, IpKind::residential};
  }
  const auto crowd = [&](std::uint32_t rank) -> Place& { return places_[ranked(rank)]; };
  for (std::uint32_t rank = 0; rank < crowd_size();) {
    const std::uint32_t draw = random.below(1000);
    const std::uint32_t left = crowd_size() - rank;
    if (draw < 200) {
      crowd(rank) = {1 + random.below(3), crowd(rank).device, IpKind::mobile};
      rank += 1;
    } else if (draw < 200 + 1) {
      const std::uint32_t people = std::min(left, office_size);
      const std::uint32_t ip = crowd(rank).ip;
      houses_[ip] = House::office;
      for (std::uint32_t end = rank + people; rank < end; ++rank) {
        crowd(rank).ip = ip;
      }
    } else if (draw < 240) {
      const std::uint32_t people = std::min(left, 2 + random.below(family_size - 1));
      const std::uint32_t ip = crowd(rank).ip;
      houses_[ip] = House::family;
      for (std::uint32_t end = rank + people; rank < end; ++rank) {
        crowd(rank).ip = ip;
      }
    } else if (draw < 241) {
      const std::uint32_t people = std::min(left, cafe_size);
      const Place shared = crowd(rank);
      houses_[shared.ip] = House::cafe;
      for (std::uint32_t end = rank + people; rank < end; ++rank) {
        crowd(rank) = {shared.ip, shared.device + rank % 2, IpKind::hosting};
      }
    } else {
      crowd(rank).kind = draw < 280 ? IpKind::vpn : IpKind::residential;
      rank += 1;
    }
  }
}

// Now and then somebody has two accounts, mostly on one device.
void Population::pair(Random& random) {
  for (std::uint32_t rank = 0; rank + 1 < crowd_size(); ++rank) {
    if (random.per_mille(20)) {
      const std::uint32_t first = ranked(rank), second = ranked(++rank);
      person_[second] = first;
      twin_[first] = second;
      twin_[second] = first;
      if (random.chance(70)) {
        places_[second] = places_[first];
      }
    }
  }
}

void Population::set_person(std::uint32_t account, std::uint32_t of) {
  const auto twin = twin_.find(account);
  if (twin != twin_.end() && person_[twin->second] == person_[account]) {
    person_[twin->second] = of;
  }
  person_[account] = of;
}

std::vector<Neighbours> Population::neighbours() const {
  static constexpr std::string_view names[] = {"", "carrier", "office", "family", "cafe"};
  std::map<std::uint32_t, Neighbours> behind, below;
  for (std::uint32_t account = 0; account < size(); ++account) {
    if (const auto house = houses_.find(places_[account].ip); house != houses_.end()) {
      Neighbours& all = behind[house->first];
      all.what = names[static_cast<std::size_t>(house->second)];
      all.accounts.push_back(account);
    }
    if (broker_[account] != no_account) {
      below[broker_[account]].what = "broker";
      below[broker_[account]].accounts.push_back(account);
    }
  }
  std::vector<Neighbours> all;
  for (const auto& groups : {behind, below}) {
    for (const auto& [key, neighbours] : groups) {
      all.push_back(neighbours);
    }
  }
  return all;
}

std::uint32_t Population::recruit(Random& random) {
  if (random.chance(30) && left() > reserved_ / 4) {
    return take();
  }
  const std::uint32_t quiet = crowd_size() - crowd_size() / 2;
  for (int tries = 0; tries < 64; ++tries) {
    const std::uint32_t account = ranked(crowd_size() / 2 + random.below(quiet));
    if (recruited_.insert(account).second) {
      return account;
    }
  }
  return ranked(random.below(crowd_size()));
}

// A few have brought most.
std::uint32_t Population::referrer(std::uint32_t account) const {
  if (const auto at = origins_.find(account); at != origins_.end()) {
    return at->second.referrer;
  }
  const std::uint64_t draw = scattered(account);
  if (draw % 5 != 0) {
    return no_account;
  }
  const auto rank = static_cast<std::uint32_t>(
      (draw >> 8 & 1023) * (draw >> 20 & 1023) * std::uint64_t{crowd_size()} >> 20);
  const std::uint32_t by = order_[reserved_ + rank];
  return by != account && age(by) > age(account) ? by : no_account;
}

Duration Population::age(std::uint32_t account) const {
  if (const auto at = origins_.find(account); at != origins_.end()) {
    return at->second.age;
  }
  constexpr std::int64_t years_3 = 3 * 365 * 86'400;
  const auto draw = static_cast<std::int64_t>(scattered(account) >> 16);
  return {(3600 + draw % years_3) * second.ns};
}

std::uint32_t Population::take() {
  check(left() > 0, "an account is left for an agent");
  return order_[taken_++];
}

// Neighbours by number are no neighbours by address: a /24 says nothing by accident.
std::string ip_text(std::uint32_t ip) {
  const auto mixed = static_cast<std::uint32_t>(ip * 0x9E37'79B1U);
  return std::to_string(mixed >> 24) + "." + std::to_string(mixed >> 16 & 255) + "." +
         std::to_string(mixed >> 8 & 255) + "." + std::to_string(mixed & 255);
}

std::string_view country_text(std::uint32_t ip) {
  static constexpr std::string_view countries[] = {"DE", "FR", "NL", "ES", "IT", "PL", "AT", "SG",
                                                   "JP", "KR", "BR", "TR", "GB", "US", "CA", "AE"};
  return countries[scattered(ip) % std::size(countries)];
}

std::string network_text(std::uint32_t ip) {
  return "AS" + std::to_string(3000 + scattered(ip) % std::uint64_t{160});
}

std::string address_text(std::uint64_t number) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = "0x";
  for (std::uint64_t part = 0; part < 4; ++part) {
    for (std::uint64_t rest = scattered(number * 4 + part), at = 0; at < 10; ++at, rest >>= 4) {
      text += digits[rest & 15];
    }
  }
  return text;
}

std::string device_text(std::uint32_t device) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = "dev-";
  for (std::uint64_t rest = scattered(device), at = 0; at < 12; ++at, rest >>= 4) {
    text += digits[rest & 15];
  }
  return text;
}

}  // namespace marktwacht::sim
