// .gz: one or more members, zeros behind them ignored.
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "edges/adapters/unpacked_source.h"

namespace marktwacht {
namespace {

class GzipUnpacker : public Unpacker {
 public:
  GzipUnpacker() {
    constexpr int gzip_only = 16;
    check(inflateInit2(&stream_, MAX_WBITS + gzip_only) == Z_OK, "zlib starts");
  }
  GzipUnpacker(const GzipUnpacker&) = delete;
  GzipUnpacker& operator=(const GzipUnpacker&) = delete;
  ~GzipUnpacker() override { inflateEnd(&stream_); }

  std::expected<void, std::string> step(std::string_view& in, std::span<char>& out) override {
    if (whole_) {
      in.remove_prefix(std::min(in.find_first_not_of('\0'), in.size()));
      if (in.empty()) {
        return {};
      }
      inflateReset(&stream_);
      whole_ = false;
    }
    constexpr std::size_t step_bytes_max = std::numeric_limits<uInt>::max();
    const std::size_t in_bytes = std::min(in.size(), step_bytes_max);
    const std::size_t out_bytes = std::min(out.size(), step_bytes_max);
    // zlib takes its input without const and does not write to it.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in_bytes);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out_bytes);
    const int result = inflate(&stream_, Z_NO_FLUSH);
    in.remove_prefix(in_bytes - stream_.avail_in);
    out = out.subspan(out_bytes - stream_.avail_out);
    whole_ = result == Z_STREAM_END;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      return std::unexpected(stream_.msg != nullptr ? stream_.msg : zError(result));
    }
    return {};
  }

  bool whole() const override { return whole_; }
  std::string_view format() const override { return "gzip"; }

 private:
  z_stream stream_{};
  bool whole_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> unpack_gzip(std::unique_ptr<ByteSource> packed) {
  return std::make_unique<UnpackedSource>(std::move(packed), std::make_unique<GzipUnpacker>());
}

}  // namespace marktwacht
