// The stronger of two restrictions of one action in one scope.
#include "measures/effective.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace marktwacht {
namespace {

auto scope_of(const Restriction& one) { return std::tie(one.action, one.instrument_id, one.asset); }

bool denies_all(const Restriction& one) {
  return !one.limit && one.held_min.ns == 0 && one.devices.empty();
}

bool lasts_longer(const Restriction& a, const Restriction& b) {
  if (a.until != b.until) {
    return !a.until || (b.until && *b.until < *a.until);
  }
  return a.measure < b.measure;
}

std::vector<std::string> both(const std::vector<std::string>& a,
                              const std::vector<std::string>& b) {
  std::vector<std::string> common;
  std::ranges::copy_if(a, std::back_inserter(common), [&](const std::string& each) {
    return std::ranges::find(b, each) != b.end();
  });
  return common;
}

Restriction join(const Restriction& a, const Restriction& b) {
  if (denies_all(a) != denies_all(b)) {
    return denies_all(a) ? a : b;
  }
  if (a.limit && b.limit) {
    return is_less(*a.limit, *b.limit) || (*a.limit == *b.limit && lasts_longer(a, b)) ? a : b;
  }
  if (a.held_min != b.held_min) {
    return a.held_min > b.held_min ? a : b;
  }
  Restriction joined = lasts_longer(a, b) ? a : b;
  if (!a.devices.empty() && !b.devices.empty()) {
    joined.devices = both(a.devices, b.devices);  // none in common: denied from all
  }
  return joined;
}

}  // namespace

std::vector<Restriction> join_restrictions(std::vector<Restriction> all) {
  std::ranges::stable_sort(all, {}, scope_of);
  std::vector<Restriction> joined;
  for (const Restriction& one : all) {
    if (!joined.empty() && scope_of(joined.back()) == scope_of(one)) {
      joined.back() = join(joined.back(), one);
    } else {
      joined.push_back(one);
    }
  }
  std::vector<Restriction> kept;
  std::ranges::copy_if(joined, std::back_inserter(kept), [&](const Restriction& one) {
    return denies_all(one) || std::ranges::none_of(joined, [&](const Restriction& other) {
             return denies_all(other) && other.action == one.action &&
                    (other.instrument_id.empty() || other.instrument_id == one.instrument_id) &&
                    other.asset.empty();
           });
  });
  return kept;
}

}  // namespace marktwacht
