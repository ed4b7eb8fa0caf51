// The head of a refused line, fit to be shown.
#pragma once

#include <string>
#include <string_view>

namespace marktwacht {

// `head`: the first bytes of a line that may be anything, or broken JSON. Only values of members
// that are known to say nothing of a person stay; all others, and what cannot be told, become
// "***". Names of members that we know stay. Gives ASCII, at most three times as long.
std::string mask_personal(std::string_view head);

}  // namespace marktwacht
