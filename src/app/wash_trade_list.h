// Trades as they are read, with their names; what label_wash_trades works on is made of them.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/index.h"
#include "base/names.h"
#include "base/time.h"
#include "wash_trades/wash_trades.h"

namespace marktwacht {

// One trade as its source has it; the texts need to live for the call only.
struct NamedTrade {
  std::string_view trade_id;
  Time ts;  // >= 0
  std::string_view token, buyer, seller;
  Decimal amount;  // > 0
};

class WashTradeList {
 public:
  void add(const NamedTrade& trade);

  std::size_t size() const { return rows_.size(); }
  std::string_view trade_id(std::size_t row) const {
    const std::size_t begin = row == 0 ? 0 : id_ends_[row - 1];
    return std::string_view(ids_).substr(begin, id_ends_[row] - begin);
  }

  // In the order in which they were added. An error names the token whose amounts, in a unit that
  // all of them are multiples of, do not add up within 128 bits.
  std::expected<std::vector<WashTrade>, std::string> trades() const;

 private:
  struct Row {
    std::int64_t time_s = 0;
    InstrumentIndex token;
    AccountIndex buyer, seller;
    Decimal amount;
  };

  std::vector<int> places_of_tokens() const;

  std::vector<Row> rows_;
  Names<InstrumentIndex> tokens_;
  Names<AccountIndex> accounts_;
  std::string ids_;  // one behind the other
  std::vector<std::size_t> id_ends_;
};

}  // namespace marktwacht
