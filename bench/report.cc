// The report as JSON and as a table: see benchmarks.h.
#include <cstdarg>
#include <cstdio>

#include "bench/benchmarks.h"
#include "events/ndjson.h"

namespace marktwacht::bench {
namespace {

[[gnu::format(printf, 2, 3)]] void print(std::string& out, const char* format, ...) {
  char line[512];
  va_list values;
  va_start(values, format);
  std::vsnprintf(line, sizeof line, format, values);
  va_end(values);
  out += line;
}

void member(std::string& out, std::string_view name, std::string_view text) {
  print(out, "\"%.*s\":", static_cast<int>(name.size()), name.data());
  write_json_string(text, out);
}

void member(std::string& out, std::string_view name, double value) {
  print(out, "\"%.*s\":%.6g", static_cast<int>(name.size()), name.data(), value);
}

// A count, exact.
void count(std::string& out, std::string_view name, std::uint64_t value) {
  print(out, "\"%.*s\":%llu", static_cast<int>(name.size()), name.data(),
        static_cast<unsigned long long>(value));
}

void machine_json(const Report& report, std::string& out) {
  const MachineLimits& machine = report.machine;
  out += "{";
  member(out, "processor", machine.processor);
  out += ",";
  count(out, "cores", machine.cores);
  out += ",";
  member(out, "huge_pages", machine.huge_pages);
  out += ",";
  member(out, "compiler", machine.compiler);
  out += ",";
  member(out, "json_parser", report.json_parser);
  out += ",";
  member(out, "load_average_before", machine.load_average);
  out += ",";
  member(out, "load_average_after", report.load_average_after);
  if (!machine.chases.empty()) {
    out += ",";
    member(out, "read_gb_s", machine.read_gb_s);
    out += ",";
    member(out, "copy_gb_s", machine.copy_gb_s);
    out += ",";
    member(out, "first_touch_gb_s", machine.first_touch_gb_s);
    out += ",";
    member(out, "next_touch_gb_s", machine.next_touch_gb_s);
  }
  out += ",\"dependent_read\":[";
  for (const ChaseFigure& chase : machine.chases) {
    out += out.back() == '[' ? "{" : ",{";
    count(out, "bytes", chase.bytes);
    out += ",";
    member(out, "ns", chase.ns);
    out += "}";
  }
  out += "]}";
}

void stream_json(const StreamReport& stream, std::string& out) {
  const StreamFacts& facts = stream.facts;
  out += "{";
  count(out, "events", stream.events);
  const std::pair<std::string_view, std::uint64_t> counts[] = {
      {"warm_up", stream.warm_up},
      {"orders", facts.orders},
      {"cancels", facts.cancels},
      {"replaces", facts.replaces},
      {"trades", facts.trades},
      {"live_orders", facts.live_orders},
      {"levels", facts.levels},
      {"levels_most", facts.levels_most},
      {"seconds", static_cast<std::uint64_t>(facts.seconds)}};
  for (const auto& [name, value] : counts) {
    out += ",";
    count(out, name, value);
  }
  out += "}";
}

void result_json(const Result& result, std::string& out) {
  out += "{";
  member(out, "name", result.name);
  out += ",";
  member(out, "unit", result.unit);
  out += ",";
  member(out, "median", median(result.values));
  out += ",";
  member(out, "min", result.least());
  out += ",";
  member(out, "max", result.most());
  out += ",";
  count(out, "rounds", result.values.size());
  out += ",\"values\":[";
  for (const double value : result.values) {
    print(out, out.back() == '[' ? "%.6g" : ",%.6g", value);
  }
  out += "]";
  if (result.goal) {
    out += ",";
    member(out, result.goal->kind == Goal::Kind::at_most ? "goal_at_most" : "goal_at_least",
           result.goal->limit);
    out += result.reached() ? ",\"reached\":true" : ",\"reached\":false";
  }
  out += "}";
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kib = 1024;
  return bytes >= kib * kib * kib ? std::to_string(bytes / kib / kib / kib) + " GiB"
         : bytes >= kib * kib     ? std::to_string(bytes / kib / kib) + " MiB"
                                  : std::to_string(bytes / kib) + " KiB";
}

void machine_table(const Report& report, std::string& out) {
  const MachineLimits& machine = report.machine;
  print(out, "%s, %u cores; huge pages: %s; load %s before, %s after\n%s; simdjson for %s\n",
        machine.processor.c_str(), machine.cores, machine.huge_pages.c_str(),
        machine.load_average.c_str(), report.load_average_after.c_str(), machine.compiler.c_str(),
        report.json_parser.c_str());
  if (!machine.chases.empty()) {
    out += "dependent reads:";
    for (const ChaseFigure& chase : machine.chases) {
      print(out, "%s %s %.1f ns", &chase == &machine.chases.front() ? "" : ",",
            size_text(chase.bytes).c_str(), chase.ns);
    }
    print(out, "\nread %.1f GB/s, memcpy %.1f GB/s; fresh memory %.2f GB/s, given back %.2f GB/s\n",
          machine.read_gb_s, machine.copy_gb_s, machine.first_touch_gb_s, machine.next_touch_gb_s);
  }
}

void stream_table(const StreamReport& stream, std::string& out) {
  const StreamFacts& facts = stream.facts;
  const auto percent = [&](std::uint32_t part) { return 100.0 * part / stream.events; };
  print(out,
        "stream %s: %u events after %u of warm-up in %lld s of market time: %.1f %% orders, "
        "%.1f %% cancels, %.1f %% replaces, %.1f %% trades\n",
        stream.name.c_str(), stream.events, stream.warm_up, static_cast<long long>(facts.seconds),
        percent(facts.orders), percent(facts.cancels), percent(facts.replaces),
        percent(facts.trades));
  print(out, "  %u live orders, %u levels, at most %u in one book\n", facts.live_orders,
        facts.levels, facts.levels_most);
}

void result_row(const Result& result, std::string& out) {
  std::string goal;
  if (result.goal) {
    print(goal, "%s %.2f %s",
          result.goal->kind == Goal::Kind::at_most ? "<=" : ">=", result.goal->limit,
          result.reached() ? "reached" : "missed");
  }
  print(out, "%-28s %10.3f %10.3f %10.3f  %-11s %s", result.name.c_str(), median(result.values),
        result.least(), result.most(), result.unit.c_str(), goal.c_str());
  out.erase(out.find_last_not_of(' ') + 1);
  out += "\n";
}

}  // namespace

std::string report_json(const Report& report) {
  std::string out = "{\"machine\":";
  machine_json(report, out);
  out += ",\"streams\":{";
  for (const StreamReport& stream : report.streams) {
    out += out.back() == '{' ? "\"" : ",\"";
    out += stream.name + "\":";
    stream_json(stream, out);
  }
  out += "},\"results\":[";
  for (const Result& result : report.results.all()) {
    out += out.back() == '[' ? "" : ",";
    result_json(result, out);
  }
  out += "]}";
  return out;
}

std::string report_table(const Report& report) {
  std::string out;
  machine_table(report, out);
  for (const StreamReport& stream : report.streams) {
    stream_table(stream, out);
  }
  if (!report.results.all().empty()) {
    print(out, "\n%-28s %10s %10s %10s  %-11s %s\n", "", "median", "min", "max", "unit", "goal");
  }
  for (const Result& result : report.results.all()) {
    result_row(result, out);
  }
  return out;
}

}  // namespace marktwacht::bench
