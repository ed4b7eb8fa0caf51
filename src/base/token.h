// Tokens that stand for personal data: HMAC-SHA-256 under the deployment key. docs/privacy.md.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace marktwacht {

// Of any text 64 hexadecimal digits. Of an address of the internet, however it is spelled, 31 that
// it shares with its /24 or /48, a dot, and 32 of its own: so equal ips and equal networks stay so.
// The exchange makes the same by mw_gate_token: stored in journals, never to be changed.
std::string token_of(std::string_view deployment_key, std::string_view plain);

inline constexpr std::size_t token_size = 64, network_token_size = 31;

bool is_token(std::string_view text);
// What the token of an ip shares with its network; empty for any other text.
std::string_view network_of_token(std::string_view text);

}  // namespace marktwacht
