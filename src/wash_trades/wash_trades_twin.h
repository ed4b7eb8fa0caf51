// The wash-trade algorithm as its paper tells it, without a thought for speed: for tests.
#pragma once

#include <span>
#include <vector>

#include "wash_trades/wash_trades.h"

namespace marktwacht {

std::vector<WashLabel> label_wash_trades_twin(std::span<const WashTrade> trades,
                                              const WashOptions& options);

}  // namespace marktwacht
