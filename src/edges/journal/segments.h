// The files that a journal is made of, mapped read-only one by one.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edges/journal/checkpoint.h"

namespace marktwacht {

class Segments {
 public:
  // A file; a directory that holds segments; or a data directory with such a folder `journal`.
  // An error when there is none, or a `*.mwj` in the directory that is not named as a segment.
  static std::expected<Segments, std::string> find(const std::string& path);
  // The segments right in `directory`; may be none. Those that its checkpoint stands for are no
  // part of the journal any more; an error when the checkpoint is damaged.
  static std::expected<Segments, std::string> list(const std::string& directory);

  ~Segments();
  Segments(Segments&&) noexcept;
  Segments& operator=(Segments&&) noexcept;

  // Whether this is a whole journal rather than one file of it.
  bool is_directory() const { return is_directory_; }
  // Of a whole journal, where its segments are.
  const std::string& directory() const { return directory_; }
  // Where the journal begins behind one.
  const std::optional<Checkpoint>& checkpoint() const { return checkpoint_; }
  // The end of what was dropped.
  std::optional<SegmentEnd> begins_behind() const {
    return checkpoint_ ? std::optional(checkpoint_->end()) : std::nullopt;
  }
  // Files of segments that the checkpoint stands for and that are still there, oldest first.
  const std::vector<std::string>& passed_over() const { return passed_over_; }
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
  void begin_behind(Checkpoint checkpoint);

  bool is_directory_ = false;
  std::string directory_;
  std::vector<File> files_;
  std::optional<Checkpoint> checkpoint_;
  std::vector<std::string> passed_over_;
};

}  // namespace marktwacht
