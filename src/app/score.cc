// Alerts out of their lines, whom they match, and the counts.
#include "app/score.h"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "app/matching.h"
#include "base/int128.h"
#include "detectors/catalogue.h"

namespace marktwacht {
namespace {

// Alerts and labels may be this far apart and still mean the same.
constexpr Duration apart_max{60 * second.ns};
// An alert may last this many times as long as its label.
constexpr int span_factor_max = 4;

// An alert in all of its lines: matched by the last one, found at the first.
struct ScoredAlert {
  const AlertLine* last = nullptr;
  const AlertLine* first = nullptr;  // nullptr: revision 1 is not among the lines
  bool day_window = false;
};

Int128 span_of(Time from, Time to) { return static_cast<Int128>(to.ns) - from.ns; }

// Lines do not name their window; docs/scoring.md has the reasons.
bool is_day_window(const ScoredAlert& alert, Duration trading_day_start) {
  const AlertLine& last = *alert.last;
  const Int128 span = span_of(last.from, last.to);
  if ((static_cast<Int128>(last.from.ns) - trading_day_start.ns) % day.ns != 0 || span > day.ns) {
    return false;
  }
  const bool made_at_once = alert.first == nullptr || alert.first->state != AlertState::open;
  const bool of_rule = !last.rulebook.empty() && find_detector(last.detector) == nullptr;
  return span == day.ns || (of_rule && !made_at_once);
}

bool share_half(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::size_t common = 0;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    const int order = i->compare(*j);
    common += order == 0 ? 1 : 0;
    i += order <= 0 ? 1 : 0;
    j += order >= 0 ? 1 : 0;
  }
  return 2 * common >= a.size() + b.size() - common;
}

bool meet_in_time(const ScoredAlert& alert, const Label& label) {
  const AlertLine& last = *alert.last;
  if (alert.day_window) {
    return span_of(last.from, label.from) < day.ns && label.to >= last.from;
  }
  return span_of(label.to, last.from) <= apart_max.ns &&
         span_of(last.to, label.from) <= apart_max.ns &&
         span_of(last.from, last.to) <= span_factor_max * span_of(label.from, label.to);
}

// Of one detector.
bool matches(const ScoredAlert& alert, const Label& label) {
  return meet_in_time(alert, label) &&
         (label.instrument_id.empty() || label.instrument_id == alert.last->instrument_id) &&
         (label.account_ids.empty() || share_half(label.account_ids, alert.last->account_ids));
}

std::string place(const AlertLine& line) {
  return line.line == 0 ? "" : " (line " + std::to_string(line.line) + ")";
}

using LineKey = std::tuple<const std::string&, const std::uint64_t&>;
LineKey key_of(const AlertLine* line) { return {line->alert_id, line->revision}; }

// One for each alert id, in the order of ids.
std::expected<std::vector<ScoredAlert>, std::string> gather(std::span<const AlertLine> lines,
                                                            Duration trading_day_start) {
  std::vector<const AlertLine*> sorted;
  for (const AlertLine& line : lines) {
    sorted.push_back(&line);
  }
  std::ranges::stable_sort(sorted, std::ranges::less{}, key_of);
  std::vector<ScoredAlert> alerts;
  const AlertLine* before = nullptr;
  for (const AlertLine* line : sorted) {
    if (before != nullptr && key_of(before) == key_of(line)) {
      return std::unexpected("alert " + line->alert_id + " has its revision " +
                             std::to_string(line->revision) + " twice" + place(*line) +
                             "; allowed: each revision of an alert once");
    }
    if (before == nullptr || before->alert_id != line->alert_id) {
      alerts.push_back({line, line->revision == 1 ? line : nullptr, false});
    }
    alerts.back().last = line;
    before = line;
  }
  for (ScoredAlert& alert : alerts) {
    alert.day_window = is_day_window(alert, trading_day_start);
  }
  return alerts;
}

// What one detector found and should have found.
struct DetectorWork {
  std::vector<ScoredAlert> alerts;
  std::vector<const Label*> labels;

  // By time; ties by everything that matters, so that the order of lines does not.
  void sort() {
    const auto of_alert = [](const ScoredAlert& alert) {
      const AlertLine& early = alert.first != nullptr ? *alert.first : *alert.last;
      return std::tie(early.to, alert.last->from, alert.last->alert_id);
    };
    const auto of_label = [](const Label* label) {
      return std::tie(label->from, label->to, label->instrument_id, label->account_ids,
                      label->clause);
    };
    std::ranges::sort(alerts, [&](const ScoredAlert& a, const ScoredAlert& b) {
      return of_alert(a) < of_alert(b);
    });
    std::ranges::sort(labels,
                      [&](const Label* a, const Label* b) { return of_label(a) < of_label(b); });
  }

  // For each alert the labels it matches, by their places.
  std::vector<std::vector<std::size_t>> choices() const {
    Int128 longest = 0;
    for (const Label* label : labels) {
      longest = std::max(longest, span_of(label->from, label->to));
    }
    std::vector<std::vector<std::size_t>> all;
    for (const ScoredAlert& alert : alerts) {
      // No label that starts outside of these comes near the alert.
      const Int128 reach = longest + apart_max.ns;
      const auto begin = std::ranges::partition_point(labels, [&](const Label* label) {
        return span_of(label->from, alert.last->from) > reach;
      });
      std::vector<std::size_t>& own = all.emplace_back();
      for (auto at = begin; at != labels.end(); ++at) {
        if (span_of(alert.last->from, (*at)->from) > reach_after(alert)) {
          break;
        }
        if (matches(alert, **at)) {
          own.push_back(static_cast<std::size_t>(at - labels.begin()));
        }
      }
    }
    return all;
  }

 private:
  static Int128 reach_after(const ScoredAlert& alert) {
    return std::max<Int128>(day.ns, span_of(alert.last->from, alert.last->to) + apart_max.ns);
  }
};

// "2.10" after "2.9": runs of digits by their value.
std::vector<std::pair<std::uint64_t, std::string>> natural_key(const std::string& clause) {
  std::vector<std::pair<std::uint64_t, std::string>> key(1);
  bool in_number = false;
  for (const char c : clause) {
    const bool digit = c >= '0' && c <= '9';
    if (digit != in_number) {
      in_number = digit;
      key.emplace_back();
    }
    if (digit) {
      key.back().first = key.back().first * 10 + static_cast<std::uint64_t>(c - '0');
    } else {
      key.back().second.push_back(c);
    }
  }
  return key;
}

struct NaturalLess {
  bool operator()(const std::string& a, const std::string& b) const {
    const auto key_a = natural_key(a), key_b = natural_key(b);
    return key_a != key_b ? key_a < key_b : a < b;
  }
};

// Every count goes to its detector, its clause and the total.
class Counting {
 public:
  void count(const std::string& detector, const std::string& clause,
             const std::function<void(ScoreRow&)>& add) {
    add(detectors_[detector]);
    add(clauses_[clause]);
    add(report_.total);
  }

  ScoreReport report() && {
    report_.total.name = "total";
    std::ranges::sort(report_.total.delays_ns);
    take(detectors_, report_.detectors);
    take(clauses_, report_.clauses);
    return std::move(report_);
  }

 private:
  template <class Rows>
  static void take(Rows& rows, std::vector<ScoreRow>& out) {
    for (auto& [name, row] : rows) {
      row.name = name;
      std::ranges::sort(row.delays_ns);
      out.push_back(std::move(row));
    }
  }

  std::map<std::string, ScoreRow> detectors_;
  std::map<std::string, ScoreRow, NaturalLess> clauses_;
  ScoreReport report_;
};

void count_matches(DetectorWork& work, Counting& counting) {
  work.sort();
  const auto choices = work.choices();
  const auto partners = match_most(choices, work.labels.size());
  for (const Label* label : work.labels) {
    counting.count(label->detector, label->clause, [](ScoreRow& row) { ++row.labels; });
  }
  for (std::size_t i = 0; i < work.alerts.size(); ++i) {
    const ScoredAlert& alert = work.alerts[i];
    counting.count(alert.last->detector, alert.last->clause, [&](ScoreRow& row) {
      ++row.alerts;
      row.alerts_matched += partners[i] ? 1 : 0;
      row.alerts_neutral += !partners[i] && !choices[i].empty() ? 1 : 0;
    });
    if (partners[i]) {
      const Label& label = *work.labels[*partners[i]];
      counting.count(label.detector, label.clause, [&](ScoreRow& row) {
        ++row.labels_matched;
        if (alert.first != nullptr) {
          row.delays_ns.push_back(alert.first->to.ns - label.from.ns);
        }
      });
    }
  }
}

}  // namespace

std::expected<ScoreReport, std::string> score(std::span<const AlertLine> lines,
                                              std::span<const Label> labels,
                                              Duration trading_day_start) {
  const auto alerts = gather(lines, trading_day_start);
  if (!alerts) {
    return std::unexpected(alerts.error());
  }
  std::map<std::string, DetectorWork> works;
  for (const ScoredAlert& alert : *alerts) {
    if (alert.last->state != AlertState::superseded) {
      works[alert.last->detector].alerts.push_back(alert);
    }
  }
  for (const Label& label : labels) {
    works[label.detector].labels.push_back(&label);
  }
  Counting counting;
  for (auto& [detector, work] : works) {
    count_matches(work, counting);
  }
  return std::move(counting).report();
}

}  // namespace marktwacht
