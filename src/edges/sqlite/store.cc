// Applying batches to the store's tables: see store.h.
#include "edges/sqlite/store.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "cases/case.h"
#include "edges/sqlite/decision_targets.h"
#include "events/json_members.h"
#include "measures/measure.h"

namespace marktwacht {
namespace {

constexpr std::string_view put_alert = R"sql(
INSERT INTO alerts (opened_seq, alert_id, revision, seq, change_no, at_ts, opened_ts, line)
VALUES (?1, ?2, ?3, ?1, ?4, ?5, ?5, ?6)
ON CONFLICT (alert_id) DO UPDATE SET revision = excluded.revision, seq = excluded.seq,
  change_no = excluded.change_no, at_ts = excluded.at_ts, line = excluded.line WHERE excluded.revision > alerts.revision)sql";
constexpr std::string_view opened_seq_of = "SELECT opened_seq FROM alerts WHERE alert_id = ?";
constexpr std::string_view put_revision =
    "INSERT OR IGNORE INTO alert_revisions VALUES (?, ?, ?, ?, ?, ?)";
constexpr std::string_view drop_alert_accounts =
    "DELETE FROM alert_accounts WHERE opened_seq = ?1 "
    "AND account_id NOT IN (SELECT value FROM json_each(?2))";
constexpr std::string_view put_alert_accounts =
    "INSERT OR IGNORE INTO alert_accounts SELECT value, ?1 FROM json_each(?2)";
constexpr std::string_view drop_confirmed = "DELETE FROM confirmed_alerts WHERE opened_seq = ?";
constexpr std::string_view put_confirmed = R"sql(
INSERT OR IGNORE INTO confirmed_alerts
SELECT 'account_id', account_id, opened_seq FROM alert_accounts WHERE opened_seq = ?1
UNION ALL
SELECT 'group_id', group_id, opened_seq FROM alerts
WHERE opened_seq = ?1 AND group_id IS NOT NULL)sql";

constexpr std::string_view put_case = R"sql(
INSERT INTO cases (number, case_id, revision, seq, change_no, at_ts, line)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET revision = excluded.revision, seq = excluded.seq,
  change_no = excluded.change_no, at_ts = excluded.at_ts, line = excluded.line WHERE excluded.revision > cases.revision)sql";
// What a case's line lists, in a table of its own: what is gone from it, what is new.
struct CaseLinks {
  std::string_view drop, put;
};
constexpr CaseLinks case_links[] = {
    {"DELETE FROM case_accounts WHERE number = ?1 "
     "AND account_id NOT IN (SELECT value FROM json_each(?2, '$.account_ids'))",
     "INSERT OR IGNORE INTO case_accounts SELECT value, ?1 FROM json_each(?2, '$.account_ids')"},
    {"DELETE FROM case_groups WHERE number = ?1 "
     "AND group_id NOT IN (SELECT value FROM json_each(?2, '$.group_ids'))",
     "INSERT OR IGNORE INTO case_groups SELECT value, ?1 FROM json_each(?2, '$.group_ids')"},
    {"DELETE FROM case_alerts WHERE number = ?1 "
     "AND alert_id NOT IN (SELECT value FROM json_each(?2, '$.alert_ids'))",
     "INSERT OR IGNORE INTO case_alerts SELECT value, ?1 FROM json_each(?2, '$.alert_ids')"},
};

constexpr std::string_view put_measure = R"sql(
INSERT INTO measures (number, measure_id, revision, seq, change_no, at_ts, line)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET revision = excluded.revision, seq = excluded.seq,
  change_no = excluded.change_no, at_ts = excluded.at_ts, line = excluded.line WHERE excluded.revision > measures.revision)sql";
constexpr std::string_view drop_measure_accounts = "DELETE FROM measure_accounts WHERE number = ?";
constexpr std::string_view put_measure_accounts = R"sql(
INSERT OR IGNORE INTO measure_accounts
SELECT value, ?1 FROM json_each(?2, '$.account_ids')
UNION SELECT value, ?1 FROM json_each(?2, '$.measure.target.account_ids')
UNION SELECT value, ?1 FROM json_each(?2, '$.measure.target.account_id')
WHERE value IS NOT NULL)sql";

constexpr std::string_view put_decision =
    "INSERT INTO decisions (seq, change_no, at_ts, outcome, event) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (seq) DO NOTHING";
constexpr std::string_view put_target = "INSERT OR IGNORE INTO decision_targets VALUES (?, ?, ?)";
constexpr std::string_view put_snooze = R"sql(
INSERT INTO snoozes VALUES (?, ?, ?, ?, ?)
ON CONFLICT (rule, subject_kind, subject) DO UPDATE SET until_ts = excluded.until_ts,
  seq = excluded.seq WHERE excluded.seq > snoozes.seq)sql";

constexpr std::string_view put_command =
    "INSERT INTO commands (command_id, seq, at_ts, line) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (command_id) DO NOTHING";
constexpr std::string_view put_applied =
    "UPDATE store SET applied_seq = max(applied_seq, ?), change_no = ?";

// Cases first: what is in none that stays may go after it.
constexpr std::string_view forget_steps[] = {
    "DELETE FROM cases WHERE number IN (SELECT number FROM cases WHERE at_ts < ?1 AND state IN "
    "('closed_confirmed', 'closed_refuted', 'closed_inconclusive', 'merged') LIMIT ?2)",
    "DELETE FROM alerts WHERE opened_seq IN (SELECT opened_seq FROM alerts WHERE at_ts < ?1 AND "
    "state <> 'open' AND alert_id NOT IN (SELECT alert_id FROM case_alerts) LIMIT ?2)",
    "DELETE FROM measures WHERE number IN (SELECT number FROM measures WHERE at_ts < ?1 AND state "
    "IN ('released', 'refused', 'withdrawn', 'reversed', 'expired') AND case_id NOT IN "
    "(SELECT case_id FROM cases) LIMIT ?2)",
    "DELETE FROM decisions WHERE seq IN (SELECT seq FROM decisions WHERE at_ts < ?1 LIMIT ?2)",
    "DELETE FROM commands WHERE number IN (SELECT number FROM commands WHERE at_ts < ?1 LIMIT ?2)",
    "DELETE FROM snoozes WHERE rowid IN (SELECT rowid FROM snoozes WHERE until_ts < ?1 LIMIT ?2)",
};

template <class List>
void append_list(List& to, List& later) {
  to.insert(to.end(), std::move_iterator(later.begin()), std::move_iterator(later.end()));
}

// Which lines no later one of the batch supersedes. An id is a line's first member.
std::vector<bool> newest_of(const std::vector<StoreBatch::Line>& lines) {
  std::vector<bool> newest(lines.size());
  boost::unordered_flat_set<std::string_view> later;
  for (std::size_t at = lines.size(); at > 0; --at) {
    const std::string_view text = lines[at - 1].text;
    newest[at - 1] = later.insert(text.substr(0, text.find(','))).second;
  }
  return newest;
}

std::unexpected<std::string> no_such_line(std::string_view what, const StoreBatch::Line& line) {
  return std::unexpected("the record of seq " + std::to_string(line.seq) + " holds no " +
                         std::string(what) + " line: " + line.text.substr(0, 100));
}

}  // namespace

void StoreBatch::append(StoreBatch later) {
  append_list(alerts, later.alerts);
  append_list(decisions, later.decisions);
  append_list(commands, later.commands);
  later.cases.merge(cases);  // what is newer stays
  cases.swap(later.cases);
  later.measures.merge(measures);
  measures.swap(later.measures);
  applied_seq = later.applied_seq;
}

std::expected<Store, std::string> Store::open(const std::string& path) {
  auto database = Database::open(path, {.synchronous = DatabaseOptions::Synchronous::normal});
  if (!database) {
    return std::unexpected(database.error());
  }
  if (auto done = database->migrate(store_schema); !done) {
    return std::unexpected(done.error());
  }
  Store store(std::move(*database));
  const auto applied = store.ask("SELECT applied_seq FROM store");
  const auto changes = store.ask("SELECT change_no FROM store");
  if (!applied || !changes) {
    return std::unexpected(applied ? changes.error() : applied.error());
  }
  store.applied_seq_ = static_cast<std::uint64_t>(applied->value_or(0));
  store.change_no_ = changes->value_or(0);
  return store;
}

DatabaseDone Store::remove(const std::string& path) {
  for (const char* part : {"", "-wal", "-shm"}) {
    std::error_code error;
    std::filesystem::remove(path + part, error);
    if (error) {
      return std::unexpected(path + part + ": " + error.message());
    }
  }
  return {};
}

std::expected<SqlStatement*, std::string> Store::prepared(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) {
    return &found->second;
  }
  auto statement = database_.prepare(sql);
  if (!statement) {
    return std::unexpected(statement.error());
  }
  return &statements_.emplace(sql, std::move(*statement)).first->second;
}

template <class... Values>
DatabaseDone Store::run(std::string_view sql, const Values&... values) {
  const auto statement = prepared(sql);
  return statement ? (*statement)->run(values...)
                   : DatabaseDone(std::unexpected(statement.error()));
}

template <class... Values>
std::expected<bool, std::string> Store::change(std::string_view sql, const Values&... values) {
  if (auto done = run(sql, values...); !done) {
    return std::unexpected(done.error());
  }
  return database_.changes() > 0;
}

template <class... Values>
std::expected<std::optional<std::int64_t>, std::string> Store::ask(std::string_view sql,
                                                                   const Values&... values) {
  const auto statement = prepared(sql);
  if (!statement) {
    return std::unexpected(statement.error());
  }
  (*statement)->query(values...);
  const auto row = (*statement)->step();
  if (!row) {
    return std::unexpected(row.error());
  }
  const auto answer = *row ? std::optional((*statement)->integer(0)) : std::nullopt;
  (*statement)->reset();
  return answer;
}

DatabaseDone Store::write_alert_line(const StoreBatch::Line& alert, bool is_newest) {
  const auto members = JsonMembers::of(alert.text);
  const auto id = members ? members->text("alert_id") : std::nullopt;
  const auto revision = members ? members->integer("revision") : std::nullopt;
  const auto state = members ? members->text("state") : std::nullopt;
  if (!id || !revision || !state) {
    return no_such_line("alert", alert);
  }
  if (!is_newest && *revision > 1) {  // of it only stays that it was
    const auto of = ask(opened_seq_of, *id);
    return !of ? DatabaseDone(std::unexpected(of.error()))
               : run(put_revision, *of, *revision, *state, members->integer("score").value_or(0),
                     alert.seq, alert.at.ns);
  }
  const auto changed =
      change(put_alert, alert.seq, *id, *revision, change_no_ + 1, alert.at.ns, alert.text);
  if (!changed || !*changed) {
    return changed ? DatabaseDone{} : DatabaseDone(std::unexpected(changed.error()));
  }
  std::expected<std::optional<std::int64_t>, std::string> opened_seq =
      std::optional(static_cast<std::int64_t>(alert.seq));
  if (*revision > 1) {
    opened_seq = ask(opened_seq_of, *id);
  }
  if (!opened_seq) {
    return std::unexpected(opened_seq.error());
  }
  ++change_no_;
  const std::string_view accounts = members->value("account_ids");
  auto done = run(put_revision, *opened_seq, *revision, *state,
                  members->integer("score").value_or(0), alert.seq, alert.at.ns);
  if (done && *revision > 1) {
    done = run(drop_alert_accounts, *opened_seq, accounts);
  }
  if (done) {
    done = run(put_alert_accounts, *opened_seq, accounts);
  }
  if (done && *revision > 1) {
    done = run(drop_confirmed, *opened_seq);
  }
  if (done && *state == "confirmed") {
    done = run(put_confirmed, *opened_seq);
  }
  return done;
}

DatabaseDone Store::write_case_line(const StoreBatch::Line& line) {
  const auto members = JsonMembers::of(line.text);
  const std::string id = members ? members->text("case_id").value_or("") : "";
  const auto revision = members ? members->integer("revision") : std::nullopt;
  const std::uint64_t number = case_number(id);
  if (number == 0 || !revision) {
    return no_such_line("case", line);
  }
  const auto changed =
      change(put_case, number, id, *revision, line.seq, change_no_ + 1, line.at.ns, line.text);
  if (!changed || !*changed) {
    return changed ? DatabaseDone{} : DatabaseDone(std::unexpected(changed.error()));
  }
  ++change_no_;
  for (const CaseLinks& links : case_links) {
    for (const std::string_view sql : {links.drop, links.put}) {
      if (auto done = run(sql, number, line.text); !done) {
        return done;
      }
    }
  }
  return {};
}

DatabaseDone Store::write_measure_line(const StoreBatch::Line& line) {
  const auto members = JsonMembers::of(line.text);
  const std::string id = members ? members->text("measure_id").value_or("") : "";
  const auto revision = members ? members->integer("revision") : std::nullopt;
  const std::uint64_t number = measure_number(id);
  if (number == 0 || !revision) {
    return no_such_line("measure", line);
  }
  const auto changed =
      change(put_measure, number, id, *revision, line.seq, change_no_ + 1, line.at.ns, line.text);
  if (!changed || !*changed) {
    return changed ? DatabaseDone{} : DatabaseDone(std::unexpected(changed.error()));
  }
  ++change_no_;
  auto done = run(drop_measure_accounts, number);
  return done ? run(put_measure_accounts, number, line.text) : done;
}

DatabaseDone Store::write_decision(const StoreBatch::Decision& decision) {
  const StoreBatch::Line& line = decision.outcome;
  const auto outcome = JsonMembers::of(line.text);
  const auto event = JsonMembers::of(decision.event.empty() ? std::string_view("{}")
                                                            : std::string_view(decision.event));
  if (!outcome || !event) {
    return no_such_line("decision", line);
  }
  const auto fresh =
      change(put_decision, line.seq, change_no_ + 1, line.at.ns, line.text, decision.event);
  if (!fresh || !*fresh) {
    return fresh ? DatabaseDone{} : DatabaseDone(std::unexpected(fresh.error()));
  }
  ++change_no_;
  for (const DecisionTarget& target : targets_of(*outcome, *event)) {
    if (auto done = run(put_target, target.kind, target.id, line.seq); !done) {
      return done;
    }
  }
  const std::string kind = outcome->text("kind").value_or("");
  if ((kind == "snooze" || kind == "unsnooze") && outcome->text("result") == "accepted") {
    const std::string_view of = event->has("group_id") ? "group_id" : "account_id";
    const std::int64_t until = kind == "snooze" ? event->integer("until_ts").value_or(0) : 0;
    return run(put_snooze, event->text("rule").value_or(""), of, event->text(of).value_or(""),
               until, line.seq);
  }
  return {};
}

DatabaseDone Store::write_command_line(const StoreBatch::Line& line) {
  const auto members = JsonMembers::of(line.text);
  const auto id = members ? members->text("command_id") : std::nullopt;
  return id ? run(put_command, *id, line.seq, line.at.ns, line.text)
            : no_such_line("command", line);
}

DatabaseDone Store::write(const StoreBatch& batch) {
  DatabaseDone done;
  const auto each = [&](const auto& lines, auto write_one) {
    for (auto line = lines.begin(); done && line != lines.end(); ++line) {
      done = (this->*write_one)(*line);
    }
  };
  const auto each_of = [&](const std::map<std::uint64_t, StoreBatch::Line>& lines, auto write_one) {
    for (auto line = lines.begin(); done && line != lines.end(); ++line) {
      done = (this->*write_one)(line->second);
    }
  };
  const std::vector<bool> newest = newest_of(batch.alerts);
  for (std::size_t at = 0; done && at < batch.alerts.size(); ++at) {
    done = write_alert_line(batch.alerts[at], newest[at]);
  }
  each_of(batch.cases, &Store::write_case_line);
  each_of(batch.measures, &Store::write_measure_line);
  each(batch.decisions, &Store::write_decision);
  each(batch.commands, &Store::write_command_line);
  return done;
}

DatabaseDone Store::apply(const StoreBatch& batch) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) {
    return std::unexpected(transaction.error());
  }
  const std::int64_t change_no = change_no_;
  std::uint64_t applied_seq = applied_seq_;
  DatabaseDone done = write(batch);
  if (done) {
    done = run(put_applied, batch.applied_seq, change_no_);
    applied_seq = std::max(applied_seq, batch.applied_seq);
  }
  if (done) {
    done = transaction->commit();
  }
  if (done) {
    applied_seq_ = applied_seq;
  } else {
    change_no_ = change_no;
  }
  return done;
}

std::expected<std::int64_t, std::string> Store::forget(Time time, std::int64_t rows_max) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) {
    return std::unexpected(transaction.error());
  }
  std::int64_t rows = 0;
  for (const std::string_view sql : forget_steps) {
    if (auto done = run(sql, time.ns, rows_max); !done) {
      return std::unexpected(done.error());
    }
    rows += database_.changes();
  }
  if (auto done = transaction->commit(); !done) {
    return std::unexpected(done.error());
  }
  return rows;
}

}  // namespace marktwacht
