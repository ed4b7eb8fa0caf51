// RFC 3339 in and out.
#include "base/time.h"

#include <chrono>
#include <cstdio>
#include <limits>

#include "base/int128.h"

namespace marktwacht {
namespace {

// Reads exactly `count` digits at `at`; -1 when one is missing.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) {
    return -1;
  }
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') {
      return -1;
    }
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool has_char(std::string_view text, std::size_t at, char lower, char upper) {
  return at < text.size() && (text[at] == lower || text[at] == upper);
}

// Seconds since the epoch of "YYYY-MM-DDTHH:MM:SS", read as UTC.
std::optional<std::int64_t> parse_clock(std::string_view text) {
  const int year = digits_at(text, 0, 4), month = digits_at(text, 5, 2),
            dom = digits_at(text, 8, 2);
  const int hour = digits_at(text, 11, 2), minute = digits_at(text, 14, 2);
  const int sec = digits_at(text, 17, 2);
  const bool shape = has_char(text, 4, '-', '-') && has_char(text, 7, '-', '-') &&
                     has_char(text, 10, 't', 'T') && has_char(text, 13, ':', ':') &&
                     has_char(text, 16, ':', ':');
  if (!shape || year < 0 || month < 0 || dom < 0 || hour < 0 || hour > 23 || minute < 0 ||
      minute > 59 || sec < 0 || sec > 59) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(dom)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return days * 86'400 + hour * 3'600 + minute * 60 + sec;
}

// Seconds east of UTC of the rest of the text ("Z", "+05:30").
std::optional<std::int64_t> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") {
    return 0;
  }
  const int hour = digits_at(text, 1, 2), minute = digits_at(text, 4, 2);
  const bool shape = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':';
  if (!shape || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
    return std::nullopt;
  }
  return (text[0] == '-' ? -1 : 1) * (hour * 3'600 + minute * 60);
}

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text) {
  const auto clock = parse_clock(text);
  if (!clock) {
    return std::nullopt;
  }
  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (has_char(text, at, '.', '.')) {
    std::int64_t unit = 100'000'000;
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) {
      fraction += unit * (text[at] - '0');
    }
    if (at == first || at - first > 9) {
      return std::nullopt;
    }
  }
  const auto offset = parse_offset(text.substr(at));
  if (!offset) {
    return std::nullopt;
  }
  const Int128 ns = Int128{*clock - *offset} * second.ns + fraction;
  if (ns < 0 || ns > std::numeric_limits<std::int64_t>::max()) {
    return std::nullopt;
  }
  return Time{static_cast<std::int64_t>(ns)};
}

std::string format_rfc3339(Time time) {
  const std::int64_t days = time.ns / day.ns - (time.ns % day.ns < 0 ? 1 : 0);
  const std::int64_t rest = time.ns - days * day.ns;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  const auto sec = static_cast<int>(rest / second.ns);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%09dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), sec / 3'600, sec / 60 % 60, sec % 60,
                static_cast<int>(rest % second.ns));
  return text;
}

}  // namespace marktwacht
