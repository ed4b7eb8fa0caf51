// What happens to a log seldom: it fills, is read, or comes from elsewhere.
#include "rules/evidence_logs.h"

#include <algorithm>
#include <bit>

namespace marktwacht {
namespace {

// Counts an entry for each of its takers; whether it is among the first `most` of one of them.
template <std::size_t size>
bool count_in(std::array<std::uint32_t, size>& counted, std::uint64_t takers, std::uint32_t most) {
  bool among = false;
  for (; takers != 0; takers &= takers - 1) {
    among |= counted[static_cast<std::size_t>(std::countr_zero(takers))]++ < most;
  }
  return among;
}

}  // namespace

EvidenceLogs::EvidenceLogs(std::uint32_t takers) : words_each_(takers <= takers_narrow ? 1 : 2) {
  std::ranges::copy(small_capacities, capacity_.begin());
  capacity_[chained] = (chained_words - 1) / words_each_;
}

EvidenceLogs::Blocks EvidenceLogs::blocks_of(std::uint64_t log) const {
  Blocks blocks;
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

std::uint32_t EvidenceLogs::size_of(std::uint64_t log) const {
  const std::uint32_t filled = filled_of(log);
  return class_of(log) < chained
             ? filled
             : (link_of(block_of(log)).blocks - 1u) * capacity_[chained] + filled;
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

// What is neither among the first nor among the last of any of its takers goes.
void EvidenceLogs::drop_unneeded(std::uint64_t& log) {
  const Blocks blocks = blocks_of(log);
  const std::uint32_t size = size_of(log);
  std::array<std::uint32_t, takers_most> before{}, behind{};
  std::array<bool, std::size_t{blocks_most} * chained_words> needed;
  for (std::uint32_t at = 0; at < size; ++at) {
    needed[at] = count_in(before, read(place(blocks, at)).takers, kept_each);
  }
  for (std::uint32_t at = size; at-- > 0;) {
    needed[at] |= count_in(behind, read(place(blocks, at)).takers, kept_each);
  }
  std::uint32_t left = 0;
  for (std::uint32_t at = 0; at < size; ++at) {
    if (needed[at]) {
      std::copy_n(words_.begin() + place(blocks, at), words_each_,
                  words_.begin() + place(blocks, left++));
    }
  }
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
  const std::uint32_t size = size_of(log);
  for (std::uint32_t at = 0; at < size; ++at) {
    const Entry entry = read(place(blocks, at));
    if ((entry.takers & taker) != 0) {
      to.push_back(entry.seq);
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
