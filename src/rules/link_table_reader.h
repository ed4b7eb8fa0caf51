// The table of weights as TOML: config/links.toml shows every key. docs/links.md.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "links/weights.h"

namespace marktwacht {

struct LinkTableError {
  int line = 0;
  std::string what;  // with what is allowed
};

// A key that is absent has its default. All errors at once.
std::expected<LinkTable, std::vector<LinkTableError>> read_link_table(std::string_view text);

}  // namespace marktwacht
