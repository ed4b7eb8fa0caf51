// This program run once more, for what would take the service's memory or time.
#pragma once

#include <expected>
#include <string>
#include <vector>

namespace marktwacht {

struct ChildEnd {
  int exit_code = -1;  // -1: ended by a signal
  std::string output;  // standard output
  std::string errors;  // standard error
};

// `marktwacht` with these arguments, at a low priority. Waits for its end. An error: it could not
// be started.
std::expected<ChildEnd, std::string> run_child(const std::vector<std::string>& arguments);

}  // namespace marktwacht
