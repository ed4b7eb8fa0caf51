// Order ids in 8 bytes each: numbers and short texts in place, all others in a slab.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/huge_pages.h"
#include "base/text.h"

namespace marktwacht {

// The top two bits say the kind. Canonical decimals below 2^62 are `number` (so "7", but not "07");
// other texts of up to 7 bytes are `brief`: length in bits 56–58, the last byte lowest; the rest
// are `slab`: length in bits 32–39, place below. Of one text there is one inline form at most.
struct PackedId {
  enum class Kind : std::uint8_t { number, brief, slab };

  std::uint64_t bits = 0;

  Kind kind() const { return static_cast<Kind>(bits >> 62); }
  bool in_place() const { return bits >> 63 == 0; }
  bool operator==(const PackedId&) const = default;

  // Equal to that of no text.
  static constexpr PackedId nobody() { return {~std::uint64_t{0}}; }
};

// What a search by id needs, made once.
struct IdKey {
  Text text;
  PackedId id;  // the whole id, or for the slab kind its length with place 0
  std::uint32_t hash = 0;
};

// One thread. Ids have 1–128 bytes. Ids in place hash by their packed form, so that neighbouring
// numbers share a cache line of the index; others by `Text::hash`, which must be the same for equal
// texts. Equality is always decided by all bytes. A slab entry wastes at most 7 bytes; what is
// released is used again for ids of a like length.
class IdStore {
 public:
  static constexpr std::uint32_t size_max = 128;
  static constexpr std::size_t text_space = 20;  // the longest text of an id in place

  // `text` has 1–128 bytes.
  static IdKey key(Text text) {
    const PackedId id = pack(text);
    return {text, id, id.in_place() ? hash_in_place(id) : text.hash};
  }

  // Keeps the id until `release`.
  PackedId store(const IdKey& key) { return key.id.in_place() ? key.id : store_in_slab(key); }
  void release(PackedId id) {
    if (!id.in_place()) {
      release_from_slab(id);
    }
  }

  bool equal(PackedId stored, const IdKey& key) const {
    return key.id.in_place() ? stored == key.id : equal_in_slab(stored, key);
  }
  // The same as that of its key.
  std::uint32_t hash(PackedId stored) const {
    return stored.in_place() ? hash_in_place(stored) : static_cast<std::uint32_t>(cell(stored)[0]);
  }
  // The text, in `space` or in the slab.
  std::string_view text(PackedId stored, std::array<char, text_space>& space) const;

  // Bytes of the slab in use, lists of free cells included.
  std::size_t slab_bytes() const { return std::size_t{used_} * sizeof(std::uint64_t); }

 private:
  // A cell is some units of 8 bytes: the hash in the first 4 bytes, then the text. A free cell
  // keeps the place of the next free one of its size instead.
  using Units = Chunks<std::uint64_t, 18>;
  static constexpr std::uint32_t cell_units_max = (4 + size_max + 7) / 8;
  static constexpr std::uint32_t none = 0xFFFF'FFFF;
  static constexpr std::uint64_t slab_kind = std::uint64_t{2} << 62;

  static std::uint32_t size_of(PackedId id) { return (id.bits >> 32) & 0xFF; }
  static std::uint32_t place_of(PackedId id) { return static_cast<std::uint32_t>(id.bits); }
  static std::uint32_t units_for(std::uint32_t size) { return (4 + size + 7) / 8; }

  static PackedId pack(Text text);
  static std::uint32_t hash_in_place(PackedId id) {
    std::uint64_t mixed = id.bits >> 3;
    mixed = (mixed ^ mixed >> 32) * 0x9E37'79B9'7F4A'7C15;
    mixed ^= mixed >> 32;
    return static_cast<std::uint32_t>((mixed & ~std::uint64_t{7}) | (id.bits & 7));
  }

  PackedId store_in_slab(const IdKey& key);
  void release_from_slab(PackedId id);
  bool equal_in_slab(PackedId stored, const IdKey& key) const;
  const std::uint64_t* cell(PackedId id) const { return &units_[place_of(id)]; }
  std::uint32_t free_cell(std::uint32_t size);

  Units units_;
  std::uint32_t used_ = 0;
  std::array<std::uint32_t, cell_units_max + 1> free_ = filled_with_none();

  static constexpr std::array<std::uint32_t, cell_units_max + 1> filled_with_none() {
    std::array<std::uint32_t, cell_units_max + 1> all{};
    all.fill(none);
    return all;
  }
};

namespace packed_digits {

inline constexpr std::uint64_t zeros = 0x3030'3030'3030'3030;

// The 1–8 bytes at `data`, first byte lowest, nothing read beyond them.
inline std::uint64_t load(const char* data, std::uint32_t size) {
  if (size >= 4) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::memcpy(&low, data, 4);
    std::memcpy(&high, data + size - 4, 4);
    return low | static_cast<std::uint64_t>(high) << (8 * (size - 4));
  }
  const auto at = [data](std::uint32_t place) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(data[place])) << (8 * place);
  };
  return at(0) | at(size / 2) | at(size - 1);
}

// As eight digits, filled with '0' in front.
inline std::uint64_t load_digits(const char* data, std::uint32_t size) {
  return size == 8 ? load(data, 8) : load(data, size) << (64 - 8 * size) | zeros >> (8 * size);
}

inline bool all_digits(std::uint64_t text) {
  constexpr std::uint64_t high = 0xF0F0'F0F0'F0F0'F0F0;
  return ((text & high) | ((text + 0x0606'0606'0606'0606) & high) >> 4) == 0x3333'3333'3333'3333;
}

// The value of eight digits, first digit lowest.
inline std::uint64_t value(std::uint64_t text) {
  text -= zeros;
  text = (text * 10) + (text >> 8);
  constexpr std::uint64_t mask = 0x0000'00FF'0000'00FF;
  return (((text & mask) * 0x000F'4240'0000'0064) +
          (((text >> 16) & mask) * 0x0000'2710'0000'0001)) >>
         32;
}

}  // namespace packed_digits

inline PackedId IdStore::pack(Text text) {
  using namespace packed_digits;
  const std::uint32_t size = text.size;
  const std::uint32_t first = size <= 8 ? size : (size - 1) % 8 + 1;
  const PackedId in_slab{slab_kind | std::uint64_t{size} << 32};
  if (size - 1 > 18) {  // none has no bytes, but who asks may not know
    return in_slab;
  }
  const std::uint64_t head = load_digits(text.data, first);
  bool digits = all_digits(head) && (text.data[0] != '0' || size == 1);
  std::uint64_t number = value(head);
  for (std::uint32_t at = first; at < size; at += 8) {
    const std::uint64_t next = load(text.data + at, 8);
    digits &= all_digits(next);
    number = number * 100'000'000 + value(next);
  }
  if (digits && number >> 62 == 0) {
    return {number};
  }
  if (size > 7) {
    return in_slab;
  }
  const std::uint64_t bytes = std::byteswap(load(text.data, size) << (64 - 8 * size));
  return {std::uint64_t{1} << 62 | std::uint64_t{size} << 56 | bytes};
}

}  // namespace marktwacht
