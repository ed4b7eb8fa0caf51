// The head of a journal's chain, signed, to be kept outside of the host: who owns the host could
// sign a whole new history, but not one that still holds a head that somebody else has.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "edges/journal/journal.h"

namespace marktwacht {

// The chain's hash at a seal, and the last record under it.
struct SealedHead {
  std::uint64_t seq = 0;
  Digest chain{};
};

struct SignedHead {
  SealedHead at = {};
  std::string signature = {};  // hexadecimal; empty: there was no key
  std::string key = {};        // the public one, hexadecimal

  // {"kind":"head","seq":…,"chain":…,"signature":…,"key":…}
  std::string json() const;
};

// Signed is "marktwacht journal head 1\n", the seq in decimal, one space, the chain in hexadecimal.
SignedHead sign_head(const SealedHead& head, const std::optional<SigningKey>& key);

// Heads as they were published, one a line of JSON; other members are passed over. An error names
// the line: it is no head, or its signature does not hold. `keys`: of which its own
// must be one, unless there are none.
std::expected<std::vector<SignedHead>, std::string> read_heads(std::string_view lines,
                                                               const PublicKeys& keys);

// As verify_journal; a head that the journal does not hold is a fault. One from before its first
// record is noted.
JournalReport verify_journal_holds(const std::string& path, const PublicKeys& keys,
                                   std::span<const SignedHead> heads);

}  // namespace marktwacht
