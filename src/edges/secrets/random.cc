// libsodium's source of random bytes.
#include "edges/secrets/random.h"

#include <sodium.h>

#include "base/check.h"
#include "base/sha256.h"

namespace marktwacht {

void fill_random(std::span<std::uint8_t> bytes) {
  check(sodium_init() >= 0, "libsodium starts");
  randombytes_buf(bytes.data(), bytes.size());
}

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  fill_random({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
  std::string text = hex(raw);
  wipe(raw);
  return text;
}

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace marktwacht
