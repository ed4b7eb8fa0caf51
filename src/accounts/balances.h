// What each account has of each asset.
#pragma once

#include <utility>
#include <vector>

#include "accounts/accounts.h"
#include "accounts/keys.h"

namespace marktwacht {

// The contract is that of Accounts. Rescaling looks at all balances: it is for assets that are
// declared late.
class Balances {
 public:
  bool change(AccountIndex account, AssetIndex asset, Money delta);
  void miss(AccountIndex account, AssetIndex asset);
  void state(AccountIndex account, AssetIndex asset, Money total, Money available);
  Balance get(AccountIndex account, AssetIndex asset) const;
  bool can_rescale(AssetIndex asset, int from_decimals, int to_decimals) const;
  bool rescale(AssetIndex asset, int from_decimals, int to_decimals);

  // Fetching what `change` will look at.
  void look_ahead(Ahead which, AccountIndex account, AssetIndex asset) const {
    balances_.look_ahead(which, key(account, asset));
  }

  // Every balance ever touched, by account, asset.
  std::vector<std::pair<AccountIndex, AssetIndex>> keys() const;

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  static std::uint64_t key(AccountIndex account, AssetIndex asset);

  KeyTable<Balance> balances_;  // by account and asset
};

}  // namespace marktwacht
