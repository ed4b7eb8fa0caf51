// The system calls under the journal's writer.
#include "edges/journal/append_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace marktwacht {
namespace {

std::unexpected<std::string> system_error(const std::string& path) {
  return std::unexpected(path + ": " + std::strerror(errno));
}

}  // namespace

AppendFile::~AppendFile() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

std::expected<AppendFile, std::string> AppendFile::create(const std::string& path) {
  AppendFile file;
  file.path_ = path;
  file.descriptor_ = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
  if (file.descriptor_ < 0) {
    return system_error(path);
  }
  return file;
}

std::expected<AppendFile, std::string> AppendFile::cut(const std::string& path,
                                                       std::uint64_t size) {
  AppendFile file;
  file.path_ = path;
  file.descriptor_ = open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file.descriptor_ < 0 || ftruncate(file.descriptor_, static_cast<off_t>(size)) != 0 ||
      fsync(file.descriptor_) != 0) {
    return system_error(path);
  }
  return file;
}

AppendFile::Done AppendFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return system_error(path_);
    }
    bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  return {};
}

AppendFile::Done AppendFile::sync() {
  return fdatasync(descriptor_) == 0 ? Done{} : system_error(path_);
}

SegmentFolder::~SegmentFolder() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

SegmentFolder::SegmentFolder(SegmentFolder&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

SegmentFolder& SegmentFolder::operator=(SegmentFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

std::expected<SegmentFolder, std::string> SegmentFolder::open(const std::string& path) {
  SegmentFolder directory;
  directory.path_ = path;
  directory.descriptor_ = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory.descriptor_ < 0) {
    return system_error(path);
  }
  return directory;
}

AppendFile::Done SegmentFolder::lock() {
  if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
    return {};
  }
  return errno == EWOULDBLOCK ? std::unexpected(path_ + ": another writer has this journal")
                              : system_error(path_);
}

AppendFile::Done SegmentFolder::sync() {
  // EINVAL: this file system keeps its names by itself.
  return fsync(descriptor_) == 0 || errno == EINVAL ? AppendFile::Done{} : system_error(path_);
}

}  // namespace marktwacht
