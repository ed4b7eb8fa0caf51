// The definition, word for word.
#include "algorithms/balanced_prefix_twin.h"

#include <map>

namespace marktwacht {
namespace {

bool is_balanced(std::span<const UnitTransfer> transfers, Ratio margin) {
  std::map<std::uint32_t, Int128> nets;
  Int128 total = 0;
  for (const UnitTransfer& transfer : transfers) {
    nets[transfer.from] -= transfer.units;
    nets[transfer.to] += transfer.units;
    total += transfer.units;
  }
  for (const auto& [holder, net] : nets) {
    const Int128 size = net < 0 ? -net : net;
    if (size * static_cast<Int128>(margin.denominator) * static_cast<Int128>(transfers.size()) >
        total * static_cast<Int128>(margin.numerator)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::size_t balanced_prefix_twin(std::span<const UnitTransfer> transfers, Ratio margin) {
  for (std::size_t count = transfers.size(); count >= 2; --count) {
    if (is_balanced(transfers.first(count), margin)) {
      return count;
    }
  }
  return 0;
}

}  // namespace marktwacht
