// What a set trades inside itself, and what chance explains of it.
#include "detectors/beyond_chance.h"

#include <algorithm>

namespace marktwacht {
namespace {

void add_bounded(std::int64_t& sum, std::int64_t quantity) {
  if (__builtin_add_overflow(sum, quantity, &sum)) {
    sum = INT64_MAX;
  }
}

// Numbers below 2^50, so that sums of products of two by a parameter fit.
constexpr Int128 volume_max = Int128{1} << 50;

int shift_for(Int128 largest) {
  int shift = 0;
  while (largest >> shift >= volume_max) {
    ++shift;
  }
  return shift;
}

// What a maker of both sides made inside counts as far as it is more than that.
Int128 counted(const SetMember& member) {
  const Int128 bought = member.all.made_bought - Int128{member.inside.made_bought};
  const Int128 sold = member.all.made_sold - Int128{member.inside.made_sold};
  const Int128 both = 2 * std::max(Int128{0}, std::min(bought, sold));
  return std::max(Int128{0}, member.inside.made() - both);
}

}  // namespace

void Dealt::add(bool bought_it, bool made_it, std::int64_t quantity) {
  add_bounded(bought_it ? bought : sold, quantity);
  if (made_it) {
    add_bounded(bought_it ? made_bought : made_sold, quantity);
  }
}

void Dealt::add(const Dealt& other) {
  add_bounded(bought, other.bought);
  add_bounded(sold, other.sold);
  add_bounded(made_bought, other.made_bought);
  add_bounded(made_sold, other.made_sold);
}

Chance chance_of(std::span<const SetMember> set, Int128 volume) {
  Int128 largest = volume, bought_outside = 0, sold_outside = 0;
  for (const SetMember& member : set) {
    largest = std::max({largest, Int128{member.all.bought}, Int128{member.all.sold}});
  }
  const int shift = shift_for(largest);
  const auto outside = [&](std::int64_t all, std::int64_t inside) {
    return std::max(Int128{0}, Int128{all} - inside) >> shift;
  };
  Chance chance;
  Int128 inside = 0;
  for (const SetMember& member : set) {
    bought_outside += outside(member.all.bought, member.inside.bought);
    sold_outside += outside(member.all.sold, member.inside.sold);
    inside += member.inside.made() >> shift;
    chance.observed += counted(member) >> shift;
  }
  chance.volume = volume >> shift;
  chance.outside = std::max(Int128{0}, chance.volume - inside);
  for (const SetMember& member : set) {
    const Int128 others_sold = sold_outside - outside(member.all.sold, member.inside.sold);
    const Int128 others_bought = bought_outside - outside(member.all.bought, member.inside.bought);
    chance.products += (Int128{member.all.bought} >> shift) * others_sold +
                       (Int128{member.all.sold} >> shift) * others_bought;
  }
  return chance;
}

bool Chance::beyond(const ChanceLimits& limits) const {
  return observed > 0 &&
         (large_share(limits) || limits.chance_ratio_min.reached(2 * observed * outside, products));
}

Int128 Chance::ratio_units() const {
  const Int128 most = Int128{ratio_max} * Param::one;
  return products == 0 ? (observed > 0 ? most : 0)
                       : std::min(most, 2 * observed * outside * Param::one / products);
}

}  // namespace marktwacht
