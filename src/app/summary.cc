// The summary, one fact a line.
#include "app/summary.h"

#include <sys/resource.h>

#include <cstdio>
#include <string>

namespace marktwacht {
namespace {

using Printed = unsigned long long;

void line(std::string_view name, Printed value) {
  std::fprintf(stderr, "  %-22s %llu\n", std::string(name).c_str(), value);
}

void some(std::string_view name, Printed value) {
  if (value > 0) {
    line(name, value);
  }
}

void print_alerts(const Engine& engine, const OpenedAlerts& opened) {
  Printed total = 0;
  for (const auto& [name, count] : opened) {
    total += count;
  }
  std::fprintf(stderr, "alerts: %llu\n", total);
  for (const auto& [name, count] : opened) {
    line(name.first + " " + name.second, count);
  }
  Printed left_out = 0;
  for (const auto& table : engine.rules().tables()) {
    left_out += table->rows->left_out();
  }
  some("values left out of sums", left_out);
  for (const auto& rule : engine.rules().rules()) {
    some(rule->source->rulebook_id + "/" + rule->spec().id + " warnings", rule->warnings);
    some(rule->source->rulebook_id + "/" + rule->spec().id + " silent", rule->faults);
  }
}

// Keys that a window table had to forget.
Printed print_evictions(const Engine& engine, bool print) {
  Printed spots = 0;
  for (const auto& table : engine.rules().tables()) {
    if (table->evictions.times == 0) {
      continue;
    }
    ++spots;
    if (print) {
      std::string names;
      for (const ActiveRule* rule : table->rules) {
        names += (names.empty() ? "" : ", ") + rule->spec().id;
      }
      std::fprintf(stderr, "  %s forgot %llu keys (entries_max %u), %s to %s\n", names.c_str(),
                   static_cast<Printed>(table->evictions.times), table->entries_max,
                   format_rfc3339(table->evictions.first).c_str(),
                   format_rfc3339(table->evictions.last).c_str());
    }
  }
  return spots;
}

// What detectors had to forget or could not judge.
Printed print_detectors(const Engine& engine, bool print) {
  Printed spots = 0;
  const auto tell = [&](const ActiveDetector& detector, const BlindSpot& spot, const char* what) {
    spots += spot.times > 0 ? 1 : 0;
    if (print && spot.times > 0) {
      std::fprintf(stderr, "  %s %s %llu times (entries_max %u), %s to %s\n",
                   std::string(detector.spec().id).c_str(), what, static_cast<Printed>(spot.times),
                   detector.use.setup.entries_max, format_rfc3339(spot.first).c_str(),
                   format_rfc3339(spot.last).c_str());
    }
  };
  for (const auto& detector : engine.detectors().active()) {
    tell(*detector, detector->forgot, "forgot");
    tell(*detector, detector->unjudged, "could not judge");
  }
  return spots;
}

// Gains that had to go before their time.
Printed print_gains(const Engine& engine, bool print) {
  const BlindSpot& spot = engine.market().gains().forgot();
  if (print && spot.times > 0) {
    std::fprintf(stderr, "  the log of gains forgot %llu early (entries_max %u), %s to %s\n",
                 static_cast<Printed>(spot.times), Gains::Limits{}.entries_max,
                 format_rfc3339(spot.first).c_str(), format_rfc3339(spot.last).c_str());
  }
  return spot.times > 0 ? 1 : 0;
}

void print_blind_spots(const Engine& engine) {
  const Feeds& feeds = engine.market().feeds();
  std::fprintf(stderr, "blind spots: %llu\n",
               static_cast<Printed>(feeds.gaps()) + print_evictions(engine, false) +
                   print_detectors(engine, false) + print_gains(engine, false));
  print_evictions(engine, true);
  print_detectors(engine, true);
  print_gains(engine, true);
  for (const Gap& gap : feeds.kept_gaps()) {
    const std::string& source = feeds.source(gap.source);
    std::fprintf(stderr, "  source %s lacks source_seq %llu to %llu, before seq %llu at %s\n",
                 source.empty() ? "(none)" : source.c_str(),
                 static_cast<Printed>(gap.first_missing), static_cast<Printed>(gap.last_missing),
                 static_cast<Printed>(gap.seq), format_rfc3339(gap.time).c_str());
  }
}

}  // namespace

void print_summary(const ReadingCounts& counts, const Engine& engine, const OpenedAlerts& opened,
                   double seconds) {
  const std::uint64_t total = counts.accepted_total();
  std::fprintf(stderr, "events: %llu\n", static_cast<Printed>(total));
  for (std::size_t code = 1; code < event_types_end; ++code) {
    some(event_info(code)->word, counts.accepted[code]);
  }
  std::fprintf(stderr, "rejected: %llu\n", static_cast<Printed>(counts.rejected_total()));
  for (std::size_t i = 0; i < counts.rejected.size(); ++i) {
    some(Words<RejectReason>::list[i], counts.rejected[i]);
  }
  print_alerts(engine, opened);
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
