// Figures over rounds: see results.h.
#include "bench/results.h"

#include <algorithm>

#include "base/check.h"

namespace marktwacht::bench {

double median(std::vector<double> values) {
  check(!values.empty(), "a median is of something");
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double at_share(std::vector<double>& values, double share) {
  check(!values.empty(), "a share is of something");
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, values.begin() + at);
  return values[static_cast<std::size_t>(at)];
}

double Result::least() const { return *std::ranges::min_element(values); }
double Result::most() const { return *std::ranges::max_element(values); }

bool Result::reached() const {
  if (!goal) {
    return true;
  }
  const double middle = median(values);
  return goal->kind == Goal::Kind::at_most ? middle <= goal->limit : middle >= goal->limit;
}

void Results::add(std::string_view name, std::string_view unit, double value,
                  std::optional<Goal> goal) {
  auto found = std::ranges::find(results_, name, &Result::name);
  if (found == results_.end()) {
    results_.push_back({std::string(name), std::string(unit), {}, goal});
    found = results_.end() - 1;
  }
  found->values.push_back(value);
}

std::optional<double> Results::last(std::string_view name) const {
  const auto found = std::ranges::find(results_, name, &Result::name);
  return found == results_.end() ? std::nullopt : std::optional(found->values.back());
}

}  // namespace marktwacht::bench
