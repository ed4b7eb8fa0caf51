// Event time: integer nanoseconds since the Unix epoch, UTC.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace marktwacht {

struct Duration {
  std::int64_t ns = 0;
  auto operator<=>(const Duration&) const = default;
};

struct Time {
  std::int64_t ns = 0;
  auto operator<=>(const Time&) const = default;
};

// When nothing is due. It is also the last time that an event can have: ask `is_due`.
inline constexpr Time never{INT64_MAX};
inline bool is_due(Time due, Time now) { return due <= now && due < never; }

inline constexpr Duration millisecond{1'000'000};
inline constexpr Duration second{1'000'000'000};
inline constexpr Duration day{86'400 * second.ns};

inline Duration operator-(Time a, Time b) { return {a.ns - b.ns}; }
inline Time operator+(Time t, Duration d) { return {t.ns + d.ns}; }

// "2026-04-30T20:46:43.304461819Z" with 0–9 fractional digits and "Z" or "±HH:MM". Nothing for
// anything else, a date that does not exist, or a time before 1970 or after 2262-04-11.
std::optional<Time> parse_rfc3339(std::string_view text);

// UTC, nine fractional digits.
std::string format_rfc3339(Time time);

}  // namespace marktwacht
