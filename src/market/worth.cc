// What amounts of different assets are worth in one currency.
#include "market/market.h"

namespace marktwacht {

AssetIndex Market::valued_in() const {
  const bool quoted = !first_currency_.exists() && directory_.instruments() > 0;
  return quoted ? directory_.instrument(InstrumentIndex{0}).quote : first_currency_;
}

std::optional<Int128> Market::worth(AssetIndex asset, Int128 units) const {
  return asset.exists() ? worth_of(asset, {units, directory_.asset(asset).decimals}) : std::nullopt;
}

std::optional<Int128> Market::worth_of(AssetIndex asset, Scaled amount) const {
  const AssetIndex in = valued_in();
  if (!in.exists()) {
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
  const int places = amount.scale - price.exponent - worth_scale;
  const auto power = rescale(1, 0, places < 0 ? -places : places);
  if (!power) {
    return std::nullopt;
  }
  if (places >= 0) {
    return multiply_divide(amount.units, price.mantissa, *power);
  }
  const auto finer = multiply(amount.units, *power);
  return finer ? multiply(*finer, price.mantissa) : std::nullopt;
}

}  // namespace marktwacht
