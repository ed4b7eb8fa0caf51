// OpenSSL's HMAC behind one call.
#include "base/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace marktwacht {

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  Digest digest{};
  unsigned size = 0;
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  // A null key would mean "the one before" to it.
  const char* const key_data = key.empty() ? "" : key.data();
  check(HMAC(EVP_sha256(), key_data, static_cast<int>(key.size()), data, bytes.size(),
             digest.data(), &size) != nullptr &&
            size == digest.size(),
        "HMAC-SHA-256 is available");
  return digest;
}

}  // namespace marktwacht
