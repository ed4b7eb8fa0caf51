// Granting, ending and asking for exemptions.
#include "market/exemptions.h"

#include <algorithm>
#include <vector>

namespace marktwacht {

void Exemptions::grant(AccountIndex account, InstrumentIndex instrument, Exemption exemption) {
  exemptions_[key(account, instrument)] = exemption;
}

void Exemptions::expire(AccountIndex account, InstrumentIndex instrument, Time now) {
  const auto found = exemptions_.find(key(account, instrument));
  if (found != exemptions_.end() && found->second.until <= now) {
    exemptions_.erase(found);
  }
}

template <class Wanted>
std::optional<Exemption> Exemptions::first(AccountIndex account, InstrumentIndex instrument,
                                           Time now, Wanted&& wanted) const {
  if (exemptions_.empty()) {
    return std::nullopt;
  }
  for (const std::uint64_t at : {key(account, instrument), key(account, InstrumentIndex::none())}) {
    const auto found = exemptions_.find(at);
    if (found != exemptions_.end() && now < found->second.until && wanted(found->second)) {
      return found->second;
    }
  }
  return std::nullopt;
}

std::optional<Exemption> Exemptions::find(AccountIndex account, InstrumentIndex instrument,
                                          Time now) const {
  return first(account, instrument, now, [](const Exemption&) { return true; });
}

bool Exemptions::has(AccountIndex account, InstrumentIndex instrument, ExemptionKind kind,
                     Time now) const {
  return first(account, instrument, now,
               [kind](const Exemption& each) { return each.kind == kind; })
      .has_value();
}

void Exemptions::save(ByteWriter& out) const {
  std::vector<std::uint64_t> keys;
  keys.reserve(exemptions_.size());
  for (const auto& entry : exemptions_) {  // tidy: sorted below
    keys.push_back(entry.first);
  }
  std::ranges::sort(keys);
  out.varint(keys.size());
  for (const std::uint64_t at : keys) {
    const Exemption& exemption = exemptions_.find(at)->second;
    out.fixed(at);
    out.byte(static_cast<std::uint8_t>(exemption.kind));
    out.zigzag(exemption.until.ns);
  }
}

bool Exemptions::load(ByteReader& in) {
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const auto at = in.fixed<std::uint64_t>();
    Exemption& exemption = exemptions_[at];
    exemption.kind = static_cast<ExemptionKind>(in.byte());
    exemption.until.ns = in.zigzag();
  }
  return in.ok();
}

}  // namespace marktwacht
