// Unpacking with a limit on the ratio.
#include "edges/adapters/unpacked_source.h"

#include <utility>

namespace marktwacht {

UnpackedSource::UnpackedSource(std::unique_ptr<ByteSource> packed,
                               std::unique_ptr<Unpacker> unpacker)
    : packed_(std::move(packed)), unpacker_(std::move(unpacker)), buffer_(64 * 1024) {}

std::expected<std::size_t, std::string> UnpackedSource::read(char* to, std::size_t room) {
  if (error_) {
    return std::unexpected(*error_);
  }
  while (true) {
    const auto count = unpack(to, room);
    if (!count || *count > 0) {
      return count;
    }
    if (!in_.empty()) {
      continue;
    }
    const auto more = refill();
    if (!more) {
      return std::unexpected(more.error());
    }
    if (!*more) {
      return 0;
    }
  }
}

std::expected<std::size_t, std::string> UnpackedSource::unpack(char* to, std::size_t room) {
  std::span<char> out(to, room);
  const std::size_t held = in_.size();
  const auto stepped = unpacker_->step(in_, out);
  const std::size_t count = room - out.size();
  bytes_in_ += held - in_.size();
  bytes_out_ += count;
  if (bytes_out_ > unpack_free_bytes && bytes_out_ > unpack_ratio_max * bytes_in_) {
    return fail("unpacks to more than " + std::to_string(unpack_ratio_max) +
                " times its size, beyond the decompression ratio limit of " +
                std::to_string(unpack_ratio_max) +
                ":1; unpack it beforehand if you trust where it comes from");
  }
  if (!stepped) {
    const auto failed =
        fail("broken " + std::string(unpacker_->format()) + " data: " + stepped.error());
    // What was unpacked before the fault is handed over first; the next call gives the error.
    return count > 0 ? std::expected<std::size_t, std::string>(count) : failed;
  }
  if (count == 0 && held > 0 && in_.size() == held) {
    return fail("broken " + std::string(unpacker_->format()) + " data");
  }
  return count;
}

std::expected<bool, std::string> UnpackedSource::refill() {
  const auto got = packed_->read(buffer_.data(), buffer_.size());
  if (!got) {
    error_ = got.error();
    return std::unexpected(*error_);
  }
  if (*got == 0 && !unpacker_->whole()) {
    return fail("the " + std::string(unpacker_->format()) +
                " data ends too early: the file was cut off");
  }
  in_ = {buffer_.data(), *got};
  return *got > 0;
}

std::unexpected<std::string> UnpackedSource::fail(const std::string& what) {
  error_ = std::string(packed_->name()) + ": " + what;
  return std::unexpected(*error_);
}

}  // namespace marktwacht
