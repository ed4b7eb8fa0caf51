// A request as handlers see it, and what they answer. docs/http.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace marktwacht {

// Bytes that many answers or streams share; nobody changes them any more.
using SharedBytes = std::shared_ptr<const std::string>;

struct NameValue {
  std::string name;
  std::string value;
  bool operator==(const NameValue&) const = default;
};

struct HttpRequest {
  std::string method;  // upper case, as it came
  // Percent-decoded but for a slash, backslash or "%" in a segment; starts with "/". Has no segment
  // ".." or "." and no control character: the server refuses those.
  std::string path;
  std::vector<NameValue> query;     // decoded, in the order given; a name may come twice
  std::vector<NameValue> headers;   // as they came
  std::vector<NameValue> segments;  // what the router found for {name}, decoded
  std::string body;
  std::string remote_address;  // without the port
  bool is_tls = false;

  // The value of the first header of that name in any case; empty = none.
  std::string_view header(std::string_view name) const;
  std::optional<std::string_view> query_value(std::string_view name) const;
  std::string_view segment(std::string_view name) const;
  // Of the Cookie headers; empty = none.
  std::string_view cookie(std::string_view name) const;
};

// Set-Cookie: always HttpOnly, SameSite=Strict and Path=/; Secure where the connection has TLS.
struct HttpCookie {
  std::string name;
  std::string value;
  std::optional<std::int64_t> max_age_s;  // 0 deletes it; nothing: until the browser is closed
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  SharedBytes shared_body;  // in place of `body`, without a copy
  // A name or value with a control character is left out and counted: nobody can slip in a header.
  // Cache-Control takes the place of no-store, Content-Security-Policy that of the server's.
  std::vector<NameValue> headers;
  std::vector<HttpCookie> cookies;
};

HttpResponse json_response(int status, std::string json);
// {"error":{"code":…,"message":…,"field":…}}; an empty field is left out.
HttpResponse error_response(int status, std::string_view code, std::string_view message,
                            std::string_view field = {});
// `text` with quotes around it, escaped; bytes that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);
// "Not Found"; "Unknown" for a status that has no name here.
std::string_view status_name(int status);

}  // namespace marktwacht
