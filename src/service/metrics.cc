// One family after the other, as the exposition format wants it.
#include "service/metrics.h"

#include <array>
#include <cstdio>
#include <string_view>

namespace marktwacht {
namespace {

class MetricsText {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "marktwacht_" + std::string(name);
    text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " +
             std::string(type) + "\n";
  }
  void value(std::uint64_t number, std::string_view label = {}, std::string_view of = {}) {
    line("", label, of, std::to_string(number));
  }
  void seconds(std::int64_t ns) { line("", {}, {}, seconds_text(ns)); }
  void one(std::string_view name, std::string_view type, std::string_view help,
           std::uint64_t number) {
    family(name, type, help);
    value(number);
  }
  void histogram(std::string_view name, std::string_view help, const Latencies& of) {
    family(name, "histogram", help);
    constexpr std::size_t first = 13;  // 16 µs
    for (std::size_t step = first; step + 1 < Latencies::steps; ++step) {
      line("_bucket", "le", seconds_text(std::int64_t{2} << step), std::to_string(of.below(step)));
    }
    line("_bucket", "le", "+Inf", std::to_string(of.count()));
    line("_sum", {}, {}, seconds_text(of.sum_ns()));
    line("_count", {}, {}, std::to_string(of.count()));
  }
  std::string take() { return std::move(text_); }

 private:
  static std::string seconds_text(std::int64_t ns) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.9f", static_cast<double>(ns) / 1e9);
    return text.data();
  }
  void line(std::string_view suffix, std::string_view label, std::string_view of,
            const std::string& number) {
    text_ += name_ + std::string(suffix);
    if (!label.empty()) {
      text_ += "{" + std::string(label) + "=\"" + std::string(of) + "\"}";
    }
    text_ += " " + number + "\n";
  }

  std::string name_, text_;
};

void write_intake(const ServiceStatus& status, MetricsText& text) {
  const IntakeCounts& counts = status.counts;
  text.family("events_total", "counter", "Events taken since the start, by type.");
  for (std::size_t type = 0; type < event_types_end; ++type) {
    if (const EventInfo* info = event_info(type); info != nullptr && counts.accepted[type] > 0) {
      text.value(counts.accepted[type], "type", info->word);
    }
  }
  text.family("rejected_total", "counter", "Lines refused, by reason.");
  for (std::size_t at = 0; at < counts.rejected.size(); ++at) {
    text.value(counts.rejected[at], "reason", Words<RejectReason>::list[at]);
  }
  text.one("repeated_total", "counter", "Events dropped: their source_seq was taken before.",
           counts.repeated);
  text.one("late_total", "counter", "Events older than the clock.", counts.late);
  text.one("unknown_fields_total", "counter", "Fields ignored.", counts.unknown_fields);
  text.one("batches_total", "counter", "Batches taken.", counts.batches);
  text.one("batches_repeated_total", "counter", "Batches whose key was taken before.",
           counts.repeated_batches);
  text.one("batches_refused_total", "counter", "Batches refused for want of room or while failed.",
           status.refused_batches);
}

void write_state(const ServiceStatus& status, Time now, MetricsText& text) {
  text.one("taking", "gauge", "1: events are taken; 0: none is, see the log.",
           status.failed.empty() ? 1 : 0);
  text.one("last_seq", "gauge", "Of the last durable record.", status.last_seq);
  text.one("store_lag_records", "gauge", "Records that lists do not show yet.",
           status.last_seq > status.shown_seq ? status.last_seq - status.shown_seq : 0);
  text.one("snapshot_seq", "gauge", "Of the last record in the newest snapshot.",
           status.snapshot_seq);
  text.one("queue_batches", "gauge", "Batches that wait.", status.queue_batches);
  text.one("queue_bytes", "gauge", "Bytes that wait.", status.queue_bytes);
  text.family("clock_lag_seconds", "gauge", "Wall clock minus the engine's clock.");
  text.seconds(status.clock ? now.ns - status.clock->ns : 0);
  text.one("commits_total", "counter", "Groups of batches made durable.", status.commits);
  text.histogram("commit_seconds", "From a batch's arrival to its durability.",
                 status.commit_latency);
  text.histogram("gate_seconds", "From durability to the gate's answer.", status.gate_latency);
}

void write_http(const HttpCounters& http, MetricsText& text) {
  text.family("http_requests_total", "counter", "Requests answered, by the class of the status.");
  for (std::size_t at = 1; at < 6; ++at) {
    text.value(http.by_class[at], "class", std::to_string(at) + "xx");
  }
  text.one("http_connections", "gauge", "Open connections.", http.connections_open);
  text.one("http_streams", "gauge", "Open event streams.", http.streams_open);
  text.one("http_streams_too_slow_total", "counter", "Streams closed: their reader was too slow.",
           http.streams_too_slow);
  text.one("http_bad_requests_total", "counter", "Requests refused before a handler saw them.",
           http.bad_requests);
  text.one("http_timeouts_total", "counter", "Connections closed for being slow.", http.timeouts);
  text.one("http_connections_refused_total", "counter", "Connections beyond the limit.",
           http.connections_refused);
}

}  // namespace

std::string metrics_text(const ServiceStatus& status, const HttpCounters& http, Time now) {
  MetricsText text;
  write_state(status, now, text);
  write_intake(status, text);
  write_http(http, text);
  return text.take();
}

}  // namespace marktwacht
