// Writes one segment: frames into a buffer, the running hash of the open block, seals.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "edges/journal/append_file.h"
#include "edges/journal/journal.h"
#include "edges/journal/walk.h"

namespace marktwacht {

class SegmentWriter {
 public:
  using Done = std::expected<void, std::string>;

  SegmentWriter() = default;
  // A new file with its head. `key` signs if the header names it.
  static std::expected<SegmentWriter, std::string> create(const std::string& path,
                                                          const SegmentHeader& header,
                                                          const InputPositions& positions,
                                                          const std::optional<SigningKey>& key);
  // The open segment at `path` after its last whole frame, where `walk` stopped; `unsealed` are its
  // bytes since the last seal.
  static std::expected<SegmentWriter, std::string> resume(const std::string& path,
                                                          const SegmentWalk& walk,
                                                          std::string_view unsealed,
                                                          const std::optional<SigningKey>& key);

  Done append(FrameType type, std::string_view payload);
  // Nothing to do for a block without bytes, unless it ends the segment.
  Done seal(Mark mark);
  Done flush();
  Done sync();
  // Closes the file; nothing is written after it.
  void release_file() { file_ = {}; }

  const SegmentHeader& header() const { return header_; }
  std::uint64_t next_seq() const { return next_seq_; }
  std::uint64_t records() const { return next_seq_ - header_.start_seq; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t block_bytes() const { return block_bytes_; }  // since the last seal
  SegmentEnd end() const { return {header_.segment, next_seq_, chain_}; }

 private:
  static constexpr std::size_t buffer_bytes = 256u << 10;

  void hash_rest();

  AppendFile file_;
  SegmentHeader header_;
  std::optional<SigningKey> key_;
  std::string buffer_;
  std::size_t hashed_ = 0;  // bytes of the buffer that entered `hash_`, or belong to no block
  Sha256 hash_;             // the chain and the open block so far
  Digest chain_{};
  std::uint64_t next_seq_ = 1;
  std::uint64_t block_first_seq_ = 1;
  std::uint64_t bytes_ = 0;
  std::uint64_t block_bytes_ = 0;
};

}  // namespace marktwacht
