// Evidence of very many keys, most of which count little: 8 bytes each in their row, and one block
// for all that count of it, which grows as it fills.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/huge_pages.h"
#include "findings/finding.h"

namespace marktwacht {

// A log is a word that starts as 0: how much stands in it and where. For each taker it keeps what
// EvidenceList keeps; what none of them keeps any more goes when room is needed. An entry of up to
// 16 takers is one word, of up to 64 two. One thread.
class EvidenceLogs {
 public:
  explicit EvidenceLogs(std::uint32_t takers) : words_each_(takers <= takers_narrow ? 1 : 2) {}

  // `takers`: bits, at least one. In one log `seq` never falls; all are less than 2^48 apart. Says
  // which of them had not taken this seq yet: a trade inside one hand is two fills of one seq.
  std::uint64_t add(std::uint64_t& log, std::uint64_t seq, std::uint64_t takers) {
    if (size_of(log) > 0) {
      const std::size_t at = block_of(log) + std::size_t{size_of(log) - 1} * words_each_;
      if (const Entry last = read(at); last.seq == seq) [[unlikely]] {
        write(at, seq, last.takers | takers);
        return takers & ~last.takers;
      }
    }
    if (size_of(log) == capacities[class_of(log)]) [[unlikely]] {
      make_room(log);
    }
    latest_ = seq > latest_ ? seq : latest_;
    write(block_of(log) + std::size_t{size_of(log)} * words_each_, seq, takers);
    ++log;
    return takers;
  }

  // Appends the kept seqs of the taker (bit), ascending.
  void kept(std::uint64_t log, std::uint64_t taker, std::vector<std::uint64_t>& to) const;
  void release(std::uint64_t log) {
    if (const std::uint32_t of = class_of(log); of > 0) {
      free_[of].push_back(block_of(log));
    }
  }
  // A fresh log of what takers (bits) kept elsewhere, in any order.
  std::uint64_t restore(std::vector<std::pair<std::uint64_t, std::uint64_t>> kept);
  // Keeps the memory for what comes next.
  void clear() {
    words_.clear();
    for (auto& list : free_) {
      list.clear();
    }
  }

 private:
  static constexpr std::uint32_t kept_each = Evidence::kept_each_end, takers_most = 64;
  static constexpr std::uint32_t takers_narrow = 16, seq_bits = 64 - takers_narrow;
  static constexpr std::uint64_t seq_mask = (std::uint64_t{1} << seq_bits) - 1;
  // In entries. From 160 on up to four fifths are kept when what nobody needs goes, so that a pass
  // over a block pays for a fifth of it.
  static constexpr std::array<std::uint32_t, 20> capacities = {
      0,   2,   8,   16,   32,   64,   128,  160,  240,  320,
      480, 640, 960, 1280, 1920, 2560, 3840, 5120, 7680, 10240};
  static constexpr std::uint32_t size_bits = 27;
  static_assert(takers_most * 2 * kept_each <= capacities.back() / 5 * 4);

  struct Entry {
    std::uint64_t seq, takers;
  };

  static std::uint32_t size_of(std::uint64_t log) {
    return static_cast<std::uint32_t>(log) & ((1u << size_bits) - 1);
  }
  static std::uint32_t class_of(std::uint64_t log) {
    return static_cast<std::uint32_t>(log) >> size_bits;
  }
  static std::uint32_t block_of(std::uint64_t log) { return static_cast<std::uint32_t>(log >> 32); }
  static std::uint64_t log_of(std::uint32_t block, std::uint32_t size_class, std::uint32_t size) {
    return static_cast<std::uint64_t>(block) << 32 | size_class << size_bits | size;
  }

  void write(std::size_t at, std::uint64_t seq, std::uint64_t takers) {
    if (words_each_ == 1) [[likely]] {
      words_[at] = takers << seq_bits | (seq & seq_mask);
    } else {
      words_[at] = seq;
      words_[at + 1] = takers;
    }
  }
  // The rest of a short seq is that of the latest one, or one less.
  Entry read(std::size_t at) const {
    if (words_each_ == 2) {
      return {words_[at], words_[at + 1]};
    }
    return {latest_ - ((latest_ - words_[at]) & seq_mask), words_[at] >> seq_bits};
  }

  void make_room(std::uint64_t& log);
  std::uint32_t drop_unneeded(std::uint32_t block, std::uint32_t size);
  std::uint32_t take(std::uint32_t size_class);

  std::uint32_t words_each_;
  std::uint64_t latest_ = 0;
  BigVector<std::uint64_t> words_;
  std::array<std::vector<std::uint32_t>, capacities.size()> free_;
};

}  // namespace marktwacht
