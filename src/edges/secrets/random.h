// The one source of chance beside the engine, and how secrets are compared and forgotten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace marktwacht {

// From the operating system, by libsodium. Any thread.
void fill_random(std::span<std::uint8_t> bytes);
// So many random bytes, as lower-case hexadecimal.
std::string random_hex(std::size_t bytes);

// In a time that tells nothing of the bytes, only of the sizes.
bool equal_secrets(std::string_view a, std::string_view b);

// Overwrites it, also where a compiler would see no use in that, and empties it.
void wipe(std::string& secret);

}  // namespace marktwacht
