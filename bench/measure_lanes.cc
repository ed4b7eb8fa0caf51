// Books and engine side by side: see measure.h.
#include <algorithm>

#include "base/check.h"
#include "bench/machine.h"
#include "bench/measure.h"
#include "rules/shipped.h"

namespace marktwacht::bench {
namespace {

// Long against refilling the caches, short against what happens on a shared machine.
constexpr std::size_t slice_size = 500'000;
// More than a lane touches for the first time in a slice, an event. A service of some hours has
// touched what it needs.
constexpr std::uint64_t event_bytes_max = 4'096;

struct Entry {
  std::string name;
  const Stream* stream;
  std::unique_ptr<Lane> lane;
  std::int64_t ns = 0;
};

std::vector<Entry> entries(const std::vector<Stream>& streams, LaneChoice choice) {
  std::vector<Entry> all;
  for (const Stream& stream : streams) {
    const std::string shape(name_of(stream.shape));
    if (choice.books) {
      all.push_back({"books_" + shape, &stream, books_lane(stream, false)});
      all.push_back({"books_" + shape + "_prefetched", &stream, books_lane(stream, true)});
    }
    if (choice.engine) {
      all.push_back({"engine_" + shape, &stream, engine_lane(stream)});
    }
    if (choice.rules) {
      const std::string rulebook(default_rulebook());
      all.push_back({"books_only_" + shape, &stream, books_only_lane(stream)});
      all.push_back({"everything_" + shape, &stream, engine_lane(stream, {rulebook})});
      all.push_back({"everything_more_" + shape, &stream,
                     engine_lane(stream, {rulebook, more_rules(rules_more)})});
    }
  }
  return all;
}

}  // namespace

std::string_view default_rulebook() {
  const auto shipped = std::ranges::find(shipped_rulebooks(), "default", &ShippedRulebook::name);
  check(shipped != shipped_rulebooks().end(), "there is a default rulebook");
  return shipped->text;
}

void measure_lanes(const std::vector<Stream>& streams, LaneChoice choice, Results& results) {
  std::vector<Entry> all = entries(streams, choice);
  for (Entry& entry : all) {
    entry.lane->advance(std::span(entry.stream->commands).first(entry.stream->warm_up));
  }
  const std::size_t events = streams.front().options.events;
  for (std::size_t first = 0; first < events; first += slice_size) {
    for (Entry& entry : all) {
      const auto timed = std::span(entry.stream->commands).subspan(entry.stream->warm_up);
      const std::size_t size = std::min(slice_size, events - first);
      fetch_memory(size * event_bytes_max);
      entry.ns += entry.lane->advance(timed.subspan(first, size));
    }
    std::ranges::rotate(all, all.begin() + 1);  // nobody always comes after the same one
  }
  std::ranges::sort(all, {}, &Entry::name);
  for (const Entry& entry : all) {
    check(entry.lane->live_orders() == entry.stream->facts.live_orders,
          "all orders of a stream arrived in the books");
    results.add(entry.name, ns_per_event,
                static_cast<double>(entry.ns) / static_cast<double>(events));
  }
}

}  // namespace marktwacht::bench
