// Names the record, then the first member that is not the same.
#include "app/record_difference.h"

#include <algorithm>

#include "events/json_members.h"

namespace marktwacht {
namespace {

constexpr std::size_t value_bytes_max = 80;

struct Part {
  std::string_view owner;  // "c-12" of a proposal
  JsonMembers members;
};

Part part_of(std::string_view record) {
  const std::size_t begin = std::min(record.find('{'), record.size());
  return {record.substr(0, begin), JsonMembers::of(record.substr(begin)).value_or(JsonMembers{})};
}

// "alert a-17 revision 2 of self_trade", "proposal of warn in c-12".
std::string name_of(std::string_view what, const Part& side) {
  std::string name(what);
  for (const auto& [before, member] :
       {std::pair(" ", "alert_id"), std::pair(" revision ", "revision"),
        std::pair(" of ", "detector"), std::pair(" of ", "kind")}) {
    if (const auto text = side.members.text(member)) {
      name += before + *text;
    }
  }
  return side.owner.empty() ? name : name + " in " + std::string(side.owner);
}

std::string shown(std::string_view value) {
  return value.empty()                     ? "nothing"
         : value.size() <= value_bytes_max ? std::string(value)
                                           : std::string(value.substr(0, value_bytes_max)) + "…";
}

}  // namespace

std::string difference_in_words(std::string_view what, std::string_view recorded,
                                std::string_view now) {
  const Part was = part_of(recorded), is = part_of(now);
  if (recorded.empty() || now.empty()) {
    return recorded.empty() ? name_of(what, is) + " is made now and is not recorded"
                            : name_of(what, was) + " is recorded and is not made now";
  }
  if (name_of(what, was) != name_of(what, is)) {
    return name_of(what, was) + " is recorded where " + name_of(what, is) + " is made now";
  }
  for (const auto* side : {&was, &is}) {
    for (const auto& [name, value] : side->members.all()) {
      if (was.members.value(name) != is.members.value(name)) {
        return name_of(what, was) + ": " + name + " was " + shown(was.members.value(name)) +
               ", is now " + shown(is.members.value(name));
      }
    }
  }
  return name_of(what, was) + " is written in another order";
}

}  // namespace marktwacht
