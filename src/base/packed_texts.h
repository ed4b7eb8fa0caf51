// A list of short texts in one piece of memory: for what is kept by the ten thousand and seldom
// read.
#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace marktwacht {

class PackedTexts {
 public:
  PackedTexts() = default;
  template <class Texts>
  explicit PackedTexts(const Texts& texts) {
    std::string bytes;
    ByteWriter out(bytes);
    for (const auto& text : texts) {
      out.text(text);
    }
    bytes_.assign(bytes);  // and no room behind them
  }

  // Views of the texts; good until the list changes.
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = const std::string_view*;
    using reference = const std::string_view&;

    Iterator() = default;
    explicit Iterator(std::string_view left) : left_(left) { ++*this; }
    reference operator*() const { return text_; }
    Iterator& operator++() {
      at_ = left_.data();
      ByteReader in(left_);
      text_ = in.text();
      // What is damaged ends the list.
      left_ = in.ok() ? left_.substr(left_.size() - in.left()) : std::string_view();
      at_ = in.ok() ? at_ : nullptr;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    std::string_view left_, text_;
    const char* at_ = nullptr;  // where the text begins; nullptr behind the last
  };
  Iterator begin() const { return empty() ? end() : Iterator(bytes_); }
  Iterator end() const { return {}; }
  bool empty() const { return bytes_.empty(); }

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit(self.bytes_);
  }

 private:
  std::string bytes_;
};

}  // namespace marktwacht
