// The longest beginning of a list of transfers after which everyone holds about what they held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/int128.h"

namespace marktwacht {

struct UnitTransfer {
  std::uint32_t from = 0;
  std::uint32_t to = 0;  // not `from`
  Int128 units = 0;      // > 0
};

// A ratio of at least 0; `denominator` > 0.
struct Ratio {
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 1;
};

// The volume matching of Victor & Weintraud (WWW '21): a prefix is balanced when no holder's net
// change is, in size, more than `margin` times the mean transfer of that prefix. Exact: ratios are
// compared by cross-multiplication. O(transfers × log holders) for each call. Not for threads.
class BalancedPrefix {
 public:
  // Holders are numbered 0 to `holders` - 1; four bytes are held for each.
  // margin.denominator × the number of transfers must stay below 2^64.
  BalancedPrefix(std::uint32_t holders, Ratio margin) : margin_(margin), local_(holders) {}

  // The number of transfers in the longest balanced prefix of two or more; 0 when there is none.
  // The units of all transfers together must fit Int128.
  std::size_t find(std::span<const UnitTransfer> transfers);

 private:
  // The two leaves that a transfer changes.
  struct Ends {
    std::uint32_t from, to;
  };

  std::uint32_t number(std::uint32_t holder);
  void build();
  void change(std::uint32_t holder, Int128 by);
  void settle();
  void raise(std::uint32_t leaf);
  std::uint32_t largest() const;
  bool within(Int128 net, std::size_t transfers, Int128 total) const;

  Ratio margin_;
  // As in StrongComponents: holders numbered anew for each call.
  std::vector<std::uint32_t> local_, holders_;
  std::vector<Ends> ends_;
  std::vector<Int128> nets_;
  // A tournament: |net| of holder h at leaves_ + h, and at every i the larger of 2i and 2i + 1.
  // Changes wait in `changed_` until somebody asks who has the largest.
  std::vector<UInt128> sizes_;
  std::size_t leaves_ = 1;
  std::vector<std::uint32_t> changed_;
  std::vector<char> waits_;  // of a holder: it is in changed_
};

}  // namespace marktwacht
