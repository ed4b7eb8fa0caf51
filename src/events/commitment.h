// What stands in a journal in place of a text that is kept elsewhere. docs/privacy.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/sha256.h"

namespace marktwacht {

// "c." and the 64 hexadecimal digits of a salted SHA-256; of a post also "." and the 16 of its
// SimHash, which is all that is asked of it. Stored in journals: never to be changed.
std::string commitment_text(const Digest& digest, std::optional<std::uint64_t> sim_hash = {});

struct Commitment {
  std::string_view digest;  // "c." and its digits: by this the text is found
  std::optional<std::uint64_t> sim_hash;
};
// Nothing for a text that is one itself.
std::optional<Commitment> read_commitment(std::string_view text);

}  // namespace marktwacht
