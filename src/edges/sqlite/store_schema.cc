// The store's tables. A column of a line is made from the line itself, by its name there.
// docs/formats/store.md says the same to people.
#include "edges/sqlite/store.h"

namespace marktwacht {
namespace {

// Columns stand before the line, so that reading them reads no long line.
constexpr std::string_view first_tables = R"sql(
CREATE TABLE store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  applied_seq INTEGER NOT NULL,
  change_no INTEGER NOT NULL,
  build_id TEXT NOT NULL
) STRICT;
INSERT INTO store VALUES (1, 0, 0, lower(hex(randomblob(8))));

CREATE TABLE alerts (
  opened_seq INTEGER PRIMARY KEY,
  alert_id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  change_no INTEGER NOT NULL,
  at_ts INTEGER NOT NULL,
  opened_ts INTEGER NOT NULL,
  state TEXT NOT NULL AS (json_extract(line, '$.state')) STORED,
  detector TEXT NOT NULL AS (json_extract(line, '$.detector')) STORED,
  clause TEXT NOT NULL AS (json_extract(line, '$.clause')) STORED,
  severity TEXT NOT NULL AS (json_extract(line, '$.severity')) STORED,
  score INTEGER NOT NULL AS (json_extract(line, '$.score')) STORED,
  group_id TEXT AS (json_extract(line, '$.group_id')) STORED,
  instrument_id TEXT AS (json_extract(line, '$.instrument_id')) STORED,
  from_ts INTEGER NOT NULL AS (json_extract(line, '$.from_ts')) STORED,
  shadow INTEGER NOT NULL AS (json_extract(line, '$.maturity') <> 'stable') STORED,
  line TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX alerts_change_no ON alerts (change_no);
-- Answers every filter in the order of score without a look at the rows. opened_seq stands second so
-- that what is new lands on few pages.
CREATE INDEX alerts_score ON alerts (score, opened_seq, state, detector, clause, severity,
  instrument_id, group_id, shadow, opened_ts, alert_id);
CREATE INDEX alerts_state_score ON alerts (state, score);
CREATE INDEX alerts_seq ON alerts (seq);
CREATE INDEX alerts_from_ts ON alerts (from_ts);
CREATE INDEX alerts_group_id ON alerts (group_id) WHERE group_id IS NOT NULL;

CREATE TABLE alert_counts (
  clause TEXT NOT NULL,
  detector TEXT NOT NULL,
  severity TEXT NOT NULL,
  state TEXT NOT NULL,
  shadow INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (clause, detector, severity, state, shadow)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER alerts_new AFTER INSERT ON alerts BEGIN
  INSERT INTO alert_counts
  VALUES (NEW.clause, NEW.detector, NEW.severity, NEW.state, NEW.shadow, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER alerts_changed AFTER UPDATE ON alerts BEGIN
  UPDATE alert_counts SET count = count - 1
  WHERE clause = OLD.clause AND detector = OLD.detector AND severity = OLD.severity
  AND state = OLD.state AND shadow = OLD.shadow;
  INSERT INTO alert_counts
  VALUES (NEW.clause, NEW.detector, NEW.severity, NEW.state, NEW.shadow, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TABLE alert_revisions (
  opened_seq INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  state TEXT NOT NULL,
  score INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at_ts INTEGER NOT NULL,
  PRIMARY KEY (opened_seq, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE alert_accounts (
  account_id TEXT NOT NULL,
  opened_seq INTEGER NOT NULL,
  PRIMARY KEY (account_id, opened_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_accounts_alert ON alert_accounts (opened_seq);
CREATE TABLE confirmed_alerts (
  subject_kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  opened_seq INTEGER NOT NULL,
  PRIMARY KEY (subject_kind, subject, opened_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX confirmed_alerts_alert ON confirmed_alerts (opened_seq);

CREATE TABLE cases (
  number INTEGER PRIMARY KEY,
  case_id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  change_no INTEGER NOT NULL,
  at_ts INTEGER NOT NULL,
  state TEXT NOT NULL AS (json_extract(line, '$.state')) STORED,
  severity TEXT NOT NULL AS (json_extract(line, '$.severity')) STORED,
  assignee_id TEXT AS (json_extract(line, '$.assignee_id')) STORED,
  opened_ts INTEGER NOT NULL AS (json_extract(line, '$.opened_ts')) STORED,
  last_alert_ts INTEGER NOT NULL AS (json_extract(line, '$.last_alert_ts')) STORED,
  due_ts INTEGER NOT NULL AS (json_extract(line, '$.due_ts')) STORED,
  line TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX cases_change_no ON cases (change_no);
CREATE INDEX cases_seq ON cases (seq);
CREATE INDEX cases_opened_ts ON cases (opened_ts);
CREATE INDEX cases_last_alert_ts ON cases (last_alert_ts);
CREATE INDEX cases_due_ts ON cases (due_ts);
CREATE INDEX cases_state ON cases (state, seq);
CREATE TABLE case_accounts (
  account_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_accounts_case ON case_accounts (number);
CREATE TABLE case_groups (
  group_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (group_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_groups_case ON case_groups (number);
CREATE TABLE case_alerts (
  alert_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (alert_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_alerts_case ON case_alerts (number);

CREATE TABLE measures (
  number INTEGER PRIMARY KEY,
  measure_id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  change_no INTEGER NOT NULL,
  at_ts INTEGER NOT NULL,
  state TEXT NOT NULL AS (json_extract(line, '$.state')) STORED,
  case_id TEXT NOT NULL AS (json_extract(line, '$.case_id')) STORED,
  kind TEXT NOT NULL AS (json_extract(line, '$.measure.kind')) STORED,
  clause TEXT AS (json_extract(line, '$.measure.clause')) STORED,
  proposer_id TEXT NOT NULL AS (json_extract(line, '$.proposer_id')) STORED,
  proposed_ts INTEGER NOT NULL AS (json_extract(line, '$.proposed_ts')) STORED,
  until_ts INTEGER AS (json_extract(line, '$.until_ts')) STORED,
  line TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX measures_change_no ON measures (change_no);
CREATE INDEX measures_seq ON measures (seq);
CREATE INDEX measures_proposed_ts ON measures (proposed_ts);
CREATE INDEX measures_case_id ON measures (case_id);
CREATE INDEX measures_state ON measures (state, seq);
CREATE TABLE measure_accounts (
  account_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX measure_accounts_measure ON measure_accounts (number);

CREATE TABLE decisions (
  seq INTEGER PRIMARY KEY,
  change_no INTEGER NOT NULL,
  at_ts INTEGER NOT NULL,
  user_id TEXT NOT NULL AS (json_extract(outcome, '$.user_id')) STORED,
  kind TEXT NOT NULL AS (json_extract(outcome, '$.kind')) STORED,
  result TEXT NOT NULL AS (json_extract(outcome, '$.result')) STORED,
  ts INTEGER NOT NULL AS (json_extract(outcome, '$.ts')) STORED,
  outcome TEXT NOT NULL,
  event TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX decisions_change_no ON decisions (change_no);
CREATE INDEX decisions_user_id ON decisions (user_id);
CREATE INDEX decisions_kind ON decisions (kind);
CREATE INDEX decisions_ts ON decisions (ts);
CREATE TABLE decision_targets (
  target_kind TEXT NOT NULL,
  target TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (target_kind, target, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX decision_targets_seq ON decision_targets (seq);
CREATE TABLE snoozes (
  rule TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  until_ts INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (rule, subject_kind, subject)
) STRICT;

CREATE TABLE commands (
  number INTEGER PRIMARY KEY,
  command_id TEXT NOT NULL UNIQUE,
  seq INTEGER NOT NULL,
  at_ts INTEGER NOT NULL,
  command TEXT NOT NULL AS (json_extract(line, '$.command')) STORED,
  account_id TEXT AS (json_extract(line, '$.account_id')) STORED,
  instrument_id TEXT AS (json_extract(line, '$.instrument_id')) STORED,
  measure_id TEXT AS (json_extract(line, '$.measure_id')) STORED,
  line TEXT NOT NULL
) STRICT;
CREATE INDEX commands_seq ON commands (seq);
CREATE INDEX commands_account_id ON commands (account_id, seq) WHERE account_id IS NOT NULL;
CREATE INDEX commands_measure_id ON commands (measure_id, seq) WHERE measure_id IS NOT NULL;

CREATE TRIGGER alerts_gone AFTER DELETE ON alerts BEGIN
  UPDATE alert_counts SET count = count - 1
  WHERE clause = OLD.clause AND detector = OLD.detector AND severity = OLD.severity
  AND state = OLD.state AND shadow = OLD.shadow;
  DELETE FROM alert_revisions WHERE opened_seq = OLD.opened_seq;
  DELETE FROM alert_accounts WHERE opened_seq = OLD.opened_seq;
  DELETE FROM confirmed_alerts WHERE opened_seq = OLD.opened_seq;
END;
CREATE TRIGGER cases_gone AFTER DELETE ON cases BEGIN
  DELETE FROM case_accounts WHERE number = OLD.number;
  DELETE FROM case_groups WHERE number = OLD.number;
  DELETE FROM case_alerts WHERE number = OLD.number;
END;
CREATE TRIGGER measures_gone AFTER DELETE ON measures BEGIN
  DELETE FROM measure_accounts WHERE number = OLD.number;
END;
CREATE TRIGGER decisions_gone AFTER DELETE ON decisions BEGIN
  DELETE FROM decision_targets WHERE seq = OLD.seq;
END;
)sql";

constexpr std::string_view forms[] = {first_tables};

}  // namespace

const DatabaseSchema store_schema{0x4d57'5354, forms};  // "MWST"

}  // namespace marktwacht
