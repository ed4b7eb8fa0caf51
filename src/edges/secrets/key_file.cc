// Files of keys: their modes are asked of the open file, so that it cannot be exchanged in between.
#include "edges/secrets/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "edges/secrets/random.h"

namespace marktwacht {
namespace {

using Done = std::expected<void, std::string>;

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

std::unexpected<std::string> failure(const std::string& path) {
  return std::unexpected(path + ": " + std::strerror(errno));
}

Done is_private(const File& file, const std::string& path) {
  struct stat status{};
  if (fstat(file.descriptor(), &status) != 0) {
    return failure(path);
  }
  if (!S_ISREG(status.st_mode)) {
    return std::unexpected(path + ": a key must be a plain file");
  }
  if ((status.st_mode & 077) != 0) {
    return std::unexpected(path + ": others may read this key: its mode must be 0600 (chmod 600)");
  }
  return {};
}

std::expected<std::string, std::string> checked(std::string key, const std::string& place) {
  while (key.ends_with('\n') || key.ends_with('\r')) {
    key.pop_back();
  }
  const bool printable = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7F; });
  if (key.size() < key_characters_min || key.size() > key_characters_max || !printable) {
    wipe(key);
    return std::unexpected(place + ": a key is one line of " + std::to_string(key_characters_min) +
                           " to " + std::to_string(key_characters_max) +
                           " letters, digits and signs without spaces; `marktwacht key new` makes "
                           "one");
  }
  return key;
}

}  // namespace

std::expected<std::string, std::string> load_key(const std::string& path, const char* variable) {
  if (path.empty()) {
    const char* const value = std::getenv(variable);
    if (value == nullptr) {
      return std::unexpected(std::string("no key: neither a file nor ") + variable +
                             " in the environment");
    }
    return checked(value, variable);
  }
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.descriptor() < 0) {
    return failure(path);
  }
  if (auto good = is_private(file, path); !good) {
    return std::unexpected(good.error());
  }
  std::string key(key_characters_max + 3, '\0');  // what is longer shows
  const ssize_t size = read(file.descriptor(), key.data(), key.size());
  if (size < 0) {
    return failure(path);
  }
  key.resize(static_cast<std::size_t>(size));
  return checked(std::move(key), path);
}

std::expected<std::string, std::string> make_key_file(const std::string& path) {
  const File file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.descriptor() < 0) {
    return failure(path);
  }
  std::string key = random_hex(32);
  std::string line = key + "\n";
  const ssize_t written = write(file.descriptor(), line.data(), line.size());
  const bool whole = written == static_cast<ssize_t>(line.size()) && fsync(file.descriptor()) == 0;
  wipe(line);
  if (!whole) {
    wipe(key);
    unlink(path.c_str());
    return std::unexpected(path + ": the key could not be written");
  }
  return key;
}

}  // namespace marktwacht
