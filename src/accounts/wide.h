// Exact quotients whose intermediate products do not fit 128 bits.
#pragma once

#include <optional>
#include <span>

#include "base/int128.h"

namespace marktwacht {

// Product of `factors` × 10^exponent ÷ product of `divisors`, rounded half-even once; nothing where
// it leaves 128 bits. At most three factors and three divisors, divisors > 0, |exponent| <= 260.
// Microseconds: for the rare case that multiply_divide cannot hold.
std::optional<Int128> wide_quotient(std::span<const Int128> factors,
                                    std::span<const Int128> divisors, int exponent);

}  // namespace marktwacht
