// What stands behind a frame that cannot be read: nothing whole (torn), or more frames (broken).
#include "edges/journal/frames.h"

namespace marktwacht {
namespace {

// Sums made while looking for a frame. Reached only by bytes made for it: those are called broken,
// since nothing may be cut that might hold a record.
constexpr std::uint64_t searched_bytes_max = 1ull << 30;

bool frame_begins_in(std::string_view bytes) {
  std::uint64_t searched = 0;
  for (std::size_t at = 0; at + frame_head_bytes <= bytes.size(); ++at) {
    const FrameHead head = load_frame_head(bytes.data() + at);
    if (head.length > bytes.size() - at - frame_head_bytes || head.length > payload_bytes_max) {
      continue;
    }
    const std::uint32_t head_crc = crc32c(bytes.substr(at, 4));
    if (static_cast<std::uint16_t>(head_crc) != head.guard) {
      continue;
    }
    searched += head.length;
    if (searched > searched_bytes_max ||
        crc32c(bytes.substr(at + frame_head_bytes, head.length), head_crc) == head.crc) {
      return true;
    }
  }
  return false;
}

}  // namespace

FrameStep FrameCursor::judge_rest() const {
  const std::string_view rest = bytes_.substr(at_);
  if (rest.size() < frame_head_bytes) {
    return FrameStep::torn;
  }
  const FrameHead head = load_frame_head(rest.data());
  std::size_t skip = 1;
  // A head that matches its guard gives the true length: what its payload looks like is data, even
  // if somebody sent a text that holds a whole frame.
  if (static_cast<std::uint16_t>(crc32c(rest.substr(0, 4))) == head.guard &&
      head.length <= payload_bytes_max) {
    if (head.length >= rest.size() - frame_head_bytes) {
      return FrameStep::torn;
    }
    skip = frame_head_bytes + head.length;
  }
  return frame_begins_in(rest.substr(skip)) ? FrameStep::broken : FrameStep::torn;
}

}  // namespace marktwacht
