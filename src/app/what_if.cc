// Pairing like with like, and counting.
#include "app/what_if.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <tuple>

#include "base/decimal.h"

namespace marktwacht {
namespace {

constexpr std::size_t values_max = 1'000;

using Key = std::tuple<std::string, std::string, std::vector<std::string>, std::string>;

Key key_of(const FoundAlert& alert) {
  return {alert.detector, alert.group_id,
          alert.group_id.empty() ? alert.account_ids : std::vector<std::string>{},
          alert.instrument_id};
}

// The spans of one key's alerts, by their beginnings, each with the latest end so far.
class Spans {
 public:
  void add(Time from, Time to) { spans_.emplace_back(from, to); }
  void order() {
    std::ranges::sort(spans_);
    for (std::size_t i = 1; i < spans_.size(); ++i) {
      spans_[i].second = std::max(spans_[i].second, spans_[i - 1].second);
    }
  }
  // Whether one of them shares an instant with this span.
  bool meet(Time from, Time to) const {
    const auto behind =
        std::ranges::upper_bound(spans_, to, {}, [](const auto& span) { return span.first; });
    return behind != spans_.begin() && std::prev(behind)->second >= from;
  }

 private:
  std::vector<std::pair<Time, Time>> spans_;
};

std::map<Key, Spans> spans_of(const std::vector<FoundAlert>& alerts) {
  std::map<Key, Spans> spans;
  for (const FoundAlert& alert : alerts) {
    spans[key_of(alert)].add(alert.from, alert.to);
  }
  for (auto& [key, of] : spans) {
    of.order();
  }
  return spans;
}

// Counts each alert of one side as `only` or `both`; gives the places of those without a like.
std::vector<std::size_t> count(const std::vector<FoundAlert>& alerts,
                               const std::map<Key, Spans>& others,
                               std::uint64_t WhatIfCounts::* only,
                               std::uint64_t WhatIfCounts::* both, WhatIf& result) {
  std::vector<std::size_t> alone;
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    const FoundAlert& alert = alerts[i];
    const auto like = others.find(key_of(alert));
    const bool has_like = like != others.end() && like->second.meet(alert.from, alert.to);
    const auto which = has_like ? both : only;
    ++(result.all.*which);
    ++(result.by_rule[{alert.clause, alert.detector}].*which);
    for (const std::string& account : alert.account_ids) {
      ++(result.by_account[account].*which);
    }
    if (!has_like) {
      alone.push_back(i);
    }
  }
  return alone;
}

}  // namespace

void FoundAlerts::take(const Alert& alert) {
  const auto [place, fresh] = by_id_.try_emplace(alert.alert_id, all_.size());
  if (fresh) {
    all_.emplace_back();
  }
  Last& last = all_[place->second];
  last.superseded = alert.state == AlertState::superseded;
  last.alert = {alert.alert_id,    alert.source->detector, alert.source->clause, alert.group_id,
                alert.account_ids, alert.instrument_id,    alert.from,           alert.to,
                alert.score,       alert.evidence.count};
}

std::vector<FoundAlert> FoundAlerts::found() const {
  std::vector<FoundAlert> found;
  for (const Last& last : all_) {
    if (!last.superseded) {
      found.push_back(last.alert);
    }
  }
  return found;
}

WhatIf compare(std::vector<FoundAlert> a, std::vector<FoundAlert> b) {
  WhatIf result;
  result.only_a = count(a, spans_of(b), &WhatIfCounts::only_a, &WhatIfCounts::both_a, result);
  result.only_b = count(b, spans_of(a), &WhatIfCounts::only_b, &WhatIfCounts::both_b, result);
  result.a = std::move(a);
  result.b = std::move(b);
  return result;
}

std::expected<Variation, std::string> parse_variation(const std::string& text) {
  const auto wrong = [&](const std::string& what) {
    return std::unexpected("--vary takes RULE.PARAM=from:to:step, not " + text + ": " + what);
  };
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::size_t dot = text.substr(0, equals).rfind('.');
  const std::size_t first_colon = text.find(':', equals);
  const std::size_t last_colon =
      first_colon == text.npos ? first_colon : text.find(':', first_colon + 1);
  if (dot == text.npos || dot == 0 || dot + 1 == equals || last_colon == text.npos) {
    return wrong("it has no rule, parameter or range");
  }
  std::optional<Decimal> numbers[] = {
      parse_decimal(text.substr(equals + 1, first_colon - equals - 1)),
      parse_decimal(text.substr(first_colon + 1, last_colon - first_colon - 1)),
      parse_decimal(text.substr(last_colon + 1))};
  int scale = 0;
  for (const auto& number : numbers) {
    if (!number) {
      return wrong("from, to and step are numbers");
    }
    scale = std::max(scale, number->places());
  }
  Int128 units[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const auto scaled = scaled_int64(*numbers[i], scale);
    if (!scaled) {
      return wrong("its numbers are too large");
    }
    units[i] = *scaled;
  }
  const auto [from, to, step] = std::tie(units[0], units[1], units[2]);
  if (step == 0 || (to - from) * (step > 0 ? 1 : -1) < 0) {
    return wrong("the step does not lead from the first to the second");
  }
  if ((to - from) / step >= Int128{values_max}) {
    return wrong("that is more than " + std::to_string(values_max) + " values");
  }
  Variation variation{text.substr(0, dot), text.substr(dot + 1, equals - dot - 1), {}};
  for (Int128 value = from; step > 0 ? value <= to : value >= to; value += step) {
    variation.values.push_back(format_scaled(value, scale));
  }
  return variation;
}

}  // namespace marktwacht
