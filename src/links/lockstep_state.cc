// Lockstep in snapshots.
#include "links/lockstep.h"

namespace marktwacht {

void Lockstep::save(ByteWriter& out) const {
  out.varint(pending_.size());
  for (const Pending& each : pending_) {
    out.fixed(each.account.value);
    out.fixed(each.instrument.value);
    out.zigzag(each.price.units);
    out.zigzag(each.at.ns);
    out.varint(each.what);
  }
  out.varint(notices_.size());
  for (const Notice& notice : notices_) {
    out.fixed(notice.instrument.value);
    out.zigzag(notice.at.ns);
  }
  actors_.save(out);
  pairs_.save(out);
  out.varint(locked_.size());
  for (const auto& [pair, at] : locked_) {
    out.fixed(pair.first.value);
    out.fixed(pair.second.value);
    out.zigzag(at.ns);
  }
  out.varint(actors_ever_);
  out.varint(forgotten_);
}

bool Lockstep::load(ByteReader& in, NumberBounds bounds) {
  const auto& [accounts, instruments] = bounds;
  Time last{std::numeric_limits<std::int64_t>::min()};
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Pending each;
    each.account.value = in.fixed<std::uint32_t>();
    each.instrument.value = in.fixed<std::uint32_t>();
    each.price.units = in.zigzag();
    each.at.ns = in.zigzag();
    each.what = in.varint();
    if (!in.ok() || each.account.value >= accounts || each.instrument.value >= instruments ||
        each.at < last || pending_.size() >= limits_.pending_max) {
      return false;
    }
    last = each.at;
    pending_.push_back(each);
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const InstrumentIndex instrument{in.fixed<std::uint32_t>()};
    notices_.push_back({instrument, Time{in.zigzag()}});
  }
  if (!actors_.load(in, [&](auto key, const Actor&) { return key < accounts; }) ||
      !pairs_.load(in, [&](auto key, const Pair& pair) {
        return key >> 32 < (key & 0xFFFF'FFFF) && (key & 0xFFFF'FFFF) < accounts &&
               pair.a_first <= pair.shared && pair.weight > 0 &&
               (pair.instrument < instruments || pair.instrument == InstrumentIndex::none().value);
      })) {
    return false;
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const AccountIndex of{in.fixed<std::uint32_t>()}, with{in.fixed<std::uint32_t>()};
    const Time at{in.zigzag()};
    if (!in.ok() || of.value >= accounts || with.value >= accounts ||
        (!locked_.empty() && locked_.rbegin()->first >= std::pair(of, with))) {
      return false;
    }
    locked_.emplace_hint(locked_.end(), std::pair(of, with), at);
  }
  actors_ever_ = static_cast<std::uint32_t>(in.varint());
  forgotten_ = in.varint();
  return in.ok();
}

}  // namespace marktwacht
