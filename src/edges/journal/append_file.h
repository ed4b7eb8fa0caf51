// A file that only grows, and the directory it stands in.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace marktwacht {

// Not buffered: give it large pieces. After an error the file may hold a part of what was given.
class AppendFile {
 public:
  using Done = std::expected<void, std::string>;

  AppendFile() = default;
  ~AppendFile();
  AppendFile(AppendFile&& other) noexcept;
  AppendFile& operator=(AppendFile&& other) noexcept;

  // A new file; an error when there is one.
  static std::expected<AppendFile, std::string> create(const std::string& path);
  // An existing file, cut to `size` bytes.
  static std::expected<AppendFile, std::string> cut(const std::string& path, std::uint64_t size);

  Done append(std::string_view bytes);
  // Everything appended is on the disk after this.
  Done sync();

 private:
  std::string path_;
  int descriptor_ = -1;
};

// A directory held open: to make the names in it durable and to keep other writers away.
class SegmentFolder {
 public:
  SegmentFolder() = default;
  ~SegmentFolder();
  SegmentFolder(SegmentFolder&& other) noexcept;
  SegmentFolder& operator=(SegmentFolder&& other) noexcept;

  static std::expected<SegmentFolder, std::string> open(const std::string& path);
  // An error when another process, or another object of this one, has it.
  AppendFile::Done lock();
  AppendFile::Done sync();

 private:
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace marktwacht
