// A file that is there as a whole or not at all.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace marktwacht {

// Written beside, synced, then renamed; durable when it returns. What was there is replaced.
std::expected<void, std::string> write_whole_file(const std::string& path, std::string_view bytes);

}  // namespace marktwacht
