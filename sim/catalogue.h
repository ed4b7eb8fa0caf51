// All behaviours, made from abuse.def and honest.def.
#pragma once

#include <span>
#include <string_view>

#include "sim/cast.h"

namespace marktwacht::sim {

#define A(name) void add_##name(Cast& cast);
#define H(name) void add_##name(Cast& cast);
#include "sim/abuse.def"
#include "sim/honest.def"
#undef H
#undef A

struct Behaviour {
  std::string_view name;
  void (*add)(Cast& cast);
};

inline constexpr Behaviour abuse_catalogue[] = {
#define A(name) {#name, add_##name},
#include "sim/abuse.def"
#undef A
};
inline constexpr Behaviour honest_catalogue[] = {
#define H(name) {#name, add_##name},
#include "sim/honest.def"
#undef H
};

}  // namespace marktwacht::sim
