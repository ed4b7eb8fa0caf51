// Authenticated encryption under a key of 256 bits: XChaCha20-Poly1305, by libsodium.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace marktwacht {

// A key that wipes itself when it goes.
class SealKey {
 public:
  static SealKey random();
  // Made of a longer secret, one for each purpose.
  static SealKey of(std::string_view secret, std::string_view purpose);
  // 32 bytes as `bytes` gave them.
  static std::optional<SealKey> from(std::string_view bytes);
  ~SealKey();
  SealKey(const SealKey&) = default;
  SealKey& operator=(const SealKey&) = default;

  std::string_view bytes() const;

 private:
  SealKey() = default;
  std::array<std::uint8_t, 32> key_{};
};

// A random nonce, then what `plain` became. `place` says where it belongs: opened elsewhere, it is
// refused.
std::string seal(const SealKey& key, std::string_view plain, std::string_view place);
// Nothing for another key, another place, or changed bytes.
std::optional<std::string> unseal(const SealKey& key, std::string_view sealed,
                                  std::string_view place);

}  // namespace marktwacht
