// A password as it is given to a command: the first line of standard input.
#pragma once

#include <expected>
#include <string>

namespace marktwacht {

// On a terminal it is asked for, and not shown.
std::expected<std::string, std::string> read_password();

}  // namespace marktwacht
