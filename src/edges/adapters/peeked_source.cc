// Keeps what was looked at until it is read.
#include "edges/adapters/peeked_source.h"

#include <algorithm>
#include <cstring>

namespace marktwacht {

std::expected<bool, std::string> PeekedSource::begins_with_object() {
  constexpr std::size_t peeked_max = 64 * 1024;
  constexpr std::string_view bom = "\xEF\xBB\xBF";
  char piece[4096];
  for (std::size_t at = 0;;) {
    const auto count = source_->read(piece, sizeof piece);
    if (!count) {
      return std::unexpected(count.error());
    }
    front_.append(piece, *count);
    const bool whole = *count == 0;
    if (!whole && front_.size() < bom.size()) {
      continue;
    }
    if (at == 0 && front_.starts_with(bom)) {
      at = bom.size();
    }
    at = std::min(front_.find_first_not_of(" \t\r\n", at), front_.size());
    if (at < front_.size()) {
      return front_[at] == '{';
    }
    if (whole || front_.size() >= peeked_max) {
      return false;
    }
  }
}

std::expected<std::size_t, std::string> PeekedSource::read(char* to, std::size_t room) {
  if (given_ == front_.size()) {
    return source_->read(to, room);
  }
  const std::size_t count = std::min(room, front_.size() - given_);
  std::memcpy(to, front_.data() + given_, count);
  given_ += count;
  return count;
}

}  // namespace marktwacht
