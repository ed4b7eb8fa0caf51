// The file that the gate's writer and its readers map: a header, then room for every generation.
// Every byte: docs/formats/gate.md.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "gate/layout.h"

namespace marktwacht {

// What is made of the deployment key: the key of names, and a mark by which to know it again.
struct GateKey {
  NameKey names;
  NameHash mark;

  static GateKey of(std::string_view deployment_key);
};

// The header's words.
namespace header_word {
inline constexpr std::size_t magic = 0;
inline constexpr std::size_t form = 1;  // version | number of sizes << 32
inline constexpr std::size_t mark_low = 2, mark_high = 3;
inline constexpr std::size_t stale_ns = 4;
// Generation << 8 | its place; 0 = nothing was ever published. On a line of its own, with the
// heartbeat: what every question reads.
inline constexpr std::size_t active = 8;
inline constexpr std::size_t heartbeat_ns = 9;
}  // namespace header_word

inline constexpr std::uint64_t gate_magic = 0x0A45'5441'4757'4D89;  // "\x89MWGATE\n"
inline constexpr std::uint32_t gate_version = 2;
inline constexpr std::size_t gate_header_bytes = 4096;

// Where generations lie. Each size of table has two places, so that a new one can be built beside
// the one in use; what is not in use takes no memory.
class GatePlaces {
 public:
  static constexpr std::uint32_t heads_least = 1'024;
  static constexpr std::uint32_t sizes_max = 17;

  GatePlaces() = default;
  explicit GatePlaces(std::uint32_t sizes) : sizes_(sizes) {}
  // Enough for so many restricted subjects, or as many as there can be.
  static GatePlaces for_subjects(std::uint64_t subjects);

  std::uint32_t sizes() const { return sizes_; }
  std::uint32_t count() const { return 2 * sizes_; }
  static std::uint32_t heads(std::uint32_t place) { return heads_least << (place / 2); }
  static std::size_t bytes(std::uint32_t place);
  static std::size_t offset(std::uint32_t place);
  std::size_t file_bytes() const { return offset(count()); }

 private:
  std::uint32_t sizes_ = 0;
};

// Keeps other writers out of a gate's folder for as long as it lives; the system lets go of it when
// the process dies.
class GateLock {
 public:
  GateLock() = default;
  ~GateLock();
  GateLock(GateLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  GateLock& operator=(GateLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

  static std::expected<GateLock, std::string> take(const std::string& folder);

 private:
  int descriptor_ = -1;
};

// The whole file in memory.
class GateMapping {
 public:
  GateMapping() = default;
  ~GateMapping();
  GateMapping(GateMapping&& other) noexcept;
  GateMapping& operator=(GateMapping&& other) noexcept;

  enum class Access : std::uint8_t { read, write };
  // An error says what is wrong with the file: it is none of ours, of another version, cut short or
  // written with another key.
  static std::expected<GateMapping, std::string> open(const std::string& path, const GateKey& key,
                                                      Access access);
  // A new file in place of what may be there.
  static std::expected<GateMapping, std::string> create(const std::string& path, const GateKey& key,
                                                        const GatePlaces& places, unsigned mode);

  const GatePlaces& places() const { return places_; }
  GateWordCell& header(std::size_t word) const { return words_[word]; }
  GateMemory memory(std::uint32_t place) const;
  // Gives the place's memory back; it reads as zeros.
  std::expected<void, std::string> clear(std::uint32_t place);
  // So that writing to it cannot fail for want of room.
  std::expected<void, std::string> reserve(std::uint32_t place);
  // Has the system ready for reading what is there.
  void warm(std::uint32_t place) const;

 private:
  std::expected<void, std::string> map(Access access);
  std::unexpected<std::string> system_error(const char* what) const;

  std::string path_;
  int descriptor_ = -1;
  GatePlaces places_;
  GateWordCell* words_ = nullptr;
};

// The file in the folder `gate` of a data directory.
std::string gate_path(const std::string& folder);

}  // namespace marktwacht
