// Prices that are multiples of a tick, without division.
#pragma once

#include <bit>
#include <cstdint>

namespace marktwacht {

// A multiple of an odd number times its inverse modulo 2^64 is the quotient; anything else comes
// out above every possible quotient (Hacker's Delight, 10-17); powers of two are rotated away.
class TickGrid {
 public:
  explicit TickGrid(std::int64_t tick = 1) : tick_(tick) {
    const auto size = static_cast<std::uint64_t>(tick);
    shift_ = std::countr_zero(size);
    const std::uint64_t odd = size >> shift_;
    inverse_ = odd;  // right in 3 bits; each step doubles them
    for (int step = 0; step < 5; ++step) {
      inverse_ *= 2 - odd * inverse_;
    }
    quotient_max_ = ~std::uint64_t{0} / size;
  }

  std::int64_t tick() const { return tick_; }

  // True when `price` is a multiple, then `ticks` is the quotient. Any int64 will do.
  bool divides(std::int64_t price, std::int64_t& ticks) const {
    const auto sign = static_cast<std::uint64_t>(price >> 63);
    const std::uint64_t size = (static_cast<std::uint64_t>(price) ^ sign) - sign;
    const std::uint64_t quotient = std::rotr(size * inverse_, shift_);
    ticks = static_cast<std::int64_t>((quotient ^ sign) - sign);
    return quotient <= quotient_max_;
  }

 private:
  std::int64_t tick_;
  std::uint64_t inverse_ = 1;
  std::uint64_t quotient_max_ = 0;
  int shift_ = 0;
};

}  // namespace marktwacht
