// Making tokens and knowing them again.
#include "base/token.h"

#include <algorithm>

#include "base/hmac.h"
#include "base/network.h"

namespace marktwacht {
namespace {

bool is_hex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::string token_of(std::string_view deployment_key, std::string_view plain) {
  const auto names = parse_ip(plain);
  if (!names) {
    return hex(hmac_sha256(deployment_key, plain));
  }
  const std::string network = hex(hmac_sha256(deployment_key, names->subnet));
  const std::string own = hex(hmac_sha256(deployment_key, names->ip));
  return network.substr(0, network_token_size) + "." +
         own.substr(0, token_size - network_token_size - 1);
}

bool is_token(std::string_view text) {
  return text.size() == token_size && (is_hex(text) || !network_of_token(text).empty());
}

std::string_view network_of_token(std::string_view text) {
  const bool fits = text.size() == token_size && text[network_token_size] == '.' &&
                    is_hex(text.substr(0, network_token_size)) &&
                    is_hex(text.substr(network_token_size + 1));
  return fits ? text.substr(0, network_token_size) : std::string_view{};
}

}  // namespace marktwacht
