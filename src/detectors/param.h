// The numbers of a detector that a rulebook may vary: exact, each with range and default.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/decimal.h"
#include "base/int128.h"
#include "base/time.h"

namespace marktwacht {

// In ten-thousandths.
struct Param {
  static constexpr int scale = 4;
  static constexpr std::int64_t one = 10'000;

  std::int64_t units = 0;

  // Rounded down.
  std::int64_t whole() const { return units / one; }
  // Of a count of milliseconds or seconds.
  Duration milliseconds() const { return {units * (millisecond.ns / one)}; }
  Duration seconds() const { return {units * (second.ns / one)}; }
  // part >= this * of, exact; both below 2^100.
  bool reached(Int128 part, Int128 of) const { return part * one >= of * units; }
  // The largest of which `part` reaches this; above 0.
  Int128 whole_of(Int128 part) const { return part * one / units; }
  std::string text() const { return format_scaled(units, scale); }

  auto operator<=>(const Param&) const = default;
};

struct ParamSpec {
  std::string_view name;
  Param value, least, most;  // value: the default
};

// From how it stands in the source: "1'000", "0.3032", "-1".
consteval Param param_of(std::string_view text) {
  Param made;
  int places = -1;  // digits behind the point; none yet
  bool negative = false;
  for (const char c : text) {
    if (c == '-') {
      negative = true;
    } else if (c == '.') {
      places = 0;
    } else if (c != '\'') {
      made.units = made.units * 10 + (c - '0');
      places += places < 0 ? 0 : 1;
    }
  }
  for (places = places < 0 ? 0 : places; places < Param::scale; ++places) {
    made.units *= 10;
  }
  made.units = negative ? -made.units : made.units;
  return made;
}

#define MW_PARAM_MEMBER(name, value, least, most) Param name;
#define MW_PARAM_TAKE(name, value, least, most) params.name = *at++;
#define MW_PARAM_SPEC(name, value, least, most) \
  ParamSpec{#name, param_of(#value), param_of(#least), param_of(#most)},
// Makes `Params` with a member for each row P(name, default, least, most) of LIST, and `specs`.
#define MW_PARAMS(LIST)                                         \
  struct Params {                                               \
    LIST(MW_PARAM_MEMBER)                                       \
    static constexpr ParamSpec specs[] = {LIST(MW_PARAM_SPEC)}; \
    /* As many as there are specs, in their order. */           \
    static Params of(std::span<const Param> values) {           \
      Params params;                                            \
      auto at = values.begin();                                 \
      LIST(MW_PARAM_TAKE)                                       \
      return params;                                            \
    }                                                           \
  };

}  // namespace marktwacht
