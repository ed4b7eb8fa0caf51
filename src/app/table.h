// Plain text tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace marktwacht {

// Lines of cells, all with as many; columns as wide as their widest cell. `sides` has an l or r for
// each column, to which side its cells stand; its last one is for all that follow.
std::string aligned(const std::vector<std::vector<std::string>>& lines,
                    std::string_view sides = "lr");

}  // namespace marktwacht
