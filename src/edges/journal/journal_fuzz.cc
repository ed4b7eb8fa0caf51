// Any bytes as a segment: through the reader, `verify_journal`, and a writer that continues it.
// What the writer took on must verify afterwards and hold the same records.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "edges/journal/journal_sample.h"

namespace marktwacht {
namespace {

// The input as a list of frames with right CRCs and seals, so that the fuzzer gets behind them:
// type, length, payload; again.
std::string made_of(std::string_view input) {
  sample::Segment segment;
  while (input.size() >= 2) {
    const auto type = static_cast<std::uint8_t>(input[0]);
    const auto length =
        std::min<std::size_t>(static_cast<std::uint8_t>(input[1]), input.size() - 2);
    const std::string_view payload = input.substr(2, length);
    input.remove_prefix(2 + length);
    switch (type % 8) {
      case 0:
        segment.seal(static_cast<Mark>(length % 4));
        break;
      case 1:
        segment.state_hash({});
        break;
      case 2:
      case 3:
        segment.event(length);
        break;
      default:
        segment.frame(static_cast<FrameType>(type % 8 - 3), payload);
    }
  }
  return segment.bytes() + std::string(input);
}

struct Outcome {
  bool whole = false;  // no fault, maybe a torn tail
  std::uint64_t records = 0;
  std::uint64_t torn_bytes = 0;
};

Outcome read(const std::string& path) {
  Outcome outcome;
  auto reader = JournalReader::open(path);
  if (!reader) {
    return outcome;
  }
  JournalRecord record;
  auto more = reader->next(record);
  for (; more && *more; more = reader->next(record)) {
    ++outcome.records;
    check(record.payload.size() <= payload_bytes_max, "a record is within its limit");
  }
  outcome.whole = more.has_value();
  outcome.torn_bytes = reader->torn_bytes();
  return outcome;
}

void try_file(const std::string& bytes) {
  const int file = memfd_create("journal", MFD_CLOEXEC);
  check(file >= 0, "a file in memory");
  check(write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()), "written");
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  const Outcome outcome = read(path);
  const JournalReport report = verify_journal(path);
  check(
      !report.ok || (outcome.whole && outcome.records == report.records && outcome.torn_bytes == 0),
      "what verifies reads");
  close(file);
}

void try_writer(const std::string& bytes) {
  static const sample::Folder folder;
  const std::string path = folder / "j";
  std::filesystem::remove_all(path);
  std::filesystem::create_directory(path);
  sample::write_file(path + "/" + segment_name(1), bytes);
  const Outcome before = read(path);
  auto writer = JournalWriter::open(path, {});
  if (!writer) {
    return;
  }
  check(before.whole && writer->cut_bytes() == before.torn_bytes, "the cut is what was torn");
  check(writer->append(sample::Made(1).event).has_value() && writer->close().has_value(),
        "a journal that was taken on goes on");
  check(verify_journal(path).ok, "and verifies");
  check(read(path).records == before.records + 1, "and has lost nothing");
}

}  // namespace
}  // namespace marktwacht

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace marktwacht;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.empty()) {
    return 0;
  }
  const std::string_view rest = input.substr(1);
  // Raw, with a sound head before it, or made of frames.
  std::string bytes(rest);
  if (input[0] % 3 == 1) {
    bytes = sample::Segment().event(1).seal().bytes() + bytes;
  } else if (input[0] % 3 == 2) {
    bytes = made_of(rest);
  }
  try_file(bytes);
  try_writer(bytes);
  return 0;
}
