// What is measured: each function runs once and adds its figures of this round.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/results.h"
#include "bench/streams.h"

namespace marktwacht::bench {

// The units of figures.
inline constexpr std::string_view ns_per_event = "ns/event";
inline constexpr std::string_view ns_per_alert = "ns/alert";
inline constexpr std::string_view million_per_second = "M events/s";
inline constexpr std::string_view gb_per_second = "GB/s";
inline constexpr std::string_view ratio = "ratio";

// A true L3 book (queue, owners, hashed ids) of a prototype on the tight stream of another machine:
// see docs/performance.md.
inline constexpr double reference_book_ns = 145.9;

// So many commands are made ready, then timed together: ready ones stay in the second-level cache.
inline constexpr std::size_t batch_size = 1024;

// One program on its way through one stream.
class Lane {
 public:
  virtual ~Lane() = default;

  // Takes the stream's next commands. Nanoseconds, without what it takes to make them ready.
  virtual std::int64_t advance(std::span<const Command> commands) = 0;
  virtual std::uint32_t live_orders() const = 0;
};

// The commands as calls to Books and nothing else; `prefetched`: the ids' places are asked for some
// events ahead.
std::unique_ptr<Lane> books_lane(const Stream& stream, bool prefetched);
// The events that `engine_lane` takes, looked ahead at and looked up as the engine does it, into
// the L3 books, and nothing else: what "everything" is compared with.
std::unique_ptr<Lane> books_only_lane(const Stream& stream);
// The events through Engine::step, decoded before, with these rulebooks in force.
std::unique_ptr<Lane> engine_lane(const Stream& stream,
                                  const std::vector<std::string>& rulebooks = {});
// The text of the shipped rulebook "default".
std::string_view default_rulebook();
// A rulebook of so many rules on tables that the default rulebook touches, none like another.
std::string more_rules(int rules);
inline constexpr int rules_more = 10;

struct LaneChoice {
  bool books = false;
  bool engine = false;
  bool rules = false;
};

// books_ (also `_prefetched`), engine_ (no rules), books_only_, everything_ (the default rulebook)
// and everything_more_ (the default rulebook and `rules_more` others), each tight and deep. All
// take turns slice by slice, so that what disturbs the machine for a while disturbs all of them.
void measure_lanes(const std::vector<Stream>& streams, LaneChoice choice, Results& results);

// alert_out_p50, alert_out_p999: a simulated market with abuse, at half of the rate that the engine
// reaches with the default rulebook; from when an event is due until the line of the alert that it
// raises stands in memory. No event is known before it is due. At most two million events.
void measure_alerts(std::uint32_t events, std::uint64_t seed, Results& results);

// A part of a stream in its text and binary forms.
struct EncodedSlice {
  std::string lines;            // NDJSON, with the reader's padding behind
  std::size_t lines_bytes = 0;  // without the padding
  std::string records;          // payloads, one behind the other
  std::vector<std::uint32_t> record_sizes;

  std::size_t events() const { return record_sizes.size(); }
};

// The commands after the warm-up, at most `events` of them.
EncodedSlice encode_slice(const Stream& stream, std::size_t events);

// What simdjson was built for: its on-demand parser, which the reader uses, is chosen when
// compiling.
std::string json_parser();

// ndjson_read, simdjson_lines, simdjson_many: the lines into events; parsed one by one with a walk
// over all keys and values, and nothing kept; the same with simdjson's own cutting of lines.
void measure_ndjson(const EncodedSlice& slice, Results& results);
// record_read: the payloads into events.
void measure_records(const EncodedSlice& slice, Results& results);
// journal_write (until closed) and journal_read, in a file in the folder for temporary files.
std::expected<void, std::string> measure_journal(const EncodedSlice& slice, Results& results);

// links_evidence: so many logins and movements of funds of a tenth as many accounts into the link
// graph, evidence that expires on the way included; links_memory_over_allowed: the memory it takes,
// over 200 bytes per account and 64 per piece of evidence.
void measure_links(std::uint32_t events, std::uint64_t seed, Results& results);

// A tenth as many accounts, one in a hundred restricted, in a gate that another process keeps.
// gate_check: an order asked through the C ABI, one by one (median); gate_check_over_miss: over
// memory_miss, a dependent read in `miss_bytes`; gate_check_batched: sixteen at a time;
// gate_change_seen_p99: from before a change is written until it is answered here.
std::expected<void, std::string> measure_gate(std::uint32_t events, std::uint64_t seed,
                                              std::uint64_t miss_bytes, Results& results);

}  // namespace marktwacht::bench
