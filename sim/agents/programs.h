// The venue's programmes: what volume they ask for, and what they give.
#pragma once

#include <cstdint>
#include <string_view>

namespace marktwacht::sim {

struct ProgramTerms {
  std::string_view id;
  std::int64_t volume_required;  // in the quote asset
  std::int64_t bonus;            // of the quote asset
};

inline constexpr ProgramTerms programs[] = {
    {"welcome-2025", 20'000, 50}, {"autumn-volume", 60'000, 120}, {"open-positions", 0, 20}};

}  // namespace marktwacht::sim
