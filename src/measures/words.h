// The words of enforcement: kinds of measure, what a gate is asked, whom a measure is aimed at.
#pragma once

#include <cstdint>

#include "events/words.h"

namespace marktwacht {

// Stored in journals and in the gate's shared memory: never renumber, append at the end.
MW_WORDS(MeasureKind, warn, watch, require_report, require_kyc, block_withdrawal, limit_withdrawal,
         block_deposit, limit_deposit, freeze_funds, freeze_trading, freeze_account, close_only,
         close_by, liquidate, min_holding_time, restrict_access, suspend_access, restrict_login,
         ban_access, block_account, deactivate, forfeit_balance, deduct_gains, compensate,
         void_trades, terminate, suspend_instrument, cap_leverage, delist_instrument, custom)

// What an exchange's gateway asks about. Stored like MeasureKind: never renumber.
MW_WORDS(GateAction, register_, login, api, place_order, open_position, reduce_position,
         cancel_order, withdraw, deposit, transfer, use_leverage)

// Whom or what a restriction holds for. Stored like MeasureKind: never renumber.
MW_WORDS(SubjectKind, account, instrument, device, ip, address)

}  // namespace marktwacht
