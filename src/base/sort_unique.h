// Ascending, and each value once.
#pragma once

#include <algorithm>

namespace marktwacht {

template <class Values>
void sort_unique(Values& values) {
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
}

}  // namespace marktwacht
