// Bytes cut into lines, or into CSV rows.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edges/adapters/byte_source.h"
#include "events/batch.h"

namespace marktwacht {

// A line that is not blank, without its line end (LF or CR LF).
struct Line {
  std::string_view text;  // the first 200 bytes when too large; else whole, and the memory is
                          // readable NdjsonReader::padding bytes beyond it
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  bool too_large = false;  // longer than line_bytes_max; it is never held in memory as a whole
};

// Cuts a source into lines. Blank lines (nothing but spaces, tabs and a CR) are skipped and
// counted; one leading BOM is skipped, the offsets count it; the last line needs no line end. Holds
// little more than its longest line, at most line_bytes_max and two reads of the source.
class LineReader {
 public:
  enum class Cut {
    lines,
    // A quoted field may hold line breaks (RFC 4180). Where its quote does not close within
    // line_bytes_max, or not as the RFC has it, its first line stands alone.
    csv_rows
  };

  static constexpr std::size_t batch_bytes = 128 * 1024;
  static constexpr std::size_t batch_lines_max = 1024;

  explicit LineReader(std::unique_ptr<ByteSource> source, Cut cut = Cut::lines);

  // Resets `batch`; fills `lines`, whose texts lie in `batch.bytes`, and `batch.blank_lines`. Waits
  // for no more than one line. False at the end (then there is neither a line nor a blank one); an
  // error comes after the whole lines before it and stays.
  std::expected<bool, std::string> read(Batch& batch, std::vector<Line>& lines);
  Progress progress() const { return source_->progress(); }
  std::string_view name() const { return source_->name(); }

 private:
  void gather(Batch& batch, std::vector<Line>& lines);
  void take_too_large(Batch& batch, std::vector<Line>& lines, std::optional<std::size_t> end);
  void hand_over(Batch& batch, std::vector<Line>& lines, std::size_t end);
  std::optional<std::size_t> find_end(std::size_t from);
  std::optional<std::size_t> find_row_end(std::size_t from, std::size_t line_end) const;
  void fill();
  void make_room();
  void skip_bom();
  void skip_rest_of_line();
  void drop(std::size_t count);
  bool at_limit(std::size_t from) const { return end_ - from >= line_bytes_max + line_end_bytes; }
  std::string_view text(std::size_t from, std::size_t end) const;

  static constexpr std::size_t line_end_bytes = 2;  // CR LF

  std::unique_ptr<ByteSource> source_;
  Cut cut_;
  std::unique_ptr<char[]> buffer_;
  std::size_t buffer_bytes_ = 0;
  std::size_t begin_ = 0, end_ = 0;  // what is read and not yet handed on
  std::size_t scanned_ = 0;          // no LF from begin_ to here
  std::uint64_t offset_ = 0;         // of begin_ in the stream
  std::uint64_t line_ = 1;           // number of the line at begin_
  bool bom_done_ = false;
  bool skipping_ = false;  // inside a line that is too large
  bool ended_ = false;     // the source gives no more
  std::optional<std::string> error_;
};

}  // namespace marktwacht
