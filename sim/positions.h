// Positions in perpetuals, as far as the venue needs them: to liquidate, and for reduce-only.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

namespace marktwacht::sim {

struct Position {
  std::uint32_t account = 0;
  std::int32_t leverage = 0;  // 0: never liquidated
  std::int64_t quantity = 0;  // lots, negative when short
  std::int64_t cost = 0;      // ticks × lots of what is open, unsigned
};

class Positions {
 public:
  explicit Positions(std::uint32_t instruments) : books_(instruments) {}

  // Buys are positive. `leverage` 0 leaves that of the position.
  void trade(std::uint32_t account, std::uint32_t instrument, std::int64_t lots, std::int32_t price,
             std::uint32_t leverage);
  std::int64_t quantity(std::uint32_t account, std::uint32_t instrument) const;
  // The next account that must be liquidated at this mark, or no_account.
  std::uint32_t overdue(std::uint32_t instrument, std::int32_t mark);
  // Leaves this account in peace until its position changes.
  void spare(std::uint32_t account, std::uint32_t instrument);

 private:
  struct Of {
    std::vector<Position> open;
    // No position is overdue while the mark stays between these.
    std::int32_t low = 0, high = 1 << 30;
  };
  static std::uint64_t key(std::uint32_t account, std::uint32_t instrument) {
    return std::uint64_t{account} << 16 | instrument;
  }
  static std::int32_t limit(const Position& position);
  void narrow(Of& of, const Position& position);
  void remove(std::uint32_t place, std::uint32_t instrument);

  std::vector<Of> books_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> places_;
};

}  // namespace marktwacht::sim
