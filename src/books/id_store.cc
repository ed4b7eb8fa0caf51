// Order ids in 8 bytes each: the slab and the way back to text.
#include "books/id_store.h"

#include <charconv>

#include "base/check.h"

namespace marktwacht {

std::string_view IdStore::text(PackedId stored, std::array<char, text_space>& space) const {
  if (stored.kind() == PackedId::Kind::number) {
    const auto end = std::to_chars(space.data(), space.data() + space.size(), stored.bits).ptr;
    return {space.data(), end};
  }
  if (stored.kind() == PackedId::Kind::brief) {
    const auto size = static_cast<std::uint32_t>(stored.bits >> 56 & 7);
    const std::uint64_t bytes = std::byteswap(stored.bits << (64 - 8 * size));
    std::memcpy(space.data(), &bytes, sizeof bytes);
    return {space.data(), size};
  }
  return {reinterpret_cast<const char*>(cell(stored)) + 4, size_of(stored)};
}

PackedId IdStore::store_in_slab(const IdKey& key) {
  check(key.text.size >= 1 && key.text.size <= size_max, "an id has 1 to 128 bytes");
  const std::uint32_t place = free_cell(key.text.size);
  char* const to = reinterpret_cast<char*>(&units_[place]);
  std::memcpy(to, &key.hash, sizeof key.hash);
  std::memcpy(to + sizeof key.hash, key.text.data, key.text.size);
  return {key.id.bits | place};
}

void IdStore::release_from_slab(PackedId id) {
  std::uint32_t& first = free_[units_for(size_of(id))];
  units_[place_of(id)] = first;
  first = place_of(id);
}

bool IdStore::equal_in_slab(PackedId stored, const IdKey& key) const {
  return !stored.in_place() && size_of(stored) == key.text.size &&
         std::memcmp(reinterpret_cast<const char*>(cell(stored)) + 4, key.text.data,
                     key.text.size) == 0;
}

std::uint32_t IdStore::free_cell(std::uint32_t size) {
  const std::uint32_t units = units_for(size);
  if (const std::uint32_t place = free_[units]; place != none) {
    free_[units] = static_cast<std::uint32_t>(units_[place]);
    return place;
  }
  const auto left = static_cast<std::uint32_t>(Units::chunk_size - used_ % Units::chunk_size);
  if (left < units) {  // no cell crosses a chunk: the rest becomes a smaller one
    units_[used_] = free_[left];
    free_[left] = used_;
    used_ += left;
  }
  check(used_ <= none - 2 * Units::chunk_size, "fewer than 32 GiB of order ids");
  units_.reserve(std::size_t{used_} + units);
  const std::uint32_t place = used_;
  used_ += units;
  return place;
}

}  // namespace marktwacht
