// Dense numbers for named things: arrays are indexed by these, never by text.
#pragma once

#include <compare>
#include <cstdint>

namespace marktwacht {

// The place of a thing in its table, given out from 0 in the order of first acceptance. `none`
// stands for "no such thing".
template <class Tag>
struct Index {
  static constexpr std::uint32_t none_value = 0xFFFF'FFFF;

  std::uint32_t value = none_value;

  static constexpr Index none() { return {}; }
  constexpr bool exists() const { return value != none_value; }
  auto operator<=>(const Index&) const = default;
};

using AccountIndex = Index<struct AccountTag>;
using InstrumentIndex = Index<struct InstrumentTag>;
using AssetIndex = Index<struct AssetTag>;
using SourceIndex = Index<struct SourceTag>;

}  // namespace marktwacht
