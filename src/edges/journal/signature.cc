// Ed25519 by OpenSSL: signing keys, their files, and checking.
#include "edges/journal/signature.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace marktwacht {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const unsigned char* unsigned_data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool parse_seed(std::string_view text, Digest& seed) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  if (text.size() != seed.size() * 2) {
    return false;
  }
  for (std::size_t i = 0; i < seed.size(); ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) {
      return false;
    }
    seed[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

// The file's mode is asked of the open file, so that it cannot be exchanged in between.
std::expected<std::size_t, std::string> read_key_file(const std::string& path,
                                                      std::array<char, 80>& bytes) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return std::unexpected(path + ": " + std::strerror(errno));
  }
  struct stat status{};
  std::string error;
  ssize_t size = 0;
  if (fstat(file, &status) != 0) {
    error = std::strerror(errno);
  } else if (!S_ISREG(status.st_mode)) {
    error = "a key must be a plain file";
  } else if ((status.st_mode & 077) != 0) {
    error = "others may read this key: its mode must be 0600 (chmod 600)";
  } else {
    size = read(file, bytes.data(), bytes.size());
    error = size < 0 ? std::strerror(errno) : "";
  }
  close(file);
  if (!error.empty()) {
    return std::unexpected(path + ": " + error);
  }
  return static_cast<std::size_t>(size);
}

}  // namespace

struct SigningKey::State {
  EVP_PKEY* key = nullptr;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_PKEY_free(key); }
};

std::expected<SigningKey, std::string> SigningKey::load(const std::string& path) {
  std::array<char, 80> bytes{};
  Digest seed{};
  const auto size = read_key_file(path, bytes);
  if (!size) {
    return std::unexpected(size.error());
  }
  const bool good = parse_seed({bytes.data(), *size}, seed);
  SigningKey key;
  if (good) {
    key = from_seed(seed);
  }
  OPENSSL_cleanse(bytes.data(), bytes.size());
  OPENSSL_cleanse(seed.data(), seed.size());
  if (!good) {
    return std::unexpected(path + ": a key file holds 64 hex digits and nothing else");
  }
  return key;
}

SigningKey SigningKey::from_seed(const Digest& seed) {
  auto state = std::make_shared<State>();
  state->key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size());
  check(state->key != nullptr, "Ed25519 is available");
  SigningKey key;
  key.state_ = std::move(state);
  return key;
}

PublicKey SigningKey::public_key() const {
  PublicKey bytes{};
  std::size_t size = bytes.size();
  check(EVP_PKEY_get_raw_public_key(state_->key, bytes.data(), &size) == 1, "a public key");
  return bytes;
}

Signature SigningKey::sign(std::string_view bytes) const {
  Signature signature{};
  std::size_t size = signature.size();
  const Context context(EVP_MD_CTX_new());
  check(context != nullptr &&
            EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, state_->key) == 1 &&
            EVP_DigestSign(context.get(), signature.data(), &size, unsigned_data(bytes),
                           bytes.size()) == 1,
        "an Ed25519 signature");
  return signature;
}

void SignatureCheck::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

bool counts(const PublicKey& key, const PublicKeys& given) {
  return given.empty() || std::ranges::find(given, key) != given.end();
}

SignatureCheck::SignatureCheck(const PublicKey& key)
    : key_(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size())) {}

bool SignatureCheck::holds(std::string_view bytes, const Signature& signature) const {
  const Context context(EVP_MD_CTX_new());
  return key_ != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), unsigned_data(bytes),
                          bytes.size()) == 1;
}

}  // namespace marktwacht
