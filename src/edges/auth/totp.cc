// HOTP (RFC 4226) of the step's number, and how apps are told of a secret.
#include "edges/auth/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/check.h"
#include "edges/secrets/random.h"

namespace marktwacht {
namespace {

constexpr std::size_t sha1_size = 20;

std::array<unsigned char, sha1_size> hmac_sha1(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, sha1_size> digest{};
  unsigned size = 0;
  check(HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(),
             &size) != nullptr &&
            size == sha1_size,
        "HMAC-SHA-1 is available");
  return digest;
}

void append_escaped(std::string_view text, std::string& out) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    const auto byte = static_cast<unsigned char>(c);
    out += plain ? std::string(1, c) : std::string{'%', digits[byte >> 4], digits[byte & 15]};
  }
}

}  // namespace

std::string totp_code(std::string_view secret, std::int64_t step, int digits) {
  std::string counter(8, '\0');
  for (std::size_t at = 0; at < counter.size(); ++at) {
    counter[counter.size() - 1 - at] = static_cast<char>(step >> (8 * at) & 0xFF);
  }
  const auto digest = hmac_sha1(secret, counter);
  const std::size_t from = digest.back() & 15;
  std::uint32_t number = 0;
  for (std::size_t at = from; at < from + 4; ++at) {
    number = number << 8 | digest[at];
  }
  number &= 0x7FFF'FFFF;
  std::string code(static_cast<std::size_t>(digits), '0');
  for (auto at = code.rbegin(); at != code.rend(); ++at, number /= 10) {
    *at = static_cast<char>('0' + number % 10);
  }
  return code;
}

std::optional<std::int64_t> find_totp_step(std::string_view secret, std::string_view code, Time now,
                                           std::int64_t used_step) {
  const std::int64_t current = totp_step_of(now);
  std::optional<std::int64_t> found;
  for (std::int64_t step = current - 1; step <= current + 1; ++step) {
    if (equal_secrets(totp_code(secret, step), code) && step > used_step) {
      found = step;
    }
  }
  return found;
}

std::string base32(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char c : bytes) {
    pending = pending << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) {
      text += letters[pending >> (bits - 5) & 31];
    }
  }
  if (bits > 0) {
    text += letters[pending << (5 - bits) & 31];
  }
  return text;
}

std::string totp_uri(std::string_view user_id, std::string_view secret) {
  std::string uri = "otpauth://totp/Marktwacht:";
  append_escaped(user_id, uri);
  return uri + "?secret=" + base32(secret) + "&issuer=Marktwacht&algorithm=SHA1&digits=6&period=30";
}

}  // namespace marktwacht
