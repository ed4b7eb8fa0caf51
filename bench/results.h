// Figures over rounds: median, least and most, against a goal where there is one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace marktwacht::bench {

// Of an even number of values the mean of the middle two. At least one value.
double median(std::vector<double> values);
// The value that this share of them does not exceed; their order is another one afterwards. At
// least one value.
double at_share(std::vector<double>& values, double share);

struct Goal {
  enum class Kind : std::uint8_t { at_most, at_least };
  Kind kind{};
  double limit = 0;
};

struct Result {
  std::string name;
  std::string unit;
  std::vector<double> values;  // one a round
  std::optional<Goal> goal;

  double least() const;
  double most() const;
  bool reached() const;  // the goal, by the median; true when there is none
};

// In the order in which names first came.
class Results {
 public:
  void add(std::string_view name, std::string_view unit, double value,
           std::optional<Goal> goal = std::nullopt);
  const std::vector<Result>& all() const { return results_; }
  // The last value under this name, if any: for ratios within a round.
  std::optional<double> last(std::string_view name) const;

 private:
  std::vector<Result> results_;
};

}  // namespace marktwacht::bench
