// Which parts a group falls into after it lost a link.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <span>
#include <utility>
#include <vector>

#include "base/index.h"
#include "links/declarations.h"

namespace marktwacht {

// Searches from all seeds at once, the cheapest next, and stops when one is left: so the largest
// part is never walked through, and seeds that share a value cost nothing more.
class PartSearch {
 public:
  // Each part of the group must hold a seed; seeds are distinct and linked. Leaves marks in
  // `declarations` until it is destroyed.
  PartSearch(Declarations& declarations, std::span<const AccountIndex> seeds);
  ~PartSearch() { declarations_.forget_marks(); }

  // All parts but one, which is what remains; none when the group is whole.
  std::vector<std::vector<AccountIndex>> split_off();

 private:
  // What one search, with those it met, has found; `leader` is itself until it is met.
  struct Search {
    std::uint32_t leader = 0;
    bool finished = false;  // it has found a whole part
    std::size_t cost = 0;
    std::vector<AccountIndex> found;
    std::vector<LinkValue> ahead;  // values not yet walked through
  };
  using Turn = std::pair<std::size_t, std::uint32_t>;  // cost after the next value, search

  std::uint32_t leader(std::uint32_t search);
  std::size_t next_cost(std::uint32_t search) const;
  void discover(std::uint32_t search, AccountIndex account);
  void meet(std::uint32_t a, std::uint32_t b);
  void walk(std::uint32_t search);

  Declarations& declarations_;
  std::vector<Search> searches_;
  std::size_t unfinished_;
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns_;
};

}  // namespace marktwacht
