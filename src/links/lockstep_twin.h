// The slow, clear twin of Lockstep: every action kept, every set exact. For tests only.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <vector>

#include "links/lockstep.h"

namespace marktwacht {

class LockstepTwin {
 public:
  void act(const BookAction& action, Time now) { said_.push_back({action, now}); }
  void notice(InstrumentIndex instrument, Time now) { notices_.push_back({instrument, now}); }

  // Of all that was said before `end`: what two accounts have in common.
  struct Compared {
    std::uint32_t shared = 0, a_first = 0;
    double likeness = 0;
  };
  Compared compare(AccountPair accounts, Time end) const;

 private:
  struct Said {
    BookAction action;
    Time at;
  };
  struct Told {
    InstrumentIndex instrument;
    Time at;
  };
  // One thing that can be done in one second.
  struct Feature {
    std::int64_t second = 0;
    InstrumentIndex instrument;
    Side side{};
    BookAct act{};
    Price price;
    auto operator<=>(const Feature&) const = default;
  };
  struct Done {
    std::size_t place = 0;  // in said_
    double weight = 0;
  };
  using Set = std::map<Feature, Done>;
  Set set_of(AccountIndex account, Time end) const;
  bool is_evidence(const Said& said) const;

  std::vector<Said> said_;
  std::vector<Told> notices_;
};

}  // namespace marktwacht
