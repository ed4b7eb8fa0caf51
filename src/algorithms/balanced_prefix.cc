// All transfers are applied, then taken back one by one from the end.
#include "algorithms/balanced_prefix.h"

#include <algorithm>
#include <bit>
#include <compare>

namespace marktwacht {
namespace {

UInt128 size_of(Int128 net) { return static_cast<UInt128>(net < 0 ? -net : net); }

// a × b in 192 bits.
struct WideProduct {
  std::uint64_t high = 0;
  UInt128 low = 0;
  auto operator<=>(const WideProduct&) const = default;
};

WideProduct multiply_wide(UInt128 a, std::uint64_t b) {
  const UInt128 low = UInt128{static_cast<std::uint64_t>(a)} * b;
  const UInt128 middle = UInt128{static_cast<std::uint64_t>(a >> 64)} * b + (low >> 64);
  return {static_cast<std::uint64_t>(middle >> 64), middle << 64 | static_cast<std::uint64_t>(low)};
}

}  // namespace

std::uint32_t BalancedPrefix::number(std::uint32_t holder) {
  const std::uint32_t at = local_[holder];
  if (at >= holders_.size() || holders_[at] != holder) {
    local_[holder] = static_cast<std::uint32_t>(holders_.size());
    holders_.push_back(holder);
    nets_.push_back(0);
  }
  return local_[holder];
}

void BalancedPrefix::build() {
  changed_.clear();
  waits_.assign(holders_.size(), 0);
  leaves_ = std::bit_ceil(holders_.size());
  sizes_.assign(2 * leaves_, 0);
  for (std::size_t holder = 0; holder < nets_.size(); ++holder) {
    sizes_[leaves_ + holder] = size_of(nets_[holder]);
  }
  for (std::size_t at = leaves_ - 1; at > 0; --at) {
    sizes_[at] = std::max(sizes_[2 * at], sizes_[2 * at + 1]);
  }
}

// Carries a changed net up to the root, as far as it makes a difference.
void BalancedPrefix::raise(std::uint32_t leaf) {
  std::size_t at = leaves_ + leaf;
  sizes_[at] = size_of(nets_[leaf]);
  for (at /= 2; at > 0; at /= 2) {
    const UInt128 larger = std::max(sizes_[2 * at], sizes_[2 * at + 1]);
    if (larger == sizes_[at]) {
      return;
    }
    sizes_[at] = larger;
  }
}

void BalancedPrefix::change(std::uint32_t holder, Int128 by) {
  nets_[holder] += by;
  if (waits_[holder] == 0) {
    waits_[holder] = 1;
    changed_.push_back(holder);
  }
}

void BalancedPrefix::settle() {
  for (const std::uint32_t holder : changed_) {
    waits_[holder] = 0;
    raise(holder);
  }
  changed_.clear();
}

// The holder of the largest net, once settled.
std::uint32_t BalancedPrefix::largest() const {
  std::size_t at = 1;
  while (at < leaves_) {
    at = 2 * at + (sizes_[2 * at] == sizes_[at] ? 0 : 1);
  }
  return static_cast<std::uint32_t>(at - leaves_);
}

// |net| ÷ (total ÷ transfers) <= margin
bool BalancedPrefix::within(Int128 net, std::size_t transfers, Int128 total) const {
  return multiply_wide(size_of(net), margin_.denominator * transfers) <=
         multiply_wide(static_cast<UInt128>(total), margin_.numerator);
}

std::size_t BalancedPrefix::find(std::span<const UnitTransfer> transfers) {
  holders_.clear();
  nets_.clear();
  ends_.clear();
  Int128 total = 0;
  for (const UnitTransfer& transfer : transfers) {
    const Ends ends{number(transfer.from), number(transfer.to)};
    nets_[ends.from] -= transfer.units;
    nets_[ends.to] += transfer.units;
    total += transfer.units;
    ends_.push_back(ends);
  }
  build();
  // Who is beyond the margin often stays there for long; until then nobody else matters.
  std::uint32_t beyond = 0;
  for (std::size_t count = transfers.size(); count >= 2; --count) {
    if (within(nets_[beyond], count, total)) {
      settle();
      beyond = largest();
      if (within(nets_[beyond], count, total)) {
        return count;
      }
    }
    const Int128 units = transfers[count - 1].units;
    change(ends_[count - 1].from, units);
    change(ends_[count - 1].to, -units);
    total -= units;
  }
  return 0;
}

}  // namespace marktwacht
