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

void EvidenceLogs::make_room(std::uint64_t& log) {
  const std::uint32_t from = class_of(log), block = block_of(log);
  std::uint32_t size = size_of(log);
  if (capacities[from] > 2 * kept_each) {  // in less, nothing can be unneeded
    size = drop_unneeded(block, size);
    if (size <= capacities[from] / 5 * 4) {
      log = log_of(block, from, size);
      return;
    }
  }
  const std::uint32_t to = from + 1, fresh = take(to);
  std::copy_n(words_.begin() + block, std::size_t{size} * words_each_, words_.begin() + fresh);
  if (from > 0) {
    free_[from].push_back(block);
  }
  log = log_of(fresh, to, size);
}

// What is neither among the first nor among the last of any of its takers goes.
std::uint32_t EvidenceLogs::drop_unneeded(std::uint32_t block, std::uint32_t size) {
  const auto place = [&](std::uint32_t at) { return block + std::size_t{at} * words_each_; };
  std::array<std::uint32_t, takers_most> before{}, behind{};
  std::array<bool, capacities.back()> needed;
  for (std::uint32_t at = 0; at < size; ++at) {
    needed[at] = count_in(before, read(place(at)).takers, kept_each);
  }
  for (std::uint32_t at = size; at-- > 0;) {
    needed[at] |= count_in(behind, read(place(at)).takers, kept_each);
  }
  std::uint32_t left = 0;
  for (std::uint32_t at = 0; at < size; ++at) {
    if (needed[at]) {
      std::copy_n(words_.begin() + place(at), words_each_, words_.begin() + place(left++));
    }
  }
  return left;
}

std::uint32_t EvidenceLogs::take(std::uint32_t size_class) {
  auto& free = free_[size_class];
  if (!free.empty()) {
    const std::uint32_t block = free.back();
    free.pop_back();
    return block;
  }
  const auto block = static_cast<std::uint32_t>(words_.size());
  words_.resize(words_.size() + std::size_t{capacities[size_class]} * words_each_);
  return block;
}

void EvidenceLogs::kept(std::uint64_t log, std::uint64_t taker,
                        std::vector<std::uint64_t>& to) const {
  const auto first = static_cast<std::ptrdiff_t>(to.size());
  for (std::uint32_t at = 0; at < size_of(log); ++at) {
    const Entry entry = read(block_of(log) + std::size_t{at} * words_each_);
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
