// JournalReader: records in order, over all segments.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "edges/journal/journal.h"
#include "edges/journal/segments.h"
#include "edges/journal/walk.h"

namespace marktwacht {

struct JournalReader::State {
  // Pages this far behind the reader are given back, so that a long journal does not fill memory.
  static constexpr std::size_t window_bytes = 16u << 20;

  explicit State(Segments found) : segments(std::move(found)), before(segments.begins_behind()) {}

  // Steps into the next segment; false at the end.
  std::expected<bool, std::string> advance();
  void pass_over(std::uint64_t from_seq);
  void hear(const Frame& frame);
  void release_read();

  Segments segments;
  std::size_t next_segment = 0;
  SegmentWalk walk;
  std::optional<SegmentEnd> before;
  bool passed_over = false;  // segments, so that nothing is known of what the first one continues
  std::function<void(const BatchMark&)> on_batch;
  std::uint64_t bytes_before = 0;  // in the segments read to their end
  std::size_t bytes_here = 0;
  std::size_t released = 0;
  bool other_schema = false;
  bool done = false;
  std::string fault;
};

std::expected<bool, std::string> JournalReader::State::advance() {
  if (next_segment > 0 && !passed_over) {
    before = walk.end();
    bytes_before += bytes_here;
    segments.release(next_segment - 1, bytes_here);
    bytes_here = 0;
  }
  if (next_segment == segments.count()) {
    done = true;
    return false;
  }
  const std::size_t index = next_segment++;
  const auto bytes = segments.map(index);
  if (!bytes) {
    fault = bytes.error();
    return std::unexpected(fault);
  }
  bytes_here = bytes->size();
  released = 0;
  walk = SegmentWalk(*bytes, segments.name(index), next_segment == segments.count());
  if (!walk.begin() || (segments.is_directory() && !passed_over && !walk.joins(before))) {
    fault = walk.fault();
    return std::unexpected(fault);
  }
  passed_over = false;
  other_schema = other_schema || (walk.has_head() && walk.header().schema != schema_hash());
  return true;
}

void JournalReader::State::pass_over(std::uint64_t from_seq) {
  const auto starts_behind = [&](std::size_t index) {
    return segments.name(index) > segment_name(from_seq);
  };
  while (segments.is_directory() && next_segment + 1 < segments.count() &&
         !starts_behind(next_segment + 1)) {
    ++next_segment;
    passed_over = true;
  }
}

void JournalReader::State::hear(const Frame& frame) {
  if (frame.type == FrameType::batch && on_batch) {
    on_batch(walk.last_batch());
  }
}

void JournalReader::State::release_read() {
  if (walk.offset() - released >= 2 * window_bytes) {
    released = walk.offset() - window_bytes;
    segments.release(next_segment - 1, released);
  }
}

JournalReader::JournalReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
JournalReader::~JournalReader() = default;
JournalReader::JournalReader(JournalReader&&) noexcept = default;
JournalReader& JournalReader::operator=(JournalReader&&) noexcept = default;

std::expected<JournalReader, std::string> JournalReader::open(const std::string& path,
                                                              std::uint64_t from_seq) {
  auto segments = Segments::find(path);
  if (!segments) {
    return std::unexpected(segments.error());
  }
  auto state = std::make_unique<State>(std::move(*segments));
  state->pass_over(from_seq);
  if (const auto begun = state->advance(); !begun) {
    return std::unexpected(begun.error());
  }
  return JournalReader(std::move(state));
}

std::expected<bool, std::string> JournalReader::next(JournalRecord& record) {
  State& state = *state_;
  Frame frame;
  while (!state.done && state.fault.empty()) {
    switch (state.walk.next(frame)) {
      case SegmentWalk::Step::frame:
        if (frame.type == FrameType::event) {
          record = {state.walk.next_seq() - 1, frame.offset, frame.payload};
          return true;
        }
        state.hear(frame);
        state.release_read();
        break;
      case SegmentWalk::Step::end: {
        if (const auto more = state.advance(); !more) {
          return std::unexpected(more.error());
        }
        break;
      }
      case SegmentWalk::Step::fault:
        state.fault = state.walk.fault();
    }
  }
  if (!state.fault.empty()) {
    return std::unexpected(state.fault);
  }
  return false;
}

void JournalReader::on_batch(std::function<void(const BatchMark&)> hear) {
  state_->on_batch = std::move(hear);
}

std::uint64_t JournalReader::torn_bytes() const { return state_->walk.torn_bytes(); }

bool JournalReader::other_schema() const { return state_->other_schema; }

std::uint32_t JournalReader::engine() const { return state_->walk.header().engine; }

std::uint64_t JournalReader::bytes_read() const {
  return state_->bytes_before + (state_->done ? 0 : state_->walk.offset());
}

std::uint64_t JournalReader::bytes_total() const { return state_->segments.bytes_total(); }

bool is_journal(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return true;
  }
  // Only of plain files: to read a pipe would take its first bytes away.
  if (!std::filesystem::is_regular_file(path, error)) {
    return false;
  }
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return false;
  }
  std::array<char, journal_magic.size()> bytes{};
  const ssize_t size = read(file, bytes.data(), bytes.size());
  close(file);
  return size == static_cast<ssize_t>(bytes.size()) &&
         std::string_view(bytes.data(), bytes.size()) == journal_magic;
}

}  // namespace marktwacht
