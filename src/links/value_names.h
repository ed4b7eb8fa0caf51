// Texts that stand for values which link accounts, numbered while something uses them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/check.h"
#include "base/free_places.h"
#include "base/text.h"

namespace marktwacht {

// Numbers are dense and used again after `forget`: nothing visible may depend on them.
class ValueNames {
 public:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  ValueNames() = default;
  ValueNames(ValueNames&&) = default;
  ValueNames& operator=(ValueNames&&) = default;

  std::uint32_t find(std::string_view text) const {
    const auto found = numbers_.find(text);
    return found == numbers_.end() ? none : found->second;
  }

  std::uint32_t intern(std::string_view text) {
    if (const std::uint32_t known = find(text); known != none) {
      return known;
    }
    const std::uint32_t number = take_place(texts_, free_);
    texts_[number] = &numbers_.emplace(text, number).first->first;
    return number;
  }

  void forget(std::uint32_t number) {
    check(number < texts_.size() && texts_[number] != nullptr, "the number is in use");
    numbers_.erase(numbers_.find(*texts_[number]));
    texts_[number] = nullptr;
    free_.push_back(number);
  }

  bool used(std::uint32_t number) const { return texts_[number] != nullptr; }
  const std::string& text(std::uint32_t number) const { return *texts_[number]; }
  // All numbers are below this.
  std::uint32_t numbers_end() const { return static_cast<std::uint32_t>(texts_.size()); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return hash_of(text); }
  };

  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<const std::string*> texts_;  // the keys above, which stay where they are
  std::vector<std::uint32_t> free_;
};

}  // namespace marktwacht
