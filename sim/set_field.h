// Filling in events: a member and its bit in `present`.
#pragma once

#include <cstdint>
#include <type_traits>

#include "events/event.h"

namespace marktwacht::sim {

template <class T, class Member, class Value>
void set_field(T& event, typename T::Field field, Member T::* member, const Value& value) {
  event.*member = value;
  event.present |= std::uint64_t{1} << static_cast<unsigned>(field);
}

// The value in lowest terms, as a Decimal must be.
inline Decimal decimal(std::int64_t mantissa, int exponent) {
  if (mantissa == 0) {
    return {};
  }
  while (mantissa % 10 == 0) {
    mantissa /= 10;
    ++exponent;
  }
  return {mantissa, exponent};
}

}  // namespace marktwacht::sim

// MW_SET(event, price, decimal(5, -1)): any event of events/table.h, any of its fields.
#define MW_SET(event, field, value)                                                           \
  ::marktwacht::sim::set_field(event, std::remove_reference_t<decltype(event)>::Field::field, \
                               &std::remove_reference_t<decltype(event)>::field, value)
