// The slow and clear twin of Books: maps and lists, sums made afresh each time.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>

#include "books/books.h"

namespace marktwacht {

class BooksTwin {
 public:
  struct Entry {
    AccountIndex account;
    InstrumentIndex instrument;
    Side side;
    bool has_price;
    bool rests;
    std::uint16_t tags;
    Price price;
    Quantity remaining;
    Quantity filled;
    Quantity display;
    Time placed;
  };
  using Queue = std::list<std::string>;  // ids, first in the queue first
  struct Book {
    std::array<std::map<std::int64_t, Queue>, 2> sides;
    Queue beside;
  };

  // `text_of` makes the text that ids are searched with: tests give it hashes of their own.
  explicit BooksTwin(Text (*text_of)(const std::string&) = hashed) : text_of_(text_of) {}
  static Text hashed(const std::string& id) { return make_text(id); }

  void add(const NewOrder& order);
  bool fill(const std::string& id, Quantity quantity);
  void remove(const std::string& id);
  void change(const std::string& id, std::optional<Price> price, Quantity quantity);
  void rename(const std::string& id, const std::string& to);
  void rest(const std::string& id);
  void clear(InstrumentIndex instrument);

  const std::map<std::string, Entry>& orders() const { return orders_; }
  // The first difference between the two, or nothing.
  std::string difference(const Books& books, std::uint32_t instruments) const;

 private:
  Queue& queue(const Entry& entry);
  void leave(const std::string& id, const Entry& entry);
  std::string difference_of_owned(const Books& books) const;
  std::string difference(const Books& books, OrderSlot slot, const std::string& id) const;
  std::string difference(const Books& books, InstrumentIndex instrument, Side side) const;
  Quantity visible(const std::string& id) const;

  Text (*text_of_)(const std::string&);
  std::map<std::string, Entry> orders_;
  std::map<std::uint32_t, Book> books_;
};

}  // namespace marktwacht
