// Variances in integers: compared exactly, their root only to be shown.
#include "detectors/rush_orders.h"

#include <algorithm>

namespace marktwacht {
namespace {

// The largest whole number whose square is at most `value`, up to `most`.
std::int64_t root(Int128 value, std::int64_t most) {
  std::int64_t low = 0, high = most;
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (Int128{middle} * middle <= value) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

}  // namespace

void RushWindow::push(std::uint64_t rushes) {
  const auto count = static_cast<std::uint16_t>(std::min<std::uint64_t>(rushes, UINT16_MAX));
  const std::uint64_t old = counts[next];
  sum += count - old;
  squares += std::uint64_t{count} * count - old * old;
  counts[next] = count;
  next = (next + 1) % size;
  held = std::min(held + 1, size);
}

bool RushWindow::sound() const {
  std::uint64_t all = 0, all_squares = 0;
  for (const std::uint64_t count : counts) {
    all += count;
    all_squares += count * count;
  }
  return held <= size && next < size && sum == all && squares == all_squares;
}

SigmaChange sigma_change(const RushWindow& before, const RushWindow& after, Param least) {
  const Int128 n = before.held, m = after.held;
  if (n < 2 || m < 2) {
    return {};
  }
  // The sample variance is spread / (n (n − 1)).
  const Int128 old = before.spread() * m * (m - 1), now = after.spread() * n * (n - 1);
  const Int128 factor = Param::one + least.units;
  if (now <= old || now * (Param::one * Param::one) < old * factor * factor) {
    return {};
  }
  if (old == 0) {
    return {true, sigma_change_max};
  }
  constexpr std::int64_t most = sigma_change_max + Param::one;
  return {true, root(now * (Param::one * Param::one) / old, most) - Param::one};
}

std::vector<RushAlarm> rush_alarms(std::span<const std::int64_t> buys_ms, Param least) {
  constexpr std::int64_t chunk_ms = rush_chunk.ns / millisecond.ns;
  std::vector<RushAlarm> alarms;
  RushWindow window;
  for (auto buy = buys_ms.begin(); buy != buys_ms.end();) {
    const std::int64_t chunk = *buy / chunk_ms;
    std::uint64_t rushes = 0;
    while (buy != buys_ms.end() && *buy / chunk_ms == chunk) {
      const auto next = std::upper_bound(buy, buys_ms.end(), *buy);
      rushes += next - buy >= 2 ? 1 : 0;
      buy = next;
    }
    const RushWindow before = window;
    window.push(rushes);
    if (before.held < RushWindow::size) {
      continue;
    }
    if (const SigmaChange change = sigma_change(before, window, least); change.reached) {
      alarms.push_back({chunk * chunk_ms, change.units});
    }
  }
  return alarms;
}

}  // namespace marktwacht
