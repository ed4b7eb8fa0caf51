// Which files there are, and cutting them into lines.
#include "edges/adapters/hyperliquid_files.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace marktwacht {
namespace {

namespace fs = std::filesystem;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes a run of digits, or one other character, from the front.
std::string_view take_part(std::string_view& name) {
  std::size_t length = 1;
  while (is_digit(name[0]) && length < name.size() && is_digit(name[length])) {
    ++length;
  }
  const std::string_view part = name.substr(0, length);
  name.remove_prefix(length);
  return part;
}

std::string_view without_zeros(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

// By name, with numbers by value: the node calls its hours 0 to 23, so 9 comes before 10.
bool comes_before(std::string_view a, std::string_view b) {
  const std::string_view whole_a = a, whole_b = b;
  while (!a.empty() && !b.empty()) {
    const std::string_view part_a = take_part(a), part_b = take_part(b);
    if (is_digit(part_a[0]) && is_digit(part_b[0])) {
      const std::string_view value_a = without_zeros(part_a), value_b = without_zeros(part_b);
      if (value_a != value_b) {
        return value_a.size() != value_b.size() ? value_a.size() < value_b.size()
                                                : value_a < value_b;
      }
    } else if (part_a != part_b) {
      return part_a < part_b;
    }
  }
  return a.empty() == b.empty() ? whole_a < whole_b : a.empty();
}

bool is_snapshot(std::string_view name) {
  for (const std::string_view packed : {".gz", ".zst"}) {
    name = name.ends_with(packed) ? name.substr(0, name.size() - packed.size()) : name;
  }
  return name == "out.json" ||
         (name.ends_with(".json") && name.find("snapshot") != std::string_view::npos);
}

std::string message(const std::string& path, const std::error_code& error) {
  return path + ": " + error.message();
}

// The file itself, or the files below the folder.
std::expected<void, std::string> gather(const fs::directory_entry& entry,
                                        std::vector<std::string>& files) {
  std::error_code error;
  if (!entry.is_directory(error)) {
    files.push_back(entry.path().string());
    return {};
  }
  fs::recursive_directory_iterator at(entry.path(), error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (!at->is_directory(error)) {
      files.push_back(at->path().string());
    }
  }
  if (error) {
    return std::unexpected(message(entry.path().string(), error));
  }
  return {};
}

std::expected<void, std::string> take_entry(const fs::directory_entry& entry,
                                            HyperliquidFiles& files) {
  const std::string name = entry.path().filename().string();
  if (name.starts_with("node_order_statuses_by_block")) {
    return gather(entry, files.statuses);
  }
  if (name.starts_with("node_raw_book_diffs_by_block")) {
    return gather(entry, files.diffs);
  }
  if (name.starts_with("node_fills_by_block")) {
    return gather(entry, files.fills);
  }
  if (is_snapshot(name)) {
    if (files.snapshot) {
      return std::unexpected("two L4 snapshots, only one can be used: " + *files.snapshot +
                             " and " + entry.path().string());
    }
    files.snapshot = entry.path().string();
  }
  return {};
}

}  // namespace

std::expected<HyperliquidFiles, std::string> find_hyperliquid_files(const std::string& folder) {
  HyperliquidFiles files;
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    if (const auto taken = take_entry(*at, files); !taken) {
      return std::unexpected(taken.error());
    }
  }
  if (error) {
    return std::unexpected(message(folder, error));
  }
  const auto missing = [&](const std::string& name) {
    return std::unexpected(folder + ": no " + name + "*.jsonl (plain, .gz or .zst)");
  };
  if (files.statuses.empty()) {
    return missing("node_order_statuses_by_block");
  }
  if (files.diffs.empty()) {
    return missing("node_raw_book_diffs_by_block");
  }
  for (auto* paths : {&files.statuses, &files.diffs, &files.fills}) {
    std::ranges::sort(*paths, comes_before);
  }
  return files;
}

BlockLines::BlockLines(std::vector<std::string> paths) : paths_(std::move(paths)) {
  for (const std::string& path : paths_) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path, error);
    sizes_.push_back(error ? 0 : size);
  }
}

std::expected<std::optional<BlockLine>, std::string> BlockLines::next() {
  while (true) {
    auto line = cut();
    if (!line || !*line || (*line)->too_large ||
        (*line)->text.find_first_not_of(" \t\r") != std::string_view::npos) {
      return line;
    }
    ++blank_lines_;
  }
}

std::expected<std::optional<BlockLine>, std::string> BlockLines::cut() {
  std::size_t scanned = begin_;
  while (true) {
    const char* from = buffer_.data() + scanned;
    const void* found = end_ > scanned ? std::memchr(from, '\n', end_ - scanned) : nullptr;
    if (found != nullptr) {
      const std::size_t length =
          static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()) - begin_;
      if (!skipping_) {
        return take(length, length > block_bytes_max);
      }
      skipping_ = false;
      skip(length + 1);
      ++line_;
      scanned = begin_;
      continue;
    }
    if (skipping_) {
      skip(end_ - begin_);
    } else if (end_ - begin_ > block_bytes_max) {
      skipping_ = true;
      return take(end_ - begin_, true);
    }
    const std::size_t done = end_ - begin_;
    const auto filled = fill();
    if (!filled) {
      return std::unexpected(filled.error());
    }
    scanned = begin_ + done;
    if (!*filled) {  // the end of a file ends its last line
      skipping_ = false;
      if (end_ > begin_) {
        return take(end_ - begin_, false);
      }
      if (file_ == paths_.size() && !source_) {
        return std::nullopt;
      }
    }
  }
}

// Reads on; false at the end of a file.
std::expected<bool, std::string> BlockLines::fill() {
  constexpr std::size_t read_bytes = 256 << 10;
  if (!source_) {
    if (file_ == paths_.size()) {
      return false;
    }
    auto opened = open_bytes(paths_[file_++]);
    if (!opened) {
      return std::unexpected(opened.error());
    }
    source_ = std::move(*opened);
    line_ = 1;
    offset_ = 0;
  }
  if (end_ > begin_) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  }
  end_ -= begin_;
  begin_ = 0;
  if (buffer_.size() < end_ + read_bytes + padding) {
    buffer_.resize(std::max(2 * buffer_.size(), end_ + read_bytes + padding));
  }
  const auto count = source_->read(buffer_.data() + end_, buffer_.size() - padding - end_);
  if (!count) {
    return std::unexpected(count.error());
  }
  end_ += *count;
  if (*count == 0) {
    bytes_before_ += sizes_[file_ - 1];
    source_.reset();
  }
  return *count != 0;
}

// The line of `length` bytes at the front; its memory stays until the next read.
BlockLine BlockLines::take(std::size_t length, bool too_large) {
  constexpr std::size_t shown = 200;
  const std::string_view text(buffer_.data() + begin_, too_large ? shown : length);
  const BlockLine line{text, line_, offset_, too_large};
  skip(std::min(length + 1, end_ - begin_));
  line_ += skipping_ ? 0 : 1;
  return line;
}

void BlockLines::skip(std::size_t count) {
  begin_ += count;
  offset_ += count;
}

Progress BlockLines::progress() const {
  Progress progress{bytes_before_ + (source_ ? source_->progress().bytes_done : 0), 0};
  for (const std::uint64_t size : sizes_) {
    progress.bytes_total += size;
  }
  return progress;
}

}  // namespace marktwacht
