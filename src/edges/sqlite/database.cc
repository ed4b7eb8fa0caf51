// SQLite's C interface, and what its errors mean to a person: see database.h.
#include "edges/sqlite/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace marktwacht {
namespace {

std::string meaning(int code, const char* message) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_NOTADB:
      return "this is no database";
    case SQLITE_CORRUPT:
      return std::string("this database is damaged: ") + message;
    case SQLITE_BUSY:
      return "another process is using this database";
    case SQLITE_READONLY:
      return "this database may only be read";
    default:
      return message;
  }
}

std::unexpected<std::string> error_of(sqlite3* connection, int code) {
  const char* path = sqlite3_db_filename(connection, "main");
  return std::unexpected(std::string(path == nullptr || *path == 0 ? "database" : path) + ": " +
                         meaning(code, sqlite3_errmsg(connection)));
}

DatabaseDone execute(sqlite3* connection, const char* sql) {
  const int code = sqlite3_exec(connection, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return error_of(connection, code);
  }
  return {};
}

// Only a file that is not there yet is opened here: to close a file drops the locks that the
// process's other connections hold on it.
DatabaseDone create_private(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    close(descriptor);
  } else if (errno != EEXIST) {
    return std::unexpected(path + ": cannot be made: " + std::strerror(errno));
  }
  return {};
}

}  // namespace

void SqlStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void SqlStatement::bind_integer(int at, std::int64_t value) {
  bind_error_ |= sqlite3_bind_int64(statement_.get(), at + 1, value);
}

void SqlStatement::bind(int at, std::string_view text) {
  const char* bytes = text.data() == nullptr ? "" : text.data();
  bind_error_ |= sqlite3_bind_text64(statement_.get(), at + 1, bytes, text.size(), SQLITE_TRANSIENT,
                                     SQLITE_UTF8);
}

void SqlStatement::bind(int at, std::nullopt_t) {
  bind_error_ |= sqlite3_bind_null(statement_.get(), at + 1);
}

void SqlStatement::bind_blob(int at, std::string_view bytes) {
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  bind_error_ |=
      sqlite3_bind_blob64(statement_.get(), at + 1, data, bytes.size(), SQLITE_TRANSIENT);
}

std::expected<bool, std::string> SqlStatement::step() {
  sqlite3* const connection = sqlite3_db_handle(statement_.get());
  if (bind_error_ != SQLITE_OK) {
    const int code = std::exchange(bind_error_, SQLITE_OK);
    return std::unexpected(std::string("a value of a statement cannot be bound: ") +
                           sqlite3_errstr(code));
  }
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  auto error = error_of(connection, code);
  sqlite3_reset(statement_.get());
  return error;
}

std::int64_t SqlStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view SqlStatement::text(int column) const {
  const void* const data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr
             ? std::string_view()
             : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

bool SqlStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void SqlStatement::reset() {
  sqlite3_reset(statement_.get());
  bind_error_ = SQLITE_OK;
}

DatabaseDone SqlStatement::finish() {
  for (;;) {
    const auto row = step();
    if (!row || !*row) {
      sqlite3_reset(statement_.get());
      return row ? DatabaseDone{} : DatabaseDone(std::unexpected(row.error()));
    }
  }
}

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

std::expected<Database, std::string> Database::open(const std::string& path,
                                                    const DatabaseOptions& options) {
  const bool writes = options.access == DatabaseOptions::Access::write;
  if (auto made = writes ? create_private(path) : DatabaseDone{}; !made) {
    return std::unexpected(made.error());
  }
  sqlite3* connection = nullptr;
  const int flags = (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
  Database database;
  database.connection_.reset(connection);
  if (code != SQLITE_OK) {
    const char* why = connection == nullptr ? "no memory" : sqlite3_errmsg(connection);
    return std::unexpected(path + ": " + meaning(code, why));
  }
  if (auto done = database.configure(options); !done) {
    return std::unexpected(done.error());
  }
  return database;
}

DatabaseDone Database::configure(const DatabaseOptions& options) {
  sqlite3* const connection = connection_.get();
  sqlite3_busy_timeout(connection, static_cast<int>(options.busy_timeout.ns / millisecond.ns));
  // "x" is a name, never a text; SQL cannot write into SQLite's own tables.
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // 4 MiB of pages a connection, and no file in the process's own memory: that would grow with it.
  // The system keeps what is read often; lists took as long with four times the pages, or with all.
  std::string settings =
      "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-4096; PRAGMA "
      "mmap_size=0;";
  if (options.access == DatabaseOptions::Access::write) {
    settings += " PRAGMA journal_mode=WAL; PRAGMA synchronous=";
    settings += options.synchronous == DatabaseOptions::Synchronous::full ? "FULL;" : "NORMAL;";
  }
  // So that a file which is no database is refused here and not by the first question.
  return execute(connection, (settings + " SELECT count(*) FROM sqlite_schema;").c_str());
}

DatabaseDone Database::run(const std::string& sql) {
  return execute(connection_.get(), sql.c_str());
}

std::expected<SqlStatement, std::string> Database::prepare(std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (code != SQLITE_OK) {
    return error_of(connection_.get(), code);
  }
  SqlStatement statement;
  statement.statement_.reset(prepared);
  return statement;
}

std::expected<std::int64_t, std::string> Database::pragma(std::string_view name) {
  auto statement = prepare("PRAGMA " + std::string(name));
  if (!statement) {
    return std::unexpected(statement.error());
  }
  const auto row = statement->step();
  if (!row) {
    return std::unexpected(row.error());
  }
  return *row ? statement->integer(0) : 0;
}

DatabaseDone Database::migrate(const DatabaseSchema& schema) {
  for (;;) {
    auto step = Transaction::begin(*this);
    if (!step) {
      return std::unexpected(step.error());
    }
    // Read inside, for another process may be at it too.
    const auto version = pragma("user_version");
    const auto tables = pragma("schema_version");
    if (!version || !tables) {
      return std::unexpected(version ? tables.error() : version.error());
    }
    if (*version != 0 || *tables != 0) {
      const auto expected = expect(schema);
      const auto steps = static_cast<std::int64_t>(schema.steps.size());
      if (*version == 0 || *version >= steps) {
        return expected;
      }
      if (const auto id = pragma("application_id"); !id || *id != schema.id) {
        return expected;
      }
    }
    const std::string sql(schema.steps[static_cast<std::size_t>(*version)]);
    const std::string marks = "PRAGMA application_id=" + std::to_string(schema.id) +
                              "; PRAGMA user_version=" + std::to_string(*version + 1);
    for (const std::string& part : {sql, marks}) {
      if (auto done = run(part); !done) {
        return done;
      }
    }
    if (auto done = step->commit(); !done) {
      return done;
    }
  }
}

DatabaseDone Database::expect(const DatabaseSchema& schema) {
  const auto id = pragma("application_id");
  const auto version = pragma("user_version");
  if (!id || !version) {
    return std::unexpected(id ? version.error() : id.error());
  }
  const std::string path = sqlite3_db_filename(connection_.get(), "main");
  if (*id != schema.id) {
    return std::unexpected(path + ": this database is there for something else");
  }
  if (*version != static_cast<std::int64_t>(schema.steps.size())) {
    return std::unexpected(path + ": a database of version " + std::to_string(*version) +
                           "; this program knows version " + std::to_string(schema.steps.size()));
  }
  return {};
}

std::int64_t Database::changes() const { return sqlite3_changes64(connection_.get()); }

std::int64_t Database::last_insert_rowid() const {
  return sqlite3_last_insert_rowid(connection_.get());
}

DatabaseDone Database::check() {
  auto statement = prepare("PRAGMA quick_check(1)");
  if (!statement) {
    return std::unexpected(statement.error());
  }
  const auto row = statement->step();
  if (!row) {
    return std::unexpected(row.error());
  }
  if (!*row || statement->text(0) != "ok") {
    return std::unexpected(std::string(sqlite3_db_filename(connection_.get(), "main")) +
                           ": this database is damaged: " + std::string(statement->text(0)));
  }
  return {};
}

DatabaseDone Database::checkpoint() { return run("PRAGMA wal_checkpoint(TRUNCATE)"); }

std::expected<Transaction, std::string> Transaction::begin(Database& database, Kind kind) {
  sqlite3* const connection = database.connection_.get();
  if (auto done = execute(connection, kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN"); !done) {
    return std::unexpected(done.error());
  }
  return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  // Some errors have rolled it back already.
  if (connection_ != nullptr && sqlite3_get_autocommit(connection_) == 0) {
    execute(connection_, "ROLLBACK");
  }
}

DatabaseDone Transaction::commit() {
  auto done = execute(connection_, "COMMIT");
  if (done) {
    connection_ = nullptr;
  }
  return done;
}

}  // namespace marktwacht
