// Who is exempt from rules that say so: market makers and hedgers, by account and instrument, for a
// time.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/index.h"
#include "base/time.h"
#include "events/words.h"

namespace marktwacht {

struct Exemption {
  ExemptionKind kind{};
  Time until;  // exempt while now < until
};

// A later exemption for the same account and instrument replaces the earlier one.
class Exemptions {
 public:
  // `instrument` none = all of them.
  void grant(AccountIndex account, InstrumentIndex instrument, Exemption exemption);
  // Forgets one that has ended by `now`; one granted anew stays.
  void expire(AccountIndex account, InstrumentIndex instrument, Time now);
  // The one in force for this instrument, else for all; nothing when there is none.
  std::optional<Exemption> find(AccountIndex account, InstrumentIndex instrument, Time now) const;
  // Whether one of this kind is in force: one for the instrument and one for all may be, each of
  // its own.
  bool has(AccountIndex account, InstrumentIndex instrument, ExemptionKind kind, Time now) const;
  std::size_t size() const { return exemptions_.size(); }

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  // Of the one for the instrument and the one for all, the first in force that is wanted.
  template <class Wanted>
  std::optional<Exemption> first(AccountIndex account, InstrumentIndex instrument, Time now,
                                 Wanted&& wanted) const;
  static std::uint64_t key(AccountIndex account, InstrumentIndex instrument) {
    return static_cast<std::uint64_t>(account.value) << 32 | instrument.value;
  }

  boost::unordered_flat_map<std::uint64_t, Exemption> exemptions_;
};

}  // namespace marktwacht
