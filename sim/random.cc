// Weighted draws: see random.h.
#include "sim/random.h"

#include <array>

#include "base/check.h"

namespace marktwacht::sim {
namespace {

constexpr std::size_t waits = 4096;

// The natural logarithm, by its series; at compile time only.
constexpr double logarithm(double of) {
  double twos = 0;
  for (; of < 1; of *= 2) {
    twos -= 1;
  }
  const double y = (of - 1) / (of + 1);
  double power = y, sum = 0;
  for (int n = 1; n < 60; n += 2) {
    sum += power / n;
    power *= y * y;
  }
  return 2 * sum + twos * 0.693147180559945309417;
}

// Waiting times in 2^-16 of their mean, each as likely.
constexpr auto make_waits() {
  std::array<std::uint32_t, waits> table{};
  for (std::size_t at = 0; at < waits; ++at) {
    table[at] = static_cast<std::uint32_t>(
        -logarithm((static_cast<double>(at) + 0.5) / static_cast<double>(waits)) * 65536);
  }
  return table;
}

constexpr auto wait_table = make_waits();

}  // namespace

Duration Random::wait(Duration mean) {
  const auto draw = static_cast<std::int64_t>(wait_table[next() >> 52]);
  return {static_cast<std::int64_t>(Int128{mean.ns} * draw >> 16) + 1};
}

std::int64_t Random::bell() {
  const std::uint64_t bits = next();
  std::int64_t sum = 0;
  for (int shift = 0; shift < 64; shift += 16) {
    sum += static_cast<std::int64_t>(bits >> shift & 0xFFFF);
  }
  return (sum - 2 * 0xFFFF) * 65536 / 37837;
}

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

}  // namespace marktwacht::sim
