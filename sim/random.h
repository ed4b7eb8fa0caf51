// Seeded numbers that are the same on every machine and with every library.
#pragma once

#include <cstdint>
#include <vector>

#include "base/int128.h"
#include "base/time.h"

namespace marktwacht::sim {

// SplitMix64 (Steele, Lea, Flood 2014): small, quick, good enough for streams.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t mixed = state_ += 0x9E37'79B9'7F4A'7C15;
    mixed = (mixed ^ mixed >> 30) * 0xBF58'476D'1CE4'E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D0'49BB'1331'11EB;
    return mixed ^ mixed >> 31;
  }
  // From 0 to `end` − 1.
  std::uint32_t below(std::uint32_t end) {
    return static_cast<std::uint32_t>((next() >> 32) * end >> 32);
  }
  // From `first` to `last`, both possible.
  std::int64_t between(std::int64_t first, std::int64_t last) {
    return first + below(static_cast<std::uint32_t>(last - first + 1));
  }
  bool chance(std::uint32_t percent) { return below(100) < percent; }
  bool per_mille(std::uint32_t share) { return below(1000) < share; }

  // Exponential: the time to the next of things that happen once in `mean` on average.
  Duration wait(Duration mean);
  // Bell-shaped around 0 (the sum of four even draws) with standard deviation 2^16.
  std::int64_t bell();

 private:
  std::uint64_t state_;
};

// Draws places with given weights in constant time (Vose's alias method), in whole numbers.
class Weighted {
 public:
  // At least one weight, none of them 0, their sum below 2^63.
  explicit Weighted(const std::vector<std::uint64_t>& weights);

  std::uint32_t draw(Random& random) const {
    const auto at = random.below(static_cast<std::uint32_t>(places_.size()));
    const Place& place = places_[at];
    return (random.next() >> 32) < place.own ? at : place.other;
  }

 private:
  struct Place {
    std::uint64_t own;  // this place keeps own / 2^32 of its draws, the rest go to `other`
    std::uint32_t other;
  };

  std::vector<Place> places_;
};

// Zipf with exponent 1: place k, from 0, weighs 1 / (k + 1).
Weighted zipf(std::uint32_t places);

// A bijection on the numbers below 2^62: looks random, never repeats.
inline std::uint64_t scattered(std::uint64_t number) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << 62) - 1;
  number = (number ^ number >> 31) * 0x9E37'79B9'7F4A'7C15 & mask;
  number = (number ^ number >> 30) * 0xBF58'476D'1CE4'E5B9 & mask;
  return number ^ number >> 31;
}

}  // namespace marktwacht::sim
