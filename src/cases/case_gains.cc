// Merging what is told into what is known, and the sums with it.
#include "cases/case_gains.h"

#include <optional>

#include "base/bytes.h"

namespace marktwacht {
namespace {

// A case may hold ten thousands of these: packed, as how far it is from the one before, one takes
// 5 to 8 bytes.
class PackedGains {
 public:
  explicit PackedGains(std::string_view packed) : in_(packed) {}

  // What is damaged ends the list.
  std::optional<CaseGain> next() {
    if (in_.done()) {
      return std::nullopt;
    }
    entry_ += in_.varint();
    const Int128 units = in_.zigzag128();
    return in_.ok() ? std::optional(CaseGain{entry_, units}) : std::nullopt;
  }

 private:
  ByteReader in_;
  std::uint64_t entry_ = 0;
};

class GainPacker {
 public:
  void add(const CaseGain& gain) {
    out_.varint(gain.entry - entry_);
    out_.zigzag128(gain.units);
    entry_ = gain.entry;
  }
  void finish(std::string& packed) {
    if (packed != bytes_) {
      packed = std::string(bytes_);  // and no room behind them
    }
  }

 private:
  std::string bytes_;
  ByteWriter out_{bytes_};
  std::uint64_t entry_ = 0;
};

}  // namespace

void CaseGains::replace_sum(OfAccount& of, Int128 sum) {
  sum_ += sum - of.sum;
  of.sum = sum;
}

std::vector<CaseGain> CaseGains::OfAccount::each() const {
  std::vector<CaseGain> list;
  PackedGains gains(packed);
  for (auto gain = gains.next(); gain; gain = gains.next()) {
    list.push_back(*gain);
  }
  return list;
}

void CaseGains::count(OfAccount& of, std::span<const CaseGain> told) {
  Int128 sum = of.sum;
  GainPacker merged;
  PackedGains gains(of.packed);
  auto known = gains.next();
  for (const CaseGain& gain : told) {
    for (; known && known->entry < gain.entry; known = gains.next()) {
      merged.add(*known);
    }
    sum += gain.units;
    if (known && known->entry == gain.entry) {
      sum -= known->units;
      known = gains.next();
    }
    merged.add(gain);
  }
  for (; known; known = gains.next()) {
    merged.add(*known);
  }
  merged.finish(of.packed);
  replace_sum(of, sum);
}

void CaseGains::count(const std::string& account_id, std::span<const CaseGain> told) {
  if (!told.empty()) {
    count(by_account_[account_id], told);
  }
}

void CaseGains::settle(const std::string& account_id, std::uint64_t seq) {
  const auto found = by_account_.find(account_id);
  if (found == by_account_.end()) {
    return;
  }
  OfAccount& of = found->second;
  PackedGains gains(of.packed);
  auto gain = gains.next();
  if (!gain || gain->seq() >= seq) {
    return;
  }
  for (; gain && gain->seq() < seq; gain = gains.next()) {
    of.settled_sum += gain->units;
    ++of.settled;
  }
  GainPacker kept;
  for (; gain; gain = gains.next()) {
    kept.add(*gain);
  }
  kept.finish(of.packed);
}

void CaseGains::join(const CaseGains& other) {
  for (const auto& [account_id, theirs] : other.by_account_) {
    OfAccount& of = by_account_[account_id];
    count(of, theirs.each());
    if (theirs.settled > of.settled) {
      replace_sum(of, of.sum - of.settled_sum + theirs.settled_sum);
      of.settled_sum = theirs.settled_sum;
      of.settled = theirs.settled;
    }
  }
}

Int128 CaseGains::sum_of(const std::string& account_id) const {
  const auto found = by_account_.find(account_id);
  return found == by_account_.end() ? Int128{0} : found->second.sum;
}

}  // namespace marktwacht
