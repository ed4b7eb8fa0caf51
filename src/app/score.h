// How good alerts are, measured against labels of what really happened. See docs/scoring.md.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "edges/labels/labels.h"

namespace marktwacht {

// The counts of one detector, of one clause, or of all.
struct ScoreRow {
  std::string name;
  std::uint64_t labels = 0, labels_matched = 0;
  std::uint64_t alerts = 0;  // superseded ones are none
  std::uint64_t alerts_matched = 0;
  std::uint64_t alerts_neutral = 0;     // further ones of a label that has its alert
  std::vector<std::int64_t> delays_ns;  // ascending; of matched alerts whose revision 1 is known

  std::uint64_t alerts_false() const { return alerts - alerts_matched - alerts_neutral; }
  // In ten-thousandths, rounded half-even; nothing where there is nothing to divide by.
  std::optional<std::int64_t> precision() const;
  std::optional<std::int64_t> recall() const;
  std::optional<std::int64_t> f1() const;
  std::optional<std::int64_t> delay_median_ns() const;
  std::optional<std::int64_t> delay_p99_ns() const;  // nearest rank
};

struct ScoreReport {
  std::vector<ScoreRow> detectors;  // by name
  std::vector<ScoreRow> clauses;    // 2.9 before 2.10
  ScoreRow total;
};

// Any order of lines and labels gives the same report. Day windows start at `trading_day_start`
// after midnight UTC. An error: a revision of an alert stands twice.
std::expected<ScoreReport, std::string> score(std::span<const AlertLine> lines,
                                              std::span<const Label> labels,
                                              Duration trading_day_start = {});

std::string score_table(const ScoreReport& report);
std::string score_json(const ScoreReport& report);

}  // namespace marktwacht
