// Positions and when they are overdue: see positions.h.
#include "sim/positions.h"

#include <algorithm>

#include "sim/order.h"

namespace marktwacht::sim {

// The mark at which half of the margin is gone.
std::int32_t Positions::limit(const Position& position) {
  const std::int64_t entry = position.cost / std::abs(position.quantity);
  const std::int64_t room = entry / (2 * position.leverage);
  return static_cast<std::int32_t>(position.quantity > 0 ? entry - room : entry + room);
}

void Positions::narrow(Of& of, const Position& position) {
  if (position.leverage > 0) {
    const std::int32_t at = limit(position);
    if (position.quantity > 0) {
      of.low = std::max(of.low, at);
    } else {
      of.high = std::min(of.high, at);
    }
  }
}

void Positions::remove(std::uint32_t place, std::uint32_t instrument) {
  std::vector<Position>& open = books_[instrument].open;
  places_.erase(key(open[place].account, instrument));
  if (place + 1 < open.size()) {
    open[place] = open.back();
    places_[key(open[place].account, instrument)] = place;
  }
  open.pop_back();
}

void Positions::trade(std::uint32_t account, std::uint32_t instrument, std::int64_t lots,
                      std::int32_t price, std::uint32_t leverage) {
  Of& of = books_[instrument];
  const auto [at, fresh] =
      places_.try_emplace(key(account, instrument), static_cast<std::uint32_t>(of.open.size()));
  const std::uint32_t place = at->second;
  if (fresh) {
    of.open.push_back({.account = account});
  }
  Position& position = of.open[place];
  position.leverage = leverage != 0 ? static_cast<std::int32_t>(leverage) : position.leverage;
  const std::int64_t before = position.quantity, after = before + lots;
  if ((before >= 0) == (lots > 0) || before == 0) {
    position.cost += std::abs(lots) * price;
  } else if (std::abs(lots) <= std::abs(before)) {
    position.cost -= position.cost / std::abs(before) * std::abs(lots);
  } else {
    position.cost = std::abs(after) * price;
  }
  position.quantity = after;
  if (after == 0) {
    return remove(place, instrument);
  }
  narrow(of, position);
}

std::int64_t Positions::quantity(std::uint32_t account, std::uint32_t instrument) const {
  const auto at = places_.find(key(account, instrument));
  return at == places_.end() ? 0 : books_[instrument].open[at->second].quantity;
}

std::uint32_t Positions::overdue(std::uint32_t instrument, std::int32_t mark) {
  Of& of = books_[instrument];
  if (mark > of.low && mark < of.high) {
    return no_account;
  }
  of.low = 0;
  of.high = 1 << 30;
  std::uint32_t found = no_account;
  for (const Position& position : of.open) {
    narrow(of, position);
    if (position.leverage > 0 && found == no_account &&
        (position.quantity > 0 ? mark <= limit(position) : mark >= limit(position))) {
      found = position.account;
    }
  }
  return found;
}

void Positions::spare(std::uint32_t account, std::uint32_t instrument) {
  if (const auto at = places_.find(key(account, instrument)); at != places_.end()) {
    books_[instrument].open[at->second].leverage = 0;
  }
}

}  // namespace marktwacht::sim
