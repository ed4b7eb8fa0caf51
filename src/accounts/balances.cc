// Balances: exact 128-bit sums; what would leave the range changes nothing.
#include "accounts/balances.h"

#include <algorithm>

#include "base/check.h"

namespace marktwacht {
namespace {

// More assets than this in a snapshot are not believed: the table is as long as the highest index.
constexpr std::uint32_t assets_max = 1 << 20;

// `amount` with its decimals moved; nothing where digits would be lost or it does not fit.
std::optional<Money> moved(Money amount, int from, int to) {
  const auto result = rescale(amount.units, from, to);
  if (!result || (to < from && rescale(*result, to, from) != amount.units)) {
    return std::nullopt;
  }
  return Money{*result};
}

}  // namespace

FlatMap<Balance>& Balances::of_asset(AssetIndex asset) {
  check(asset.exists(), "the asset has an index");
  if (asset.value >= assets_.size()) {
    assets_.resize(std::size_t{asset.value} + 1);
  }
  return assets_[asset.value];
}

bool Balances::change(AccountIndex account, AssetIndex asset, Money delta) {
  Balance& balance = of_asset(asset)[account.value];
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
  of_asset(asset)[account.value].missed = true;
}

void Balances::state(AccountIndex account, AssetIndex asset, Money total, Money available) {
  of_asset(asset)[account.value] = {total, available, true, false};
}

Balance Balances::get(AccountIndex account, AssetIndex asset) const {
  if (asset.value >= assets_.size()) {
    return {};
  }
  const auto& table = assets_[asset.value];
  const auto found = table.find(account.value);
  return found == table.end() ? Balance{} : found->second;
}

bool Balances::can_rescale(AssetIndex asset, int from_decimals, int to_decimals) const {
  if (asset.value >= assets_.size() || from_decimals == to_decimals) {
    return true;
  }
  for (const auto& [account, balance] : assets_[asset.value]) {  // tidy: all or nothing
    if (!moved(balance.total, from_decimals, to_decimals) ||
        !moved(balance.available, from_decimals, to_decimals)) {
      return false;
    }
  }
  return true;
}

bool Balances::rescale(AssetIndex asset, int from_decimals, int to_decimals) {
  if (!can_rescale(asset, from_decimals, to_decimals)) {
    return false;
  }
  if (asset.value >= assets_.size() || from_decimals == to_decimals) {
    return true;
  }
  for (auto& [account, balance] : assets_[asset.value]) {  // tidy: each by itself
    balance.total = *moved(balance.total, from_decimals, to_decimals);
    balance.available = *moved(balance.available, from_decimals, to_decimals);
  }
  return true;
}

std::vector<std::pair<AccountIndex, AssetIndex>> Balances::keys() const {
  std::vector<std::pair<AccountIndex, AssetIndex>> keys;
  for (std::uint32_t asset = 0; asset < assets_.size(); ++asset) {
    for (const auto& entry : assets_[asset]) {  // tidy: sorted below
      keys.emplace_back(AccountIndex{static_cast<std::uint32_t>(entry.first)}, AssetIndex{asset});
    }
  }
  std::sort(keys.begin(), keys.end());
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
    if (account >= AccountIndex::none_value || asset >= assets_max || marks > 3 ||
        (i > 0 && key <= last)) {
      return false;
    }
    last = key;
    of_asset(key.second)[key.first.value] = {total, available, (marks & 1) != 0, (marks & 2) != 0};
  }
  return in.ok();
}

}  // namespace marktwacht
