// The rulebooks of rulebooks/*.toml, which are part of the program.
#pragma once

#include <span>
#include <string_view>

namespace marktwacht {

struct ShippedRulebook {
  std::string_view name;  // the file's, without .toml
  std::string_view text;
};

// By name.
std::span<const ShippedRulebook> shipped_rulebooks();

}  // namespace marktwacht
