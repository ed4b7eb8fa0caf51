// Both codecs, and a bare parse beside the text one: see measure.h.
#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "bench/measure.h"
#include "bench/stopwatch.h"
#include "bench/stream_events.h"
#include "events/ndjson.h"
#include "events/record.h"

namespace marktwacht::bench {
namespace {

namespace ondemand = simdjson::ondemand;

void add_rate(Results& results, const std::string& name, const EncodedSlice& slice,
              const Stopwatch& watch) {
  const auto ns = static_cast<double>(watch.ns());
  results.add(name, million_per_second, static_cast<double>(slice.events()) * 1e3 / ns);
  results.add(name + "_bytes", gb_per_second, static_cast<double>(slice.lines_bytes) / ns);
}

// Hands each line on, without its line end.
template <class Take>
void each_line(const EncodedSlice& slice, Take&& take) {
  const char* at = slice.lines.data();
  const char* const end = at + slice.lines_bytes;
  while (at < end) {
    const auto* const stop =
        static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    take(std::string_view(at, stop));
    at = stop + 1;
  }
}

void read_lines(const EncodedSlice& slice, Results& results) {
  NdjsonReader reader;
  Batch batch;
  std::size_t events = 0;
  const Stopwatch watch(Stopwatch::Clock::processor);
  each_line(slice, [&](std::string_view line) {
    if (batch.items.size() == batch_size) {
      batch.reset();
    }
    Item& item = batch.items.emplace_back();
    reader.read(line, batch, item);
    events += item.event != nullptr ? 1 : 0;
  });
  add_rate(results, "ndjson_read", slice, watch);
  check(events == slice.events(), "every line of a stream is an event");
}

// Visits every key, and every value as what it is; false when the object is broken.
bool walk(simdjson::simdjson_result<ondemand::object> object, std::size_t& bytes) {
  for (auto field : object) {
    ondemand::raw_json_string key;
    ondemand::json_type type{};
    if (field.key().get(key) || field.value().type().get(type)) {
      return false;
    }
    std::string_view text;
    if (type == ondemand::json_type::string ? field.value().get_string().get(text)
                                            : field.value().raw_json_token().get(text)) {
      return false;
    }
    bytes += text.size();
  }
  return true;
}

void parse_lines(const EncodedSlice& slice, Results& results) {
  ondemand::parser parser;
  std::size_t events = 0, bytes = 0;
  const Stopwatch watch(Stopwatch::Clock::processor);
  each_line(slice, [&](std::string_view line) {
    ondemand::document document;
    const simdjson::padded_string_view padded(line.data(), line.size(),
                                              line.size() + simdjson::SIMDJSON_PADDING);
    if (!parser.iterate(padded).get(document) && walk(document.get_object(), bytes)) {
      ++events;
    }
  });
  add_rate(results, "simdjson_lines", slice, watch);
  keep(bytes);
  check(events == slice.events(), "every line of a stream parses");
}

void parse_many(const EncodedSlice& slice, Results& results) {
  ondemand::parser parser;
#ifdef SIMDJSON_THREADS_ENABLED
  parser.threaded = false;  // one thread against one thread
#endif
  std::size_t events = 0, bytes = 0;
  const Stopwatch watch(Stopwatch::Clock::processor);
  ondemand::document_stream documents;
  const auto error =
      parser.iterate_many(slice.lines.data(), slice.lines_bytes, ondemand::DEFAULT_BATCH_SIZE)
          .get(documents);
  check(error == simdjson::SUCCESS, "a stream of documents begins");
  for (auto document : documents) {
    if (walk(document.get_object(), bytes)) {
      ++events;
    }
  }
  add_rate(results, "simdjson_many", slice, watch);
  keep(bytes);
  check(events == slice.events(), "every line of a stream parses");
}

}  // namespace

#define MW_TEXT(name) #name
#define MW_TEXT_OF(macro) MW_TEXT(macro)
std::string json_parser() { return MW_TEXT_OF(SIMDJSON_BUILTIN_IMPLEMENTATION); }
#undef MW_TEXT_OF
#undef MW_TEXT

EncodedSlice encode_slice(const Stream& stream, std::size_t events) {
  const StreamEvents maker(stream.options);
  EncodedSlice slice;
  Arena arena;
  const std::size_t size = std::min<std::size_t>(events, stream.options.events);
  for (std::size_t at = 0; at < size; ++at) {
    arena.reset();
    const Event* const event = maker.make(stream.commands[stream.warm_up + at], arena);
    write_ndjson(*event, slice.lines);
    slice.lines += '\n';
    const std::size_t before = slice.records.size();
    write_record(*event, slice.records);
    slice.record_sizes.push_back(static_cast<std::uint32_t>(slice.records.size() - before));
  }
  slice.lines_bytes = slice.lines.size();
  slice.lines.append(std::max(NdjsonReader::padding, simdjson::SIMDJSON_PADDING), '\0');
  return slice;
}

void measure_ndjson(const EncodedSlice& slice, Results& results) {
  read_lines(slice, results);
  parse_lines(slice, results);
  parse_many(slice, results);
}

void measure_records(const EncodedSlice& slice, Results& results) {
  Arena arena;
  std::size_t events = 0, ahead = 0;
  const Stopwatch watch(Stopwatch::Clock::processor);
  const char* at = slice.records.data();
  for (const std::uint32_t size : slice.record_sizes) {
    if (++ahead % batch_size == 0) {
      arena.reset();
    }
    events += read_record({at, size}, arena) != nullptr ? 1 : 0;
    at += size;
  }
  const auto ns = static_cast<double>(watch.ns());
  check(events == slice.events(), "every record of a stream is an event");
  results.add("record_read", million_per_second, static_cast<double>(events) * 1e3 / ns);
}

}  // namespace marktwacht::bench
