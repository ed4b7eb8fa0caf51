// .zst: one or more frames.
#include <zstd.h>

#include "base/check.h"
#include "edges/adapters/unpacked_source.h"

namespace marktwacht {
namespace {

class ZstdUnpacker : public Unpacker {
 public:
  ZstdUnpacker() : stream_(ZSTD_createDStream()) { check(stream_ != nullptr, "zstd starts"); }

  std::expected<void, std::string> step(std::string_view& in, std::span<char>& out) override {
    if (whole_ && in.empty()) {
      return {};  // zstd would ask for the next frame
    }
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t result = ZSTD_decompressStream(stream_.get(), &to, &from);
    in.remove_prefix(from.pos);
    out = out.subspan(to.pos);
    if (ZSTD_isError(result) != 0) {
      return std::unexpected(ZSTD_getErrorName(result));
    }
    whole_ = result == 0;
    return {};
  }

  bool whole() const override { return whole_; }
  std::string_view format() const override { return "zstd"; }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  bool whole_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> unpack_zstd(std::unique_ptr<ByteSource> packed) {
  return std::make_unique<UnpackedSource>(std::move(packed), std::make_unique<ZstdUnpacker>());
}

}  // namespace marktwacht
