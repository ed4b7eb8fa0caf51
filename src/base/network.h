// Addresses of the internet as evidence: one spelling for each, and the subnet it lies in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace marktwacht {

struct NetworkNames {
  std::string ip;      // "203.0.113.9"; of IPv6 all eight groups, "2001:db8:0:0:0:0:0:1"
  std::string subnet;  // "203.0.113/24", "2001:db8:0/48"
};

// Nothing for a text that is no address, such as a token that stands for one. An IPv4 address in
// IPv6 ("::ffff:203.0.113.9") is the IPv4 address.
std::optional<NetworkNames> parse_ip(std::string_view text);

}  // namespace marktwacht
