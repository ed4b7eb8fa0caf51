// The files of a folder of Hyperliquid node output, and their lines.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edges/adapters/byte_source.h"

namespace marktwacht {

// Each list in the order of time: by name, numbers in names by value. A name that starts with
// `node_…_by_block` may be a file or a folder of files (`hourly/20260430/9`).
struct HyperliquidFiles {
  std::vector<std::string> statuses, diffs, fills;
  std::optional<std::string> snapshot;  // out.json or *snapshot*.json, also packed
};

// An error names what is missing: statuses and diffs must be there.
std::expected<HyperliquidFiles, std::string> find_hyperliquid_files(const std::string& folder);

// A block of the whole exchange in a busy second takes some MiB.
inline constexpr std::size_t block_bytes_max = 64 << 20;

// One line. Its memory is readable BlockLines::padding bytes beyond its end.
struct BlockLine {
  std::string_view text;     // the first bytes of it when too large
  std::uint64_t line = 0;    // from 1, in its file
  std::uint64_t offset = 0;  // in its file
  bool too_large = false;
};

// The lines of several files one after the other. Blank lines are skipped and counted.
class BlockLines {
 public:
  static constexpr std::size_t padding = 64;

  explicit BlockLines(std::vector<std::string> paths);

  // The next line, or nothing at the end. It lives until the next call.
  std::expected<std::optional<BlockLine>, std::string> next();
  Progress progress() const;
  std::uint64_t blank_lines() const { return blank_lines_; }

 private:
  std::expected<std::optional<BlockLine>, std::string> cut();
  std::expected<bool, std::string> fill();
  BlockLine take(std::size_t length, bool too_large);
  void skip(std::size_t count);

  std::vector<std::string> paths_;
  std::vector<std::uint64_t> sizes_;
  std::size_t file_ = 0;  // the next one to open
  std::unique_ptr<ByteSource> source_;
  std::uint64_t bytes_before_ = 0;  // of the files that are done
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t line_ = 1, offset_ = 0;
  std::uint64_t blank_lines_ = 0;
  bool skipping_ = false;  // the rest of a line that is too large
};

}  // namespace marktwacht
