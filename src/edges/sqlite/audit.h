// The audit trail: every act and every refused act, also those that never reached the engine. A
// file of its own, since it cannot be built anew; rows are only added. docs/formats/store.md.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/sha256.h"
#include "edges/sqlite/list_query.h"

namespace marktwacht {

struct AuditRow {
  std::uint64_t audit_id = 0;  // from 1, without gaps; given by the trail
  Time at = {};
  // Who, as far as known; of a token its id, never the token.
  std::string user_id = {}, token_id = {};
  std::string source = {};   // where from: an address's token, "console", "cli"
  std::string act = {};      // a decision's kind, or login, logout, ingest, reveal, …
  std::string target = {};   // whom or what it is about
  std::string outcome = {};  // "accepted", or the word of the refusal
  std::string detail = {};
};
// Appends the row as one object of JSON; what is empty is left out.
void write_audit_row(const AuditRow& row, std::string& out);

// Each row's hash is over the hash before it and the row: who changes or removes one must change
// all behind it. What was cut off at the end is found by a head that was kept elsewhere.
struct AuditHead {
  std::uint64_t audit_id = 0;  // 0: no rows
  Digest hash{};
};

struct AuditQuery {
  std::string user_id = {}, act = {}, target = {}, outcome = {};
  std::optional<Time> from = {}, to = {};  // from <= at < to
  ListPart part = {};                      // sort: audit_id; -audit_id
  bool refused = false;                    // of any outcome but "accepted"
};

// Writes. One thread, one process. A row is durable when append returns.
class AuditTrail {
 public:
  static std::expected<AuditTrail, std::string> open(const std::string& path);

  // All of them or none; gives them their ids.
  DatabaseDone append(std::span<AuditRow> rows);
  const AuditHead& head() const { return head_; }

 private:
  AuditTrail(Database database, SqlStatement insert)
      : database_(std::move(database)), insert_(std::move(insert)) {}

  Database database_;
  SqlStatement insert_;
  AuditHead head_;
};

// Reads. One thread at a time, each thread its own.
class AuditReader {
 public:
  static std::expected<AuditReader, std::string> open(const std::string& path);

  std::expected<ListOf<AuditRow>, StoreError> rows(const AuditQuery& query);
  // Reads all rows. An error says which is the first that is changed, added or missing; `kept` is a
  // head from before, which must be among them.
  std::expected<AuditHead, std::string> verify(const std::optional<AuditHead>& kept = {});

 private:
  explicit AuditReader(Database database) : asked_(std::move(database)) {}
  AskedDatabase asked_;
};

}  // namespace marktwacht
