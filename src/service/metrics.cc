// One family after the other, as the exposition format wants it.
#include "service/metrics.h"

#include "service/metrics_text.h"

namespace marktwacht {
namespace {

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
  text.one("idempotency_keys", "gauge", "Keys of batches that are known.", status.keys_known);
  text.one("idempotency_keys_dropped_total", "counter",
           "Keys forgotten for want of room, before their time.", status.keys_dropped);
}

void write_state(const ServiceStatus& status, Time now, MetricsText& text) {
  text.one("taking", "gauge", "1: events are taken; 0: none is, see the log.",
           status.failed.empty() ? 1 : 0);
  text.one("last_seq", "gauge", "Of the last durable record.", status.last_seq);
  text.one("store_lag_records", "gauge", "Records that lists do not show yet.",
           status.last_seq > status.shown_seq ? status.last_seq - status.shown_seq : 0);
  text.one("store_waiting_bytes", "gauge", "What waits for the store.", status.show_bytes);
  text.one("store_overflows_total", "counter",
           "Times that more waited than is kept, so that the store read the journal.",
           status.show_overflows);
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

void write_webhook(const WebhookCounts& webhook, MetricsText& text) {
  text.one("webhook_waiting", "gauge", "Commands that wait or are under way.", webhook.waiting);
  text.one("webhook_delivered_total", "counter", "Commands the exchange took.", webhook.delivered);
  text.one("webhook_retries_total", "counter", "Tries that failed and come again.",
           webhook.retries);
  text.one("webhook_failed_total", "counter", "Commands the exchange refused.", webhook.failed);
  text.one("webhook_turned_away_total", "counter", "Commands that found no room to wait.",
           webhook.turned_away);
  text.one("webhook_down", "gauge", "1: the exchange does not take commands.",
           webhook.receiver_is_down ? 1 : 0);
}

}  // namespace

std::string metrics_text(const MetricsOf& of) {
  MetricsText text;
  write_state(of.status, of.now, text);
  write_intake(of.status, text);
  write_quality(of, text);
  write_http(of.http, text);
  if (of.webhook) {
    write_webhook(*of.webhook, text);
  }
  return text.take();
}

}  // namespace marktwacht
