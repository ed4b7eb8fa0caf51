// Finding and mapping a journal's files.
#include "edges/journal/segments.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "edges/journal/format.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;

std::string failed(const std::string& path) { return path + ": " + std::strerror(errno); }

}  // namespace

Segments::~Segments() {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    unmap(i);
  }
}

Segments::Segments(Segments&& other) noexcept
    : is_directory_(other.is_directory_),
      directory_(std::move(other.directory_)),
      files_(std::exchange(other.files_, {})),
      checkpoint_(std::move(other.checkpoint_)),
      passed_over_(std::move(other.passed_over_)) {}

Segments& Segments::operator=(Segments&& other) noexcept {
  std::swap(is_directory_, other.is_directory_);
  std::swap(directory_, other.directory_);
  std::swap(files_, other.files_);
  std::swap(checkpoint_, other.checkpoint_);
  std::swap(passed_over_, other.passed_over_);
  return *this;
}

std::expected<Segments, std::string> Segments::list(const std::string& directory) {
  Segments segments;
  segments.is_directory_ = true;
  segments.directory_ = directory;
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  for (; !error && entries != fs::directory_iterator{}; entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (!name.ends_with(".mwj")) {
      continue;
    }
    if (!is_segment_name(name)) {
      return std::unexpected(directory + ": " + name + " is not named as a segment (20 digits)");
    }
    const std::uint64_t size = entries->file_size(error);
    segments.files_.push_back({.path = entries->path().string(), .size = size});
  }
  if (error) {
    return std::unexpected(directory + ": " + error.message());
  }
  std::ranges::sort(segments.files_, {}, &File::path);
  auto checkpoint = read_checkpoint(directory);
  if (!checkpoint) {
    return std::unexpected(checkpoint.error());
  }
  if (*checkpoint) {
    segments.begin_behind(**std::move(checkpoint));
  }
  return segments;
}

void Segments::begin_behind(Checkpoint checkpoint) {
  checkpoint_ = std::move(checkpoint);
  const std::string first = segment_name(checkpoint_->end().next_seq);
  std::size_t gone = 0;
  while (gone < files_.size() && name(gone) < first) {
    passed_over_.push_back(files_[gone++].path);
  }
  files_.erase(files_.begin(), files_.begin() + static_cast<std::ptrdiff_t>(gone));
}

std::expected<Segments, std::string> Segments::find(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (error) {
    return std::unexpected(path + ": " + error.message());
  }
  if (!fs::is_directory(status)) {
    if (!fs::is_regular_file(status)) {
      return std::unexpected(path + ": neither a file nor a directory");
    }
    Segments segments;
    segments.files_.push_back({.path = path, .size = fs::file_size(path, error)});
    return segments;
  }
  auto segments = list(path);
  const std::string inner = (fs::path(path) / "journal").string();
  if ((!segments || segments->count() == 0) && fs::is_directory(inner, error)) {
    segments = list(inner);
  }
  if (segments && segments->count() == 0) {
    return std::unexpected(path + ": holds no journal (no *.mwj)");
  }
  return segments;
}

std::string Segments::name(std::size_t index) const {
  return fs::path(files_[index].path).filename().string();
}

std::uint64_t Segments::bytes_total() const {
  std::uint64_t total = 0;
  for (const File& file : files_) {
    total += file.size;
  }
  return total;
}

std::expected<std::string_view, std::string> Segments::map(std::size_t index) {
  File& file = files_[index];
  unmap(index);
  const int descriptor = open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (descriptor < 0 || fstat(descriptor, &status) != 0) {
    const std::string error = failed(file.path);
    if (descriptor >= 0) {
      close(descriptor);
    }
    return std::unexpected(error);
  }
  std::string error;
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > 0) {
    void* at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (at == MAP_FAILED) {
      error = failed(file.path);
    } else {
      madvise(at, size, MADV_SEQUENTIAL);
      file.at = at;
      file.mapped = size;
    }
  }
  close(descriptor);
  if (!error.empty()) {
    return std::unexpected(error);
  }
  return std::string_view(static_cast<const char*>(file.at), file.mapped);
}

void Segments::unmap(std::size_t index) {
  File& file = files_[index];
  if (file.at != nullptr) {
    munmap(file.at, file.mapped);
  }
  file.at = nullptr;
  file.mapped = 0;
}

void Segments::release(std::size_t index, std::size_t size) {
  File& file = files_[index];
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  size = std::min(size, file.mapped) / page * page;
  if (size > 0) {
    madvise(file.at, size, MADV_DONTNEED);
  }
}

}  // namespace marktwacht
