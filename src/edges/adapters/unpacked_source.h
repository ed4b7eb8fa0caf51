// A byte source that unpacks another one: what gzip and zstd have in common.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "edges/adapters/byte_source.h"

namespace marktwacht {

// One format of compression, as a step function.
class Unpacker {
 public:
  virtual ~Unpacker() = default;
  // Takes from the front of `in` and writes to the front of `out`, cutting off both what it used.
  // An error says what is wrong with the data. `in` may be empty: what is held back is written.
  virtual std::expected<void, std::string> step(std::string_view& in, std::span<char>& out) = 0;
  // Whether the data so far ends at the end of a member or frame.
  virtual bool whole() const = 0;
  virtual std::string_view format() const = 0;
};

// Pulls packed bytes, unpacks them, watches the ratio and the end.
class UnpackedSource : public ByteSource {
 public:
  UnpackedSource(std::unique_ptr<ByteSource> packed, std::unique_ptr<Unpacker> unpacker);

  std::expected<std::size_t, std::string> read(char* to, std::size_t room) override;
  Progress progress() const override { return packed_->progress(); }
  std::string_view name() const override { return packed_->name(); }

 private:
  std::expected<std::size_t, std::string> unpack(char* to, std::size_t room);
  // Whether there is something to unpack.
  std::expected<bool, std::string> refill();
  std::unexpected<std::string> fail(const std::string& what);

  std::unique_ptr<ByteSource> packed_;
  std::unique_ptr<Unpacker> unpacker_;
  std::vector<char> buffer_;
  std::string_view in_;
  std::uint64_t bytes_in_ = 0, bytes_out_ = 0;
  std::optional<std::string> error_;
};

}  // namespace marktwacht
