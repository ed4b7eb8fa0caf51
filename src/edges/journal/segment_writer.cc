// The block hash is fed when the buffer is written or a block ends, not frame by frame.
#include "edges/journal/segment_writer.h"

namespace marktwacht {

std::expected<SegmentWriter, std::string> SegmentWriter::create(
    const std::string& path, const SegmentHeader& header, const InputPositions& positions,
    const std::optional<SigningKey>& key) {
  SegmentWriter writer;
  auto file = AppendFile::create(path);
  if (!file) {
    return std::unexpected(file.error());
  }
  writer.file_ = std::move(*file);
  writer.header_ = header;
  writer.key_ = key;
  writer.chain_ = header.previous;
  writer.next_seq_ = writer.block_first_seq_ = header.start_seq;
  writer.hash_.add(bytes_of(writer.chain_));
  write_header(header, writer.buffer_);
  std::string payload;
  positions.write(payload);
  write_frame(FrameType::positions, payload, writer.buffer_);
  writer.bytes_ = writer.block_bytes_ = writer.buffer_.size();
  if (const Done done = writer.flush(); !done) {
    return std::unexpected(done.error());
  }
  return writer;
}

std::expected<SegmentWriter, std::string> SegmentWriter::resume(
    const std::string& path, const SegmentWalk& walk, std::string_view unsealed,
    const std::optional<SigningKey>& key) {
  SegmentWriter writer;
  writer.header_ = walk.header();
  writer.key_ = key;
  writer.chain_ = walk.last_seal().chain;
  writer.next_seq_ = walk.next_seq();
  writer.block_first_seq_ = walk.block_first_seq();
  writer.bytes_ = walk.offset();
  writer.block_bytes_ = unsealed.size();
  writer.hash_.add(bytes_of(writer.chain_));
  writer.hash_.add(unsealed);
  auto file = AppendFile::cut(path, walk.offset());
  if (!file) {
    return std::unexpected(file.error());
  }
  writer.file_ = std::move(*file);
  return writer;
}

SegmentWriter::Done SegmentWriter::append(FrameType type, std::string_view payload) {
  write_frame(type, payload, buffer_);
  next_seq_ += type == FrameType::event ? 1 : 0;
  bytes_ += frame_head_bytes + payload.size();
  block_bytes_ += frame_head_bytes + payload.size();
  return buffer_.size() < buffer_bytes ? Done{} : flush();
}

void SegmentWriter::hash_rest() {
  hash_.add(std::string_view(buffer_).substr(hashed_));
  hashed_ = buffer_.size();
}

SegmentWriter::Done SegmentWriter::seal(Mark mark) {
  if (block_bytes_ == 0 && mark == Mark::block) {
    return {};
  }
  hash_rest();
  Seal seal{.mark = mark,
            .first_seq = block_first_seq_,
            .records = next_seq_ - block_first_seq_,
            .chain = hash_.finish()};
  if (header_.is_signed()) {
    seal.signature = key_->sign(signed_bytes(seal));
  }
  std::string payload;
  write_seal(seal, header_.is_signed(), payload);
  write_frame(FrameType::seal, payload, buffer_);
  bytes_ += frame_head_bytes + payload.size();
  hashed_ = buffer_.size();
  chain_ = seal.chain;
  hash_.add(bytes_of(chain_));
  block_first_seq_ = next_seq_;
  block_bytes_ = 0;
  return buffer_.size() < buffer_bytes ? Done{} : flush();
}

SegmentWriter::Done SegmentWriter::flush() {
  if (buffer_.empty()) {
    return {};
  }
  hash_rest();
  const Done done = file_.append(buffer_);
  buffer_.clear();
  hashed_ = 0;
  return done;
}

SegmentWriter::Done SegmentWriter::sync() {
  if (const Done done = flush(); !done) {
    return done;
  }
  return file_.sync();
}

}  // namespace marktwacht
