// The day's net bought quantity and its peak, per account and spot instrument.
#include "accounts/spot_days.h"

#include <algorithm>

namespace marktwacht {

Quantity SpotDays::opened(const PositionKey& key, Side side, Quantity quantity,
                          std::int64_t trading_day) {
  if (trading_day != day_) {
    nets_.clear();
    day_ = trading_day;
  }
  Net& net = nets_[pair_key(key.account.value, key.instrument.value)];
  net.now += side == Side::buy ? quantity.units : -Int128{quantity.units};
  const Int128 rise = std::max<Int128>(net.now - net.peak, 0);
  net.peak += rise;
  return {static_cast<std::int64_t>(rise)};
}

void SpotDays::save(ByteWriter& out) const {
  out.zigzag(day_);
  out.varint(nets_.size());
  for (const std::uint64_t key : sorted_keys(nets_)) {
    const Net& net = *nets_.find(key);
    out.varint(high_part(key));
    out.varint(low_part(key));
    out.zigzag128(net.now);
    out.varint128(static_cast<UInt128>(net.peak));
  }
}

bool SpotDays::load(ByteReader& in) {
  day_ = in.zigzag();
  const std::uint64_t count = in.varint();
  std::uint64_t last = 0;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t account = in.varint(), instrument = in.varint();
    const Net net{in.zigzag128(), static_cast<Int128>(in.varint128())};
    const std::uint64_t key =
        pair_key(static_cast<std::uint32_t>(account), static_cast<std::uint32_t>(instrument));
    // A net of 2^100 is no sum of 64-bit quantities; further on, arithmetic could overflow.
    if (account >= AccountIndex::none_value || instrument >= InstrumentIndex::none_value ||
        (i > 0 && key <= last) || net.peak < 0 || net.peak >> 100 != 0 || net.now > net.peak ||
        net.now < -(Int128{1} << 100)) {
      return false;
    }
    last = key;
    nets_[key] = net;
  }
  return in.ok();
}

}  // namespace marktwacht
