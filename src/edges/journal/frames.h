// Walks the frames of one segment in memory and tells a torn tail from a fault.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/crc32c.h"
#include "edges/journal/format.h"

namespace marktwacht {

struct Frame {
  FrameType type{};
  std::uint64_t offset = 0;  // of its head in the segment
  std::string_view payload;
};

enum class FrameStep : std::uint8_t {
  frame,
  end,    // the last frame was whole and nothing follows
  torn,   // what follows is no frame and holds none: what a crash leaves behind
  broken  // a frame that does not match its CRC, with whole frames behind it
};

// Reads only inside `bytes`, which must outlive it. After `torn` or `broken` it stays where it is.
class FrameCursor {
 public:
  FrameCursor() = default;
  FrameCursor(std::string_view bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  FrameStep next(Frame& frame) {
    const std::size_t left = bytes_.size() - at_;
    if (left >= frame_head_bytes) [[likely]] {
      const char* at = bytes_.data() + at_;
      const FrameHead head = load_frame_head(at);
      const std::uint32_t head_crc = crc32c({at, 4});
      if (static_cast<std::uint16_t>(head_crc) == head.guard &&
          head.length <= left - frame_head_bytes && head.length <= payload_bytes_max) [[likely]] {
        const std::string_view payload(at + frame_head_bytes, head.length);
        if (crc32c(payload, head_crc) == head.crc) [[likely]] {
          frame = {static_cast<FrameType>(head.type), at_, payload};
          at_ += frame_head_bytes + head.length;
          return FrameStep::frame;
        }
      }
    }
    return left == 0 ? FrameStep::end : judge_rest();
  }

  std::size_t offset() const { return at_; }

 private:
  FrameStep judge_rest() const;

  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace marktwacht
