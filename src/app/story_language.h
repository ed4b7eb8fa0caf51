// The languages that stories and statements are told in.
#pragma once

#include <cstdint>

namespace marktwacht {

enum class StoryLanguage : std::uint8_t { en, de };

}  // namespace marktwacht
