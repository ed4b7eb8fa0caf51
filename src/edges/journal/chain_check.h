// Checks segments byte for byte: framing, counts, chain, signatures, joints, records. Used by
// `verify_journal`, and by the writer before it continues a journal.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/arena.h"
#include "edges/journal/journal.h"
#include "edges/journal/signature.h"
#include "edges/journal/walk.h"

namespace marktwacht {

class ChainCheck {
 public:
  // `whole`: the segments are a whole journal from its start, not one file of it. `keys`: whose
  // signatures count; without any, that of the key which the segment names. `before`: what they
  // continue where the journal begins behind a checkpoint.
  ChainCheck(bool whole, PublicKeys keys, const std::optional<SegmentEnd>& before = {})
      : whole_(whole), keys_(std::move(keys)), before_(before) {}

  // The next segment. Its faults go to `report`; false when it has one. A torn tail and an open
  // end are for the caller to judge (see `walk`).
  bool segment(std::string_view bytes, const std::string& name, bool last);

  // Is told of each seal: the last record under it, and the chain's hash.
  void on_seal(std::function<void(std::uint64_t seq, const Digest& chain)> hear) {
    on_seal_ = std::move(hear);
  }

  JournalReport report;  // `ok` is left to the caller

  // Of the segment checked last. The walk reads its bytes no more.
  const SegmentWalk& walk() const { return walk_; }
  const InputPositions& positions() const { return positions_; }    // after its last record
  const std::optional<SegmentEnd>& end() const { return before_; }  // of the last that has a head
  bool is_signed() const { return is_signed_; }                     // some segment is
  std::size_t block_start() const { return block_start_; }  // of the bytes that no seal covers
  bool same_schema() const { return walk_.header().schema == schema_hash(); }

 private:
  static constexpr std::size_t faults_max = 100;

  void fault(const std::string& text);
  bool head();
  void key_of_segment();
  void frame(std::string_view bytes, const Frame& frame);
  void record(const Frame& frame);
  void seal(std::string_view bytes, const Frame& frame);

  std::function<void(std::uint64_t, const Digest&)> on_seal_;
  bool whole_;
  PublicKeys keys_;
  bool is_signed_ = false;  // some segment was
  std::optional<PublicKey> key_before_;
  std::optional<SegmentEnd> before_;  // none at the start, or after a broken segment
  bool first_ = true;
  bool good_ = true;  // this segment, so far
  SegmentWalk walk_;
  std::optional<SignatureCheck> signature_;
  std::optional<InputPositions> positions_before_;
  InputPositions positions_;
  Digest chain_{};
  std::size_t block_start_ = 0;
  Arena arena_;
  Sha256 hash_;
};

}  // namespace marktwacht
