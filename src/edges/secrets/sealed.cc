// libsodium's XChaCha20-Poly1305.
#include "edges/secrets/sealed.h"

#include <sodium.h>

#include <algorithm>

#include "base/check.h"
#include "base/hmac.h"
#include "edges/secrets/random.h"

namespace marktwacht {
namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
                      mark_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

unsigned char* data_of(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}
const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

SealKey SealKey::random() {
  SealKey key;
  fill_random(key.key_);
  return key;
}

SealKey SealKey::of(std::string_view secret, std::string_view purpose) {
  SealKey key;
  key.key_ = hmac_sha256(secret, purpose);
  return key;
}

std::optional<SealKey> SealKey::from(std::string_view bytes) {
  SealKey key;
  if (bytes.size() != key.key_.size()) {
    return std::nullopt;
  }
  std::ranges::copy(bytes, key.key_.begin());
  return key;
}

SealKey::~SealKey() { sodium_memzero(key_.data(), key_.size()); }

std::string_view SealKey::bytes() const {
  return {reinterpret_cast<const char*>(key_.data()), key_.size()};
}

std::string seal(const SealKey& key, std::string_view plain, std::string_view place) {
  std::string sealed(nonce_size + plain.size() + mark_size, '\0');
  unsigned char* const out = data_of(sealed);
  fill_random({out, nonce_size});
  unsigned long long size = 0;
  check(crypto_aead_xchacha20poly1305_ietf_encrypt(out + nonce_size, &size, data_of(plain),
                                                   plain.size(), data_of(place), place.size(),
                                                   nullptr, out, data_of(key.bytes())) == 0 &&
            size == plain.size() + mark_size,
        "libsodium encrypts");
  return sealed;
}

std::optional<std::string> unseal(const SealKey& key, std::string_view sealed,
                                  std::string_view place) {
  if (sealed.size() < nonce_size + mark_size) {
    return std::nullopt;
  }
  const std::string_view box = sealed.substr(nonce_size);
  std::string plain(box.size() - mark_size, '\0');
  unsigned long long size = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(data_of(plain), &size, nullptr, data_of(box),
                                                 box.size(), data_of(place), place.size(),
                                                 data_of(sealed), data_of(key.bytes())) != 0) {
    return std::nullopt;
  }
  return plain;
}

}  // namespace marktwacht
