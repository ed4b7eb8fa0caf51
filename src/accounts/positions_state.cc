// Positions in canonical order, for visitors and snapshots.
#include <algorithm>
#include <limits>

#include "accounts/positions.h"

namespace marktwacht {

std::vector<PositionKey> Positions::keys() const {
  std::vector<PositionKey> keys;
  for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg}) {
    table(leg).visit([&](std::uint64_t key, const Position&) {  // in any order: sorted below
      keys.push_back({AccountIndex{high_part(key)}, InstrumentIndex{low_part(key)}, leg});
    });
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

void Positions::save(ByteWriter& out) const {
  const auto all = keys();
  out.varint(all.size());
  for (const PositionKey& key : all) {
    const Position& position = *find(key);
    out.varint(key.account.value);
    out.varint(key.instrument.value);
    out.byte(static_cast<std::uint8_t>(key.leg));
    out.byte(position.is_short ? 1 : 0);
    out.varint(position.lots.size());
    for (const Lot& lot : position.lots) {
      out.varint(static_cast<std::uint64_t>(lot.quantity.units));
      out.byte(lot.price_known ? 1 : 0);
      out.zigzag(lot.price.units);
      out.zigzag(lot.opened.ns);
      out.zigzag128(lot.fee.units);
    }
  }
}

bool Positions::load_one(const PositionKey& key, ByteReader& in) {
  constexpr std::int64_t held_max = std::numeric_limits<std::int64_t>::max();
  Position& position = table(key.leg)[pair_key(key.account.value, key.instrument.value)];
  const std::uint8_t is_short = in.byte();
  position.is_short = is_short == 1;
  const std::uint64_t lots = in.varint();
  for (std::uint64_t i = 0; i < lots && in.ok(); ++i) {
    const std::uint64_t quantity = in.varint();
    const std::uint8_t known = in.byte();
    const Price price{in.zigzag()};
    const Time opened{in.zigzag()};
    const Money fee{in.zigzag128()};
    if (quantity == 0 || known > 1 ||
        quantity > static_cast<std::uint64_t>(held_max - position.held.units)) {
      return false;
    }
    const Quantity units{static_cast<std::int64_t>(quantity)};
    position.lots.push({units, price, known == 1, opened, fee});
    position.held = position.held + units;
  }
  return in.ok() && is_short <= 1 && lots > 0;
}

bool Positions::load(ByteReader& in) {
  PositionKey last;
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t account = in.varint(), instrument = in.varint();
    const std::uint8_t leg = in.byte();
    const PositionKey key{AccountIndex{static_cast<std::uint32_t>(account)},
                          InstrumentIndex{static_cast<std::uint32_t>(instrument)},
                          static_cast<Leg>(leg)};
    if (account >= AccountIndex::none_value || instrument >= InstrumentIndex::none_value ||
        leg > static_cast<std::uint8_t>(Leg::short_leg) || (i > 0 && key <= last) ||
        !load_one(key, in)) {
      return false;
    }
    last = key;
  }
  return in.ok();
}

}  // namespace marktwacht
