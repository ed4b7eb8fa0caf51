// The rules that every reader of a segment keeps.
#include "edges/journal/walk.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace marktwacht {

SegmentWalk::SegmentWalk(std::string_view bytes, std::string name, bool last)
    : bytes_(bytes), name_(std::move(name)), last_(last), cursor_(bytes, 0) {}

std::string SegmentWalk::at(std::uint64_t offset, std::string_view what) const {
  return name_ + ", byte " + std::to_string(offset) + ": " + std::string(what);
}

bool SegmentWalk::fail(std::uint64_t offset, std::string_view what) {
  fault_ = at(offset, what);
  return false;
}

bool SegmentWalk::no_head() {
  if (!last_) {
    return fail("the segment's head is incomplete, though another segment follows");
  }
  cursor_ = FrameCursor(bytes_, bytes_.size());
  torn_bytes_ = bytes_.size();
  return true;
}

bool SegmentWalk::begin() {
  const std::size_t magic = std::min(bytes_.size(), journal_magic.size());
  if (bytes_.substr(0, magic) == journal_magic.substr(0, magic) && bytes_.size() < header_bytes) {
    return no_head();
  }
  const auto header = read_header(bytes_);
  if (!header) {
    return fail(header.error());
  }
  header_ = *header;
  next_seq_ = block_first_seq_ = header_.start_seq;
  last_seal_.chain = header_.previous;
  cursor_ = FrameCursor(bytes_, header_bytes);
  Frame frame;
  switch (cursor_.next(frame)) {
    case FrameStep::frame:
      break;
    case FrameStep::end:
    case FrameStep::torn:
      return no_head();
    case FrameStep::broken:
      return fail("the input positions do not match their CRC");
  }
  if (frame.type != FrameType::positions) {
    return fail(header_bytes, "the input positions are missing");
  }
  auto positions = InputPositions::read(frame.payload);
  if (!positions) {
    return fail(header_bytes, positions.error());
  }
  positions_ = std::move(*positions);
  head_bytes_ = cursor_.offset();
  batch_end_ = head_bytes_;
  batch_next_seq_ = next_seq_;
  has_head_ = true;
  return true;
}

bool SegmentWalk::joins(const std::optional<SegmentEnd>& before) {
  if (!has_head_) {
    return true;
  }
  if (name_ != segment_name(header_.start_seq)) {
    return fail(16, "the file's name is not that of its first seq");
  }
  if (!before) {
    return (header_.segment == 1 && header_.previous == Digest{}) ||
           fail(12, "is segment " + std::to_string(header_.segment) +
                        " of its journal: the segments before it are missing");
  }
  if (header_.segment != before->segment + 1) {
    return fail(12, "is segment " + std::to_string(header_.segment) + " of its journal, after " +
                        std::to_string(before->segment) + ": missing, extra or out of order");
  }
  if (header_.start_seq != before->next_seq) {
    return fail(16, "starts with seq " + std::to_string(header_.start_seq) + " instead of " +
                        std::to_string(before->next_seq));
  }
  return header_.previous == before->chain ||
         fail(56, "does not continue the chain of the segment before it");
}

bool SegmentWalk::take_other(const Frame& frame) {
  if (mark_ != Mark::block) {
    return fail(frame.offset, "a frame behind the segment's final seal");
  }
  switch (frame.type) {
    case FrameType::seal:
      return take_seal(frame);
    case FrameType::state_hash: {
      ByteReader reader(frame.payload);
      const auto seq = reader.fixed<std::uint64_t>();
      return (frame.payload.size() == sizeof seq + sizeof(Digest) && seq == next_seq_ - 1) ||
             fail(frame.offset, "a malformed state hash");
    }
    case FrameType::batch:
      return take_batch_mark(frame);
    case FrameType::positions:
      return fail(frame.offset, "input positions that are not at the segment's start");
    default:
      return fail(frame.offset, "a frame of the unknown type " +
                                    std::to_string(static_cast<unsigned>(frame.type)));
  }
}

bool SegmentWalk::take_batch_mark(const Frame& frame) {
  auto mark = read_batch_mark(frame.payload);
  if (!mark) {
    return fail(frame.offset, mark.error());
  }
  if (mark->last_seq != next_seq_ - 1) {
    return fail(frame.offset, "a batch mark that does not name the record before it");
  }
  last_batch_ = *std::move(mark);
  batch_end_ = cursor_.offset();
  batch_next_seq_ = next_seq_;
  return true;
}

bool SegmentWalk::take_seal(const Frame& frame) {
  const auto seal = read_seal(frame.payload, header_.is_signed());
  if (!seal) {
    return fail(frame.offset, seal.error());
  }
  if (seal->first_seq != block_first_seq_ || seal->records != next_seq_ - block_first_seq_) {
    return fail(frame.offset, "a seal that does not count the records of its block");
  }
  last_seal_ = *seal;
  mark_ = seal->mark;
  block_first_seq_ = next_seq_;
  return true;
}

SegmentWalk::Step SegmentWalk::take_end() {
  if (!last_ && mark_ == Mark::block) {
    fail("the segment ends without its final seal, though another segment follows");
    return Step::fault;
  }
  return Step::end;
}

SegmentWalk::Step SegmentWalk::take_torn() {
  if (mark_ != Mark::block) {
    fail("bytes behind the segment's final seal");
    return Step::fault;
  }
  if (!last_) {
    fail("a broken frame, though another segment follows");
    return Step::fault;
  }
  torn_bytes_ = bytes_.size() - cursor_.offset();
  return Step::end;
}

}  // namespace marktwacht
