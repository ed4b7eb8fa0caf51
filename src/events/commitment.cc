// The form of commitments.
#include "events/commitment.h"

#include <algorithm>
#include <charconv>

namespace marktwacht {
namespace {

constexpr std::size_t digest_size = 2 + 64, hash_digits = 16;

bool is_hex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::string commitment_text(const Digest& digest, std::optional<std::uint64_t> sim_hash) {
  std::string text = "c." + hex(digest);
  if (sim_hash) {
    char digits[hash_digits];
    const auto end = std::to_chars(digits, digits + hash_digits, *sim_hash, 16).ptr;
    const auto count = static_cast<std::size_t>(end - digits);
    text.append(1, '.').append(hash_digits - count, '0').append(digits, count);
  }
  return text;
}

std::optional<Commitment> read_commitment(std::string_view text) {
  const bool has_hash = text.size() == digest_size + 1 + hash_digits;
  if ((text.size() != digest_size && !has_hash) || !text.starts_with("c.") ||
      !is_hex(text.substr(2, 64))) {
    return std::nullopt;
  }
  Commitment commitment{text.substr(0, digest_size), {}};
  if (has_hash) {
    const std::string_view digits = text.substr(digest_size + 1);
    std::uint64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (text[digest_size] != '.' || !is_hex(digits)) {
      return std::nullopt;
    }
    commitment.sim_hash = value;
  }
  return commitment;
}

}  // namespace marktwacht
