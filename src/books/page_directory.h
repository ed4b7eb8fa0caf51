// Which pages of ticks one side of a book has: a window of neighbouring page numbers.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace marktwacht {

// A page number may be any int64 up to 2^55 in size; the window covers `first` and the `size`
// numbers from there. A bitmap and its summary find the next page that is there.
class PageDirectory {
 public:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;
  static constexpr std::uint32_t size_max = 65'536;

  std::int64_t first() const { return first_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(pages_.size()); }
  bool covers(std::int64_t number) const {
    return static_cast<std::uint64_t>(number - first_) < pages_.size();
  }

  // `number` must be covered. `none` when the page is not there.
  std::uint32_t at(std::int64_t number) const { return pages_[place(number)]; }
  void set(std::int64_t number, std::uint32_t page) {
    const std::size_t at = place(number);
    pages_[at] = page;
    words_[at / 64] |= std::uint64_t{1} << at % 64;
    summary_[at / 4096] |= std::uint64_t{1} << at / 64 % 64;
  }
  void clear(std::int64_t number) {
    const std::size_t at = place(number);
    pages_[at] = none;
    words_[at / 64] &= ~(std::uint64_t{1} << at % 64);
    if (words_[at / 64] == 0) {
      summary_[at / 4096] &= ~(std::uint64_t{1} << at / 64 % 64);
    }
  }

  // The first page that is there at `number` or after it: one must be.
  std::int64_t next(std::int64_t number) const;
  // The outermost pages that are there; false when there is none.
  bool range(std::int64_t& lowest, std::int64_t& highest) const;

  // A new window, which must cover all pages that are there; `size` is a multiple of 16.
  void move(std::int64_t first, std::uint32_t size);

  std::size_t bytes() const { return pages_.capacity() * sizeof pages_[0] + words_.size() * 9; }

 private:
  std::size_t place(std::int64_t number) const { return static_cast<std::size_t>(number - first_); }

  std::int64_t first_ = 0;
  std::vector<std::uint32_t> pages_;
  std::vector<std::uint64_t> words_;    // a bit for each page that is there
  std::vector<std::uint64_t> summary_;  // a bit for each word that is not 0
};

}  // namespace marktwacht
