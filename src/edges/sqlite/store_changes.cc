// What touches an account, what has changed, and how many alerts there are: see store_reader.h.
#include <algorithm>
#include <charconv>
#include <limits>

#include "edges/sqlite/store_reader.h"

namespace marktwacht {
namespace {

// Where one kind of thing is read from: (order, time, id, line, event). The places in this list
// break ties of the order, so they stay.
struct ItemSource {
  std::string_view what, timeline, changes;
};

constexpr ItemSource sources[] = {
    {"alert",
     "SELECT alerts.opened_seq, opened_ts, alert_id, line, '' FROM alert_accounts "
     "JOIN alerts ON alerts.opened_seq = alert_accounts.opened_seq WHERE account_id = ?1 "
     "AND alert_accounts.opened_seq <= ?2 ORDER BY alert_accounts.opened_seq DESC LIMIT ?3",
     "SELECT change_no, at_ts, alert_id, line, '' FROM alerts"},
    {"case",
     "SELECT cases.number, opened_ts, case_id, line, '' FROM case_accounts "
     "JOIN cases ON cases.number = case_accounts.number WHERE account_id = ?1 "
     "AND case_accounts.number <= ?2 ORDER BY case_accounts.number DESC LIMIT ?3",
     "SELECT change_no, at_ts, case_id, line, '' FROM cases"},
    {"measure",
     "SELECT measures.number, proposed_ts, measure_id, line, '' FROM measure_accounts "
     "JOIN measures ON measures.number = measure_accounts.number WHERE account_id = ?1 "
     "AND measure_accounts.number <= ?2 ORDER BY measure_accounts.number DESC LIMIT ?3",
     "SELECT change_no, at_ts, measure_id, line, '' FROM measures"},
    {"decision",
     "SELECT seq, ts, seq, outcome, event FROM decisions WHERE seq <= ?2 AND seq IN ("
     "SELECT seq FROM decision_targets WHERE target_kind = 'account_id' AND target = ?1 "
     "UNION SELECT decision_targets.seq FROM alert_accounts "
     "JOIN alerts ON alerts.opened_seq = alert_accounts.opened_seq "
     "JOIN decision_targets ON target_kind = 'alert_id' AND target = alert_id "
     "WHERE account_id = ?1 "
     "UNION SELECT decision_targets.seq FROM case_accounts "
     "JOIN cases ON cases.number = case_accounts.number "
     "JOIN decision_targets ON target_kind = 'case_id' AND target = case_id WHERE account_id = ?1 "
     "UNION SELECT decision_targets.seq FROM measure_accounts "
     "JOIN measures ON measures.number = measure_accounts.number "
     "JOIN decision_targets ON target_kind = 'measure_id' AND target = measure_id "
     "WHERE account_id = ?1) ORDER BY seq DESC LIMIT ?3",
     "SELECT change_no, at_ts, seq, outcome, event FROM decisions"},
};

struct PlacedItem {
  std::int64_t order = 0;
  std::size_t place = 0;  // in `sources`
  StoreItem item;
};

PlacedItem placed(const SqlStatement& row, std::size_t place) {
  PlacedItem read{row.integer(0), place, {}};
  read.item.what = sources[place].what;
  read.item.at = Time{row.integer(1)};
  read.item.id = row.text(2);
  read.item.line = row.text(3);
  read.item.event = row.text(4);
  return read;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data(), end, number);
  return fault == std::errc{} && at == end;
}

std::unexpected<StoreError> wrong(std::string_view field, std::string message) {
  return std::unexpected(StoreError{std::string(field), std::move(message)});
}

bool is_limit(std::size_t limit) { return limit >= 1 && limit <= ListPart::limit_max; }

}  // namespace

std::expected<ListOf<StoreItem>, StoreError> StoreReader::timeline(std::string_view account_id,
                                                                   const ListPart& part) {
  std::int64_t seq = std::numeric_limits<std::int64_t>::max();
  std::size_t place = std::size(sources);
  const std::string_view cursor = part.cursor;
  const std::size_t dot = cursor.find('.');
  if (!cursor.empty() &&
      (dot == std::string_view::npos || !read_number(cursor.substr(0, dot), seq) ||
       !read_number(cursor.substr(dot + 1), place) || seq < 1)) {
    return wrong("cursor", "cursor is none that a page of a timeline ended with");
  }
  if (!is_limit(part.limit)) {
    return wrong("limit", "limit is from 1 to " + std::to_string(ListPart::limit_max));
  }
  const auto view = asked_.view();
  if (!view) {
    return std::unexpected(view.error());
  }
  std::vector<PlacedItem> items;
  for (std::size_t each = 0; each < std::size(sources); ++each) {
    // Of the cursor's seq only what stands behind its place.
    const std::int64_t last = each > place || cursor.empty() ? seq : seq - 1;
    const auto asked = asked_.each(
        std::string(sources[each].timeline),
        [&](const SqlStatement& row) { items.push_back(placed(row, each)); }, account_id, last,
        part.limit + 1);
    if (!asked) {
      return std::unexpected(asked.error());
    }
  }
  std::ranges::sort(items, [](const PlacedItem& a, const PlacedItem& b) {
    return a.order != b.order ? a.order > b.order : a.place < b.place;
  });
  ListOf<StoreItem> found;
  for (PlacedItem& each : items) {
    if (found.items.size() == part.limit) {
      found.next_cursor = found.items.back().cursor;
      break;
    }
    each.item.cursor = std::to_string(each.order) + "." + std::to_string(each.place);
    found.items.push_back(std::move(each.item));
  }
  return found;
}

std::expected<std::string, StoreError> StoreReader::last_change() {
  std::string cursor;
  const auto asked =
      asked_.each("SELECT build_id, change_no FROM store", [&](const SqlStatement& row) {
        cursor = std::string(row.text(0)) + "." + std::to_string(row.integer(1));
      });
  return asked ? std::expected<std::string, StoreError>(std::move(cursor))
               : std::unexpected(asked.error());
}

std::expected<std::vector<StoreItem>, StoreError> StoreReader::changes_since(
    std::string_view cursor, std::size_t limit) {
  if (!is_limit(limit)) {
    return wrong("limit", "limit is from 1 to " + std::to_string(ListPart::limit_max));
  }
  const auto view = asked_.view();
  if (!view) {
    return std::unexpected(view.error());
  }
  const auto last = last_change();
  if (!last) {
    return std::unexpected(last.error());
  }
  const std::string build = last->substr(0, last->find('.') + 1);
  std::int64_t seen = 0;
  if (!cursor.empty() &&
      (!cursor.starts_with(build) || !read_number(cursor.substr(build.size()), seen) || seen < 0)) {
    return wrong("cursor", "cursor is none of this store's: it was built anew since");
  }
  std::vector<PlacedItem> items;
  for (std::size_t each = 0; each < std::size(sources); ++each) {
    const auto asked = asked_.each(
        std::string(sources[each].changes) + " WHERE change_no > ? ORDER BY change_no LIMIT ?",
        [&](const SqlStatement& row) { items.push_back(placed(row, each)); }, seen, limit);
    if (!asked) {
      return std::unexpected(asked.error());
    }
  }
  std::ranges::sort(items, {}, &PlacedItem::order);
  items.resize(std::min(items.size(), limit));
  std::vector<StoreItem> found;
  for (PlacedItem& each : items) {
    each.item.cursor = build + std::to_string(each.order);
    found.push_back(std::move(each.item));
  }
  return found;
}

std::expected<std::vector<AlertCount>, StoreError> StoreReader::alert_counts() {
  std::vector<AlertCount> counts;
  const auto asked = asked_.each(
      "SELECT clause, detector, severity, state, shadow, count FROM alert_counts "
      "WHERE count > 0",
      [&](const SqlStatement& row) {
        counts.push_back({std::string(row.text(0)), std::string(row.text(1)),
                          std::string(row.text(2)), std::string(row.text(3)), row.integer(4) != 0,
                          row.integer(5)});
      });
  return asked ? std::expected<std::vector<AlertCount>, StoreError>(std::move(counts))
               : std::unexpected(asked.error());
}

}  // namespace marktwacht
