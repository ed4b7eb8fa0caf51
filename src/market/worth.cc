// What amounts of different assets are worth in one currency.
#include <algorithm>

#include "market/market.h"

namespace marktwacht {

AssetIndex Market::valued_in() const {
  AssetIndex in;
  for (const auto& entry : valuations_) {  // tidy: the least of them
    in = std::min(in, AssetIndex{static_cast<std::uint32_t>(entry.first)});
  }
  const bool quoted = !in.exists() && directory_.instruments() > 0;
  return quoted ? directory_.instrument(InstrumentIndex{0}).quote : in;
}

std::optional<Int128> Market::worth(AssetIndex asset, Int128 units) const {
  const AssetIndex in = valued_in();
  if (!asset.exists() || !in.exists()) {
    return std::nullopt;
  }
  Decimal price{1, 0};
  if (asset != in) {
    const auto found = valuations_.find(static_cast<std::uint64_t>(asset.value) << 32 | in.value);
    if (found == valuations_.end()) {
      return std::nullopt;
    }
    price = found->second;
  }
  const int places = directory_.asset(asset).decimals - price.exponent - worth_scale;
  const auto power = rescale(1, 0, places < 0 ? -places : places);
  if (!power) {
    return std::nullopt;
  }
  if (places >= 0) {
    return multiply_divide(units, price.mantissa, *power);
  }
  const auto finer = multiply(units, *power);
  return finer ? multiply(*finer, price.mantissa) : std::nullopt;
}

}  // namespace marktwacht
