// Cutting a stream into lines without holding more than one of them too many.
#include "edges/adapters/line_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "edges/adapters/csv_row.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

// Room for `size` bytes and what a parser may read beyond them.
void ensure_room(std::string& bytes, std::size_t size) {
  if (bytes.size() < size + NdjsonReader::padding) {
    bytes.resize(size + NdjsonReader::padding);
  }
}

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteSource> source, Cut cut)
    : source_(std::move(source)), cut_(cut) {}

std::expected<bool, std::string> LineReader::read(Batch& batch, std::vector<Line>& lines) {
  batch.reset();
  lines.clear();
  while (true) {
    gather(batch, lines);
    if (!lines.empty()) {
      return true;
    }
    if (ended_ || error_) {
      break;
    }
    fill();
  }
  if (batch.blank_lines > 0) {
    return true;
  }
  if (error_) {
    return std::unexpected(*error_);
  }
  return false;
}

void LineReader::gather(Batch& batch, std::vector<Line>& lines) {
  std::size_t at = begin_;
  while (bom_done_ && at < end_ && lines.size() < batch_lines_max && at - begin_ < batch_bytes) {
    const auto end = find_end(at);
    if (!end && !at_limit(at)) {
      break;
    }
    const std::string_view line = text(at, end.value_or(end_));
    if (line.size() > line_bytes_max) {
      if (lines.empty()) {
        take_too_large(batch, lines, end);
        return;
      }
      break;  // it gets a batch of its own
    }
    const std::size_t next = std::min(*end + 1, end_);
    if (!is_blank(line)) {
      lines.push_back({line, line_, offset_ + (at - begin_)});
    } else {
      ++batch.blank_lines;
    }
    line_ += 1;
    if (*end > scanned_) {  // a row over several lines
      line_ += static_cast<std::uint64_t>(std::ranges::count(line, '\n'));
    }
    at = next;
    if (lines.empty()) {
      drop(at - begin_);
    }
  }
  hand_over(batch, lines, at);
}

// Copies what `lines` point to over into `batch`, where it may stay while the buffer goes on.
void LineReader::hand_over(Batch& batch, std::vector<Line>& lines, std::size_t end) {
  if (lines.empty()) {
    return;
  }
  const std::size_t size = end - begin_;
  const char* from = buffer_.get() + begin_;
  ensure_room(batch.bytes, size);
  std::memcpy(batch.bytes.data(), from, size);
  for (Line& line : lines) {
    line.text = {batch.bytes.data() + (line.text.data() - from), line.text.size()};
  }
  drop(size);
}

void LineReader::take_too_large(Batch& batch, std::vector<Line>& lines,
                                std::optional<std::size_t> end) {
  ensure_room(batch.bytes, rejected_head_bytes);
  std::memcpy(batch.bytes.data(), buffer_.get() + begin_, rejected_head_bytes);
  lines.push_back({{batch.bytes.data(), rejected_head_bytes}, line_, offset_, true});
  line_ += 1;
  skipping_ = true;
  drop(end.value_or(end_) - begin_);
  skip_rest_of_line();
}

// The LF that ends the line or row at `from` (the end of the stream stands for one), if it is
// there.
std::optional<std::size_t> LineReader::find_end(std::size_t from) {
  scanned_ = std::max(scanned_, from);
  const auto* found =
      static_cast<const char*>(std::memchr(buffer_.get() + scanned_, '\n', end_ - scanned_));
  if (found == nullptr) {
    scanned_ = end_;
    return ended_ ? std::optional(end_) : std::nullopt;
  }
  scanned_ = static_cast<std::size_t>(found - buffer_.get());
  return cut_ == Cut::csv_rows ? find_row_end(from, scanned_) : std::optional(scanned_);
}

std::optional<std::size_t> LineReader::find_row_end(std::size_t from, std::size_t line_end) const {
  const char* start = buffer_.get() + from;
  if (std::memchr(start, '"', line_end - from) == nullptr) {
    return line_end;
  }
  using enum CsvRowEnd::State;
  const CsvRowEnd row = find_csv_row_end({start, end_ - from});
  if ((row.state == at_end || row.state == unclosed) && !ended_ && !at_limit(from)) {
    return std::nullopt;
  }
  const std::size_t row_end = row.state == found ? from + row.at : end_;
  const bool whole = row.state == found || (row.state == at_end && ended_);
  return whole && text(from, row_end).size() <= line_bytes_max ? row_end : line_end;
}

void LineReader::fill() {
  make_room();
  const std::size_t room = std::min(buffer_bytes_ - end_, batch_bytes);
  const auto got = source_->read(buffer_.get() + end_, room);
  if (!got) {
    error_ = got.error();
    return;
  }
  ended_ = *got == 0;
  end_ += *got;
  skip_bom();
  if (skipping_) {
    skip_rest_of_line();
  }
}

// Sees to room for one read: by moving the rest to the front where that is cheap or needed, and
// into a larger buffer where a line is long.
void LineReader::make_room() {
  const std::size_t rest = end_ - begin_;
  const bool small = buffer_bytes_ < rest + batch_bytes;
  if (!small && begin_ < rest && buffer_bytes_ - end_ >= batch_bytes) {
    return;
  }
  std::unique_ptr<char[]> old;
  const char* from = buffer_.get() + begin_;
  if (small) {
    buffer_bytes_ = 2 * (rest + batch_bytes);
    old = std::exchange(buffer_, std::make_unique_for_overwrite<char[]>(buffer_bytes_));
  }
  if (rest > 0) {
    std::memmove(buffer_.get(), from, rest);
  }
  scanned_ = scanned_ > begin_ ? scanned_ - begin_ : 0;
  begin_ = 0;
  end_ = rest;
}

void LineReader::skip_bom() {
  if (bom_done_) {
    return;
  }
  const std::string_view start(buffer_.get() + begin_, end_ - begin_);
  if (start.starts_with(bom)) {
    drop(bom.size());
  } else if (bom.starts_with(start) && !ended_) {
    return;  // not to be told yet
  }
  bom_done_ = true;
}

void LineReader::skip_rest_of_line() {
  const auto* found =
      static_cast<const char*>(std::memchr(buffer_.get() + begin_, '\n', end_ - begin_));
  skipping_ = found == nullptr;
  drop(skipping_ ? end_ - begin_ : static_cast<std::size_t>(found + 1 - buffer_.get()) - begin_);
}

void LineReader::drop(std::size_t count) {
  begin_ += count;
  offset_ += count;
}

std::string_view LineReader::text(std::size_t from, std::size_t end) const {
  const std::string_view line(buffer_.get() + from, end - from);
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

}  // namespace marktwacht
