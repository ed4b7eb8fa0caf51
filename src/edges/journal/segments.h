// The files that a journal is made of, mapped read-only one by one.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace marktwacht {

class Segments {
 public:
  // A file; a directory that holds segments; or a data directory with such a folder `journal`.
  // An error when there is none, or a `*.mwj` in the directory that is not named as a segment.
  static std::expected<Segments, std::string> find(const std::string& path);
  // The segments right in `directory`; may be none.
  static std::expected<Segments, std::string> list(const std::string& directory);

  ~Segments();
  Segments(Segments&&) noexcept;
  Segments& operator=(Segments&&) noexcept;

  // Whether this is a whole journal rather than one file of it.
  bool is_directory() const { return is_directory_; }
  std::size_t count() const { return files_.size(); }
  const std::string& path(std::size_t index) const { return files_[index].path; }
  // For messages: the file's name without its directory.
  std::string name(std::size_t index) const;
  std::uint64_t bytes_total() const;

  // The bytes of a segment as they are now; valid until `unmap` or the end of this object. The
  // file must not be cut meanwhile.
  std::expected<std::string_view, std::string> map(std::size_t index);
  void unmap(std::size_t index);
  // Gives back the memory of the first `size` bytes; they stay valid and are read again if needed.
  void release(std::size_t index, std::size_t size);

 private:
  struct File {
    std::string path;
    std::uint64_t size = 0;
    void* at = nullptr;
    std::size_t mapped = 0;
  };

  Segments() = default;

  bool is_directory_ = false;
  std::vector<File> files_;
};

}  // namespace marktwacht
