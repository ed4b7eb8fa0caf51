// The machine's limits: see machine.h.
#include "bench/machine.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/huge_pages.h"
#include "bench/results.h"
#include "bench/stopwatch.h"

namespace marktwacht::bench {
namespace {

constexpr std::uint64_t kib = 1024, mib = 1024 * kib;
constexpr int repeats = 5;

// The first line of `path` that contains `word`, without what stands before `from`.
std::string line_of(const char* path, const char* word, char from) {
  std::string found;
  std::FILE* const file = std::fopen(path, "r");  // tidy: the system describes itself in files
  char line[4096];
  while (file != nullptr && found.empty() && std::fgets(line, sizeof line, file) != nullptr) {
    if (std::strstr(line, word) != nullptr) {
      const char* const at = from == 0 ? nullptr : std::strchr(line, from);
      found = at == nullptr ? line : at + 1;
    }
  }
  if (file != nullptr) {
    std::fclose(file);
  }
  const std::size_t first = found.find_first_not_of(" \t");
  const std::size_t last = found.find_last_not_of(" \t\n");
  return first == std::string::npos ? "unknown" : found.substr(first, last - first + 1);
}

// Memory in huge pages where the system allows.
class Pages {
 public:
  explicit Pages(std::size_t bytes)
      : bytes_(bytes), data_(static_cast<char*>(map_pages(bytes, PageSize::huge))) {}
  ~Pages() { unmap_pages(data_, bytes_); }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  char* data() { return data_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_;
  char* data_;
};

// A ring through all lines of the memory, in the order of a full-period congruential generator:
// its high bits, which choose the page, look random.
void tie_ring(Pages& pages) {
  const std::uint64_t lines = pages.bytes() / 64;
  for (std::uint64_t at = 0; at < lines; ++at) {
    const std::uint64_t next = (at * 0x5851'F42D'4C95'7F2D + 0x1405'7B7E'F767'814F) & (lines - 1);
    char* const target = pages.data() + next * 64;
    std::memcpy(pages.data() + at * 64, &target, sizeof target);
  }
}

double chase_ns(Pages& pages, std::uint64_t reads) {
  const char* at = pages.data();
  const Stopwatch watch(Stopwatch::Clock::processor);
  for (std::uint64_t left = reads; left > 0; --left) {
    std::memcpy(&at, at, sizeof at);
  }
  keep(at);
  return static_cast<double>(watch.ns()) / static_cast<double>(reads);
}

using Words [[gnu::vector_size(32)]] = std::uint64_t;

double read_gb_s(Pages& pages) {
  const auto* const words = reinterpret_cast<const Words*>(pages.data());
  const std::size_t size = pages.bytes() / sizeof(Words);
  Words sums[4]{};
  const Stopwatch watch(Stopwatch::Clock::processor);
  for (std::size_t at = 0; at < size; at += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) {
      sums[lane] += words[at + lane];
    }
  }
  const Words sum = sums[0] + sums[1] + sums[2] + sums[3];
  keep(sum[0] + sum[1] + sum[2] + sum[3]);
  return static_cast<double>(pages.bytes()) / static_cast<double>(watch.ns());
}

double copy_gb_s(Pages& from, Pages& to) {
  const Stopwatch watch(Stopwatch::Clock::processor);
  std::memcpy(to.data(), from.data(), from.bytes());
  keep(to.data());
  return static_cast<double>(from.bytes()) / static_cast<double>(watch.ns());
}

// That can be had without swapping; all that there is where the system does not say.
std::uint64_t memory_available() {
  const std::string kib_text = line_of("/proc/meminfo", "MemAvailable", ':');
  const std::uint64_t available = std::strtoull(kib_text.c_str(), nullptr, 10) * kib;
  return available > 0 ? available : UINT64_MAX;
}

}  // namespace

double fetch_memory(std::uint64_t wanted) {
  const std::uint64_t bytes = std::max(mib, std::min(wanted, memory_available() / 2));
  const Stopwatch watch(Stopwatch::Clock::processor);
  Pages pages(bytes);
  std::memset(pages.data(), 1, bytes);
  keep(pages.data());
  return static_cast<double>(bytes) / static_cast<double>(watch.ns());
}

ChaseFigure measure_chase(std::uint64_t bytes) {
  Pages pages(bytes);
  tie_ring(pages);
  const std::uint64_t reads = bytes <= mib ? 4'000'000 : 1'000'000;
  chase_ns(pages, std::min(reads, bytes / 64));
  std::vector<double> samples;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    samples.push_back(chase_ns(pages, reads));
  }
  return {bytes, median(std::move(samples))};
}

MachineLimits describe_machine() {
  MachineLimits limits;
  limits.processor = line_of("/proc/cpuinfo", "model name", ':');
  limits.cores = static_cast<unsigned>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  limits.huge_pages = line_of("/sys/kernel/mm/transparent_hugepage/enabled", "[", '[');
  limits.huge_pages = limits.huge_pages.substr(0, limits.huge_pages.find(']'));
  limits.load_average = line_of("/proc/loadavg", " ", 0);
  limits.load_average = limits.load_average.substr(0, limits.load_average.find(' '));
#ifdef __OPTIMIZE__
  limits.compiler = "optimised, " __VERSION__;
#else
  limits.compiler = "not optimised, " __VERSION__;
#endif
  return limits;
}

MachineLimits measure_machine(std::uint64_t bytes_max) {
  MachineLimits limits = describe_machine();
  limits.first_touch_gb_s = fetch_memory(std::min(bytes_max, 256 * mib));
  limits.next_touch_gb_s = fetch_memory(std::min(bytes_max, 256 * mib));
  for (const std::uint64_t bytes :
       {16 * kib, 256 * kib, 4 * mib, 16 * mib, 128 * mib, 1024 * mib}) {
    if (bytes <= bytes_max) {
      limits.chases.push_back(measure_chase(bytes));
    }
  }
  const std::uint64_t bytes = std::min(bytes_max, 256 * mib);
  Pages from(bytes), to(bytes);
  std::memset(from.data(), 1, bytes);
  std::memset(to.data(), 2, bytes);
  std::vector<double> reads, copies;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    reads.push_back(read_gb_s(from));
    copies.push_back(copy_gb_s(from, to));
  }
  limits.read_gb_s = median(std::move(reads));
  limits.copy_gb_s = median(std::move(copies));
  return limits;
}

}  // namespace marktwacht::bench
