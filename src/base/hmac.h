// HMAC-SHA-256, by OpenSSL: the tokens that stand for personal data, and keys made of the
// deployment key.
#pragma once

#include "base/sha256.h"

namespace marktwacht {

Digest hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace marktwacht
