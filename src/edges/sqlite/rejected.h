// Refused lines of the last while, for whoever mends a feed. A file of its own, bounded: what it
// loses is lost, and counted elsewhere. docs/formats/store.md.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <utility>

#include "edges/sqlite/list_query.h"
#include "events/batch.h"

namespace marktwacht {

// A `rejected` record as it may be kept: its head is masked (edges/vault/mask.h).
struct RejectedRow {
  std::uint64_t rejected_id = 0;  // from 1; given by the table, never twice
  Time received = {};             // wall clock
  std::string source = {};        // of whom sent it
  std::uint64_t line = 0;         // from 1, in the body that it came in
  std::uint64_t offset = 0;       // of its first byte there, from 0
  RejectReason reason = {};
  std::string field = {};
  std::string head = {};
};
// Appends the row as one object of JSON; an empty field is left out.
void write_rejected_row(const RejectedRow& row, std::string& out);

struct RejectedQuery {
  std::string source = {}, reason = {};  // empty: any
  ListPart part = {};                    // sort: -rejected_id
};

// Writes. One thread, one process. After a loss of power the last rows may be gone.
class RejectedTable {
 public:
  static std::expected<RejectedTable, std::string> open(const std::string& path);

  // Adds them and drops the oldest beyond `rows_max`. All or nothing; ids are not filled in.
  DatabaseDone append(std::span<const RejectedRow> rows, std::uint64_t rows_max);

 private:
  RejectedTable(Database database, SqlStatement insert, SqlStatement drop)
      : database_(std::move(database)), insert_(std::move(insert)), drop_(std::move(drop)) {}

  Database database_;
  SqlStatement insert_, drop_;
};

// Reads. One thread at a time.
class RejectedReader {
 public:
  static std::expected<RejectedReader, std::string> open(const std::string& path);

  std::expected<ListOf<RejectedRow>, StoreError> rows(const RejectedQuery& query);

 private:
  explicit RejectedReader(Database database) : asked_(std::move(database)) {}
  AskedDatabase asked_;
};

}  // namespace marktwacht
