// See rejected.h.
#include "edges/sqlite/rejected.h"

#include <algorithm>
#include <string_view>

#include "events/json_object.h"

namespace marktwacht {
namespace {

constexpr std::string_view tables[] = {R"sql(
CREATE TABLE rejected (
  rejected_id INTEGER PRIMARY KEY AUTOINCREMENT,
  received_ts INTEGER NOT NULL,
  source TEXT NOT NULL,
  line INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  reason TEXT NOT NULL,
  field TEXT NOT NULL,
  head TEXT NOT NULL
) STRICT;
CREATE INDEX rejected_source ON rejected (source);
CREATE INDEX rejected_reason ON rejected (reason);
)sql"};
constexpr DatabaseSchema rejected_schema{0x4d57'524a, tables};  // "MWRJ"

RejectedRow read_row(const SqlStatement& from) {
  RejectedRow row;
  row.rejected_id = static_cast<std::uint64_t>(from.integer(1));
  row.received = Time{from.integer(2)};
  row.source = from.text(3);
  row.line = static_cast<std::uint64_t>(from.integer(4));
  row.offset = static_cast<std::uint64_t>(from.integer(5));
  const auto& words = Words<RejectReason>::list;
  const auto word = std::ranges::find(words, from.text(6));
  row.reason = static_cast<RejectReason>(word == words.end() ? 0 : word - words.begin());
  row.field = from.text(7);
  row.head = from.text(8);
  return row;
}

}  // namespace

void write_rejected_row(const RejectedRow& row, std::string& out) {
  ObjectWriter object(out);
  object.text("rejected_id", std::to_string(row.rejected_id));
  object.number("received_ts", row.received.ns);
  object.text("source", row.source);
  object.number("line", row.line);
  object.number("offset", row.offset);
  object.text("reason", word_of(row.reason));
  object.text_unless_empty("field", row.field);
  object.text("head", row.head);
  object.end();
}

std::expected<RejectedTable, std::string> RejectedTable::open(const std::string& path) {
  auto database = Database::open(path, {.synchronous = DatabaseOptions::Synchronous::normal});
  if (!database) {
    return std::unexpected(database.error());
  }
  if (auto done = database->migrate(rejected_schema); !done) {
    return std::unexpected(done.error());
  }
  auto insert = database->prepare(
      "INSERT INTO rejected (received_ts, source, line, offset, reason, field, head) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)");
  auto drop = database->prepare(
      "DELETE FROM rejected WHERE rejected_id <= (SELECT max(rejected_id) FROM rejected) - ?");
  if (!insert || !drop) {
    return std::unexpected(insert ? drop.error() : insert.error());
  }
  return RejectedTable(std::move(*database), std::move(*insert), std::move(*drop));
}

DatabaseDone RejectedTable::append(std::span<const RejectedRow> rows, std::uint64_t rows_max) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) {
    return std::unexpected(transaction.error());
  }
  for (const RejectedRow& row : rows) {
    if (auto done = insert_.run(row.received.ns, row.source, row.line, row.offset,
                                word_of(row.reason), row.field, row.head);
        !done) {
      return done;
    }
  }
  if (auto done = drop_.run(rows_max); !done) {
    return done;
  }
  return transaction->commit();
}

std::expected<RejectedReader, std::string> RejectedReader::open(const std::string& path) {
  auto database = Database::open(path, {.access = DatabaseOptions::Access::read});
  if (!database) {
    return std::unexpected(database.error());
  }
  if (auto done = database->expect(rejected_schema); !done) {
    return std::unexpected(done.error());
  }
  return RejectedReader(std::move(*database));
}

std::expected<ListOf<RejectedRow>, StoreError> RejectedReader::rows(const RejectedQuery& query) {
  ListQuery list("received_ts, source, line, offset, reason, field, head", "rejected");
  list.where_equal("source", query.source);
  list.where_equal("reason", query.reason);
  const auto view = asked_.view();
  if (!view) {
    return std::unexpected(view.error());
  }
  ListOf<RejectedRow> found;
  auto next = list.ask(asked_, query.part, {"rejected_id"},
                       [&](const SqlStatement& row) { found.items.push_back(read_row(row)); });
  if (!next) {
    return std::unexpected(next.error());
  }
  found.next_cursor = std::move(*next);
  return found;
}

}  // namespace marktwacht
