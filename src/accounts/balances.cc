// Balances: exact 128-bit sums; what would leave the range changes nothing.
#include "accounts/balances.h"

#include <algorithm>

#include "base/check.h"

namespace marktwacht {
namespace {

// `amount` with its decimals moved; nothing where digits would be lost or it does not fit.
std::optional<Money> moved(Money amount, int from, int to) {
  const auto result = rescale(amount.units, from, to);
  if (!result || (to < from && rescale(*result, to, from) != amount.units)) {
    return std::nullopt;
  }
  return Money{*result};
}

}  // namespace

std::uint64_t Balances::key(AccountIndex account, AssetIndex asset) {
  check(asset.exists(), "the asset has an index");
  return pair_key(account.value, asset.value);
}

bool Balances::change(AccountIndex account, AssetIndex asset, Money delta) {
  Balance& balance = balances_[key(account, asset)];
  const auto total = add(balance.total.units, delta.units);
  const auto available = add(balance.available.units, delta.units);
  if (!total || !available) {
    balance.missed = true;
    return false;
  }
  balance.total = {*total};
  balance.available = {*available};
  return true;
}

void Balances::miss(AccountIndex account, AssetIndex asset) {
  balances_[key(account, asset)].missed = true;
}

void Balances::state(AccountIndex account, AssetIndex asset, Money total, Money available) {
  balances_[key(account, asset)] = {total, available, true, false};
}

Balance Balances::get(AccountIndex account, AssetIndex asset) const {
  const Balance* const found = balances_.find(pair_key(account.value, asset.value));
  return found == nullptr ? Balance{} : *found;
}

bool Balances::can_rescale(AssetIndex asset, int from_decimals, int to_decimals) const {
  if (from_decimals == to_decimals) {
    return true;
  }
  bool all = true;
  balances_.visit([&](std::uint64_t key, const Balance& balance) {
    all &= low_part(key) != asset.value || (moved(balance.total, from_decimals, to_decimals) &&
                                            moved(balance.available, from_decimals, to_decimals));
  });
  return all;
}

bool Balances::rescale(AssetIndex asset, int from_decimals, int to_decimals) {
  if (from_decimals == to_decimals) {
    return true;
  }
  if (!can_rescale(asset, from_decimals, to_decimals)) {
    return false;
  }
  balances_.visit([&](std::uint64_t key, Balance& balance) {
    if (low_part(key) == asset.value) {
      balance.total = *moved(balance.total, from_decimals, to_decimals);
      balance.available = *moved(balance.available, from_decimals, to_decimals);
    }
  });
  return true;
}

std::vector<std::pair<AccountIndex, AssetIndex>> Balances::keys() const {
  std::vector<std::pair<AccountIndex, AssetIndex>> keys;
  keys.reserve(balances_.size());
  for (const std::uint64_t key : sorted_keys(balances_)) {
    keys.emplace_back(AccountIndex{high_part(key)}, AssetIndex{low_part(key)});
  }
  return keys;
}

void Balances::save(ByteWriter& out) const {
  const auto all = keys();
  out.varint(all.size());
  for (const auto& [account, asset] : all) {
    const Balance balance = get(account, asset);
    out.varint(account.value);
    out.varint(asset.value);
    out.zigzag128(balance.total.units);
    out.zigzag128(balance.available.units);
    out.byte(static_cast<std::uint8_t>((balance.stated ? 1 : 0) | (balance.missed ? 2 : 0)));
  }
}

bool Balances::load(ByteReader& in) {
  std::pair<AccountIndex, AssetIndex> last;
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t account = in.varint(), asset = in.varint();
    const Money total{in.zigzag128()}, available{in.zigzag128()};
    const std::uint8_t marks = in.byte();
    const std::pair key(AccountIndex{static_cast<std::uint32_t>(account)},
                        AssetIndex{static_cast<std::uint32_t>(asset)});
    if (account >= AccountIndex::none_value || asset >= AssetIndex::none_value || marks > 3 ||
        (i > 0 && key <= last)) {
      return false;
    }
    last = key;
    balances_[Balances::key(key.first, key.second)] = {total, available, (marks & 1) != 0,
                                                       (marks & 2) != 0};
  }
  return in.ok();
}

}  // namespace marktwacht
