// Lockstep in snapshots.
#include "links/lockstep.h"

namespace marktwacht {
namespace {

constexpr int sides = 2, acts = 2;

}  // namespace

void Lockstep::save(ByteWriter& out) const {
  out.varint(pending_.size());
  for (const Pending& each : pending_) {
    out.fixed(each.action.account.value);
    out.fixed(each.action.instrument.value);
    out.byte(static_cast<std::uint8_t>(each.action.side));
    out.byte(static_cast<std::uint8_t>(each.action.act));
    out.zigzag(each.action.price.units);
    out.byte(each.action.own_will ? 1 : 0);
    out.zigzag(each.at.ns);
    out.varint(each.seq);
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

bool Lockstep::load(ByteReader& in, std::uint32_t accounts) {
  Time last{std::numeric_limits<std::int64_t>::min()};
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Pending each;
    each.action.account.value = in.fixed<std::uint32_t>();
    each.action.instrument.value = in.fixed<std::uint32_t>();
    const std::uint8_t side = in.byte(), act = in.byte();
    each.action.side = static_cast<Side>(side);
    each.action.act = static_cast<BookAct>(act);
    each.action.price.units = in.zigzag();
    const std::uint8_t own_will = in.byte();
    each.action.own_will = own_will == 1;
    each.at.ns = in.zigzag();
    each.seq = in.varint();
    if (!in.ok() || each.action.account.value >= accounts || side >= sides || act >= acts ||
        own_will > 1 || each.at < last || pending_.size() >= limits_.pending_max) {
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
               pair.a_first <= pair.shared && pair.weight > 0;
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
