// Looking into requests, making answers.
#include "edges/http/message.h"

#include <algorithm>
#include <array>
#include <utility>

#include "edges/http/text_rules.h"

namespace marktwacht {

namespace {

std::string_view value_of(const std::vector<NameValue>& values, std::string_view name) {
  const auto found = std::ranges::find(values, name, &NameValue::name);
  return found == values.end() ? std::string_view{} : std::string_view(found->value);
}

// How many bytes of a correct UTF-8 character stand at the start; 0 = none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      return 0;
    }
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) > 0x9F;
  const bool beyond = first == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

void append_escaped(std::string& json, char c) {
  static constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"':
      json += "\\\"";
      return;
    case '\\':
      json += "\\\\";
      return;
    case '\n':
      json += "\\n";
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) < 0x20) {
    json += "\\u00";
    json += digits[static_cast<unsigned char>(c) >> 4];
    json += digits[c & 15];
  } else {
    json += c;
  }
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (const NameValue& header : headers) {
    if (same_in_any_case(header.name, name)) {
      return header.value;
    }
  }
  return {};
}

std::optional<std::string_view> HttpRequest::query_value(std::string_view name) const {
  const auto found = std::ranges::find(query, name, &NameValue::name);
  if (found == query.end()) {
    return std::nullopt;
  }
  return found->value;
}

std::string_view HttpRequest::segment(std::string_view name) const {
  return value_of(segments, name);
}

std::string_view HttpRequest::cookie(std::string_view name) const {
  for (const NameValue& header : headers) {
    if (!same_in_any_case(header.name, "Cookie")) {
      continue;
    }
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = without_spaces_around(rest.substr(0, end));
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
        return pair.substr(equals + 1);
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return {};
}

std::string json_string(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 1) {
      append_escaped(json, text.front());
    } else if (length == 0) {
      json += "\\ufffd";
    } else {
      json += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  json += '"';
  return json;
}

HttpResponse json_response(int status, std::string json) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(json);
  return response;
}

HttpResponse error_response(int status, std::string_view code, std::string_view message,
                            std::string_view field) {
  std::string json = "{\"error\":{\"code\":" + json_string(code);
  json += ",\"message\":" + json_string(message);
  if (!field.empty()) {
    json += ",\"field\":" + json_string(field);
  }
  json += "}}";
  return json_response(status, std::move(json));
}

std::string_view status_name(int status) {
  static constexpr std::array<std::pair<int, std::string_view>, 31> names{{
      {100, "Continue"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {413, "Content Too Large"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
  }};
  const auto found = std::ranges::find(names, status, &std::pair<int, std::string_view>::first);
  return found == names.end() ? "Unknown" : found->second;
}

}  // namespace marktwacht
