// Lists of alerts, cases, measures, decisions and commands, and one of each: see store_reader.h.
#include "edges/sqlite/store_reader.h"

#include <algorithm>
#include <utility>

#include "edges/sqlite/alert_history.h"
#include "edges/sqlite/store.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

// Few rules are snoozed: of all others no account is looked at.
constexpr std::string_view snoozed_until = R"sql(
iif(detector IN (SELECT rule FROM snoozes), max(
  coalesce((SELECT until_ts FROM snoozes WHERE rule = alerts.detector AND subject_kind = 'group_id'
            AND subject = alerts.group_id), 0),
  coalesce((SELECT min(coalesce(until_ts, 0)) FROM alert_accounts LEFT JOIN snoozes
            ON rule = alerts.detector AND subject_kind = 'account_id' AND subject = account_id
            WHERE alert_accounts.opened_seq = alerts.opened_seq), 0)), 0))sql";

constexpr std::string_view context_of = R"sql(
SELECT alert_id, line, opened_ts,
  (SELECT case_id FROM case_alerts JOIN cases USING (number)
   WHERE case_alerts.alert_id = alerts.alert_id AND cases.state <> 'merged'
   ORDER BY number DESC LIMIT 1),
  (SELECT count(*) FROM (
     SELECT opened_seq FROM confirmed_alerts WHERE subject_kind = 'group_id'
     AND subject = alerts.group_id AND opened_seq < alerts.opened_seq
     UNION SELECT confirmed_alerts.opened_seq FROM alert_accounts JOIN confirmed_alerts
     ON subject_kind = 'account_id' AND subject = account_id
     WHERE alert_accounts.opened_seq = alerts.opened_seq
     AND confirmed_alerts.opened_seq < alerts.opened_seq)),
  )sql";

}  // namespace

void write_context(const AlertContext& context, std::string& out) {
  ObjectWriter object(out);
  object.text_unless_empty("case_id", context.case_id);
  object.number("opened_ts", context.opened.ns);
  if (context.snoozed_until) {
    object.number("snoozed_until_ts", context.snoozed_until->ns);
  }
  object.number("confirmed_before", context.confirmed_before);
  object.number("alerts_before", context.alerts_before);
  object.end();
}

std::expected<StoreReader, std::string> StoreReader::open(const std::string& path) {
  auto database = Database::open(path, {.access = DatabaseOptions::Access::read});
  if (!database) {
    return std::unexpected(database.error());
  }
  if (auto done = database->expect(store_schema); !done) {
    return std::unexpected(done.error());
  }
  return StoreReader(std::move(*database));
}

std::expected<std::uint64_t, StoreError> StoreReader::applied_seq() {
  std::uint64_t seq = 0;
  const auto asked = asked_.each("SELECT applied_seq FROM store", [&](const SqlStatement& row) {
    seq = static_cast<std::uint64_t>(row.integer(0));
  });
  return asked ? std::expected<std::uint64_t, StoreError>(seq) : std::unexpected(asked.error());
}

std::expected<std::vector<AlertItem>, StoreError> StoreReader::items_of(
    const std::vector<std::int64_t>& opened_seqs, Time now) {
  static const std::string sql =
      std::string(context_of) + std::string(snoozed_until) + " FROM alerts WHERE opened_seq = ?";
  std::vector<AlertItem> items;
  const auto take = [&](const SqlStatement& row) {
    AlertItem& item = items.emplace_back();
    item.alert_id = row.text(0);
    item.line = row.text(1);
    item.context.opened = Time{row.integer(2)};
    item.context.case_id = row.text(3);
    item.context.confirmed_before = row.integer(4);
    const Time until{row.integer(5)};
    if (until > now && until > item.context.opened) {
      item.context.snoozed_until = until;
    }
  };
  if (opened_seqs.empty()) {
    return items;
  }
  AlertHistory history(asked_, std::ranges::max(opened_seqs));
  for (const std::int64_t opened_seq : opened_seqs) {
    const auto before = history.alerts_before(opened_seq);
    const auto asked =
        before ? asked_.each(sql, take, opened_seq) : std::unexpected(before.error());
    if (!asked) {
      return std::unexpected(asked.error());
    }
    items.back().context.alerts_before = *before;
  }
  return items;
}

std::expected<std::vector<AlertItem>, StoreError> StoreReader::lines_of(
    const std::vector<std::int64_t>& opened_seqs) {
  std::vector<AlertItem> items;
  for (const std::int64_t opened_seq : opened_seqs) {
    const auto asked = asked_.each(
        "SELECT alert_id, line FROM alerts WHERE opened_seq = ?",
        [&](const SqlStatement& row) {
          items.push_back({std::string(row.text(0)), std::string(row.text(1)), {}});
        },
        opened_seq);
    if (!asked) {
      return std::unexpected(asked.error());
    }
  }
  return items;
}

std::expected<ListOf<AlertItem>, StoreError> StoreReader::alerts(const AlertsQuery& query) {
  ListQuery list("1", "alerts");
  list.where_any("state", query.state);
  list.where_equal("detector", query.detector);
  list.where_equal("clause", query.clause);
  list.where_any("severity", query.severity);
  list.where_equal("group_id", query.group_id);
  list.where_equal("instrument_id", query.instrument_id);
  if (!query.account_id.empty()) {
    list.where("opened_seq IN (SELECT opened_seq FROM alert_accounts WHERE account_id=?)",
               {query.account_id});
  }
  if (!query.case_id.empty()) {
    list.where(
        "alert_id IN (SELECT alert_id FROM case_alerts JOIN cases USING (number) "
        "WHERE case_id=?)",
        {query.case_id});
  }
  if (query.score_min) {
    list.where("score>=?", {*query.score_min});
  }
  if (query.shadow) {
    list.where("shadow=?", {std::int64_t{*query.shadow}});
  }
  if (query.snoozed) {
    static const std::string until(snoozed_until);
    static const std::string is = "detector IN (SELECT rule FROM snoozes WHERE until_ts>?) AND " +
                                  until + ">max(?, opened_ts)";
    static const std::string is_not = "NOT (" + is + ")";
    list.where(*query.snoozed ? is : is_not, {query.now.ns, query.now.ns});
  }
  const auto view = asked_.view();
  if (!view) {
    return std::unexpected(view.error());
  }
  std::vector<std::int64_t> seqs;
  auto next = list.ask(asked_, query.part, {"score", "from_ts", "seq", "opened_seq"},
                       [&](const SqlStatement& row) { seqs.push_back(row.integer(1)); });
  if (!next) {
    return std::unexpected(next.error());
  }
  auto items = query.lines_only ? lines_of(seqs) : items_of(seqs, query.now);
  const auto total = list.count(asked_, query.part);
  if (!items || !total) {
    return std::unexpected(items ? total.error() : items.error());
  }
  return ListOf<AlertItem>{std::move(*items), std::move(*next), *total};
}

std::expected<std::optional<AlertStory>, StoreError> StoreReader::alert(std::string_view alert_id,
                                                                        Time now) {
  const auto view = asked_.view();
  if (!view) {
    return std::unexpected(view.error());
  }
  std::vector<std::int64_t> seqs;
  auto asked = asked_.each(
      "SELECT opened_seq FROM alerts WHERE alert_id = ?",
      [&](const SqlStatement& row) { seqs.push_back(row.integer(0)); }, alert_id);
  auto items = asked ? items_of(seqs, now) : std::unexpected(asked.error());
  if (!items) {
    return std::unexpected(items.error());
  }
  if (items->empty()) {
    return std::optional<AlertStory>();
  }
  AlertStory story{std::move(items->front()), {}};
  asked = asked_.each(
      "SELECT revision, state, score, seq, at_ts FROM alert_revisions WHERE opened_seq = ? "
      "ORDER BY revision",
      [&](const SqlStatement& row) {
        story.revisions.push_back({row.integer(0), std::string(row.text(1)), row.integer(2),
                                   static_cast<std::uint64_t>(row.integer(3)),
                                   Time{row.integer(4)}});
      },
      seqs.front());
  if (!asked) {
    return std::unexpected(asked.error());
  }
  return std::optional(std::move(story));
}

std::expected<ListOf<std::string>, StoreError> StoreReader::lines(
    ListQuery& list, const ListPart& part, std::initializer_list<std::string_view> keys) {
  const auto view = asked_.view();
  if (!view) {
    return std::unexpected(view.error());
  }
  ListOf<std::string> found;
  auto next = list.ask(asked_, part, keys,
                       [&](const SqlStatement& row) { found.items.emplace_back(row.text(2)); });
  if (!next) {
    return std::unexpected(next.error());
  }
  const auto total = list.count(asked_, part);
  if (!total) {
    return std::unexpected(total.error());
  }
  found.next_cursor = std::move(*next);
  found.total = *total;
  return found;
}

std::expected<ListOf<std::string>, StoreError> StoreReader::cases(const CasesQuery& query) {
  ListQuery list("line", "cases");
  list.where_any("state", query.state);
  list.where_any("severity", query.severity);
  list.where_equal("assignee_id", query.assignee_id);
  if (query.open) {
    list.where("state IN ('new', 'assigned', 'investigating', 'waiting_report', 'reopened')");
  }
  if (!query.group_id.empty()) {
    list.where("number IN (SELECT number FROM case_groups WHERE group_id=?)", {query.group_id});
  }
  if (!query.account_id.empty()) {
    list.where("number IN (SELECT number FROM case_accounts WHERE account_id=?)",
               {query.account_id});
  }
  return lines(list, query.part, {"seq", "opened_ts", "last_alert_ts", "due_ts"});
}

std::expected<std::optional<CaseStory>, StoreError> StoreReader::case_of(std::string_view case_id) {
  const auto view = asked_.view();
  if (!view) {
    return std::unexpected(view.error());
  }
  std::optional<CaseStory> story;
  auto asked = asked_.each(
      "SELECT line FROM cases WHERE case_id = ?",
      [&](const SqlStatement& row) { story = CaseStory{std::string(row.text(0)), {}}; }, case_id);
  if (asked && story) {
    asked = asked_.each(
        "SELECT line FROM measures WHERE measure_id IN "
        "(SELECT value FROM json_each(?, '$.measure_ids')) ORDER BY number",
        [&](const SqlStatement& row) { story->measures.emplace_back(row.text(0)); }, story->line);
  }
  return asked ? std::expected<std::optional<CaseStory>, StoreError>(std::move(story))
               : std::unexpected(asked.error());
}

std::expected<ListOf<std::string>, StoreError> StoreReader::measures(const MeasuresQuery& query) {
  ListQuery list("line", "measures");
  list.where_any("state", query.state);
  list.where_equal("kind", query.kind);
  if (!query.case_id.empty()) {
    list.where(
        "measure_id IN (SELECT value FROM cases, json_each(cases.line, '$.measure_ids') "
        "WHERE case_id=?)",
        {query.case_id});
  }
  if (!query.account_id.empty()) {
    list.where("number IN (SELECT number FROM measure_accounts WHERE account_id=?)",
               {query.account_id});
  }
  if (query.waiting == MeasuresQuery::Waiting::adoption) {
    list.where("state='proposed' AND proposer_id='system'");
  } else if (query.waiting == MeasuresQuery::Waiting::approval) {
    list.where("state IN ('proposed', 'adopted') AND proposer_id<>'system'");
  }
  if (query.numbers) {
    std::string numbers = "[";
    for (const std::uint64_t number : *query.numbers) {
      numbers += (numbers.size() == 1 ? "" : ",") + std::to_string(number);
    }
    list.where("number IN (SELECT value FROM json_each(?))", {numbers + "]"});
  }
  return lines(list, query.part, {"seq", "proposed_ts"});
}

std::expected<std::optional<MeasureStory>, StoreError> StoreReader::measure(
    std::string_view measure_id) {
  const auto view = asked_.view();
  if (!view) {
    return std::unexpected(view.error());
  }
  std::optional<MeasureStory> story;
  auto asked = asked_.each(
      "SELECT line FROM measures WHERE measure_id = ?",
      [&](const SqlStatement& row) { story = MeasureStory{std::string(row.text(0)), {}}; },
      measure_id);
  if (asked && story) {
    asked = asked_.each(
        "SELECT seq, outcome, event FROM decisions WHERE seq IN (SELECT seq FROM decision_targets "
        "WHERE target_kind = 'measure_id' AND target = ?) ORDER BY seq",
        [&](const SqlStatement& row) {
          story->decisions.push_back({static_cast<std::uint64_t>(row.integer(0)),
                                      std::string(row.text(1)), std::string(row.text(2))});
        },
        measure_id);
  }
  return asked ? std::expected<std::optional<MeasureStory>, StoreError>(std::move(story))
               : std::unexpected(asked.error());
}

std::expected<ListOf<DecisionItem>, StoreError> StoreReader::decisions(
    const DecisionsQuery& query) {
  ListQuery list("outcome, event", "decisions");
  list.where_equal("user_id", query.user_id);
  list.where_equal("kind", query.kind);
  list.where_equal("result", query.result);
  if (!query.target.empty()) {
    list.where("seq IN (SELECT seq FROM decision_targets WHERE target_kind=? AND target=?)",
               {query.target_kind, query.target});
  }
  if (query.from) {
    list.where("ts>=?", {query.from->ns});
  }
  if (query.to) {
    list.where("ts<?", {query.to->ns});
  }
  const auto view = asked_.view();
  if (!view) {
    return std::unexpected(view.error());
  }
  ListOf<DecisionItem> found;
  auto next = list.ask(asked_, query.part, {"seq"}, [&](const SqlStatement& row) {
    found.items.push_back({static_cast<std::uint64_t>(row.integer(1)), std::string(row.text(2)),
                           std::string(row.text(3))});
  });
  if (!next) {
    return std::unexpected(next.error());
  }
  found.next_cursor = std::move(*next);
  return found;
}

std::expected<ListOf<std::string>, StoreError> StoreReader::commands(const CommandsQuery& query) {
  ListQuery list("line", "commands");
  list.where_equal("account_id", query.account_id);
  list.where_equal("measure_id", query.measure_id);
  return lines(list, query.part, {"seq"});
}

}  // namespace marktwacht
