// Rules for passwords, and libsodium's crypto_pwhash.
#include "edges/auth/passwords.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/check.h"

namespace marktwacht {
namespace {

// What many take who have to take twelve characters.
constexpr std::string_view well_known[] = {
    "123456789012",   "1234567890123",    "12345678901234",   "password1234",
    "password12345",  "passwordpassword", "qwertyuiop12",     "qwertyuiop123",
    "qwertyuiop1234", "administrator",    "letmeinletmein",   "iloveyou1234",
    "welcome12345",   "changeme1234",     "changemechangeme", "correcthorsebatterystaple",
    "1q2w3e4r5t6y",   "abcdefghijkl",     "abcdefghijklm",    "111111111111",
    "passwort1234",   "passwort12345",    "marktwacht123",    "marktwacht1234"};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool started() { return sodium_init() >= 0; }

}  // namespace

std::string password_fault(std::string_view password, std::string_view user_id) {
  const auto characters = password.size() - static_cast<std::size_t>(std::ranges::count_if(
                                                password, continues_character));
  if (characters < password_characters_min) {
    return "a password has at least " + std::to_string(password_characters_min) + " characters";
  }
  if (password.size() > password_bytes_max) {
    return "a password has at most " + std::to_string(password_bytes_max) + " bytes";
  }
  if (std::set<char>(password.begin(), password.end()).size() < 5) {
    return "a password has at least 5 different characters";
  }
  const std::string small = lower(password);
  if (std::ranges::find(well_known, small) != std::end(well_known)) {
    return "this password is one of those that are tried first";
  }
  if (user_id.size() >= 4 && small.find(lower(user_id)) != small.npos) {
    return "a password does not contain the user's name";
  }
  return "";
}

std::optional<std::string> hash_password(std::string_view password, const PasswordCost& cost) {
  check(started(), "libsodium starts");
  std::array<char, crypto_pwhash_STRBYTES> text{};
  const auto passes = static_cast<unsigned long long>(cost.passes);
  const auto memory = static_cast<std::size_t>(cost.memory_kib) << 10;
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), passes, memory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return std::nullopt;
  }
  return std::string(text.data());
}

bool is_password(const std::string& hash, std::string_view password) {
  check(started(), "libsodium starts");
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace marktwacht
