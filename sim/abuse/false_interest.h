// Interest shown on one side to be filled on the other, and withdrawn at once: what spoofing (one
// or two orders) and layering (several levels) have in common.
#pragma once

#include <vector>

#include "sim/abuse/episode.h"

namespace marktwacht::sim {

class FalseInterest : public Episode {
 public:
  FalseInterest(Plan plan, std::string_view detector, std::int64_t levels_least,
                std::int64_t levels_most)
      : Episode(std::move(plan)),
        detector_(detector),
        levels_least_(levels_least),
        levels_most_(levels_most) {}

 protected:
  Script act() override;

 private:
  Script trick();
  void show(Side side, std::int64_t lots, std::int64_t levels);
  void keep_behind_best(Side side);
  void keep_genuine_first(Side side);
  std::int64_t withdraw();

  std::string_view detector_;
  std::int64_t levels_least_, levels_most_;
  OrderRef genuine_;
  std::vector<OrderRef> shown_;
};

}  // namespace marktwacht::sim
