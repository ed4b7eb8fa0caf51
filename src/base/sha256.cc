// OpenSSL's EVP behind three calls.
#include "base/sha256.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace marktwacht {
namespace {

void start(EVP_MD_CTX* context) {
  check(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1, "SHA-256 is available");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  check(context_ != nullptr, "memory for a digest");
  start(context_.get());
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
  check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "digest update");
}

Digest Sha256::finish() {
  Digest digest{};
  unsigned size = 0;
  check(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1 && size == digest.size(),
        "digest end");
  start(context_.get());
  return digest;
}

Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    text.push_back(digits[static_cast<std::uint8_t>(c) >> 4]);
    text.push_back(digits[static_cast<std::uint8_t>(c) & 15]);
  }
  return text;
}

std::string hex(const Digest& digest) { return hex(bytes_of(digest)); }

}  // namespace marktwacht
