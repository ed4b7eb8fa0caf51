// Test support: packed text files, whole.
#pragma once

#include <string>
#include <vector>

namespace marktwacht {

// The lines of a .gz file; none where it cannot be read.
std::vector<std::string> read_gz_lines(const std::string& path);

}  // namespace marktwacht
