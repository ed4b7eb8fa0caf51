// What surveillance could not see or had to forget, and when.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/time.h"

namespace marktwacht {

// Part of the state: what was not seen stays unseen after a restart.
struct BlindSpot {
  std::uint64_t times = 0;
  Time first, last;

  void add(Time now) {
    first = times == 0 ? now : first;
    last = now;
    ++times;
  }

  void save(ByteWriter& out) const {
    out.varint(times);
    if (times > 0) {
      out.zigzag(first.ns);
      out.zigzag(last.ns);
    }
  }
  // Fails `in` where the bytes are none.
  static BlindSpot load(ByteReader& in) {
    BlindSpot spot{.times = in.varint(), .first = {}, .last = {}};
    if (spot.times > 0) {
      spot.first = Time{in.zigzag()};
      spot.last = Time{in.zigzag()};
      if (spot.first > spot.last) {
        in.fail();
      }
    }
    return spot;
  }
};

}  // namespace marktwacht
