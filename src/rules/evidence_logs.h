// Evidence of very many keys, most of which count little: 8 bytes each in their row, and blocks for
// all that count of it, more of them as it grows.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/huge_pages.h"
#include "base/prefetch.h"
#include "findings/finding.h"

namespace marktwacht {

// A log is a word that starts as 0: how much stands in it and where. For each taker it keeps what
// EvidenceList keeps; what none of them keeps any more goes when room is needed. An entry of up to
// 16 takers is one word, of up to 64 two. One thread.
class EvidenceLogs {
 public:
  explicit EvidenceLogs(std::uint32_t takers);

  // `takers`: bits, at least one. In one log `seq` never falls; all are less than 2^48 apart. Says
  // which of them had not taken this seq yet: a trade inside one hand is two fills of one seq.
  std::uint64_t add(std::uint64_t& log, std::uint64_t seq, std::uint64_t takers) {
    // What is later than all is in no log: its block, which is mostly cold, need not be read.
    if (seq <= latest_ && filled_of(log) > 0) {
      const std::size_t last = place(block_of(log), filled_of(log) - 1);
      if (is_of(last, seq)) [[unlikely]] {
        const std::uint64_t before = takers_of(last);
        write(last, seq, before | takers);
        return takers & ~before;
      }
    }
    if (filled_of(log) == capacity_[class_of(log)]) [[unlikely]] {
      make_room(log);
    }
    latest_ = seq > latest_ ? seq : latest_;
    write(place(block_of(log), filled_of(log)), seq, takers);
    ++log;
    return takers;
  }

  // Starts fetching where `add` will write.
  void prefetch(std::uint64_t log) const {
    prefetch_line(words_.data() + place(block_of(log), filled_of(log)));
  }

  // Appends the kept seqs of the taker (bit), ascending.
  void kept(std::uint64_t log, std::uint64_t taker, std::vector<std::uint64_t>& to) const;
  void release(std::uint64_t log) {
    if (const std::uint32_t of = class_of(log); of == chained) [[unlikely]] {
      release_chained(log);
    } else if (of > 0) {
      free_[of].push_back(block_of(log));
    }
  }
  // A fresh log of what takers (bits) kept elsewhere, in any order.
  std::uint64_t restore(std::vector<std::pair<std::uint64_t, std::uint64_t>> kept);
  // Keeps the memory for what comes next.
  void clear();

 private:
  static constexpr std::uint32_t kept_each = Evidence::kept_each_end, takers_most = 64;
  static constexpr std::uint32_t takers_narrow = 16, seq_bits = 64 - takers_narrow;
  static constexpr std::uint64_t seq_mask = (std::uint64_t{1} << seq_bits) - 1;
  // Entries of one block. Small logs move to a larger one; from the first of the last class on,
  // they take one more of it each time, and each knows the one before: blocks that all are of one
  // size serve whichever log grows next.
  static constexpr std::array<std::uint32_t, 5> small_capacities = {0, 2, 8, 16, 30};
  static constexpr std::uint32_t chained = small_capacities.size();  // the last class
  static constexpr std::uint32_t chained_words = 64;  // the first says what `Link` does
  static constexpr std::uint32_t size_bits = 27;
  // What no taker needs is sought when a log has this many times what was needed the last time, so
  // that a pass over it pays for a fifth of it.
  static constexpr std::uint32_t grows_to = 5, grows_from = 4;
  static constexpr std::uint32_t entries_most = takers_most * 2 * kept_each / grows_from * grows_to;
  static constexpr std::uint32_t blocks_most = entries_most / ((chained_words - 1) / 2) + 2;

  // Before a chained block: which was taken before it, how many there are with it, and with how
  // many what nobody needs is sought.
  struct Link {
    std::uint32_t before;
    std::uint16_t blocks, blocks_limit;
  };
  struct Blocks {  // of one log, the oldest first
    std::array<std::uint32_t, blocks_most> at;
    std::uint32_t count = 0;
    std::uint32_t in_last = 0;  // entries; all others are full
  };
  using Needed = std::array<std::uint64_t, blocks_most>;  // by block: bits of its entries

  // Entries in the log's last block.
  static std::uint32_t filled_of(std::uint64_t log) {
    return static_cast<std::uint32_t>(log) & ((1u << size_bits) - 1);
  }
  static std::uint32_t class_of(std::uint64_t log) {
    return static_cast<std::uint32_t>(log) >> size_bits;
  }
  static std::uint32_t block_of(std::uint64_t log) { return static_cast<std::uint32_t>(log >> 32); }
  static std::uint64_t log_of(std::uint32_t block, std::uint32_t block_class,
                              std::uint32_t filled) {
    return static_cast<std::uint64_t>(block) << 32 | block_class << size_bits | filled;
  }

  std::size_t place(std::uint32_t block, std::uint32_t entry) const {
    return block + std::size_t{entry} * words_each_;
  }
  void write(std::size_t at, std::uint64_t seq, std::uint64_t takers) {
    if (words_each_ == 1) [[likely]] {
      words_[at] = takers << seq_bits | (seq & seq_mask);
    } else {
      words_[at] = seq;
      words_[at + 1] = takers;
    }
  }
  bool is_of(std::size_t at, std::uint64_t seq) const {
    return ((words_[at] ^ seq) & (words_each_ == 1 ? seq_mask : ~std::uint64_t{0})) == 0;
  }
  // The rest of a short seq is that of the latest one, or one less.
  std::uint64_t seq_of(std::size_t at) const {
    return words_each_ == 1 ? latest_ - ((latest_ - words_[at]) & seq_mask) : words_[at];
  }
  std::uint64_t takers_of(std::size_t at) const {
    return words_[at + words_each_ - 1] >> takers_shift_;
  }

  Link link_of(std::uint32_t block) const { return std::bit_cast<Link>(words_[block - 1]); }
  void set_link(std::uint32_t block, Link link) {
    words_[block - 1] = std::bit_cast<std::uint64_t>(link);
  }
  Blocks blocks_of(std::uint64_t log) const;
  std::uint32_t entries_of(const Blocks& blocks, std::uint32_t at) const {
    return at + 1 == blocks.count ? blocks.in_last : capacity_[chained];
  }
  void make_room(std::uint64_t& log);
  void move_on(std::uint64_t& log);
  void drop_unneeded(std::uint64_t& log);
  void mark_needed(const Blocks& blocks, Needed& needed) const;
  std::uint32_t close_gaps(const Blocks& blocks, const Needed& needed);
  void release_chained(std::uint64_t log);
  std::uint32_t blocks_for(std::uint32_t entries) const {
    return (entries + capacity_[chained] - 1) / capacity_[chained];
  }
  std::uint32_t take(std::uint32_t block_class);

  std::uint32_t words_each_;
  std::uint32_t takers_shift_;  // where they stand in an entry's last word
  std::uint64_t latest_ = 0;
  std::array<std::uint32_t, chained + 1> capacity_;  // entries of a block, by class
  BigVector<std::uint64_t> words_;
  std::array<std::vector<std::uint32_t>, chained + 1> free_;
};

}  // namespace marktwacht
