// What happens when a claim about our own code turns out false.
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace marktwacht {

void check_failed(const char* claim, const std::source_location& where) {
  std::fprintf(stderr, "marktwacht: fault: %s does not hold (%s:%u in %s)\n", claim,
               where.file_name(), static_cast<unsigned>(where.line()), where.function_name());
  std::abort();
}

}  // namespace marktwacht
