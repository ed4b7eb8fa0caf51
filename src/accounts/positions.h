// Positions and their holdings, first in, first out.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "accounts/accounts.h"
#include "accounts/keys.h"
#include "accounts/lots.h"

namespace marktwacht {

// The contract is that of Accounts. A position that is zero takes no memory.
class Positions {
 public:
  std::optional<Effect> execute(const Terms& terms, const Execution& execution);
  bool state(const PositionKey& key, Quantity quantity, std::optional<Price> price, Time at);
  Quantity quantity(const PositionKey& key) const;
  std::vector<Lot> lots(const PositionKey& key) const;
  std::optional<Time> opened(const PositionKey& key) const;

  // Fetching what `execute` will look at.
  void look_ahead(Ahead which, const PositionKey& key) const {
    table(key.leg).look_ahead(which, key_of(key));
  }

  // Those that are not zero, by account, instrument, leg.
  std::vector<PositionKey> keys() const;

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  struct Position {
    LotQueue lots;
    Quantity held;  // sum of the lots
    bool is_short = false;
  };
  static std::uint64_t key_of(const PositionKey& key) {
    return pair_key(key.account.value, key.instrument.value);
  }
  struct Parts;
  struct Closing;
  static Parts parts_of(const Terms& terms, const Execution& execution, const Position* position);
  static std::optional<Closing> work_out(const Terms& terms, const Execution& execution,
                                         const Position& position, Quantity closed);
  static bool charge_exit(const Execution& execution, Quantity closed, Closing& closing);
  static bool can_open(const Position& position, const Lot& lot);
  static void take(Position& position, Quantity closed, const Closing& closing);
  static void open(Position& position, const Lot& lot);
  bool load_one(const PositionKey& key, ByteReader& in);

  KeyTable<Position>& table(Leg leg) { return tables_[static_cast<std::size_t>(leg)]; }
  const KeyTable<Position>& table(Leg leg) const { return tables_[static_cast<std::size_t>(leg)]; }
  const Position* find(const PositionKey& key) const;

  std::array<KeyTable<Position>, 3> tables_;  // by leg, then by account and instrument
};

}  // namespace marktwacht
