// Spoofing (clause 2.8, with large orders 2.9): a large order is shown on one side, a small one is
// filled on the other, the large one is withdrawn. By one account, or one shows and one is filled.
#include "sim/abuse/false_interest.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class Spoofing : public FalseInterest {
 public:
  explicit Spoofing(Plan plan) : FalseInterest(std::move(plan), "spoofing", 1, 2) {}
};

}  // namespace

void add_spoofing(Cast& cast) {
  constexpr Duration lasts{600 * second.ns};
  constexpr Duration apart{120 * second.ns};
  add_episodes<Spoofing>(cast, {.per_million = 12, .accounts = 1, .lasts = lasts, .apart = apart});
  add_episodes<Spoofing>(cast, {.per_million = 8, .accounts = 2, .lasts = lasts, .apart = apart});
}

}  // namespace marktwacht::sim
