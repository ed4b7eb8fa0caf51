// Evidence of very many keys, most of which count little: 8 bytes each in their row, and a block
// that doubles as it fills.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/huge_pages.h"
#include "findings/finding.h"

namespace marktwacht {

// A log is a word that starts as 0: its count (low half) and its block. Keeps what EvidenceList
// keeps. One thread.
class EvidenceLogs {
 public:
  void add(std::uint64_t& log, std::uint64_t seq) {
    const auto count = static_cast<std::uint32_t>(log);
    std::uint32_t block = static_cast<std::uint32_t>(log >> 32);
    if (count < kept_most) {
      if (starts_class(count)) [[unlikely]] {
        block = grow(block, count, class_starting_at(count));
      }
      words_[block + count] = seq;
    } else {
      words_[block + kept_each + (count - kept_each) % kept_each] = seq;
    }
    const std::uint32_t counted = count == UINT32_MAX ? count : count + 1;
    log = static_cast<std::uint64_t>(block) << 32 | counted;
  }

  static std::uint64_t count(std::uint64_t log) { return static_cast<std::uint32_t>(log); }

  // Appends the kept seqs, ascending.
  void kept(std::uint64_t log, std::vector<std::uint64_t>& to) const {
    const auto count = static_cast<std::uint32_t>(log);
    const std::uint64_t* block = words_.data() + (log >> 32);
    to.insert(to.end(), block, block + std::min(count, count > kept_most ? kept_each : kept_most));
    if (count > kept_most) {
      const std::uint32_t oldest = (count - kept_each) % kept_each;
      const std::uint64_t* ring = block + kept_each;
      to.insert(to.end(), ring + oldest, ring + kept_each);
      to.insert(to.end(), ring, ring + oldest);
    }
  }

  void release(std::uint64_t log) {
    if (const auto count = static_cast<std::uint32_t>(log); count > 0) {
      free_[class_of(count)].push_back(static_cast<std::uint32_t>(log >> 32));
    }
  }
  // Takes a log that another table kept: `kept` ascending, of `count`.
  std::uint64_t restore(const std::vector<std::uint64_t>& kept, std::uint64_t count) {
    std::uint64_t log = 0;
    for (const std::uint64_t seq : kept) {
      add(log, seq);
    }
    if (count <= kept_most) {
      return log;
    }
    // The ring starts where its count says.
    const std::uint64_t block = log >> 32;
    const auto oldest = static_cast<std::uint32_t>((count - kept_each) % kept_each);
    for (std::uint32_t at = 0; at < kept_each; ++at) {
      words_[block + kept_each + (oldest + at) % kept_each] = kept[kept_each + at];
    }
    return block << 32 | count;
  }
  // Keeps the memory for what comes next.
  void clear() {
    words_.clear();
    for (auto& list : free_) {
      list.clear();
    }
  }

 private:
  static constexpr std::uint32_t kept_each = Evidence::kept_each_end, kept_most = 2 * kept_each;
  static constexpr std::array<std::uint32_t, 4> sizes = {2, 8, 32, kept_most};

  // Whether the block has no room for the `count`-th seq.
  static bool starts_class(std::uint32_t count) {
    return count == 0 || count == sizes[0] || count == sizes[1] || count == sizes[2];
  }
  // The class whose block is needed then.
  static int class_starting_at(std::uint32_t count) {
    return count == 0 ? 0 : count == sizes[0] ? 1 : count == sizes[1] ? 2 : 3;
  }
  static std::size_t class_of(std::uint32_t count) {
    return count <= sizes[0] ? 0 : count <= sizes[1] ? 1 : count <= sizes[2] ? 2 : 3;
  }

  std::uint32_t grow(std::uint32_t block, std::uint32_t count, int to) {
    const std::uint32_t fresh = take(static_cast<std::size_t>(to));
    for (std::uint32_t at = 0; at < count; ++at) {
      words_[fresh + at] = words_[block + at];
    }
    if (to > 0) {
      free_[static_cast<std::size_t>(to) - 1].push_back(block);
    }
    return fresh;
  }
  std::uint32_t take(std::size_t size_class) {
    auto& free = free_[size_class];
    if (!free.empty()) {
      const std::uint32_t block = free.back();
      free.pop_back();
      return block;
    }
    const auto block = static_cast<std::uint32_t>(words_.size());
    words_.resize(words_.size() + sizes[size_class]);
    return block;
  }

  std::vector<std::uint64_t, HugeAllocator<std::uint64_t>> words_;
  std::array<std::vector<std::uint32_t>, 4> free_;
};

}  // namespace marktwacht
