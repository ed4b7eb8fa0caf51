// Bits of a record's flags byte: stored in the journal, never renumber.
#pragma once

#include <cstdint>

namespace marktwacht {

inline constexpr std::uint8_t record_has_source = 1;
inline constexpr std::uint8_t record_has_source_seq = 2;
inline constexpr std::uint8_t record_flags_known = record_has_source | record_has_source_seq;

}  // namespace marktwacht
