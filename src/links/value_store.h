// What accounts may share, each with its text beside it: one look at memory for both.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/huge_pages.h"
#include "links/weights.h"

namespace marktwacht {

// Numbers are places in 8 bytes; those of values that are gone are used again for such of the same
// length. A value has 12 bytes and its text, rounded up.
class ValueStore {
 public:
  struct Value {
    std::uint32_t first;  // of its pieces; of one that is gone the next of the same length
    std::uint32_t degree;
    std::uint32_t kind : 7, indexed : 1, length : 24;  // `indexed`: its pieces are in a table

    SharedKind what() const { return static_cast<SharedKind>(kind); }
    std::string_view text() const {
      return {reinterpret_cast<const char*>(this) + sizeof(Value), length};
    }
  };
  static constexpr std::size_t text_bytes_max = 1 << 20;  // a line of events has no more

  // Without pieces.
  std::uint32_t make(SharedKind what, std::string_view text, std::uint32_t first);
  void free(std::uint32_t number);

  Value& operator[](std::uint32_t number) { return *reinterpret_cast<Value*>(&words_[number]); }
  const Value& operator[](std::uint32_t number) const {
    return *reinterpret_cast<const Value*>(&words_[number]);
  }

 private:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;
  static constexpr unsigned chunk_shift = 18;  // 2 MiB
  static std::uint32_t words_of(std::size_t length);

  Chunks<std::uint64_t, chunk_shift> words_;
  std::uint32_t used_ = 0;            // words
  std::vector<std::uint32_t> freed_;  // by their words, the last one; a chain
};

}  // namespace marktwacht
