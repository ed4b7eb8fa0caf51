// The links of a group, and which of them are enough to hold it together.
#include "app/story_links.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

namespace marktwacht {
namespace {

// Which accounts the links told so far hold together.
class Joined {
 public:
  // False: they hung together before.
  bool join(const std::vector<std::string>& account_ids) {
    bool fresh = false;
    for (const std::string& id : account_ids) {
      const std::size_t a = part_of(account_ids.front()), b = part_of(id);
      fresh |= a != b;
      std::ranges::replace(parts_, b, a);
    }
    return fresh;
  }

 private:
  std::size_t part_of(const std::string& id) {
    const auto [place, fresh] = number_.try_emplace(id, parts_.size());
    if (fresh) {
      parts_.push_back(parts_.size());
    }
    return parts_[place->second];
  }

  std::map<std::string, std::size_t> number_;
  std::vector<std::size_t> parts_;  // by number
};

StoryLink told(const Market& market, const Link& link) {
  static constexpr const char* kinds[] = {"person", "master", "declared", "evidence"};
  const Directory& directory = market.directory();
  StoryLink told;
  told.kind = kinds[static_cast<std::size_t>(link.kind)];
  told.name = link.master.exists() ? directory.account_id(link.master) : std::string(link.name);
  for (const AccountIndex account : link.accounts) {
    told.account_ids.push_back(directory.account_id(account));
  }
  std::ranges::sort(told.account_ids);
  return told;
}

}  // namespace

std::vector<StoryLink> story_links(const Market& market, GroupIndex group) {
  using Rank = std::tuple<bool, std::int32_t>;  // evidence last, the heaviest of it first
  std::vector<std::pair<Rank, StoryLink>> ranked;
  market.groups().visit_links(group, [&](const Link& link) {
    StoryLink& story = ranked.emplace_back(Rank{}, told(market, link)).second;
    if (link.kind == LinkValue::Kind::pair) {
      const Why why = market.links().why(AccountPair::of(link.accounts[0], link.accounts[1]));
      story.sum = link_sum(market, why);
      ranked.back().first = {true, -why.weighed.sum};
    }
  });
  std::ranges::stable_sort(ranked, {}, [](const auto& link) { return link.first; });
  Joined joined;
  std::vector<StoryLink> links;
  for (auto& [rank, link] : ranked) {
    link.joins = joined.join(link.account_ids);
    links.push_back(std::move(link));
  }
  return links;
}

}  // namespace marktwacht
