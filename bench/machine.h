// The machine's own limits, printed beside the figures: no program gets below them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace marktwacht::bench {

// One dependent read after another, each of a cache line nobody could guess.
struct ChaseFigure {
  std::uint64_t bytes = 0;
  double ns = 0;  // a read
};

struct MachineLimits {
  std::string processor;
  unsigned cores = 0;
  std::string huge_pages;    // the system's policy
  std::string load_average;  // of the last minute, as the system counts it
  std::string compiler;
  std::vector<ChaseFigure> chases;  // medians
  double read_gb_s = 0;             // sum of 64-bit words
  double copy_gb_s = 0;             // memcpy, bytes copied
  // Memory touched for the first time: such as nobody had of late, and such as was given back just
  // before. Far apart where a hypervisor must find the memory first.
  double first_touch_gb_s = 0, next_touch_gb_s = 0;
};

// Touches so much memory and gives it back, so that the system has it at hand for the next seconds:
// what touches memory then is not measured by what a hypervisor does. At most half of what is
// available, at least 1 MiB. GB/s.
double fetch_memory(std::uint64_t wanted);

// One after another in a ring through so many bytes.
ChaseFigure measure_chase(std::uint64_t bytes);

// What the system says of itself; no figures.
MachineLimits describe_machine();

// With figures for tables of up to `bytes_max`; for 1 GiB this takes about ten seconds.
MachineLimits measure_machine(std::uint64_t bytes_max);

}  // namespace marktwacht::bench
