// Passwords: what a good one is, and their hashes (Argon2id, by libsodium).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace marktwacht {

inline constexpr std::size_t password_characters_min = 12, password_bytes_max = 1024;

// What it lacks, as a sentence; empty: nothing. Length counts in characters of UTF-8.
std::string password_fault(std::string_view password, std::string_view user_id);

struct PasswordCost {
  std::int64_t memory_kib = 64 << 10;
  std::int64_t passes = 3;
};

// Slow by intent. Nothing where the memory cannot be had.
std::optional<std::string> hash_password(std::string_view password, const PasswordCost& cost);
bool is_password(const std::string& hash, std::string_view password);

}  // namespace marktwacht
