// Files and standard input as byte sources.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "edges/adapters/byte_source.h"

namespace marktwacht {
namespace {

std::string reason_of(int error) { return std::generic_category().message(error); }

class FileSource : public ByteSource {
 public:
  FileSource(int file, bool owned, std::uint64_t bytes_total, std::string name)
      : file_(file), owned_(owned), progress_{0, bytes_total}, name_(std::move(name)) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override {
    if (owned_) {
      ::close(file_);
    }
  }

  std::expected<std::size_t, std::string> read(char* to, std::size_t room) override {
    ssize_t count = 0;
    do {
      count = ::read(file_, to, room);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
      return std::unexpected(name_ + ": cannot be read: " + reason_of(errno));
    }
    progress_.bytes_done += static_cast<std::uint64_t>(count);
    return static_cast<std::size_t>(count);
  }

  Progress progress() const override { return progress_; }
  std::string_view name() const override { return name_; }

 private:
  int file_;
  bool owned_;
  Progress progress_;
  std::string name_;
};

}  // namespace

OpenedBytes open_file(const std::string& path) {
  const bool standard_input = path == "-";
  const int file = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return std::unexpected(path + ": cannot be opened: " + reason_of(errno));
  }
  struct stat status{};
  const bool known = ::fstat(file, &status) == 0;
  const bool regular = known && S_ISREG(status.st_mode);
  auto source = std::make_unique<FileSource>(
      file, !standard_input, regular ? static_cast<std::uint64_t>(status.st_size) : 0,
      standard_input ? "standard input" : path);
  if (known && S_ISDIR(status.st_mode)) {
    return std::unexpected(path + ": is a folder; name a file");
  }
  if (regular) {
    ::posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  return source;
}

OpenedBytes open_bytes(const std::string& path) {
  auto file = open_file(path);
  if (file && path.ends_with(".gz")) {
    return unpack_gzip(std::move(*file));
  }
  if (file && path.ends_with(".zst")) {
    return unpack_zstd(std::move(*file));
  }
  return file;
}

}  // namespace marktwacht
