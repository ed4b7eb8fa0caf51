// Bytes in memory as a source, for tests and fuzzing: gives them in pieces of chosen sizes.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "edges/adapters/byte_source.h"

namespace marktwacht {

// Gives `bytes` in pieces whose sizes are those of `pieces` (> 0), over and over; then the end, or
// `error` where there is one.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string bytes, std::vector<std::size_t> pieces = {1 << 30},
                        std::string error = {})
      : bytes_(std::move(bytes)), pieces_(std::move(pieces)), error_(std::move(error)) {}

  std::expected<std::size_t, std::string> read(char* to, std::size_t room) override {
    const std::size_t piece = pieces_[turn_++ % pieces_.size()];
    const std::size_t count = std::min({room, piece, bytes_.size() - at_});
    if (count == 0 && !error_.empty()) {
      return std::unexpected(error_);
    }
    std::memcpy(to, bytes_.data() + at_, count);
    at_ += count;
    return count;
  }
  Progress progress() const override { return {at_, bytes_.size()}; }
  std::string_view name() const override { return "memory"; }

 private:
  std::string bytes_;
  std::vector<std::size_t> pieces_;
  std::string error_;
  std::size_t at_ = 0;
  std::size_t turn_ = 0;
};

}  // namespace marktwacht
