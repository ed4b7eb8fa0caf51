// CRC-32C (Castagnoli), as RFC 3720 defines it: guards each record of the journal.
#pragma once

#include <cstdint>
#include <string_view>

namespace marktwacht {

// `before` continues an earlier sum: crc32c(b, crc32c(a)) == crc32c(a + b).
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);
// The same without the processor's instruction.
std::uint32_t crc32c_by_table(std::string_view bytes, std::uint32_t before = 0);

}  // namespace marktwacht
