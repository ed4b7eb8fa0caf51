// See audit.h.
#include "edges/sqlite/audit.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "events/json_object.h"

namespace marktwacht {
namespace {

constexpr std::string_view tables[] = {R"sql(
CREATE TABLE audit (
  audit_id INTEGER PRIMARY KEY,
  at_ts INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  token_id TEXT NOT NULL,
  source TEXT NOT NULL,
  act TEXT NOT NULL,
  target TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_user_id ON audit (user_id);
CREATE INDEX audit_act ON audit (act);
CREATE INDEX audit_target ON audit (target);
CREATE INDEX audit_at_ts ON audit (at_ts);
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'rows of the audit trail do not change');
END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'rows of the audit trail stay');
END;
)sql"};
constexpr DatabaseSchema audit_schema{0x4d57'4155, tables};  // "MWAU"

constexpr std::string_view columns =
    "at_ts, user_id, token_id, source, act, target, outcome, detail";

// The same for both: a text of the row by its column.
template <class Row>
auto texts_of(Row& row) {
  return std::array{&row.user_id, &row.token_id, &row.source, &row.act,
                    &row.target,  &row.outcome,  &row.detail};
}

// Numbers as eight bytes, the lowest first; before each text its length likewise.
void add_number(std::uint64_t number, Sha256& hash) {
  std::array<char, 8> bytes{};
  for (char& byte : bytes) {
    byte = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  hash.add({bytes.data(), bytes.size()});
}

Digest hash_behind(const Digest& before, const AuditRow& row) {
  Sha256 hash;
  hash.add(bytes_of(before));
  add_number(row.audit_id, hash);
  add_number(static_cast<std::uint64_t>(row.at.ns), hash);
  for (const std::string* text : texts_of(row)) {
    add_number(text->size(), hash);
    hash.add(*text);
  }
  return hash.finish();
}

// The columns of `columns` from `first` on.
AuditRow read_row(const SqlStatement& from, std::uint64_t audit_id, int first) {
  AuditRow row;
  row.audit_id = audit_id;
  row.at = Time{from.integer(first)};
  for (std::string* text : texts_of(row)) {
    *text = from.text(++first);
  }
  return row;
}

std::string number_of(std::uint64_t audit_id) { return "row " + std::to_string(audit_id); }

}  // namespace

void write_audit_row(const AuditRow& row, std::string& out) {
  ObjectWriter object(out);
  object.number("audit_id", row.audit_id);
  object.number("at_ts", row.at.ns);
  object.text_unless_empty("user_id", row.user_id);
  object.text_unless_empty("token_id", row.token_id);
  object.text_unless_empty("source", row.source);
  object.text("act", row.act);
  object.text_unless_empty("target", row.target);
  object.text("outcome", row.outcome);
  object.text_unless_empty("detail", row.detail);
  object.end();
}

std::expected<AuditTrail, std::string> AuditTrail::open(const std::string& path) {
  auto database = Database::open(path);
  if (!database) {
    return std::unexpected(database.error());
  }
  if (auto done = database->migrate(audit_schema); !done) {
    return std::unexpected(done.error());
  }
  auto insert = database->prepare("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  auto last = database->prepare("SELECT audit_id, hash FROM audit ORDER BY audit_id DESC LIMIT 1");
  if (!insert || !last) {
    return std::unexpected(insert ? last.error() : insert.error());
  }
  const auto row = last->step();
  if (!row) {
    return std::unexpected(row.error());
  }
  AuditHead head;
  if (*row) {
    head.audit_id = static_cast<std::uint64_t>(last->integer(0));
    if (last->blob(1).size() != head.hash.size()) {
      return std::unexpected(path + ": the hash of " + number_of(head.audit_id) + " is damaged");
    }
    std::memcpy(head.hash.data(), last->blob(1).data(), head.hash.size());
  }
  *last = {};
  AuditTrail trail(std::move(*database), std::move(*insert));
  trail.head_ = head;
  return trail;
}

DatabaseDone AuditTrail::append(std::span<AuditRow> rows) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) {
    return std::unexpected(transaction.error());
  }
  AuditHead head = head_;
  for (AuditRow& row : rows) {
    row.audit_id = ++head.audit_id;
    head.hash = hash_behind(head.hash, row);
    insert_.reset();
    int at = 0;
    insert_.bind(at++, row.audit_id);
    insert_.bind(at++, row.at.ns);
    for (const std::string* text : texts_of(row)) {
      insert_.bind(at++, *text);
    }
    insert_.bind_blob(at, bytes_of(head.hash));
    const auto done = insert_.step();
    insert_.reset();
    if (!done) {
      return std::unexpected(done.error());
    }
  }
  auto done = transaction->commit();
  if (done) {
    head_ = head;
  }
  return done;
}

std::expected<AuditReader, std::string> AuditReader::open(const std::string& path) {
  auto database = Database::open(path, {.access = DatabaseOptions::Access::read});
  if (!database) {
    return std::unexpected(database.error());
  }
  if (auto done = database->expect(audit_schema); !done) {
    return std::unexpected(done.error());
  }
  return AuditReader(std::move(*database));
}

std::expected<ListOf<AuditRow>, StoreError> AuditReader::rows(const AuditQuery& query) {
  ListQuery list(columns, "audit");
  list.where_equal("user_id", query.user_id);
  list.where_equal("act", query.act);
  list.where_equal("target", query.target);
  list.where_equal("outcome", query.outcome);
  if (query.refused) {
    list.where("outcome<>'accepted'");
  }
  if (query.from) {
    list.where("at_ts>=?", {query.from->ns});
  }
  if (query.to) {
    list.where("at_ts<?", {query.to->ns});
  }
  const auto view = asked_.view();
  if (!view) {
    return std::unexpected(view.error());
  }
  ListOf<AuditRow> found;
  auto next = list.ask(asked_, query.part, {"audit_id"}, [&](const SqlStatement& row) {
    found.items.push_back(read_row(row, static_cast<std::uint64_t>(row.integer(1)), 2));
  });
  if (!next) {
    return std::unexpected(next.error());
  }
  found.next_cursor = std::move(*next);
  return found;
}

std::expected<AuditHead, std::string> AuditReader::verify(const std::optional<AuditHead>& kept) {
  AuditHead head;
  std::string fault;
  bool is_kept = !kept || kept->audit_id == 0;
  const auto read = asked_.each(
      "SELECT audit_id, hash, " + std::string(columns) + " FROM audit ORDER BY audit_id",
      [&](const SqlStatement& from) {
        const AuditRow row = read_row(from, static_cast<std::uint64_t>(from.integer(0)), 2);
        if (!fault.empty()) {
          return;
        }
        if (row.audit_id != head.audit_id + 1) {
          fault = number_of(head.audit_id + 1) + " is missing";
          return;
        }
        const Digest hash = hash_behind(head.hash, row);
        if (from.blob(1) != bytes_of(hash)) {
          fault = number_of(row.audit_id) + " is not what was written";
          return;
        }
        head = {row.audit_id, hash};
        is_kept = is_kept || (row.audit_id == kept->audit_id && hash == kept->hash);
      });
  if (!read) {
    return std::unexpected(read.error().message);
  }
  if (fault.empty() && !is_kept) {
    fault = kept->audit_id > head.audit_id ? number_of(head.audit_id + 1) + " is missing"
                                           : "the head that was kept is of another trail";
  }
  if (!fault.empty()) {
    return std::unexpected("audit trail: " + fault);
  }
  return head;
}

}  // namespace marktwacht
