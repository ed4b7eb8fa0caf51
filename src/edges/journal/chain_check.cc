// One pass over a segment's frames; each block is hashed when its seal is met.
#include "edges/journal/chain_check.h"

#include <cstring>

#include "events/record.h"

namespace marktwacht {

void ChainCheck::fault(const std::string& text) {
  good_ = false;
  if (report.faults.size() < faults_max) {
    report.faults.push_back(text);
  } else if (report.faults.size() == faults_max) {
    report.faults.push_back("further faults are not listed");
  }
}

bool ChainCheck::segment(std::string_view bytes, const std::string& name, bool last) {
  good_ = true;
  walk_ = SegmentWalk(bytes, name, last);
  positions_ = {};
  block_start_ = 0;
  ++report.segments;
  if (head() && walk_.has_head()) {
    Frame next;
    SegmentWalk::Step step;
    while ((step = walk_.next(next)) == SegmentWalk::Step::frame) {
      frame(bytes, next);
    }
    if (step == SegmentWalk::Step::fault) {
      fault(walk_.fault());
    }
    report.last_seq = walk_.next_seq() - 1;
    report.head = walk_.last_seal().chain;
    before_ = walk_.end();
    positions_before_ = positions_;
  }
  if (!good_) {
    before_.reset();
    positions_before_.reset();
  }
  first_ = false;
  return good_;
}

bool ChainCheck::head() {
  if (!walk_.begin() || (whole_ && (first_ || before_) && !walk_.joins(before_))) {
    fault(walk_.fault());
    return false;
  }
  if (!walk_.has_head()) {
    positions_ = positions_before_.value_or(InputPositions{});
    return true;
  }
  key_of_segment();
  positions_ = walk_.positions();
  if (positions_before_ && !(positions_ == *positions_before_)) {
    fault(walk_.at(header_bytes, "the input positions are not those after the segment before"));
  }
  if (first_) {
    report.first_seq = walk_.header().start_seq;
  }
  if (!same_schema()) {
    report.notes.push_back(walk_.at(24, "written under another event schema"));
  }
  if (report.engines.empty() || report.engines.back() != walk_.header().engine) {
    report.engines.push_back(walk_.header().engine);
  }
  chain_ = walk_.header().previous;
  return true;
}

void ChainCheck::key_of_segment() {
  const SegmentHeader& header = walk_.header();
  signature_.reset();
  if (header.is_signed()) {
    signature_.emplace(header.key);
  }
  if (header.is_signed() && !counts(header.key, keys_)) {
    fault(walk_.at(88, "signed with another key than those given"));
  } else if (!header.is_signed() && is_signed_) {
    fault(walk_.at(88, "not signed, though a segment before it is"));
  } else if (key_before_ && header.key != *key_before_) {
    report.notes.push_back(walk_.at(88, "the signing key changes"));
  }
  is_signed_ = is_signed_ || header.is_signed();
  key_before_ = header.is_signed() ? std::optional(header.key) : std::nullopt;
}

void ChainCheck::frame(std::string_view bytes, const Frame& frame) {
  switch (frame.type) {
    case FrameType::event:
      return record(frame);
    case FrameType::seal:
      return seal(bytes, frame);
    case FrameType::state_hash: {
      RecordedStateHash recorded{.seq = walk_.next_seq() - 1};
      const std::string_view hash = frame.payload.substr(sizeof recorded.seq);
      std::memcpy(recorded.hash.data(), hash.data(), recorded.hash.size());
      report.state_hashes.push_back(recorded);
      return;
    }
    case FrameType::batch:
      ++report.batches;
      return;
    case FrameType::positions:
      return;
  }
}

void ChainCheck::record(const Frame& frame) {
  ++report.records;
  arena_.reset();
  const Event* event = read_record(frame.payload, arena_);
  if (event != nullptr) {
    positions_.note(*event);
    return;
  }
  const std::string what = "record " + std::to_string(walk_.next_seq() - 1) + " is no event";
  fault(walk_.at(
      frame.offset,
      same_schema() ? what : what + " that this program knows: written by a newer version?"));
}

void ChainCheck::seal(std::string_view bytes, const Frame& frame) {
  const Seal& stated = walk_.last_seal();
  hash_.add(bytes_of(chain_));
  hash_.add(bytes.substr(block_start_, frame.offset - block_start_));
  if (hash_.finish() != stated.chain) {
    fault(walk_.at(frame.offset, "the chain breaks: a byte of this block, or before it, changed"));
  }
  chain_ = stated.chain;
  block_start_ = walk_.offset();
  report.head_seq = walk_.next_seq() - 1;
  if (on_seal_) {
    on_seal_(walk_.next_seq() - 1, chain_);
  }
  ++report.blocks;
  if (signature_) {
    if (signature_->holds(signed_bytes(stated), stated.signature)) {
      ++report.signed_blocks;
    } else {
      fault(walk_.at(frame.offset, "the signature does not match"));
    }
  }
}

}  // namespace marktwacht
