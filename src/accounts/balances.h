// What each account has of each asset.
#pragma once

#include <utility>
#include <vector>

#include "accounts/accounts.h"
#include "accounts/flat_map.h"

namespace marktwacht {

// One table per asset, so that rescaling an asset touches only its own balances. The contract is
// that of Accounts.
class Balances {
 public:
  bool change(AccountIndex account, AssetIndex asset, Money delta);
  void miss(AccountIndex account, AssetIndex asset);
  void state(AccountIndex account, AssetIndex asset, Money total, Money available);
  Balance get(AccountIndex account, AssetIndex asset) const;
  bool can_rescale(AssetIndex asset, int from_decimals, int to_decimals) const;
  bool rescale(AssetIndex asset, int from_decimals, int to_decimals);

  // Every balance ever touched, by account, asset.
  std::vector<std::pair<AccountIndex, AssetIndex>> keys() const;

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  FlatMap<Balance>& of_asset(AssetIndex asset);

  std::vector<FlatMap<Balance>> assets_;  // by asset, then by account
};

}  // namespace marktwacht
