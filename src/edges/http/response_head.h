// The first lines of an answer: status, framing, security headers, cookies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "edges/http/message.h"

namespace marktwacht {

struct ResponseFraming {
  bool closes = false;
  bool is_http_1_0 = false;
  bool is_tls = false;
  bool is_stream = false;      // no length: ends with the connection
  std::size_t body_bytes = 0;  // as it would be for GET, where it is HEAD
  std::string_view date;       // as made by http_date()
  std::string_view security_policy;
};

// `dropped` counts headers and cookies that were left out because they could not be sent safely.
std::string response_head(const HttpResponse& response, const ResponseFraming& framing,
                          std::uint64_t& dropped);
// "Fri, 27 Nov 2026 04:34:11 GMT"
std::string http_date(std::int64_t unix_seconds);
// 204, 304 and 1xx have none.
bool may_have_body(int status);

}  // namespace marktwacht
