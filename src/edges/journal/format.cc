// Writing and reading the journal's parts, one by one.
#include "edges/journal/format.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/crc32c.h"

namespace marktwacht {
namespace {

constexpr std::string_view signing_domain{"marktwacht journal block 1\n"};
constexpr std::size_t seal_bytes = 49;

std::string_view bytes_of_key(const PublicKey& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

template <std::size_t size>
void copy_to(std::array<std::uint8_t, size>& to, std::string_view from) {
  if (from.size() == size) {
    std::memcpy(to.data(), from.data(), size);
  }
}

}  // namespace

void write_header(const SegmentHeader& header, std::string& out) {
  const std::size_t start = out.size();
  ByteWriter writer(out);
  writer.raw(journal_magic);
  writer.fixed(journal_version);
  writer.fixed(header.segment);
  writer.fixed(header.start_seq);
  writer.raw(bytes_of(header.schema));
  writer.raw(bytes_of(header.previous));
  writer.raw(bytes_of_key(header.key));
  writer.fixed(header.engine);
  writer.fixed(crc32c(std::string_view(out).substr(start)));
  check(out.size() - start == header_bytes, "a segment header has its size");
}

std::expected<SegmentHeader, std::string> read_header(std::string_view bytes) {
  if (!bytes.starts_with(journal_magic)) {
    return std::unexpected("no journal: the magic is missing");
  }
  if (bytes.size() < header_bytes) {
    return std::unexpected("the segment header is incomplete");
  }
  ByteReader reader(bytes.substr(journal_magic.size(), header_bytes - journal_magic.size()));
  const auto version = reader.fixed<std::uint32_t>();
  if (version != journal_version) {
    return std::unexpected("journal version " + std::to_string(version) +
                           "; this program reads version " + std::to_string(journal_version));
  }
  SegmentHeader header;
  header.segment = reader.fixed<std::uint32_t>();
  header.start_seq = reader.fixed<std::uint64_t>();
  copy_to(header.schema, reader.raw(header.schema.size()));
  copy_to(header.previous, reader.raw(header.previous.size()));
  copy_to(header.key, reader.raw(header.key.size()));
  header.engine = reader.fixed<std::uint32_t>();
  const auto crc = reader.fixed<std::uint32_t>();
  if (crc != crc32c(bytes.substr(0, header_bytes - sizeof crc))) {
    return std::unexpected("the segment header's CRC does not match");
  }
  if (header.segment == 0 || header.start_seq == 0 || header.start_seq > start_seq_max) {
    return std::unexpected("the segment header holds impossible numbers");
  }
  return header;
}

void write_frame(FrameType type, std::string_view payload, std::string& out) {
  check(payload.size() <= payload_bytes_max, "a payload is within its limit");
  const std::uint32_t word =
      static_cast<std::uint32_t>(payload.size()) | static_cast<std::uint32_t>(type) << 24;
  char bytes[frame_head_bytes];
  std::memcpy(bytes, &word, 4);
  const std::uint32_t head_crc = crc32c({bytes, 4});
  const auto guard = static_cast<std::uint16_t>(head_crc);
  const std::uint32_t crc = crc32c(payload, head_crc);
  std::memcpy(bytes + 4, &guard, 2);
  std::memcpy(bytes + 6, &crc, 4);
  out.append(bytes, sizeof bytes);
  out.append(payload);
}

void write_seal(const Seal& seal, bool with_signature, std::string& out) {
  ByteWriter writer(out);
  writer.byte(static_cast<std::uint8_t>(seal.mark));
  writer.fixed(seal.first_seq);
  writer.fixed(seal.records);
  writer.raw(bytes_of(seal.chain));
  if (with_signature) {
    writer.raw(bytes_of(seal.signature));
  }
}

std::expected<Seal, std::string> read_seal(std::string_view payload, bool with_signature) {
  Seal seal;
  if (payload.size() != seal_bytes + (with_signature ? seal.signature.size() : 0)) {
    return std::unexpected(with_signature ? "a seal without a signature, though the segment names "
                                            "a key"
                                          : "a seal of the wrong size");
  }
  ByteReader reader(payload);
  seal.mark = static_cast<Mark>(reader.byte());
  seal.first_seq = reader.fixed<std::uint64_t>();
  seal.records = reader.fixed<std::uint64_t>();
  copy_to(seal.chain, reader.raw(seal.chain.size()));
  if (with_signature) {
    copy_to(seal.signature, reader.raw(seal.signature.size()));
  }
  if (seal.mark > Mark::closed) {
    return std::unexpected("a seal with an unknown mark");
  }
  return seal;
}

std::string signed_bytes(const Seal& seal) {
  std::string bytes(signing_domain);
  write_seal(seal, false, bytes);
  return bytes;
}

void write_batch_mark(const BatchMark& mark, std::string& out) {
  ByteWriter writer(out);
  writer.fixed(mark.last_seq);
  writer.fixed(mark.at.ns);
  writer.text(mark.source);
  writer.text(mark.idempotency_key);
  writer.varint(mark.accepted);
  writer.varint(mark.rejected);
}

std::expected<BatchMark, std::string> read_batch_mark(std::string_view payload) {
  ByteReader reader(payload);
  BatchMark mark;
  mark.last_seq = reader.fixed<std::uint64_t>();
  mark.at.ns = reader.fixed<std::int64_t>();
  mark.source = reader.text();
  mark.idempotency_key = reader.text();
  mark.accepted = reader.varint();
  mark.rejected = reader.varint();
  if (!reader.ok() || !reader.done() || mark.source.size() > BatchMark::name_bytes_max ||
      mark.idempotency_key.size() > BatchMark::name_bytes_max) {
    return std::unexpected("a malformed batch mark");
  }
  return mark;
}

void write_state_hash(std::uint64_t seq, const Digest& hash, std::string& out) {
  ByteWriter writer(out);
  writer.fixed(seq);
  writer.raw(bytes_of(hash));
}

void InputPositions::note(const Event& event) {
  if (!event.has_source_seq) {
    return;
  }
  const std::string_view source = event.source.view();
  const auto found = last_.find(source);
  if (found != last_.end()) {
    found->second = std::max(found->second, event.source_seq);
  } else if (last_.size() < sources_max) {
    last_.emplace(source, event.source_seq);
  } else {
    complete_ = false;
  }
}

void InputPositions::write(std::string& out) const {
  ByteWriter writer(out);
  writer.byte(complete_ ? 1 : 0);
  writer.varint(last_.size());
  for (const auto& [source, seq] : last_) {
    writer.text(source);
    writer.varint(seq);
  }
}

std::expected<InputPositions, std::string> InputPositions::read(std::string_view payload) {
  InputPositions positions;
  ByteReader reader(payload);
  const std::uint8_t complete = reader.byte();
  const std::uint64_t count = reader.varint();
  bool good = complete <= 1 && count <= sources_max;
  std::string_view before;
  for (std::uint64_t i = 0; good && reader.ok() && i < count; ++i) {
    const std::string_view source = reader.text();
    good = source.size() <= id_bytes_max && (i == 0 || before < source);
    positions.last_.emplace_hint(positions.last_.end(), source, reader.varint());
    before = source;
  }
  if (!good || !reader.ok() || !reader.done()) {
    return std::unexpected("malformed input positions");
  }
  positions.complete_ = complete == 1;
  return positions;
}

std::string segment_name(std::uint64_t start_seq) {
  const std::string digits = std::to_string(start_seq);
  return std::string(20 - digits.size(), '0') + digits + ".mwj";
}

bool is_segment_name(std::string_view name) {
  return name.size() == 24 && name.ends_with(".mwj") &&
         std::ranges::all_of(name.substr(0, 20), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace marktwacht
