// The first lines of an answer.
#include "edges/http/response_head.h"

#include <array>
#include <chrono>

#include "edges/http/text_rules.h"

namespace marktwacht {

namespace {

void append_line(std::string& head, std::string_view name, std::string_view value) {
  head += name;
  head += ": ";
  head += value;
  head += "\r\n";
}

// The server's own to say: a second one would let two readers disagree about where an answer ends.
bool is_framing(std::string_view name) {
  for (const std::string_view own : {"Content-Length", "Transfer-Encoding", "Connection", "Date",
                                     "Content-Type", "Set-Cookie"}) {
    if (same_in_any_case(name, own)) {
      return true;
    }
  }
  return false;
}

bool holds(const HttpResponse& response, std::string_view name) {
  for (const NameValue& header : response.headers) {
    if (same_in_any_case(header.name, name) && is_header_value(header.value)) {
      return true;
    }
  }
  return false;
}

bool is_cookie_value(std::string_view value) {
  return is_header_value(value) && value.find_first_of(" \t\",;\\") == std::string_view::npos;
}

void append_security(std::string& head, const HttpResponse& response,
                     const ResponseFraming& framing) {
  if (!holds(response, "Content-Security-Policy")) {
    append_line(head, "Content-Security-Policy", framing.security_policy);
  }
  if (!holds(response, "Cache-Control")) {
    append_line(head, "Cache-Control", "no-store");
  }
  head +=
      "X-Content-Type-Options: nosniff\r\n"
      "X-Frame-Options: DENY\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "Cross-Origin-Opener-Policy: same-origin\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\n";
}

void append_cookie(std::string& head, const HttpCookie& cookie, bool is_tls) {
  head += "Set-Cookie: " + cookie.name + "=" + cookie.value + "; Path=/; HttpOnly; SameSite=Strict";
  if (cookie.max_age_s) {
    head += "; Max-Age=" + std::to_string(*cookie.max_age_s);
  }
  head += is_tls ? "; Secure\r\n" : "\r\n";
}

}  // namespace

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

std::string response_head(const HttpResponse& response, const ResponseFraming& framing,
                          std::uint64_t& dropped) {
  std::string head;
  head.reserve(640);
  head += "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  head += status_name(response.status);
  head += "\r\n";
  append_line(head, "Date", framing.date);
  if (may_have_body(response.status)) {
    const bool type_is_safe = is_header_value(response.content_type);
    dropped += type_is_safe ? 0 : 1;
    append_line(head, "Content-Type",
                type_is_safe ? std::string_view(response.content_type)
                             : std::string_view("application/octet-stream"));
    if (!framing.is_stream) {
      append_line(head, "Content-Length", std::to_string(framing.body_bytes));
    }
  }
  if (framing.closes) {
    head += "Connection: close\r\n";
  } else if (framing.is_http_1_0) {
    head += "Connection: keep-alive\r\n";
  }
  append_security(head, response, framing);
  for (const NameValue& header : response.headers) {
    if (is_header_name(header.name) && is_header_value(header.value) && !is_framing(header.name)) {
      append_line(head, header.name, header.value);
    } else {
      ++dropped;
    }
  }
  for (const HttpCookie& cookie : response.cookies) {
    if (is_header_name(cookie.name) && is_cookie_value(cookie.value)) {
      append_cookie(head, cookie, framing.is_tls);
    } else {
      ++dropped;
    }
  }
  head += "\r\n";
  return head;
}

std::string http_date(std::int64_t unix_seconds) {
  using namespace std::chrono;
  static constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed",
                                                        "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds time{seconds{unix_seconds}};
  const auto midnight = floor<std::chrono::days>(time);
  const year_month_day date{midnight};
  const hh_mm_ss clock{time - midnight};
  const auto two = [](auto n) {
    const std::string digits = std::to_string(n);
    return digits.size() < 2 ? "0" + digits : digits;
  };
  return std::string(days[weekday{midnight}.c_encoding()]) + ", " +
         two(static_cast<unsigned>(date.day())) + " " +
         std::string(months[static_cast<unsigned>(date.month()) - 1]) + " " +
         std::to_string(static_cast<int>(date.year())) + " " + two(clock.hours().count()) + ":" +
         two(clock.minutes().count()) + ":" + two(clock.seconds().count()) + " GMT";
}

}  // namespace marktwacht
