// The figures of a score, and the report as a table and as JSON.
#include <algorithm>
#include <array>
#include <cstdio>

#include "app/score.h"
#include "app/table.h"
#include "base/int128.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

constexpr std::int64_t one = 10'000;  // in ten-thousandths

std::optional<std::int64_t> ratio(Int128 part, Int128 whole) {
  if (whole == 0) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(divide_half_even(part * one, whole));
}

std::string four_digits(std::int64_t value) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%lld.%04lld", static_cast<long long>(value / one),
                static_cast<long long>(value % one));
  return text.data();
}

// A delay may be negative: seconds with three digits.
std::string seconds(std::int64_t ns) {
  const Int128 ms = divide_half_even(ns, millisecond.ns);
  const auto size = static_cast<long long>(ms < 0 ? -ms : ms);
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%s%lld.%03lld s", ms < 0 ? "-" : "", size / 1'000,
                size % 1'000);
  return text.data();
}

std::vector<std::string> cells(const ScoreRow& row) {
  const auto figure = [](std::optional<std::int64_t> value) {
    return value ? four_digits(*value) : "-";
  };
  const auto delay = [](std::optional<std::int64_t> value) {
    return value ? seconds(*value) : "-";
  };
  return {row.name,
          std::to_string(row.labels),
          std::to_string(row.labels_matched),
          std::to_string(row.alerts),
          std::to_string(row.alerts_matched),
          std::to_string(row.alerts_neutral),
          std::to_string(row.alerts_false()),
          figure(row.precision()),
          figure(row.recall()),
          figure(row.f1()),
          delay(row.delay_median_ns()),
          delay(row.delay_p99_ns())};
}

void append_rows(const char* heading, const std::vector<ScoreRow>& rows,
                 std::vector<std::vector<std::string>>& lines) {
  lines.push_back({heading, "labels", "matched", "alerts", "matched", "neutral", "false",
                   "precision", "recall", "f1", "delay median", "delay p99"});
  for (const ScoreRow& row : rows) {
    lines.push_back(cells(row));
  }
}

void append_row(std::string_view key, const ScoreRow& row, std::string& out) {
  out.push_back('{');
  if (!key.empty()) {
    out += "\"" + std::string(key) + "\":";
    write_json_string(row.name, out);
    out.push_back(',');
  }
  const auto figure = [](std::optional<std::int64_t> value) {
    return value ? four_digits(*value) : "null";
  };
  const auto delay = [](std::optional<std::int64_t> value) {
    return value ? std::to_string(*value) : "null";
  };
  const std::pair<const char*, std::string> members[] = {
      {"labels", std::to_string(row.labels)},
      {"labels_matched", std::to_string(row.labels_matched)},
      {"alerts", std::to_string(row.alerts)},
      {"alerts_matched", std::to_string(row.alerts_matched)},
      {"alerts_neutral", std::to_string(row.alerts_neutral)},
      {"alerts_false", std::to_string(row.alerts_false())},
      {"precision", figure(row.precision())},
      {"recall", figure(row.recall())},
      {"f1", figure(row.f1())},
      {"delay_median_ns", delay(row.delay_median_ns())},
      {"delay_p99_ns", delay(row.delay_p99_ns())},
  };
  for (const auto& [name, value] : members) {
    out += (out.ends_with('{') || out.ends_with(',') ? "\"" : ",\"") + std::string(name) +
           "\":" + value;
  }
  out.push_back('}');
}

void append_list(const char* name, std::string_view key, const std::vector<ScoreRow>& rows,
                 std::string& out) {
  out += "\"" + std::string(name) + "\":[";
  for (const ScoreRow& row : rows) {
    out += &row == &rows.front() ? "" : ",";
    append_row(key, row, out);
  }
  out += "],";
}

}  // namespace

std::optional<std::int64_t> ScoreRow::precision() const {
  return ratio(alerts_matched, alerts_matched + alerts_false());
}

std::optional<std::int64_t> ScoreRow::recall() const { return ratio(labels_matched, labels); }

// 2 P R / (P + R), exact from the counts; 0 where one of the two is 0 or cannot be said.
std::optional<std::int64_t> ScoreRow::f1() const {
  const Int128 judged = alerts_matched + alerts_false();
  if (judged == 0 && labels == 0) {
    return std::nullopt;
  }
  if (alerts_matched == 0 || labels_matched == 0) {
    return 0;
  }
  const Int128 found = alerts_matched, hit = labels_matched, all = labels;
  return ratio(2 * found * hit, found * all + hit * judged);
}

std::optional<std::int64_t> ScoreRow::delay_median_ns() const {
  if (delays_ns.empty()) {
    return std::nullopt;
  }
  const std::size_t half = delays_ns.size() / 2;
  if (delays_ns.size() % 2 == 1) {
    return delays_ns[half];
  }
  return static_cast<std::int64_t>(
      divide_half_even(static_cast<Int128>(delays_ns[half - 1]) + delays_ns[half], 2));
}

std::optional<std::int64_t> ScoreRow::delay_p99_ns() const {
  if (delays_ns.empty()) {
    return std::nullopt;
  }
  return delays_ns[(delays_ns.size() * 99 + 99) / 100 - 1];
}

std::string score_table(const ScoreReport& report) {
  std::vector<std::vector<std::string>> lines;
  append_rows("detector", report.detectors, lines);
  lines.push_back(cells(report.total));
  lines.emplace_back();
  append_rows("clause", report.clauses, lines);
  return aligned(lines);
}

std::string score_json(const ScoreReport& report) {
  std::string out = "{";
  append_list("detectors", "detector", report.detectors, out);
  append_list("clauses", "clause", report.clauses, out);
  out += "\"total\":";
  append_row("", report.total, out);
  out.push_back('}');
  return out;
}

}  // namespace marktwacht
