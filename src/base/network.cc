// Reading addresses of both families.
#include "base/network.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace marktwacht {
namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint16_t, 8>;

std::optional<V4> parse_v4(std::string_view text) {
  V4 bytes{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) {
      return std::nullopt;
    }
    const char* const start = at;
    const auto read = std::from_chars(at, end, bytes[i]);
    at = read.ptr;
    if (read.ec != std::errc() || (at - start > 1 && *start == '0')) {
      return std::nullopt;
    }
  }
  return at == end ? std::optional(bytes) : std::nullopt;
}

// Groups up to the end of `text` into `groups` from `count` on; false when malformed. An IPv4
// address may stand at the end of all.
bool take_groups(std::string_view text, bool end_of_all, V6& groups, std::size_t& count) {
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (end_of_all && colon == text.npos && group.find('.') != group.npos) {
      const auto v4 = parse_v4(group);
      if (!v4 || count > 6) {
        return false;
      }
      groups[count++] = static_cast<std::uint16_t>((*v4)[0] << 8 | (*v4)[1]);
      groups[count++] = static_cast<std::uint16_t>((*v4)[2] << 8 | (*v4)[3]);
      return true;
    }
    const char* const end = group.data() + group.size();
    if (count == groups.size() || group.empty() || group.size() > 4) {
      return false;
    }
    const auto read = std::from_chars(group.data(), end, groups[count++], 16);
    if (read.ec != std::errc() || read.ptr != end) {
      return false;
    }
    if (colon == text.npos) {
      return true;
    }
    text.remove_prefix(colon + 1);
    if (text.empty()) {
      return false;  // a colon at the end
    }
  }
  return true;
}

std::optional<V6> parse_v6(std::string_view text) {
  V6 groups{};
  std::size_t count = 0;
  const std::size_t gap = text.find("::");
  if (!take_groups(text.substr(0, gap), gap == text.npos, groups, count)) {
    return std::nullopt;
  }
  if (gap == text.npos) {
    return count == groups.size() ? std::optional(groups) : std::nullopt;
  }
  V6 tail{};
  std::size_t after = 0;
  if (!take_groups(text.substr(gap + 2), true, tail, after) || count + after >= groups.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < after; ++i) {
    groups[groups.size() - after + i] = tail[i];
  }
  return groups;
}

std::string joined(const V6& groups, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    char digits[4];
    const auto written = std::to_chars(digits, digits + sizeof digits, groups[i], 16);
    text.append(i == 0 ? "" : ":").append(digits, written.ptr);
  }
  return text;
}

NetworkNames names_of(const V4& v4) {
  std::string subnet =
      std::to_string(v4[0]) + "." + std::to_string(v4[1]) + "." + std::to_string(v4[2]);
  std::string ip = subnet + "." + std::to_string(v4[3]);
  return {std::move(ip), std::move(subnet) + "/24"};
}

}  // namespace

std::optional<NetworkNames> parse_ip(std::string_view text) {
  if (parse_v4(text)) {  // which has one spelling
    return NetworkNames{std::string(text),
                        std::string(text.substr(0, text.rfind('.'))).append("/24")};
  }
  const auto v6 = text.find(':') == text.npos ? std::nullopt : parse_v6(text);
  if (!v6) {
    return std::nullopt;
  }
  const V6& groups = *v6;
  bool mapped = groups[5] == 0xFFFF;
  for (std::size_t i = 0; i < 5; ++i) {
    mapped = mapped && groups[i] == 0;
  }
  if (mapped) {
    const auto byte = [](unsigned value) { return static_cast<std::uint8_t>(value & 0xFF); };
    return names_of(
        V4{byte(groups[6] >> 8U), byte(groups[6]), byte(groups[7] >> 8U), byte(groups[7])});
  }
  return NetworkNames{joined(groups, groups.size()), joined(groups, 3) + "/48"};
}

}  // namespace marktwacht
