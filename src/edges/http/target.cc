// Decoding and normalising of paths and queries.
#include "edges/http/target.h"

#include <algorithm>

namespace marktwacht {

namespace {

constexpr std::size_t query_values_max = 64;

int hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// Decoded once and no more. What would look like another path stays encoded, so that its segments
// are still the target's; the router decodes the names among them.
std::expected<std::string, std::string> decoded_path(std::string_view raw) {
  std::string path;
  std::size_t from = 0;
  while (from < raw.size()) {  // segment by segment: an encoded slash must not make two of one
    const std::size_t end = std::min(raw.find('/', from + 1), raw.size());
    const std::string_view raw_segment = raw.substr(from + 1, end - from - 1);
    const auto segment = percent_decoded(raw_segment, false);
    if (!segment) {
      return std::unexpected("a % in the path that is no encoding");
    }
    if (*segment == "." || *segment == "..") {
      return std::unexpected("the path must not hold . or ..");
    }
    if (segment->empty() && end < raw.size()) {
      return std::unexpected("the path must not hold //");
    }
    path += '/';
    for (const char c : *segment) {
      if (is_control(c)) {
        return std::unexpected("the path must not hold control characters");
      }
      path += c == '/' || c == '\\' || c == '%' ? percent_encoded({&c, 1}) : std::string(1, c);
    }
    from = end;
  }
  return path;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' && plus_is_space ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += digits[byte >> 4];
      encoded += digits[byte & 15];
    }
  }
  return encoded;
}

std::expected<HttpTarget, std::string> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/') {
    return std::unexpected("the target must be a path");
  }
  if (target.find('#') != std::string_view::npos) {
    return std::unexpected("the target must not hold #");
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  auto path = decoded_path(target.substr(0, question));
  if (!path) {
    return std::unexpected(path.error());
  }
  HttpTarget read{std::move(*path), {}};
  std::size_t from = question;
  while (from < target.size()) {
    const std::size_t end = std::min(target.find('&', from + 1), target.size());
    const std::string_view pair = target.substr(from + 1, end - from - 1);
    from = end;
    if (pair.empty()) {
      continue;
    }
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decoded(pair.substr(0, equals), true);
    auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) {
      return std::unexpected("a % in the query that is no encoding");
    }
    if (value->find('\0') != std::string::npos || name->find('\0') != std::string::npos) {
      return std::unexpected("the query must not hold NUL");
    }
    if (read.query.size() == query_values_max) {
      return std::unexpected("the query has too many values");
    }
    read.query.push_back({std::move(*name), std::move(*value)});
  }
  return read;
}

}  // namespace marktwacht
