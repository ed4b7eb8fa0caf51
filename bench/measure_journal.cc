// The journal to a file and back: see measure.h.
#include <unistd.h>

#include <filesystem>

#include "base/check.h"
#include "bench/measure.h"
#include "bench/stopwatch.h"
#include "edges/journal/journal.h"
#include "events/record.h"

namespace marktwacht::bench {
namespace {

using Done = std::expected<void, std::string>;

// Removed with all that is in it when this goes.
class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("marktwacht-bench-" + std::to_string(getpid()))) {
    std::error_code ignored;
    std::filesystem::create_directories(path_, ignored);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

double rate(std::size_t events, std::int64_t ns) {
  return static_cast<double>(events) * 1e3 / static_cast<double>(ns);
}

Done write(const EncodedSlice& slice, const std::string& path, Results& results) {
  auto writer = JournalWriter::open(path, {});
  if (!writer) {
    return std::unexpected(writer.error());
  }
  Arena arena;
  std::vector<const Event*> batch;
  std::int64_t ns = 0;
  const char* at = slice.records.data();
  for (std::size_t next = 0; next < slice.events();) {
    arena.reset();
    batch.clear();
    for (; next < slice.events() && batch.size() < batch_size; ++next) {
      batch.push_back(read_record({at, slice.record_sizes[next]}, arena));
      at += slice.record_sizes[next];
    }
    const Stopwatch watch(Stopwatch::Clock::wall);
    for (const Event* event : batch) {
      if (auto appended = writer->append(*event); !appended) {
        return appended;
      }
    }
    ns += watch.ns();
  }
  const Stopwatch watch(Stopwatch::Clock::wall);
  if (auto closed = writer->close(); !closed) {
    return closed;
  }
  results.add("journal_write", million_per_second, rate(slice.events(), ns + watch.ns()));
  return {};
}

Done read(const EncodedSlice& slice, const std::string& path, Results& results) {
  Arena arena;
  std::size_t events = 0;
  const Stopwatch watch(Stopwatch::Clock::wall);
  auto reader = JournalReader::open(path);
  if (!reader) {
    return std::unexpected(reader.error());
  }
  JournalRecord record;
  for (;;) {
    const auto more = reader->next(record);
    if (!more) {
      return std::unexpected(more.error());
    }
    if (!*more) {
      break;
    }
    if (++events % batch_size == 0) {
      arena.reset();
    }
    check(read_record(record.payload, arena) != nullptr, "what was written is read");
  }
  const std::int64_t ns = watch.ns();
  check(events == slice.events(), "all that was written is read");
  results.add("journal_read", million_per_second, rate(events, ns));
  return {};
}

}  // namespace

Done measure_journal(const EncodedSlice& slice, Results& results) {
  const TemporaryFolder folder;
  const std::string path = folder.file("bench.mwj");
  if (auto written = write(slice, path, results); !written) {
    return written;
  }
  return read(slice, path, results);
}

}  // namespace marktwacht::bench
