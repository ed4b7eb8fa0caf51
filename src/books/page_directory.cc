// Which pages of ticks one side of a book has: searching and moving the window.
#include "books/page_directory.h"

#include "base/check.h"

namespace marktwacht {

std::int64_t PageDirectory::next(std::int64_t number) const {
  const std::size_t from = place(number);
  std::size_t word = from / 64;
  std::uint64_t bits = words_[word] & (~std::uint64_t{0} << from % 64);
  if (bits == 0) {
    std::size_t group = ++word / 64;
    check(group < summary_.size(), "a page is there");
    std::uint64_t groups = summary_[group] & (~std::uint64_t{0} << word % 64);
    while (groups == 0) {
      check(++group < summary_.size(), "a page is there");
      groups = summary_[group];
    }
    word = group * 64 + static_cast<std::size_t>(std::countr_zero(groups));
    bits = words_[word];
  }
  return first_ + static_cast<std::int64_t>(word * 64) + std::countr_zero(bits);
}

bool PageDirectory::range(std::int64_t& lowest, std::int64_t& highest) const {
  bool any = false;
  for (std::size_t word = 0; word < words_.size(); ++word) {
    if (const std::uint64_t bits = words_[word]; bits != 0) {
      const std::int64_t base = first_ + static_cast<std::int64_t>(word * 64);
      lowest = any ? lowest : base + std::countr_zero(bits);
      highest = base + 63 - std::countl_zero(bits);
      any = true;
    }
  }
  return any;
}

void PageDirectory::move(std::int64_t first, std::uint32_t size) {
  check(size <= size_max, "a window of at most 65,536 pages");
  const std::vector<std::uint32_t> old = std::move(pages_);
  const std::int64_t old_first = first_;
  first_ = first;
  pages_.assign(size, none);
  words_.assign((size + 63) / 64, 0);
  summary_.assign((words_.size() + 63) / 64, 0);
  for (std::size_t at = 0; at < old.size(); ++at) {
    if (old[at] != none) {
      const std::int64_t number = old_first + static_cast<std::int64_t>(at);
      check(covers(number), "a window covers all its pages");
      set(number, old[at]);
    }
  }
}

}  // namespace marktwacht
