// The journal's bytes: segment header, frames, seals, input positions. Every byte: format.md.
// Stored on disk: never change what is written here; a new form is a new version.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/sha256.h"
#include "edges/journal/batch_mark.h"
#include "engine/version.h"
#include "events/event.h"

namespace marktwacht {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

inline constexpr std::string_view journal_magic{"\x89MWJ\r\n\x1a\n", 8};
inline constexpr std::uint32_t journal_version = 3;
inline constexpr std::size_t header_bytes = 128;
inline constexpr std::size_t frame_head_bytes = 10;
inline constexpr std::size_t payload_bytes_max = 2u << 20;
inline constexpr std::uint64_t start_seq_max = 1ull << 62;

// Stored in the journal: never renumber.
enum class FrameType : std::uint8_t {
  positions = 1,
  event = 2,
  state_hash = 3,
  seal = 4,
  batch = 5
};
// What a seal ends: a block; the segment, and another follows; the segment and the journal.
enum class Mark : std::uint8_t { block = 0, continued = 1, closed = 2 };

inline std::string_view bytes_of(const Signature& signature) {
  return {reinterpret_cast<const char*>(signature.data()), signature.size()};
}

struct SegmentHeader {
  std::uint32_t segment = 1;    // its number in the journal, from 1
  std::uint64_t start_seq = 1;  // of its first record
  Digest schema{};
  Digest previous{};  // the chain's last hash in the segment before it; zero in the first
  PublicKey key{};    // zero when the blocks are not signed
  std::uint32_t engine = engine_version;  // that made the alerts in it

  bool is_signed() const { return key != PublicKey{}; }
};

void write_header(const SegmentHeader& header, std::string& out);
// From the first `header_bytes` of a segment. An error says what is wrong, without the place.
std::expected<SegmentHeader, std::string> read_header(std::string_view bytes);

// What stands before a frame's payload.
struct FrameHead {
  std::uint32_t length = 0;  // of the payload
  std::uint8_t type = 0;
  std::uint16_t guard = 0;  // the low half of the CRC-32C over length and type alone
  std::uint32_t crc = 0;    // CRC-32C over length, type and payload
};

void write_frame(FrameType type, std::string_view payload, std::string& out);
// `at` has `frame_head_bytes` readable bytes.
inline FrameHead load_frame_head(const char* at) {
  std::uint32_t word = 0;
  FrameHead head;
  std::memcpy(&word, at, 4);
  std::memcpy(&head.guard, at + 4, 2);
  std::memcpy(&head.crc, at + 6, 4);
  head.length = word & 0xFF'FFFF;
  head.type = static_cast<std::uint8_t>(word >> 24);
  return head;
}

// A block's head, as its seal states it.
struct Seal {
  Mark mark = Mark::block;
  std::uint64_t first_seq = 0;
  std::uint64_t records = 0;
  Digest chain{};
  Signature signature{};  // only in a segment that names a key
};

void write_seal(const Seal& seal, bool with_signature, std::string& out);
std::expected<Seal, std::string> read_seal(std::string_view payload, bool with_signature);
// What the signature is over: a fixed text, then the seal without its signature.
std::string signed_bytes(const Seal& seal);

void write_batch_mark(const BatchMark& mark, std::string& out);
std::expected<BatchMark, std::string> read_batch_mark(std::string_view payload);

void write_state_hash(std::uint64_t seq, const Digest& hash, std::string& out);

// The last `source_seq` of each source, as a restart needs them. Holds no more than `sources_max`
// sources: those that come later are left out, and `complete` says so.
class InputPositions {
 public:
  static constexpr std::size_t sources_max = 4096;

  void note(const Event& event);
  bool complete() const { return complete_; }
  const std::map<std::string, std::uint64_t, std::less<>>& last() const { return last_; }

  void write(std::string& out) const;
  static std::expected<InputPositions, std::string> read(std::string_view payload);

  bool operator==(const InputPositions& other) const {
    return complete_ == other.complete_ && last_ == other.last_;
  }

 private:
  std::map<std::string, std::uint64_t, std::less<>> last_;
  bool complete_ = true;
};

// "00000000000000000001.mwj": the segment that starts with this seq.
std::string segment_name(std::uint64_t start_seq);
bool is_segment_name(std::string_view name);

}  // namespace marktwacht
