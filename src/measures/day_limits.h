// How much of a day's amount limited accounts have used: withdrawals and deposits since the trading
// day began, of the accounts that a limit holds for.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "base/archive.h"
#include "base/bytes.h"
#include "base/decimal.h"
#include "measures/words.h"

namespace marktwacht {

class DayLimits {
 public:
  // What has been used, or given back where it is negative. Nobody is below zero.
  void use(GateAction action, const std::string& account_id, const std::string& asset,
           const Decimal& amount) {
    Decimal& used = used_[{account_id, action, asset}];
    used = sum_of(used, amount).value_or(used);
    if (!used.positive()) {
      used_.erase({account_id, action, asset});
    }
  }
  // What is left of `limit`, at least zero.
  Decimal left(GateAction action, const std::string& account_id, const std::string& asset,
               const Decimal& limit) const {
    const auto found = used_.find({account_id, action, asset});
    if (found == used_.end()) {
      return limit;
    }
    const auto rest = sum_of(limit, negated(found->second));
    return rest && rest->positive() ? *rest : Decimal{};
  }
  void start_day() { used_.clear(); }
  bool empty() const { return used_.empty(); }

  void save(ByteWriter& out) const {
    Saver saver(out);
    out.varint(used_.size());
    for (const auto& [key, amount] : used_) {
      saver(std::get<0>(key), std::get<1>(key), std::get<2>(key), amount);
    }
  }
  void load(ByteReader& in) {
    Loader loader(in);
    for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
      std::tuple<std::string, GateAction, std::string> key;
      Decimal amount;
      loader(std::get<0>(key), std::get<1>(key), std::get<2>(key), amount);
      used_[key] = amount;
    }
  }

 private:
  std::map<std::tuple<std::string, GateAction, std::string>, Decimal> used_;
};

}  // namespace marktwacht
