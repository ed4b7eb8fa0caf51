// Making and freeing values: see value_store.h.
#include "links/value_store.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "base/check.h"

namespace marktwacht {

std::uint32_t ValueStore::words_of(std::size_t length) {
  return static_cast<std::uint32_t>((sizeof(Value) + length + 7) / 8);
}

std::uint32_t ValueStore::make(SharedKind what, std::string_view text, std::uint32_t first) {
  check(text.size() <= text_bytes_max, "a value's text fits into a line");
  const std::uint32_t words = words_of(text.size());
  std::uint32_t number = used_;
  if (words < freed_.size() && freed_[words] != none) {
    number = freed_[words];
    freed_[words] = (*this)[number].first;
  } else {
    constexpr std::uint32_t chunk = Chunks<std::uint64_t, chunk_shift>::chunk_size;
    const std::uint32_t left = chunk - number % chunk;
    number += words > left ? left : 0;  // none lies in two chunks
    check(number < UINT32_MAX - words, "values have at most 32 GiB");
    used_ = number + words;
    words_.reserve(used_);
  }
  Value* const value =
      new (&words_[number]) Value{first, 0, static_cast<std::uint32_t>(what) & 0x7F, 0,
                                  static_cast<std::uint32_t>(text.size()) & 0xFF'FFFF};
  std::memcpy(reinterpret_cast<char*>(value) + sizeof(Value), text.data(), text.size());
  return number;
}

void ValueStore::free(std::uint32_t number) {
  const std::uint32_t words = words_of((*this)[number].length);
  freed_.resize(std::max<std::size_t>(freed_.size(), words + 1), none);
  (*this)[number].first = std::exchange(freed_[words], number);
}

}  // namespace marktwacht
