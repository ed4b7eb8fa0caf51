// What people post about what is traded: on channels of their own, in words that resemble each
// other, true or not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/desk.h"

namespace marktwacht::sim {

struct PostFacts {
  std::uint32_t account = no_account;  // where the author is known to be a user
  std::uint32_t instrument = 0;
  std::string_view text;
  std::string_view repost_of{};  // a post's id
};

// Returns its id.
std::string publish_post(Desk& desk, const PostFacts& facts);

// A claim about what is traded, good or bad.
std::string rumour_text(std::string_view base, bool good, Random& random);
// The same with other words around it.
std::string reworded(std::string_view text, Random& random);

}  // namespace marktwacht::sim
