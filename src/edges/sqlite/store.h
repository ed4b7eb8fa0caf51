// The store: alerts, cases, measures, decisions and commands as tables that lists are read from. A
// projection of the journal: it may be deleted and is then built anew. docs/formats/store.md.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edges/sqlite/database.h"

namespace marktwacht {

// What one group commit, or several, brought about, in the order in which it did.
struct StoreBatch {
  struct Line {
    std::uint64_t seq = 0;  // of the record that caused it; of an alert or decision its own
    Time at;                // engine time
    std::string text;       // one line of JSON, whole
  };
  struct Decision {
    Line outcome;       // write_outcome's line
    std::string event;  // the decision itself, write_ndjson's line; empty: not known
  };

  std::uint64_t applied_seq = 0;  // the last record that is in it, with all that it led to
  std::vector<Line> alerts;       // recorded_form's lines, in their order
  // write_case's and write_measure's, the newest of each, by its number.
  std::map<std::uint64_t, Line> cases, measures;
  std::vector<Decision> decisions;
  std::vector<Line> commands;  // write_command's

  bool empty() const {
    return alerts.empty() && cases.empty() && measures.empty() && decisions.empty() &&
           commands.empty();
  }
  // What came after it joins it.
  void append(StoreBatch later);
};

extern const DatabaseSchema store_schema;

// Writes the store; StoreReader reads it. One thread, one process. Every call may block.
class Store {
 public:
  // Makes the file where there is none. An error says what is wrong with it: what is damaged or of
  // another version is to be removed and built anew.
  static std::expected<Store, std::string> open(const std::string& path);
  // Deletes the store at `path`, with what SQLite keeps beside it.
  static DatabaseDone remove(const std::string& path);

  // All that up to this record was applied; 0 when there is nothing.
  std::uint64_t applied_seq() const { return applied_seq_; }
  // All or nothing. A revision, decision or command that is there already changes nothing, so that
  // a replay may start before applied_seq.
  DatabaseDone apply(const StoreBatch& batch);
  // Deletes at most `rows_max` of each table that are over and were last changed before `time`:
  // alerts that are not open and in no case that stays, closed cases, measures that hold no more,
  // decisions, commands. Says how many; call again until it is 0.
  std::expected<std::int64_t, std::string> forget(Time time, std::int64_t rows_max = 1000);
  // See Database.
  DatabaseDone check() { return database_.check(); }
  DatabaseDone checkpoint() { return database_.checkpoint(); }

 private:
  explicit Store(Database database) : database_(std::move(database)) {}

  DatabaseDone write(const StoreBatch& batch);
  // `is_newest`: no later line of the batch supersedes it.
  DatabaseDone write_alert_line(const StoreBatch::Line& alert, bool is_newest);
  DatabaseDone write_case_line(const StoreBatch::Line& line);
  DatabaseDone write_measure_line(const StoreBatch::Line& line);
  DatabaseDone write_decision(const StoreBatch::Decision& decision);
  DatabaseDone write_command_line(const StoreBatch::Line& line);
  // One of the fixed statements of store.cc, prepared once.
  std::expected<SqlStatement*, std::string> prepared(std::string_view sql);
  template <class... Values>
  DatabaseDone run(std::string_view sql, const Values&... values);
  // Whether it changed anything.
  template <class... Values>
  std::expected<bool, std::string> change(std::string_view sql, const Values&... values);
  // The first column of the only row; nothing when there is none.
  template <class... Values>
  std::expected<std::optional<std::int64_t>, std::string> ask(std::string_view sql,
                                                              const Values&... values);

  Database database_;
  std::map<std::string_view, SqlStatement> statements_;  // by their text, a constant
  std::uint64_t applied_seq_ = 0;
  std::int64_t change_no_ = 0;  // of the last change in the file or, within apply, so far
};

}  // namespace marktwacht
