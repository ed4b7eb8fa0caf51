// One segment from its header to its end: framing, order of frames, counts, seqs. Not the chain.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "edges/journal/format.h"
#include "edges/journal/frames.h"

namespace marktwacht {

// Where a segment ended, as the next one must continue it.
struct SegmentEnd {
  std::uint32_t segment = 0;
  std::uint64_t next_seq = 1;
  Digest chain{};  // as its last seal states it
};

class SegmentWalk {
 public:
  enum class Step : std::uint8_t { frame, end, fault };

  SegmentWalk() = default;
  // `bytes` must outlive it. `last`: no segment follows, so that it may be open and its tail torn.
  SegmentWalk(std::string_view bytes, std::string name, bool last);

  // Reads the header and the input positions. False: see `fault()`. A last segment whose head is
  // incomplete has none (`has_head()`), and no frames.
  bool begin();
  // A fault when this segment does not continue `before`, or without one, begins a journal.
  bool joins(const std::optional<SegmentEnd>& before);
  // The next frame, also the seals. After `end` and `fault` it gives the same again.
  Step next(Frame& frame) {
    if (fault_.empty()) [[likely]] {
      switch (cursor_.next(frame)) {
        case FrameStep::frame:
          if (frame.type == FrameType::event && mark_ == Mark::block) [[likely]] {
            ++next_seq_;
            return Step::frame;
          }
          return take_other(frame) ? Step::frame : Step::fault;
        case FrameStep::end:
          return take_end();
        case FrameStep::torn:
          return take_torn();
        case FrameStep::broken:
          fail("a frame does not match its CRC, and whole frames follow");
      }
    }
    return Step::fault;
  }

  bool has_head() const { return has_head_; }
  const SegmentHeader& header() const { return header_; }
  const InputPositions& positions() const { return positions_; }  // as of the segment's start
  std::size_t head_bytes() const { return head_bytes_; }          // header and positions
  const std::string& fault() const { return fault_; }
  std::uint64_t torn_bytes() const { return torn_bytes_; }
  std::size_t offset() const { return cursor_.offset(); }
  std::uint64_t next_seq() const { return next_seq_; }
  std::uint64_t records() const { return next_seq_ - header_.start_seq; }
  std::uint64_t block_first_seq() const { return block_first_seq_; }
  // Of the batch mark seen last, and where the frames behind it begin; before one, of the head.
  const BatchMark& last_batch() const { return last_batch_; }
  std::size_t batch_end() const { return batch_end_; }
  std::uint64_t records_unmarked() const { return next_seq_ - batch_next_seq_; }
  const Seal& last_seal() const { return last_seal_; }
  Mark mark() const { return mark_; }  // `block` while it is open
  SegmentEnd end() const { return {header_.segment, next_seq_, last_seal_.chain}; }

  // "NAME, byte N: what"
  std::string at(std::uint64_t offset, std::string_view what) const;

 private:
  bool fail(std::string_view what) { return fail(cursor_.offset(), what); }
  bool fail(std::uint64_t offset, std::string_view what);
  bool take_other(const Frame& frame);
  bool take_seal(const Frame& frame);
  bool take_batch_mark(const Frame& frame);
  Step take_end();
  Step take_torn();
  bool no_head();

  std::string_view bytes_;
  std::string name_;
  bool last_ = true;
  bool has_head_ = false;
  Mark mark_ = Mark::block;
  SegmentHeader header_;
  InputPositions positions_;
  std::size_t head_bytes_ = 0;
  FrameCursor cursor_;
  std::uint64_t next_seq_ = 1;
  std::uint64_t block_first_seq_ = 1;
  std::uint64_t torn_bytes_ = 0;
  Seal last_seal_;
  BatchMark last_batch_;
  std::size_t batch_end_ = 0;
  std::uint64_t batch_next_seq_ = 1;
  std::string fault_;
};

}  // namespace marktwacht
