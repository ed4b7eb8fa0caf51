// The summary, one fact a line.
#include "app/summary.h"

#include <sys/resource.h>

#include <cstdio>
#include <string>

namespace marktwacht {
namespace {

using Number = unsigned long long;

void line(std::string_view name, Number value) {
  std::fprintf(stderr, "  %-22s %llu\n", std::string(name).c_str(), value);
}

void some(std::string_view name, Number value) {
  if (value > 0) {
    line(name, value);
  }
}

void print_blind_spots(const Engine& engine) {
  const Feeds& feeds = engine.market().feeds();
  std::fprintf(stderr, "blind spots: %llu\n", static_cast<Number>(feeds.gaps()));
  for (const Gap& gap : feeds.kept_gaps()) {
    const std::string& source = feeds.source(gap.source);
    std::fprintf(stderr, "  source %s lacks source_seq %llu to %llu, before seq %llu at %s\n",
                 source.empty() ? "(none)" : source.c_str(), static_cast<Number>(gap.first_missing),
                 static_cast<Number>(gap.last_missing), static_cast<Number>(gap.seq),
                 format_rfc3339(gap.time).c_str());
  }
}

}  // namespace

void print_summary(const ReadingCounts& counts, const Engine& engine, double seconds) {
  const std::uint64_t total = counts.accepted_total();
  std::fprintf(stderr, "events: %llu\n", static_cast<Number>(total));
  for (std::size_t code = 1; code < event_types_end; ++code) {
    some(event_info(code)->word, counts.accepted[code]);
  }
  std::fprintf(stderr, "rejected: %llu\n", static_cast<Number>(counts.rejected_total()));
  for (std::size_t i = 0; i < counts.rejected.size(); ++i) {
    some(Words<RejectReason>::list[i], counts.rejected[i]);
  }
  const MarketCounts& market = engine.market().counts();
  std::fputs("data quality:\n", stderr);
  some("repeated", counts.repeated);
  some("late", counts.late);
  some("blank lines", counts.blank_lines);
  some("unknown fields", counts.unknown_fields);
  some("unknown orders", market.unknown_orders);
  some("unannounced accounts", market.unannounced_accounts);
  some("unannounced assets", market.unannounced_assets);
  some("sums out of range", market.uncounted_sums);
  print_blind_spots(engine);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::fprintf(stderr, "time: %.2f s, %.0f events/s, peak memory %.1f MiB\n", seconds,
               seconds > 0 ? static_cast<double>(total) / seconds : 0.0,
               static_cast<double>(usage.ru_maxrss) / 1024.0);
}

}  // namespace marktwacht
