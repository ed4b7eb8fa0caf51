// One page of a list: filters with bound values only, an order from a closed list, and a cursor
// that stays good while rows arrive. docs/formats/store.md.
#pragma once

#include <algorithm>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "edges/sqlite/database.h"

namespace marktwacht {

// Why a question has no answer.
struct StoreError {
  std::string field;  // what is wrong in the question; empty: the store is at fault
  std::string message;
};

// Which part of a list is wanted, and in which order.
struct ListPart {
  // A key of the list, "-" before it: the greatest first; empty: its own order.
  std::string sort{};
  // `next_cursor` of the page before, with the same sort; empty: the first page.
  std::string cursor{};
  std::size_t limit = 100;  // 1 to limit_max
  static constexpr std::size_t limit_max = 1000;
};

template <class Item>
struct ListOf {
  std::vector<Item> items;
  std::string next_cursor;                 // empty: that was all
  std::optional<std::int64_t> total = {};  // of a first page: how many there are on all pages
};

// All of a list in this order, page by page: `ask(part)` gives a page of it.
template <class Ask>
auto all_pages(std::string sort, Ask&& ask) {
  ListPart part{.sort = std::move(sort), .limit = ListPart::limit_max};
  auto all = ask(part);
  while (all && !all->next_cursor.empty()) {
    part.cursor = std::exchange(all->next_cursor, "");
    auto page = ask(part);
    if (!page) {
      return page;
    }
    std::ranges::move(page->items, std::back_inserter(all->items));
    all->next_cursor = std::move(page->next_cursor);
  }
  return all;
}

// A connection with the statements that were asked through it.
class AskedDatabase {
 public:
  explicit AskedDatabase(Database database) : database_(std::move(database)) {}
  Database& database() { return database_; }
  // One state of the file for as long as it lives.
  std::expected<Transaction, StoreError> view();
  // Prepared and reset; good until the next call.
  std::expected<SqlStatement*, StoreError> prepared(const std::string& sql);
  // Calls `take` with each row.
  template <class Take, class... Values>
  std::expected<void, StoreError> each(const std::string& sql, Take take, const Values&... values);

 private:
  static constexpr std::size_t statements_max = 256;
  Database database_;
  std::map<std::string, SqlStatement> statements_;
};

template <class Take, class... Values>
std::expected<void, StoreError> AskedDatabase::each(const std::string& sql, Take take,
                                                    const Values&... values) {
  const auto statement = prepared(sql);
  if (!statement) {
    return std::unexpected(statement.error());
  }
  (*statement)->query(values...);
  for (;;) {
    const auto row = (*statement)->step();
    if (!row || !*row) {
      (*statement)->reset();
      return row ? std::expected<void, StoreError>() : std::unexpected(StoreError{"", row.error()});
    }
    take(std::as_const(**statement));
  }
}

using SqlValue = std::variant<std::int64_t, std::string>;

// Builds and asks one list. Rows are known by their rowid, which also breaks ties in the order.
class ListQuery {
 public:
  // `columns` are the caller's, behind the sort key and the rowid. All SQL given here is constant;
  // what comes from outside is a value.
  ListQuery(std::string_view columns, std::string_view table) : columns_(columns), table_(table) {}

  // A condition with one `?` for each value.
  void where(std::string_view condition, std::initializer_list<SqlValue> values = {});
  void where_equal(std::string_view column, const std::string& value) {
    if (!value.empty()) {
      where(std::string(column) + "=?", {value});
    }
  }

  // One of several, with commas between them; empty: any.
  void where_any(std::string_view column, const std::string& values);

  // The rows of the page, in order. `keys`: what may be sorted by, each a column that is never
  // NULL; the first, the greatest first, is the list's own order. `take` reads the caller's columns
  // from 2 on.
  template <class Take>
  std::expected<std::string, StoreError> ask(AskedDatabase& asked, const ListPart& part,
                                             std::initializer_list<std::string_view> keys,
                                             Take take);

  // How many rows there are on all pages. Only for the first: the others would count again.
  std::expected<std::optional<std::int64_t>, StoreError> count(AskedDatabase& asked,
                                                               const ListPart& part) const;

 private:
  // Where a page begins: behind the row with this key and rowid.
  struct Order {
    std::string_view key;
    bool descending = true;
    bool from_start = true;
    std::int64_t after_key = 0, after_rowid = 0;
  };
  // The rows whose key is the cursor's and those behind: an index finds each at once.
  enum class Reach { all, same_key, behind };

  static std::expected<Order, StoreError> order_of(const ListPart& part,
                                                   std::initializer_list<std::string_view> keys);
  static std::string cursor_at(const Order& order, std::int64_t key, std::int64_t rowid);
  std::expected<SqlStatement*, StoreError> start(AskedDatabase& asked, const Order& order,
                                                 Reach reach, std::size_t limit) const;

  std::string_view columns_, table_;
  std::string conditions_;
  std::vector<SqlValue> values_;
};

template <class Take>
std::expected<std::string, StoreError> ListQuery::ask(AskedDatabase& asked, const ListPart& part,
                                                      std::initializer_list<std::string_view> keys,
                                                      Take take) {
  const auto order = order_of(part, keys);
  if (!order) {
    return std::unexpected(order.error());
  }
  std::size_t left = part.limit + 1;  // one more tells whether there is another page
  std::int64_t key = 0, rowid = 0;
  for (const Reach reach :
       order->from_start ? std::vector{Reach::all} : std::vector{Reach::same_key, Reach::behind}) {
    if (left == 0) {
      break;
    }
    const auto rows = start(asked, *order, reach, left);
    if (!rows) {
      return std::unexpected(rows.error());
    }
    for (;;) {
      const auto row = (*rows)->step();
      if (!row) {
        return std::unexpected(StoreError{"", row.error()});
      }
      if (!*row) {
        break;
      }
      if (--left == 0) {
        (*rows)->reset();
        return cursor_at(*order, key, rowid);
      }
      key = (*rows)->integer(0);
      rowid = (*rows)->integer(1);
      take(std::as_const(**rows));
    }
  }
  return std::string();
}

}  // namespace marktwacht
