// The first and the last seqs of what was counted, and how many there were.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "findings/finding.h"

namespace marktwacht {

// Grows by one at a time, never falling. Keeps the first 64 and, of those behind them, the last 64.
class EvidenceList {
 public:
  // The same event again is no other: a trade inside one hand is two fills.
  void add(std::uint64_t seq) {
    if (!first_.empty() && seq == latest()) {
      return;
    }
    ++count_;
    if (first_.size() < Evidence::kept_each_end) {
      first_.push_back(seq);
      return;
    }
    if (last_.size() < Evidence::kept_each_end) {
      last_.push_back(seq);
      return;
    }
    last_[oldest_] = seq;
    oldest_ = (oldest_ + 1) % last_.size();
  }

  // All that `other` counted, at its place in the order of seqs.
  void absorb(const EvidenceList& other) {
    std::vector<std::uint64_t> seqs = other.kept();
    if (seqs.empty()) {
      return;
    }
    std::uint64_t unseen = other.count_ - seqs.size();  // counted, and not kept any more
    if (const auto mine = kept(); !mine.empty() && mine.back() > seqs.front()) {
      unseen += count_ - mine.size();
      seqs.insert(seqs.end(), mine.begin(), mine.end());
      std::ranges::sort(seqs);
      clear();
    }
    for (const std::uint64_t seq : seqs) {
      add(seq);
    }
    count_ += unseen;
  }
  // `seqs` in any order.
  void absorb(std::vector<std::uint64_t> seqs) {
    std::ranges::sort(seqs);
    EvidenceList list;
    for (const std::uint64_t seq : seqs) {
      list.add(seq);
    }
    absorb(list);
  }

  // Ascending.
  std::vector<std::uint64_t> kept() const {
    std::vector<std::uint64_t> seqs = first_;
    const auto oldest = last_.begin() + static_cast<std::ptrdiff_t>(oldest_);
    seqs.insert(seqs.end(), oldest, last_.end());
    seqs.insert(seqs.end(), last_.begin(), oldest);
    return seqs;
  }
  std::uint64_t count() const { return count_; }
  Evidence evidence() const { return {kept(), count_}; }
  void clear() { *this = {}; }

  void save(ByteWriter& out) const {
    out.varint(count_);
    const auto seqs = kept();
    out.varint(seqs.size());
    for (const std::uint64_t seq : seqs) {
      out.varint(seq);
    }
  }
  bool load(ByteReader& in) {
    const std::uint64_t count = in.varint(), size = in.varint();
    if (size > 2 * Evidence::kept_each_end || size > count) {
      return false;
    }
    for (std::uint64_t at = 0; at < size && in.ok(); ++at) {
      add(in.varint());
    }
    count_ = count;
    return in.ok();
  }

 private:
  std::uint64_t latest() const {
    return last_.empty() ? first_.back() : last_[(oldest_ + last_.size() - 1) % last_.size()];
  }

  std::vector<std::uint64_t> first_, last_;
  std::size_t oldest_ = 0;
  std::uint64_t count_ = 0;
};

// What several have counted, as if one had: of each the kept seqs suffice. What two of them counted
// is one event.
inline Evidence united(std::vector<std::uint64_t> kept, std::uint64_t count) {
  std::ranges::sort(kept);
  const auto twice = std::ranges::unique(kept);
  count -= twice.size();
  kept.erase(twice.begin(), twice.end());
  constexpr std::size_t each = Evidence::kept_each_end;
  if (kept.size() > 2 * each) {
    kept.erase(kept.begin() + each, kept.end() - each);
  }
  return {std::move(kept), count};
}

}  // namespace marktwacht
