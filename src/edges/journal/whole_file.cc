// See whole_file.h.
#include "edges/journal/whole_file.h"

#include <filesystem>
#include <system_error>

#include "edges/journal/append_file.h"

namespace marktwacht {

std::expected<void, std::string> write_whole_file(const std::string& path, std::string_view bytes) {
  const std::string beside = path + ".part";
  std::error_code error;
  std::filesystem::remove(beside, error);
  auto file = AppendFile::create(beside);
  if (!file) {
    return std::unexpected(file.error());
  }
  auto done = file->append(bytes);
  done = done ? file->sync() : done;
  if (!done) {
    return done;
  }
  std::filesystem::rename(beside, path, error);
  if (error) {
    return std::unexpected(path + ": " + error.message());
  }
  auto folder = SegmentFolder::open(std::filesystem::path(path).parent_path().string());
  return folder ? folder->sync() : std::unexpected(folder.error());
}

}  // namespace marktwacht
