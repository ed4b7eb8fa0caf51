// The slow, clear twin of Groups: sets of sets, merged until nothing overlaps. For tests only.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "links/groups.h"

namespace marktwacht {

class GroupsTwin {
 public:
  using Set = std::set<std::uint32_t>;
  struct TwinGroup {
    std::uint32_t named_after = 0;
    Set members;  // empty: it ended
    std::vector<std::uint32_t> aliases;
  };

  void declare(const std::string& group_id, const Set& members);
  void set_master(std::uint32_t account, AccountIndex master);
  void set_person(std::uint32_t account, const std::string& person_id);
  void set_links_nobody(std::uint32_t master, bool links_nobody);
  void set_pair(std::uint32_t a, std::uint32_t b, bool linked);

  // What the declarations in force make, by first member.
  std::vector<Set> partition() const;

  std::vector<TwinGroup> groups;  // by GroupIndex
  std::vector<GroupChange> changes;

 private:
  void after_leaving();
  void after_joining();
  std::uint32_t form(const Set& members);
  void report(GroupChange::Kind kind, std::uint32_t group, std::uint32_t other);

  std::map<std::string, Set> lists_;
  std::map<std::uint32_t, std::uint32_t> masters_;
  std::map<std::uint32_t, std::string> persons_;
  Set nobody_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs_;
};

}  // namespace marktwacht
