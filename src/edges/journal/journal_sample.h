// For tests and the fuzzer: small events, scratch folders, and journals made by hand.
#pragma once

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "edges/journal/format.h"
#include "edges/journal/journal.h"
#include "events/record.h"

namespace marktwacht::sample {

// In memory where there is such a file system: the tests sync a lot.
class Folder {
 public:
  Folder() {
    std::string name =
        std::filesystem::is_directory("/dev/shm") ? "/dev/shm/mwj-XXXXXX" : "/tmp/mwj-XXXXXX";
    check(mkdtemp(name.data()) != nullptr, "a scratch folder");
    path_ = name;
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// The nth event of a fixed stream; its texts live in `text`.
struct Made {
  std::string text;
  event::TradeVoid event;

  explicit Made(std::uint64_t n, std::string trade_id = {}) : text(std::move(trade_id)) {
    text = text.empty() ? "t" + std::to_string(n) : text;
    event.type = EventType::trade_void;
    event.ts = {static_cast<std::int64_t>(1'000 + n)};
    event.has_source_seq = true;
    event.source = make_text(n % 2 == 0 ? "even" : "odd");
    event.source_seq = n / 2;
    event.trade_id = make_text(text);
    event.present = 1;
  }
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
};

inline std::string payload_of(std::uint64_t n) {
  std::string payload;
  write_record(Made(n).event, payload);
  return payload;
}

inline SigningKey key(std::uint8_t number) {
  Digest seed{};
  seed.fill(number);
  return SigningKey::from_seed(seed);
}

// A segment made frame by frame, with right CRCs, chain and, given a key, signatures.
class Segment {
 public:
  explicit Segment(const SegmentHeader& header = {.schema = schema_hash()},
                   std::optional<SigningKey> key = {}, const InputPositions& positions = {})
      : header_(header), key_(std::move(key)), chain_(header.previous) {
    first_seq_ = next_seq_ = header.start_seq;
    write_header(header_, bytes_);
    std::string payload;
    positions.write(payload);
    frame(FrameType::positions, payload);
  }

  Segment& frame(FrameType type, std::string_view payload) {
    write_frame(type, payload, bytes_);
    next_seq_ += type == FrameType::event ? 1 : 0;
    return *this;
  }
  Segment& event(std::uint64_t n) { return frame(FrameType::event, payload_of(n)); }
  Segment& state_hash(const Digest& hash) {
    std::string payload;
    write_state_hash(next_seq_ - 1, hash, payload);
    return frame(FrameType::state_hash, payload);
  }
  Segment& seal(Mark mark = Mark::block) {
    Sha256 hash;
    hash.add(bytes_of(chain_));
    hash.add(std::string_view(bytes_).substr(sealed_));
    chain_ = hash.finish();
    Seal seal{mark, first_seq_, next_seq_ - first_seq_, chain_, {}};
    if (key_) {
      seal.signature = key_->sign(signed_bytes(seal));
    }
    std::string payload;
    write_seal(seal, header_.is_signed(), payload);
    frame(FrameType::seal, payload);
    first_seq_ = next_seq_;
    sealed_ = bytes_.size();
    return *this;
  }

  const std::string& bytes() const { return bytes_; }
  const Digest& chain() const { return chain_; }
  std::uint64_t next_seq() const { return next_seq_; }

 private:
  SegmentHeader header_;
  std::optional<SigningKey> key_;
  std::string bytes_;
  Digest chain_;
  std::size_t sealed_ = 0;
  std::uint64_t first_seq_ = 1;
  std::uint64_t next_seq_ = 1;
};

}  // namespace marktwacht::sample
