// Questions to the store: lists with filters, pages and orders, and what belongs to one alert,
// case, measure or account. The answers hold the lines as they were written. docs/formats/store.md.
#pragma once

#include <cstdint>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edges/sqlite/database.h"
#include "edges/sqlite/list_query.h"

namespace marktwacht {

struct AlertsQuery {
  // Empty: any. Of states and severities also several, with commas between them.
  std::string state = {}, detector = {}, clause = {}, severity = {}, account_id = {}, group_id = {},
              instrument_id = {}, case_id = {};
  std::optional<std::int64_t> score_min = {};
  std::optional<bool> snoozed = {};  // at `now`
  std::optional<bool> shadow = {};   // of a rule or detector that is not stable
  Time now = {};
  bool lines_only = false;  // no context
  // sort: score, from_ts, seq (of the last revision), opened_seq (of the first); -score
  ListPart part = {};
};

// What stands beside an alert.
struct AlertContext {
  std::string case_id;  // empty: in none
  Time opened;          // its first revision
  std::optional<Time> snoozed_until;
  std::int64_t confirmed_before = 0;  // earlier alerts of its accounts or group that are confirmed
  std::int64_t alerts_before = 0;     // earlier alerts of its accounts
};
// Appends {case_id, opened_ts, snoozed_until_ts, confirmed_before, alerts_before}; what is absent
// is left out.
void write_context(const AlertContext& context, std::string& out);

struct AlertItem {
  std::string alert_id, line;
  AlertContext context;
};

struct AlertRevision {
  std::int64_t revision = 0;
  std::string state;
  std::int64_t score = 0;
  std::uint64_t seq = 0;
  Time at;
};

struct AlertStory {
  AlertItem alert;  // its last revision
  std::vector<AlertRevision> revisions;
};

struct CasesQuery {
  std::string state = {}, assignee_id = {}, group_id = {}, account_id = {}, severity = {};
  bool open = false;   // only those that are not closed and not merged
  ListPart part = {};  // sort: seq, opened_ts, last_alert_ts, due_ts; -seq
};

struct CaseStory {
  std::string line;
  std::vector<std::string> measures;  // lines, the oldest first; its alerts: AlertsQuery::case_id
};

struct MeasuresQuery {
  std::string state = {}, case_id = {}, account_id = {}, kind = {};
  enum class Waiting : std::uint8_t { any, adoption, approval } waiting{};
  // Only these numbers: of those that are stuck, which Measures::stuck knows.
  std::optional<std::vector<std::uint64_t>> numbers = {};
  ListPart part = {};  // sort: seq, proposed_ts; -seq
};

struct DecisionsQuery {
  std::string user_id = {}, kind = {}, result = {};
  // Whom or what it is about: the member of the decision (account_id, alert_id, case_id, …) and
  // its value; both or none.
  std::string target_kind = {}, target = {};
  std::optional<Time> from = {}, to = {};  // from <= ts < to
  ListPart part = {};                      // sort: seq; -seq
};

struct DecisionItem {
  std::uint64_t seq = 0;
  std::string outcome, event;
};

struct MeasureStory {
  std::string line;
  std::vector<DecisionItem> decisions;  // that name it, the oldest first
};

struct CommandsQuery {
  std::string account_id = {}, measure_id = {};
  ListPart part = {};  // sort: seq; -seq
};

// An alert, case, measure or decision, as it is now.
struct StoreItem {
  std::string what;  // alert, case, measure, decision
  std::string id;    // alert_id, case_id, measure_id; of a decision its seq
  std::string line;
  std::string event;   // of a decision: itself; `line` is its outcome
  std::string cursor;  // to go on behind it
  Time at;
};

struct AlertCount {
  std::string clause, detector, severity, state;
  bool shadow = false;
  std::int64_t count = 0;
};

// One connection: one thread at a time, each thread its own. Every call sees one state of the file.
class StoreReader {
 public:
  static std::expected<StoreReader, std::string> open(const std::string& path);

  std::expected<std::uint64_t, StoreError> applied_seq();
  std::expected<ListOf<AlertItem>, StoreError> alerts(const AlertsQuery& query);
  std::expected<std::optional<AlertStory>, StoreError> alert(std::string_view alert_id, Time now);
  std::expected<ListOf<std::string>, StoreError> cases(const CasesQuery& query);
  std::expected<std::optional<CaseStory>, StoreError> case_of(std::string_view case_id);
  std::expected<ListOf<std::string>, StoreError> measures(const MeasuresQuery& query);
  std::expected<std::optional<MeasureStory>, StoreError> measure(std::string_view measure_id);
  std::expected<ListOf<DecisionItem>, StoreError> decisions(const DecisionsQuery& query);
  std::expected<ListOf<std::string>, StoreError> commands(const CommandsQuery& query);

  // Alerts, cases, measures and decisions that touch the account, the newest first by the seq at
  // which they began. `part.sort` is not looked at.
  std::expected<ListOf<StoreItem>, StoreError> timeline(std::string_view account_id,
                                                        const ListPart& part);
  // What has changed behind the cursor, each once with its last state, in the order of the changes.
  // With an empty cursor: from the beginning. A cursor of a store that was built anew since is
  // wrong: whoever has it reads the lists again.
  std::expected<std::vector<StoreItem>, StoreError> changes_since(std::string_view cursor,
                                                                  std::size_t limit);
  // The cursor behind all that is there.
  std::expected<std::string, StoreError> last_change();
  std::expected<std::vector<AlertCount>, StoreError> alert_counts();

 private:
  explicit StoreReader(Database database) : asked_(std::move(database)) {}
  std::expected<std::vector<AlertItem>, StoreError> items_of(
      const std::vector<std::int64_t>& opened_seqs, Time now);
  std::expected<std::vector<AlertItem>, StoreError> lines_of(
      const std::vector<std::int64_t>& opened_seqs);
  std::expected<ListOf<std::string>, StoreError> lines(
      ListQuery& list, const ListPart& part, std::initializer_list<std::string_view> keys);

  AskedDatabase asked_;
};

}  // namespace marktwacht
