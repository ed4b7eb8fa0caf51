// What an announcement is about.
#pragma once

#include <vector>

#include "market/market.h"

namespace marktwacht {

// The instrument it names, or all whose base is the asset it names, ascending;
// empty: none that is known, or the platform itself. Walks all instruments where it names an asset.
inline std::vector<InstrumentIndex> announced(const Market& market,
                                              const event::Announcement& line) {
  const Directory& directory = market.directory();
  std::vector<InstrumentIndex> about;
  if (line.has_instrument_id()) {
    if (const auto one = directory.find_instrument(line.instrument_id); one.exists()) {
      about.push_back(one);
    }
    return about;
  }
  const AssetIndex asset = line.has_asset() ? directory.find_asset(line.asset) : AssetIndex::none();
  for (std::uint32_t at = 0; asset.exists() && at < directory.instruments(); ++at) {
    if (directory.instrument({at}).base == asset) {
      about.push_back({at});
    }
  }
  return about;
}

}  // namespace marktwacht
