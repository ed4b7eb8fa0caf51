// A byte source whose beginning somebody looked at to find out what it holds.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "edges/adapters/byte_source.h"

namespace marktwacht {

// Gives every byte of `source`, those that were looked at as well.
class PeekedSource : public ByteSource {
 public:
  explicit PeekedSource(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}

  // Whether the first byte that is no BOM and no blank is `{`, as in NDJSON. Waits for that byte;
  // call it before `read`. The first 64 KiB decide.
  std::expected<bool, std::string> begins_with_object();

  std::expected<std::size_t, std::string> read(char* to, std::size_t room) override;
  Progress progress() const override { return source_->progress(); }
  std::string_view name() const override { return source_->name(); }

 private:
  std::unique_ptr<ByteSource> source_;
  std::string front_;
  std::size_t given_ = 0;  // of front_
};

}  // namespace marktwacht
