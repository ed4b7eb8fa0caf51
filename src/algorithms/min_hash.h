// MinHash of weighted sets in one pass: how alike two sets are that are too large to keep.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace marktwacht {

// One permutation hashing (Li, Owen, Zhang, NIPS 2012): an element falls into one of the bins, and
// of those in a bin the least is kept. Which is the least is a race of exponential waiting times,
// so that an element of twice the weight wins twice as often. Flat, without padding; a fresh one is
// the empty set. The likeness is off by about 0.1 (one standard deviation at 0.8).
class MinHash {
 public:
  static constexpr std::size_t bins = 32;

  // An element, by a hash as good as random; its weight is 1 / `commonness`, from 1, the same in
  // all sets. Adding it again changes nothing.
  void add(std::uint64_t hash, std::uint32_t commonness) {
    const auto rank = static_cast<std::uint32_t>(waits_end - wait(hash, commonness));
    std::uint32_t& kept = kept_[hash >> 59];
    kept = rank > kept ? rank : kept;
  }
  void unite(const MinHash& other) {
    for (std::size_t at = 0; at < bins; ++at) {
      kept_[at] = other.kept_[at] > kept_[at] ? other.kept_[at] : kept_[at];
    }
  }

  // Jaccard's likeness, the shared weight of the weight that either has, in thousandths; of two
  // empty sets 0.
  std::uint32_t likeness(const MinHash& other) const {
    std::uint32_t used = 0, equal = 0;
    for (std::size_t at = 0; at < bins; ++at) {
      used += (kept_[at] | other.kept_[at]) != 0 ? 1U : 0U;
      equal += kept_[at] != 0 && kept_[at] == other.kept_[at] ? 1U : 0U;
    }
    return used == 0 ? 0 : equal * 1000 / used;
  }

  // How many of the first so many bins agree, empty ones too: a glance before `likeness`.
  static constexpr std::size_t glance_bins = 8;
  std::uint32_t glance(const MinHash& other) const {
    std::uint32_t equal = 0;
    for (std::size_t at = 0; at < glance_bins; ++at) {
      equal += kept_[at] == other.kept_[at] ? 1U : 0U;
    }
    return equal;
  }

  bool operator==(const MinHash&) const = default;

 private:
  static constexpr std::uint64_t waits_end = 0xFFFF'FFFF;

  // -log2 of the hash's low half as a fraction, in 2^-16, times the commonness: below waits_end.
  // The logarithm is a chord between powers of two, and a parabola that takes up what it leaves.
  static std::uint64_t wait(std::uint64_t hash, std::uint32_t commonness) {
    const auto low = static_cast<std::uint32_t>(hash) | 1U;
    const auto whole = static_cast<std::uint32_t>(std::bit_width(low)) - 1;
    const std::uint64_t part = (std::uint64_t{low} << (31 - whole) & 0x7FFF'FFFF) >> 15;
    const std::uint64_t bulge = 22'485 * part * (65'536 - part) >> 32;
    const std::uint64_t log = (std::uint64_t{whole} << 16) + part + bulge;
    const std::uint64_t waits = ((std::uint64_t{32} << 16) - log) * commonness;
    return waits < waits_end ? waits : waits_end - 1;
  }

  std::array<std::uint32_t, bins> kept_{};  // waits_end - the shortest wait; 0: nothing fell in
};

}  // namespace marktwacht
