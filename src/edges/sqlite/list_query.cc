// Building and asking one page: see list_query.h.
#include "edges/sqlite/list_query.h"

#include <algorithm>
#include <charconv>

namespace marktwacht {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data(), end, number);
  return fault == std::errc{} && at == end ? std::optional(number) : std::nullopt;
}

std::unexpected<StoreError> wrong(std::string_view field, std::string message) {
  return std::unexpected(StoreError{std::string(field), std::move(message)});
}

}  // namespace

std::expected<Transaction, StoreError> AskedDatabase::view() {
  auto transaction = Transaction::begin(database_, Transaction::Kind::read);
  if (!transaction) {
    return std::unexpected(StoreError{"", transaction.error()});
  }
  return std::move(*transaction);
}

std::expected<SqlStatement*, StoreError> AskedDatabase::prepared(const std::string& sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) {
    found->second.reset();
    return &found->second;
  }
  auto statement = database_.prepare(sql);
  if (!statement) {
    return std::unexpected(StoreError{"", statement.error()});
  }
  if (statements_.size() >= statements_max) {
    statements_.clear();
  }
  return &statements_.insert_or_assign(sql, std::move(*statement)).first->second;
}

void ListQuery::where(std::string_view condition, std::initializer_list<SqlValue> values) {
  conditions_ += conditions_.empty() ? "(" : " AND (";
  conditions_ += condition;
  conditions_ += ")";
  values_.insert(values_.end(), values.begin(), values.end());
}

void ListQuery::where_any(std::string_view column, const std::string& values) {
  if (values.empty()) {
    return;
  }
  std::string condition = std::string(column) + " IN (";
  std::vector<SqlValue> each;
  for (std::size_t at = 0; at <= values.size();) {
    const std::size_t end = std::min(values.find(',', at), values.size());
    condition += each.empty() ? "?" : ",?";
    each.emplace_back(values.substr(at, end - at));
    at = end + 1;
  }
  where(condition += ")");
  values_.insert(values_.end(), each.begin(), each.end());
}

// A cursor is "SORT.KEY.ROWID".
std::string ListQuery::cursor_at(const Order& order, std::int64_t key, std::int64_t rowid) {
  return (order.descending ? "-" : "") + std::string(order.key) + "." + std::to_string(key) + "." +
         std::to_string(rowid);
}

std::expected<ListQuery::Order, StoreError> ListQuery::order_of(
    const ListPart& part, std::initializer_list<std::string_view> keys) {
  if (part.limit < 1 || part.limit > ListPart::limit_max) {
    return wrong("limit", "limit is from 1 to " + std::to_string(ListPart::limit_max));
  }
  Order order{*keys.begin()};
  if (!part.sort.empty()) {
    order.descending = part.sort.front() == '-';
    const auto key =
        std::ranges::find(keys, std::string_view(part.sort).substr(order.descending ? 1 : 0));
    if (key == keys.end()) {
      std::string allowed;
      for (const std::string_view each : keys) {
        allowed += (allowed.empty() ? "" : ", ") + std::string(each);
      }
      return wrong("sort",
                   "sort is one of " + allowed + ", with - before it for the greatest first");
    }
    order.key = *key;
  }
  if (part.cursor.empty()) {
    return order;
  }
  const std::string head = (order.descending ? "-" : "") + std::string(order.key) + ".";
  const std::string_view cursor = part.cursor;
  const std::size_t dot = cursor.rfind('.');
  if (cursor.starts_with(head) && dot >= head.size()) {
    const auto key = whole_number(cursor.substr(head.size(), dot - head.size()));
    const auto rowid = whole_number(cursor.substr(dot + 1));
    if (key && rowid) {
      order.from_start = false;
      order.after_key = *key;
      order.after_rowid = *rowid;
      return order;
    }
  }
  return wrong("cursor", "cursor is none that a page of this list in this order ended with");
}

std::expected<SqlStatement*, StoreError> ListQuery::start(AskedDatabase& asked, const Order& order,
                                                          Reach reach, std::size_t limit) const {
  const std::string key(order.key);
  const std::string beyond = order.descending ? "<?" : ">?";
  const std::string way = order.descending ? " DESC" : " ASC";
  std::string sql = "SELECT " + key + ", " + std::string(table_) + ".rowid, " +
                    std::string(columns_) + " FROM " + std::string(table_);
  std::string conditions = conditions_;
  const auto also = [&](const std::string& condition) {
    conditions += (conditions.empty() ? "" : " AND ") + condition;
  };
  if (reach == Reach::same_key) {
    also(key + "=?");
    also(std::string(table_) + ".rowid" + beyond);
  } else if (reach == Reach::behind) {
    also(key + beyond);
  }
  sql += (conditions.empty() ? "" : " WHERE ") + conditions + " ORDER BY " + key + way + ", " +
         std::string(table_) + ".rowid" + way + " LIMIT ?";
  const auto statement = asked.prepared(sql);
  if (!statement) {
    return statement;
  }
  int at = 0;
  const auto bind = [&](const auto& value) { (*statement)->bind(at++, value); };
  for (const SqlValue& value : values_) {
    std::visit(bind, value);
  }
  if (reach != Reach::all) {
    bind(order.after_key);
  }
  if (reach == Reach::same_key) {
    bind(order.after_rowid);
  }
  bind(static_cast<std::int64_t>(limit));
  return statement;
}

std::expected<std::optional<std::int64_t>, StoreError> ListQuery::count(
    AskedDatabase& asked, const ListPart& part) const {
  if (!part.cursor.empty()) {
    return std::nullopt;
  }
  const auto statement = asked.prepared("SELECT count(*) FROM " + std::string(table_) +
                                        (conditions_.empty() ? "" : " WHERE " + conditions_));
  if (!statement) {
    return std::unexpected(statement.error());
  }
  int at = 0;
  for (const SqlValue& value : values_) {
    std::visit([&](const auto& each) { (*statement)->bind(at++, each); }, value);
  }
  const auto row = (*statement)->step();
  if (!row) {
    return std::unexpected(StoreError{"", row.error()});
  }
  const std::int64_t found = (*statement)->integer(0);
  (*statement)->reset();
  return found;
}

}  // namespace marktwacht
