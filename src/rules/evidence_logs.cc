// What happens to a log seldom: it fills, is read, or comes from elsewhere.
#include "rules/evidence_logs.h"

#include <algorithm>
#include <bit>

namespace marktwacht {
namespace {

// From one end of a log: which of its takers have not counted all that is kept of them there.
class Wanting {
 public:
  // Counts an entry; whether it is among the first `most` of one of its takers.
  bool take(std::uint64_t takers, std::uint32_t most) {
    const std::uint64_t among = takers & wanting_;
    for (std::uint64_t left = among; left != 0; left &= left - 1) {
      const auto taker = static_cast<std::uint32_t>(std::countr_zero(left));
      if (++counted_[taker] == most) {
        wanting_ ^= std::uint64_t{1} << taker;
      }
    }
    return among != 0;
  }

 private:
  std::uint64_t wanting_ = ~std::uint64_t{0};
  std::array<std::uint32_t, 64> counted_{};
};

}  // namespace

EvidenceLogs::EvidenceLogs(std::uint32_t takers)
    : words_each_(takers <= takers_narrow ? 1 : 2), takers_shift_(words_each_ == 1 ? seq_bits : 0) {
  std::ranges::copy(small_capacities, capacity_.begin());
  capacity_[chained] = (chained_words - 1) / words_each_;
}

EvidenceLogs::Blocks EvidenceLogs::blocks_of(std::uint64_t log) const {
  Blocks blocks;
  blocks.in_last = filled_of(log);
  if (class_of(log) < chained) {
    blocks.at[0] = block_of(log);
    blocks.count = class_of(log) > 0;
    return blocks;
  }
  blocks.count = link_of(block_of(log)).blocks;
  std::uint32_t block = block_of(log);
  for (std::uint32_t at = blocks.count; at-- > 0; block = link_of(block).before) {
    blocks.at[at] = block;
  }
  return blocks;
}

void EvidenceLogs::make_room(std::uint64_t& log) {
  if (class_of(log) < chained) {
    return move_on(log);
  }
  Link link = link_of(block_of(log));
  if (link.blocks >= link.blocks_limit) {
    drop_unneeded(log);
    if (filled_of(log) < capacity_[chained]) {
      return;
    }
    link = link_of(block_of(log));
  }
  const std::uint32_t fresh = take(chained);
  ++link.blocks;
  link.before = block_of(log);
  set_link(fresh, link);
  log = log_of(fresh, chained, 0);
}

void EvidenceLogs::move_on(std::uint64_t& log) {
  const std::uint32_t from = class_of(log), to = from + 1, filled = filled_of(log);
  const std::uint32_t fresh = take(to);
  std::copy_n(words_.begin() + block_of(log), std::size_t{filled} * words_each_,
              words_.begin() + fresh);
  release(log);
  if (to == chained) {  // in less, nothing can be unneeded
    const std::uint32_t limit = blocks_for(2 * kept_each / grows_from * grows_to);
    set_link(fresh, {.before = 0, .blocks = 1, .blocks_limit = static_cast<std::uint16_t>(limit)});
  }
  log = log_of(fresh, to, filled);
}

// What is neither among the first nor among the last of any of its takers goes. Its blocks are
// full.
void EvidenceLogs::drop_unneeded(std::uint64_t& log) {
  const Blocks blocks = blocks_of(log);
  Needed needed;
  mark_needed(blocks, needed);
  const std::uint32_t left = close_gaps(blocks, needed);
  const std::uint32_t kept = blocks_for(left), last = blocks.at[kept - 1];
  for (std::uint32_t at = kept; at < blocks.count; ++at) {
    free_[chained].push_back(blocks.at[at]);
  }
  Link link = link_of(last);
  link.blocks_limit =
      static_cast<std::uint16_t>(blocks_for(std::max(left, 2 * kept_each) * grows_to / grows_from));
  set_link(last, link);
  log = log_of(last, chained, left - (kept - 1) * capacity_[chained]);
}

void EvidenceLogs::mark_needed(const Blocks& blocks, Needed& needed) const {
  Wanting first, last;
  const std::uint64_t* const takers = words_.data() + words_each_ - 1;
  for (std::uint32_t at = 0; at < blocks.count; ++at) {
    const std::uint64_t* next = takers + blocks.at[at];
    std::uint64_t marks = 0;
    for (std::uint32_t entry = 0; entry < capacity_[chained]; ++entry, next += words_each_) {
      marks |= std::uint64_t{first.take(*next >> takers_shift_, kept_each)} << entry;
    }
    needed[at] = marks;
  }
  for (std::uint32_t at = blocks.count; at-- > 0;) {
    const std::uint64_t* next = takers + place(blocks.at[at], capacity_[chained]);
    std::uint64_t marks = 0;
    for (std::uint32_t entry = capacity_[chained]; entry-- > 0;) {
      next -= words_each_;
      marks |= std::uint64_t{last.take(*next >> takers_shift_, kept_each)} << entry;
    }
    needed[at] |= marks;
  }
}

// Moves what is needed up to the log's beginning; says how much that is. Blocks from which nothing
// goes stay as they are at first.
std::uint32_t EvidenceLogs::close_gaps(const Blocks& blocks, const Needed& needed) {
  const std::uint64_t all = (std::uint64_t{1} << capacity_[chained]) - 1;
  std::uint32_t at = 0;
  while (at < blocks.count && needed[at] == all) {
    ++at;
  }
  std::uint32_t to_block = at, to_entry = 0;
  for (; at < blocks.count; ++at) {
    for (std::uint64_t bits = needed[at]; bits != 0; bits &= bits - 1) {
      if (to_entry == capacity_[chained]) {
        ++to_block;
        to_entry = 0;
      }
      const auto entry = static_cast<std::uint32_t>(std::countr_zero(bits));
      const std::size_t from = place(blocks.at[at], entry);
      const std::size_t to = place(blocks.at[to_block], to_entry++);
      words_[to] = words_[from];
      if (words_each_ == 2) {
        words_[to + 1] = words_[from + 1];
      }
    }
  }
  return to_block * capacity_[chained] + to_entry;
}

std::uint32_t EvidenceLogs::take(std::uint32_t block_class) {
  auto& free = free_[block_class];
  if (!free.empty()) {
    const std::uint32_t block = free.back();
    free.pop_back();
    return block;
  }
  const bool is_chained = block_class == chained;
  const auto block = static_cast<std::uint32_t>(words_.size()) + is_chained;
  words_.resize(words_.size() +
                (is_chained ? chained_words : std::size_t{capacity_[block_class]} * words_each_));
  return block;
}

void EvidenceLogs::release_chained(std::uint64_t log) {
  const Blocks blocks = blocks_of(log);
  free_[chained].insert(free_[chained].end(), blocks.at.begin(), blocks.at.begin() + blocks.count);
}

void EvidenceLogs::clear() {
  words_.clear();
  for (auto& list : free_) {
    list.clear();
  }
}

void EvidenceLogs::kept(std::uint64_t log, std::uint64_t taker,
                        std::vector<std::uint64_t>& to) const {
  const auto first = static_cast<std::ptrdiff_t>(to.size());
  const Blocks blocks = blocks_of(log);
  for (std::uint32_t at = 0; at < blocks.count; ++at) {
    for (std::uint32_t entry = 0; entry < entries_of(blocks, at); ++entry) {
      if (const std::size_t from = place(blocks.at[at], entry); (takers_of(from) & taker) != 0) {
        to.push_back(seq_of(from));
      }
    }
  }
  constexpr auto each = static_cast<std::ptrdiff_t>(kept_each);
  if (to.end() - to.begin() - first > 2 * each) {
    to.erase(to.begin() + first + each, to.end() - each);
  }
}

std::uint64_t EvidenceLogs::restore(std::vector<std::pair<std::uint64_t, std::uint64_t>> kept) {
  std::ranges::sort(kept);
  std::uint64_t log = 0;
  for (const auto& [seq, taker] : kept) {
    add(log, seq, taker);
  }
  return log;
}

}  // namespace marktwacht
