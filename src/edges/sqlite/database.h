// A thin layer over SQLite: connections, statements, transactions and versions of the tables, with
// errors as texts that name the file. docs/formats/store.md has the files.
#pragma once

#include <concepts>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace marktwacht {

using DatabaseDone = std::expected<void, std::string>;

// One prepared statement. Must not be used after its Database is gone. Parameters and columns count
// from 0. Texts and blobs are copied when they are bound.
class SqlStatement {
 public:
  SqlStatement() = default;

  // A parameter that cannot be bound makes the next `step` fail.
  template <std::integral Integer>
  void bind(int at, Integer value) {
    bind_integer(at, static_cast<std::int64_t>(value));
  }
  void bind(int at, std::string_view text);
  void bind(int at, const char* text) { bind(at, std::string_view(text)); }
  void bind(int at, const std::string& text) { bind(at, std::string_view(text)); }
  void bind(int at, std::nullopt_t);
  template <class Value>
  void bind(int at, const std::optional<Value>& value) {
    value ? bind(at, *value) : bind(at, std::nullopt);
  }
  void bind_blob(int at, std::string_view bytes);

  // True: the next row is there. False: there are no more.
  std::expected<bool, std::string> step();
  // Of the current row; views are good until the next step or reset. NULL reads as 0 or empty.
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  std::string_view blob(int column) const { return text(column); }
  bool is_null(int column) const;

  // Ready for other values; those bound stay.
  void reset();
  // Binds `values` in order, runs it to its end and makes it ready again. Rows are passed over.
  template <class... Values>
  DatabaseDone run(const Values&... values) {
    query(values...);
    return finish();
  }
  // Binds `values` in order; `step` then gives the rows.
  template <class... Values>
  void query(const Values&... values) {
    reset();
    int at = 0;
    (bind(at++, values), ...);
  }

 private:
  friend class Database;
  void bind_integer(int at, std::int64_t value);
  DatabaseDone finish();

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_error_ = 0;
};

// How many times the tables have changed their form: step i brings them from version i to i + 1.
// `id` tells the files of one purpose from all others.
struct DatabaseSchema {
  std::int32_t id = 0;
  std::span<const std::string_view> steps;
};

struct DatabaseOptions {
  // read: the file must be there; several may read while one writes.
  enum class Access : std::uint8_t { write, read } access{};
  // What a commit waits for. full: it is durable when commit returns. normal: the file stays whole,
  // the last commits may be gone after a loss of power.
  enum class Synchronous : std::uint8_t { full, normal } synchronous{};
  // How long a call waits for another connection's lock before it fails.
  Duration busy_timeout{5 * second.ns};
};

// One connection. One thread at a time; each thread its own. Every call may block on the disk.
// A new file has mode 0600. Write-ahead log, so that readers do not wait for the writer.
class Database {
 public:
  static std::expected<Database, std::string> open(const std::string& path,
                                                   const DatabaseOptions& options = {});

  // Any number of statements without parameters.
  DatabaseDone run(const std::string& sql);
  std::expected<SqlStatement, std::string> prepare(std::string_view sql);
  // prepare and run in one.
  template <class... Values>
  DatabaseDone run_with(std::string_view sql, const Values&... values) {
    auto statement = prepare(sql);
    if (!statement) {
      return std::unexpected(statement.error());
    }
    return statement->run(values...);
  }

  // Brings the tables to the last version, each step in a transaction of its own. An error says
  // that the file is of a newer version, or of another purpose.
  DatabaseDone migrate(const DatabaseSchema& schema);
  // For a connection that only reads: the file is of this purpose and of the last version.
  DatabaseDone expect(const DatabaseSchema& schema);

  // Rows that the last INSERT, UPDATE or DELETE changed.
  std::int64_t changes() const;
  std::int64_t last_insert_rowid() const;
  // Reads all of the file; an error says where it is damaged.
  DatabaseDone check();
  // Moves the write-ahead log into the file and empties it, as far as readers allow.
  DatabaseDone checkpoint();

 private:
  friend class Transaction;
  DatabaseDone configure(const DatabaseOptions& options);
  std::expected<std::int64_t, std::string> pragma(std::string_view name);

  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

// All or nothing: what was not committed is rolled back when it goes.
class Transaction {
 public:
  // write: waits for other writers now, not in the midst. read: one state of the file throughout.
  enum class Kind : std::uint8_t { write, read };
  static std::expected<Transaction, std::string> begin(Database& database, Kind kind = Kind::write);
  ~Transaction();
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;

  // After an error nothing of it is in the file.
  DatabaseDone commit();

 private:
  explicit Transaction(sqlite3* connection) : connection_(connection) {}
  sqlite3* connection_ = nullptr;  // nullptr: over
};

}  // namespace marktwacht
