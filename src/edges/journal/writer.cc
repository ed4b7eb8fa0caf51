// JournalWriter: which segment is written, when a block and a segment end, how a journal goes on.
#include <filesystem>
#include <utility>

#include "edges/journal/chain_check.h"
#include "edges/journal/journal.h"
#include "edges/journal/segment_writer.h"
#include "edges/journal/segments.h"
#include "events/record.h"

namespace marktwacht {

using Done = std::expected<void, std::string>;
namespace fs = std::filesystem;

struct JournalWriter::State {
  std::string path;
  JournalOptions options;
  bool is_directory = false;
  SegmentFolder directory;       // where the segments are, locked; or where the one file is
  bool directory_dirty = false;  // a name in it is not yet durable
  SegmentWriter segment;
  InputPositions positions;
  std::string payload;
  std::uint64_t cut_bytes = 0;
  std::string synced_file;  // what is durable ends in it, at synced_bytes
  std::uint64_t synced_bytes = 0;
  bool closed = false;
  std::string error;  // the first one stays

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  // Without `close` the journal stays open; what is in the buffer is still worth writing.
  ~State() {
    if (error.empty()) {
      static_cast<void>(segment.flush());
    }
  }

  Done start(const std::string& given);
  Done start_directory();
  Done continue_from(Segments& segments);
  Done cut_unmarked(const ChainCheck& check, const std::string& file);
  Done take_up(const ChainCheck& check, const std::string& file, std::string_view bytes);
  Done begin_anew(const ChainCheck& check, const std::string& file);
  Done begin_segment(const SegmentEnd& before);
  std::string file_of(const SegmentHeader& header) const;
  Done roll();
  Done append(const Event& event);
  Done make_room(std::uint64_t frame_bytes);
  Done mark_batch(const BatchMark& mark);
  Done sync();
  void note_synced();
  Done cut_unsynced();
  Done close();
  Done keep(Done done);
  PublicKey key() const { return options.key ? options.key->public_key() : PublicKey{}; }
};

namespace {

std::string parent_of(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

Done make_directory(const std::string& path) {
  std::error_code error;
  if (!fs::create_directories(path, error)) {
    return error ? Done(std::unexpected(path + ": " + error.message())) : Done{};
  }
  auto parent = SegmentFolder::open(parent_of(path));
  return parent ? parent->sync() : std::unexpected(parent.error());
}

}  // namespace

// An error stays: after a failed write or fdatasync nobody knows what the file holds.
Done JournalWriter::State::keep(Done done) {
  if (!done && error.empty()) {
    error = done.error();
  }
  return done;
}

Done JournalWriter::State::start(const std::string& given) {
  path = given;
  while (path.size() > 1 && path.ends_with('/')) {
    path.pop_back();
  }
  if (options.start_seq == 0 || options.start_seq > start_seq_max) {
    return std::unexpected(path + ": a journal starts with a seq from 1 to 2^62");
  }
  is_directory = !path.ends_with(".mwj");
  if (is_directory) {
    if (const Done made = make_directory(path); !made) {
      return made;
    }
  }
  auto opened = SegmentFolder::open(is_directory ? path : parent_of(path));
  if (!opened) {
    return std::unexpected(opened.error());
  }
  directory = std::move(*opened);
  return is_directory ? start_directory() : begin_segment({.next_seq = options.start_seq});
}

Done JournalWriter::State::start_directory() {
  if (const Done locked = directory.lock(); !locked) {
    return locked;
  }
  auto segments = Segments::list(path);
  if (!segments) {
    return std::unexpected(segments.error());
  }
  if (segments->count() > 0) {
    return continue_from(*segments);
  }
  return begin_segment(
      segments->begins_behind().value_or(SegmentEnd{.next_seq = options.start_seq}));
}

Done JournalWriter::State::continue_from(Segments& segments) {
  ChainCheck check(true, {}, segments.begins_behind());
  std::string_view bytes;
  const std::size_t last = segments.count() - 1;
  for (std::size_t i = 0; i <= last; ++i) {
    const auto mapped = segments.map(i);
    if (!mapped) {
      return std::unexpected(mapped.error());
    }
    bytes = *mapped;
    if (!check.segment(bytes, segments.name(i), i == last)) {
      return std::unexpected(
          path + ": cannot be continued, since it does not verify: " + check.report.faults.front());
    }
    if (i < last) {
      segments.unmap(i);
    }
  }
  if (check.is_signed() && !options.key) {
    return std::unexpected(path + ": this journal is signed: a key is needed to continue it");
  }
  if (options.whole_batches && check.report.batches > 0 && check.walk().records_unmarked() > 0) {
    return cut_unmarked(check, segments.path(last));
  }
  positions = check.positions();
  cut_bytes += check.walk().torn_bytes();
  return take_up(check, segments.path(last), bytes);
}

// Records that no mark follows were never answered for. A block that was sealed behind the mark
// goes with them: what is left is checked anew.
Done JournalWriter::State::cut_unmarked(const ChainCheck& check, const std::string& file) {
  const SegmentWalk& walk = check.walk();
  cut_bytes += walk.offset() + walk.torn_bytes() - walk.batch_end();
  auto cut = AppendFile::cut(file, walk.batch_end());
  if (!cut) {
    return std::unexpected(cut.error());
  }
  if (const Done synced = cut->sync(); !synced) {
    return synced;
  }
  auto segments = Segments::list(path);
  return segments ? continue_from(*segments) : std::unexpected(segments.error());
}

Done JournalWriter::State::take_up(const ChainCheck& check, const std::string& file,
                                   std::string_view bytes) {
  const SegmentWalk& walk = check.walk();
  if (!walk.has_head() || walk.records() == 0) {
    return begin_anew(check, file);
  }
  if (walk.mark() != Mark::block) {
    return begin_segment(walk.end());
  }
  const SegmentHeader& header = walk.header();
  if (header.is_signed() && header.key != key()) {
    return std::unexpected(file +
                           ": is open and signed with another key: only that key can "
                           "continue it");
  }
  const std::string_view unsealed =
      bytes.substr(check.block_start(), walk.offset() - check.block_start());
  auto resumed = SegmentWriter::resume(file, walk, unsealed, options.key);
  if (!resumed) {
    return std::unexpected(resumed.error());
  }
  segment = std::move(*resumed);
  // A header states the key, schema and engine of all that follows it.
  const bool same = header.key == key() && check.same_schema() && header.engine == options.engine;
  return same ? Done{} : roll();
}

// A segment without records holds nothing to keep, and the next one would have its name.
Done JournalWriter::State::begin_anew(const ChainCheck& check, const std::string& file) {
  std::error_code failed;
  fs::remove(file, failed);
  if (failed) {
    return std::unexpected(file + ": " + failed.message());
  }
  const SegmentWalk& walk = check.walk();
  if (!walk.has_head()) {
    return begin_segment(check.end().value_or(SegmentEnd{.next_seq = options.start_seq}));
  }
  const SegmentHeader& header = walk.header();
  return begin_segment({header.segment - 1, header.start_seq, header.previous});
}

Done JournalWriter::State::begin_segment(const SegmentEnd& before) {
  const SegmentHeader header{.segment = before.segment + 1,
                             .start_seq = before.next_seq,
                             .schema = schema_hash(),
                             .previous = before.chain,
                             .key = key(),
                             .engine = options.engine};
  auto created = SegmentWriter::create(file_of(header), header, positions, options.key);
  if (!created) {
    return std::unexpected(created.error());
  }
  segment = std::move(*created);
  directory_dirty = true;
  return {};
}

std::string JournalWriter::State::file_of(const SegmentHeader& header) const {
  return is_directory ? (fs::path(path) / segment_name(header.start_seq)).string() : path;
}

Done JournalWriter::State::roll() {
  if (const Done sealed = segment.seal(Mark::continued); !sealed) {
    return sealed;
  }
  if (const Done synced = segment.sync(); !synced) {
    return synced;
  }
  return begin_segment(segment.end());
}

Done JournalWriter::State::make_room(std::uint64_t frame_bytes) {
  if (is_directory && !options.whole_batches && segment.records() > 0 &&
      segment.bytes() + frame_bytes > options.segment_bytes_max) {
    return roll();
  }
  if (segment.block_bytes() + frame_bytes > options.block_bytes_max) {
    return segment.seal(Mark::block);
  }
  return {};
}

Done JournalWriter::State::append(const Event& event) {
  payload.clear();
  write_record(event, payload);
  if (payload.size() > payload_bytes_max) {
    return std::unexpected(path + ": a record of " + std::to_string(payload.size()) +
                           " bytes; the limit is " + std::to_string(payload_bytes_max));
  }
  if (const Done room = make_room(frame_head_bytes + payload.size()); !room) {
    return keep(room);
  }
  positions.note(event);
  return keep(segment.append(FrameType::event, payload));
}

Done JournalWriter::State::mark_batch(const BatchMark& mark) {
  payload.clear();
  write_batch_mark(mark, payload);
  if (const Done done = segment.append(FrameType::batch, payload); !done) {
    return done;
  }
  const bool full = is_directory && options.whole_batches && segment.records() > 0 &&
                    segment.bytes() > options.segment_bytes_max;
  return full ? roll() : Done{};
}

Done JournalWriter::State::sync() {
  if (const Done sealed = segment.seal(Mark::block); !sealed) {
    return sealed;
  }
  if (const Done synced = segment.sync(); !synced) {
    return synced;
  }
  if (const Done done = directory_dirty ? directory.sync() : Done{}; !done) {
    return done;
  }
  directory_dirty = false;
  note_synced();
  return {};
}

void JournalWriter::State::note_synced() {
  synced_file = file_of(segment.header());
  synced_bytes = segment.bytes();
}

// The newest segment goes first: what is left is a whole journal wherever this ends.
Done JournalWriter::State::cut_unsynced() {
  static_cast<void>(keep(std::unexpected(path + ": what was not synced was cut")));
  segment.release_file();
  if (is_directory) {
    const auto segments = Segments::list(path);
    if (!segments) {
      return std::unexpected(segments.error());
    }
    for (std::size_t at = segments->count(); at-- > 0 && segments->path(at) != synced_file;) {
      std::error_code failed;
      if (!fs::remove(segments->path(at), failed)) {
        return std::unexpected(segments->path(at) + ": " + failed.message());
      }
    }
  }
  const auto cut = AppendFile::cut(synced_file, synced_bytes);
  return cut ? directory.sync() : std::unexpected(cut.error());
}

Done JournalWriter::State::close() {
  if (const Done sealed = segment.seal(Mark::closed); !sealed) {
    return sealed;
  }
  if (const Done synced = segment.sync(); !synced) {
    return synced;
  }
  const Done done = directory_dirty ? directory.sync() : Done{};
  segment.release_file();
  directory = {};
  closed = true;
  error = path + ": the journal is closed";
  return done;
}

JournalWriter::JournalWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
JournalWriter::~JournalWriter() = default;
JournalWriter::JournalWriter(JournalWriter&&) noexcept = default;
JournalWriter& JournalWriter::operator=(JournalWriter&&) noexcept = default;

std::expected<JournalWriter, std::string> JournalWriter::open(const std::string& path,
                                                              const JournalOptions& options) {
  auto state = std::make_unique<State>();
  state->options = options;
  if (const Done started = state->start(path); !started) {
    return std::unexpected(started.error());
  }
  state->note_synced();
  return JournalWriter(std::move(state));
}

Done JournalWriter::append(const Event& event) {
  State& state = *state_;
  return state.error.empty() ? state.append(event) : std::unexpected(state.error);
}

Done JournalWriter::record_state_hash(const Digest& hash) {
  State& state = *state_;
  if (!state.error.empty()) {
    return std::unexpected(state.error);
  }
  state.payload.clear();
  write_state_hash(state.segment.next_seq() - 1, hash, state.payload);
  return state.keep(state.segment.append(FrameType::state_hash, state.payload));
}

Done JournalWriter::mark_batch(BatchMark mark) {
  State& state = *state_;
  mark.last_seq = state.segment.next_seq() - 1;
  return state.error.empty() ? state.keep(state.mark_batch(mark)) : std::unexpected(state.error);
}

Done JournalWriter::seal() {
  State& state = *state_;
  return state.error.empty() ? state.keep(state.segment.seal(Mark::block))
                             : std::unexpected(state.error);
}

Done JournalWriter::sync() {
  State& state = *state_;
  return state.error.empty() ? state.keep(state.sync()) : std::unexpected(state.error);
}

Done JournalWriter::cut_unsynced() { return state_->cut_unsynced(); }

Done JournalWriter::close() {
  State& state = *state_;
  return state.error.empty() ? state.keep(state.close()) : std::unexpected(state.error);
}

std::uint64_t JournalWriter::next_seq() const { return state_->segment.next_seq(); }
Digest JournalWriter::chain() const { return state_->segment.end().chain; }
std::uint64_t JournalWriter::cut_bytes() const { return state_->cut_bytes; }

}  // namespace marktwacht
