// A rulebook's text put in shadow.
#pragma once

#include <string>

namespace marktwacht {

// The text of a rulebook with `shadow = true` at the head of its [rulebook].
std::string in_shadow(const std::string& text);

}  // namespace marktwacht
