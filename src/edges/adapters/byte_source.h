// Bytes from the world: a file or standard input, unpacked on the way where its name says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "edges/adapters/input.h"

namespace marktwacht {

// A stream of bytes. One thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Writes 1 to `room` bytes to `to` (`room` > 0) and says how many; 0 at the end. An error names
  // the source and says what is wrong with it; what came before it was valid, and every later call
  // gives it again.
  virtual std::expected<std::size_t, std::string> read(char* to, std::size_t room) = 0;
  // In bytes of the file as it lies on the disk.
  virtual Progress progress() const = 0;
  virtual std::string_view name() const = 0;  // as messages call it
};

using OpenedBytes = std::expected<std::unique_ptr<ByteSource>, std::string>;

// The file at `path` ("-" is standard input), unpacked when its name ends in .gz or .zst.
OpenedBytes open_bytes(const std::string& path);

// The bytes as they lie there.
OpenedBytes open_file(const std::string& path);

// More than this many bytes out for one byte in is refused as hostile. The first MiB is free, so
// that a small file of blanks passes.
inline constexpr std::uint64_t unpack_ratio_max = 200;
inline constexpr std::uint64_t unpack_free_bytes = 1 << 20;

// Streams of one or more gzip members or zstd frames.
std::unique_ptr<ByteSource> unpack_gzip(std::unique_ptr<ByteSource> packed);
std::unique_ptr<ByteSource> unpack_zstd(std::unique_ptr<ByteSource> packed);

}  // namespace marktwacht
