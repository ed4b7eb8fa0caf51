// Weighted draws: see random.h.
#include "bench/random.h"

#include "base/check.h"

namespace marktwacht::bench {

Weighted::Weighted(const std::vector<std::uint64_t>& weights) {
  const auto size = static_cast<std::uint32_t>(weights.size());
  check(size > 0, "there is a weight");
  UInt128 sum = 0;
  for (const std::uint64_t weight : weights) {
    sum += weight;
  }
  // What each place holds, so that `sum` is its full share.
  std::vector<UInt128> held(size);
  std::vector<std::uint32_t> under, over;
  for (std::uint32_t at = 0; at < size; ++at) {
    held[at] = UInt128{weights[at]} * size;
    (held[at] < sum ? under : over).push_back(at);
  }
  constexpr std::uint64_t whole = std::uint64_t{1} << 32;
  places_.assign(size, {whole, 0});
  while (!under.empty() && !over.empty()) {
    const std::uint32_t poor = under.back(), rich = over.back();
    under.pop_back();
    places_[poor] = {static_cast<std::uint64_t>((held[poor] << 32) / sum), rich};
    held[rich] -= sum - held[poor];
    if (held[rich] < sum) {
      over.pop_back();
      under.push_back(rich);
    }
  }
}

Weighted zipf(std::uint32_t places) {
  std::vector<std::uint64_t> weights(places);
  for (std::uint32_t at = 0; at < places; ++at) {
    weights[at] = (std::uint64_t{1} << 44) / (at + 1);
  }
  return Weighted(weights);
}

}  // namespace marktwacht::bench
