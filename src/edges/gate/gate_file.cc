// The system calls under the gate: see gate_file.h.
#include "edges/gate/gate_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/hmac.h"

namespace marktwacht {
namespace {

std::uint64_t word_at(const Digest& digest, std::size_t at) {
  std::uint64_t word = 0;
  std::memcpy(&word, digest.data() + at, sizeof word);
  return word;
}

constexpr std::size_t page = 4096;

}  // namespace

GateKey GateKey::of(std::string_view deployment_key) {
  const Digest names = hmac_sha256(deployment_key, "marktwacht gate names 1");
  const Digest mark = hmac_sha256(deployment_key, "marktwacht gate mark 1");
  return {{word_at(names, 0), word_at(names, 8)}, {word_at(mark, 0), word_at(mark, 8)}};
}

std::string gate_path(const std::string& folder) { return folder + "/table"; }

GatePlaces GatePlaces::for_subjects(std::uint64_t subjects) {
  std::uint32_t sizes = 1;
  while (sizes < sizes_max && std::uint64_t{heads(2 * (sizes - 1))} / 2 < subjects) {
    ++sizes;
  }
  return GatePlaces(sizes);
}

std::size_t GatePlaces::bytes(std::uint32_t place) {
  return (GateMemory::bytes_for(heads(place)) + page - 1) / page * page;
}

std::size_t GatePlaces::offset(std::uint32_t place) {
  std::size_t at = gate_header_bytes;
  for (std::uint32_t before = 0; before < place; ++before) {
    at += bytes(before);
  }
  return at;
}

GateLock::~GateLock() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

std::expected<GateLock, std::string> GateLock::take(const std::string& folder) {
  GateLock lock;
  lock.descriptor_ = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock.descriptor_ < 0 || flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    return std::unexpected(
        folder + ": " +
        (errno == EWOULDBLOCK ? "another writer has this gate" : std::strerror(errno)));
  }
  return lock;
}

GateMapping::~GateMapping() {
  if (words_ != nullptr) {
    munmap(words_, places_.file_bytes());
  }
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

GateMapping::GateMapping(GateMapping&& other) noexcept { *this = std::move(other); }

GateMapping& GateMapping::operator=(GateMapping&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(places_, other.places_);
  std::swap(words_, other.words_);
  return *this;
}

std::unexpected<std::string> GateMapping::system_error(const char* what) const {
  return std::unexpected(path_ + ": " + what + ": " + std::strerror(errno));
}

std::expected<void, std::string> GateMapping::map(Access access) {
  const int may = access == Access::write ? PROT_READ | PROT_WRITE : PROT_READ;
  void* const memory =
      mmap(nullptr, places_.file_bytes(), may, MAP_SHARED | MAP_NORESERVE, descriptor_, 0);
  if (memory == MAP_FAILED) {
    return system_error("cannot be mapped");
  }
  words_ = static_cast<GateWordCell*>(memory);
  return {};
}

std::expected<GateMapping, std::string> GateMapping::open(const std::string& path,
                                                          const GateKey& key, Access access) {
  GateMapping file;
  file.path_ = path;
  file.descriptor_ =
      ::open(path.c_str(), (access == Access::write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (file.descriptor_ < 0) {
    return file.system_error("no gate");
  }
  struct stat status{};
  std::uint64_t head[words_per_slot] = {};
  if (fstat(file.descriptor_, &status) != 0) {
    return file.system_error("no gate");
  }
  const ssize_t got = pread(file.descriptor_, head, sizeof head, 0);
  if (got != static_cast<ssize_t>(sizeof head) || head[header_word::magic] != gate_magic) {
    return std::unexpected(path + ": this is no gate");
  }
  const auto version = static_cast<std::uint32_t>(head[header_word::form]);
  const auto sizes = static_cast<std::uint32_t>(head[header_word::form] >> 32);
  if (version != gate_version) {
    return std::unexpected(path + ": a gate of version " + std::to_string(version) +
                           "; this program knows version " + std::to_string(gate_version));
  }
  if (NameHash{head[header_word::mark_low], head[header_word::mark_high]} != key.mark) {
    return std::unexpected(path + ": this gate was written with another deployment key");
  }
  file.places_ = GatePlaces(sizes);
  if (sizes == 0 || sizes > GatePlaces::sizes_max ||
      static_cast<std::uint64_t>(status.st_size) != file.places_.file_bytes()) {
    return std::unexpected(path + ": this gate is damaged: " + std::to_string(status.st_size) +
                           " bytes long");
  }
  if (auto mapped = file.map(access); !mapped) {
    return std::unexpected(mapped.error());
  }
  return file;
}

std::expected<GateMapping, std::string> GateMapping::create(const std::string& path,
                                                            const GateKey& key,
                                                            const GatePlaces& places,
                                                            unsigned mode) {
  GateMapping file;
  file.path_ = path + ".new";
  file.places_ = places;
  unlink(file.path_.c_str());
  file.descriptor_ = ::open(file.path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file.descriptor_ < 0 || fchmod(file.descriptor_, mode) != 0 ||
      ftruncate(file.descriptor_, static_cast<off_t>(places.file_bytes())) != 0) {
    return file.system_error("cannot be made");
  }
  const std::uint64_t head[] = {gate_magic, gate_version | std::uint64_t{places.sizes()} << 32,
                                key.mark.low, key.mark.high};
  if (pwrite(file.descriptor_, head, sizeof head, 0) != static_cast<ssize_t>(sizeof head)) {
    return file.system_error("cannot be written");
  }
  if (const int failed = posix_fallocate(file.descriptor_, 0, gate_header_bytes); failed != 0) {
    errno = failed;
    return file.system_error("cannot be written");
  }
  if (auto mapped = file.map(Access::write); !mapped) {
    return std::unexpected(mapped.error());
  }
  if (std::rename(file.path_.c_str(), path.c_str()) != 0) {
    return file.system_error("cannot be put in place");
  }
  file.path_ = path;
  return file;
}

GateMemory GateMapping::memory(std::uint32_t place) const {
  return {words_ + GatePlaces::offset(place) / sizeof(GateWordCell), GatePlaces::heads(place)};
}

std::expected<void, std::string> GateMapping::clear(std::uint32_t place) {
  const auto offset = static_cast<off_t>(GatePlaces::offset(place));
  const auto bytes = static_cast<off_t>(GatePlaces::bytes(place));
  if (fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, bytes) == 0) {
    return {};
  }
  if (errno != EOPNOTSUPP) {
    return system_error("cannot be cleared");
  }
  if (auto room = reserve(place); !room) {
    return room;
  }
  GateWordCell* const words = memory(place).words;
  for (std::size_t at = 0; at < GatePlaces::bytes(place) / sizeof(GateWordCell); ++at) {
    words[at].store(0, std::memory_order_relaxed);
  }
  return {};
}

std::expected<void, std::string> GateMapping::reserve(std::uint32_t place) {
  const int failed = posix_fallocate(descriptor_, static_cast<off_t>(GatePlaces::offset(place)),
                                     static_cast<off_t>(GatePlaces::bytes(place)));
  if (failed != 0) {
    errno = failed;
    return system_error("no room for a larger table");
  }
  return {};
}

void GateMapping::warm(std::uint32_t place) const {
  // Only saves the first questions some page faults: no matter where the system cannot.
  madvise(static_cast<void*>(memory(place).words), GatePlaces::bytes(place), MADV_POPULATE_READ);
}

}  // namespace marktwacht
