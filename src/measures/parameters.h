// What a measure says beside its kind and target. Which of it a kind uses: measure_table.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"
#include "measures/words.h"

namespace marktwacht {

// What a measure of money takes or pays: `amount` as stated, the illegal gain of the case, the
// losses of counterparties, the loss that was caused. The losses a person enters, with evidence.
MW_WORDS(AmountOf, stated, gain, loss, loss_entered)
inline bool is_entered(AmountOf of) { return of == AmountOf::loss || of == AmountOf::loss_entered; }

struct MeasureParameters {
  std::string instrument_id;  // of trading; empty = all
  // limit_*: at most so much a day. Of money: how much in all.
  std::optional<Decimal> amount;
  std::string asset;                    // that `amount` counts
  Duration held_min{0};                 // min_holding_time
  std::optional<Decimal> leverage_max;  // cap_leverage
  std::optional<Channel> channel;       // restrict_access: web, app, api or fix
  std::int64_t kyc_level = 0;           // require_kyc: the level to be reached
  std::vector<std::string> devices;     // restrict_login: the known ones, which stay allowed
  std::vector<GateAction> actions;      // custom: what the gate denies
  std::string text;                     // custom: what the exchange is to do

  bool operator==(const MeasureParameters&) const = default;
};

}  // namespace marktwacht
