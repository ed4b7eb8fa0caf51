// The slow, clear twin of Accounts: big integers, plain maps and lists. For tests only.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <tuple>

#include "accounts/accounts.h"

namespace marktwacht {

using BigInt = boost::multiprecision::cpp_int;

BigInt big(Int128 value);
// Nothing where it leaves 128 bits.
std::optional<Int128> fitting(const BigInt& value);
// numerator / denominator to the nearest integer, halves to even; denominator > 0.
BigInt nearest(const BigInt& numerator, const BigInt& denominator);
BigInt ten_to(int exponent);

// terms.h in exact fractions; nothing where the header says so, without a look at the size.
std::optional<BigInt> exact_value(const Terms& terms, Price price, Quantity quantity);
std::optional<BigInt> exact_gain(const Terms& terms, bool long_leg, Price entry, Price exit,
                                 Quantity quantity);

class AccountsTwin {
 public:
  struct TwinLot {
    BigInt quantity, price, opened, fee;
    bool price_known = true;
  };

  bool change_balance(AccountIndex account, AssetIndex asset, Money delta);
  void miss_change(AccountIndex account, AssetIndex asset);
  void state_balance(AccountIndex account, AssetIndex asset, Money total, Money available);
  bool rescale_asset(AssetIndex asset, int from_decimals, int to_decimals);
  std::optional<Effect> execute(const Terms& terms, const Execution& execution);
  void state_position(const PositionKey& key, Quantity quantity, std::optional<Price> price,
                      Time at);
  Quantity spot_opened(const PositionKey& key, Side side, Quantity quantity, std::int64_t day_at);

  Statement last_statement;

  struct TwinBalance {
    BigInt total, available;
    bool stated = false, missed = false;
    BigInt last_stated;
    std::list<BigInt> changes;  // since then
  };
  struct TwinPosition {
    int sign = 0;  // of what the lots hold
    std::list<TwinLot> lots;
    BigInt held() const;
  };
  struct Day {
    std::int64_t number = 0;
    BigInt net, peak;
  };

  std::map<std::pair<AccountIndex, AssetIndex>, TwinBalance> balances;
  std::map<PositionKey, TwinPosition> positions;  // zero ones too
  std::map<std::pair<AccountIndex, InstrumentIndex>, Day> days;
};

}  // namespace marktwacht
