// Writing hands: see hands.h.
#include "sim/hands.h"

#include <algorithm>
#include <map>

namespace marktwacht::sim {

// Who has not logged in has shown no device.
void HandBook::write(const Entry& entry, std::string& text) const {
  std::string ids;
  int shown = 0;
  for (const std::uint32_t account : entry.accounts) {
    if (entry.word == "device" ? logged_in_.contains(account) : population_.declared(account)) {
      ids += (shown++ == 0 ? "\"" : ",\"") + std::string(population_.account_id(account).view());
      ids += "\"";
    }
  }
  if (shown >= 2) {
    text += "{\"" + std::string(entry.member) + "\":\"" + std::string(entry.word) +
            "\",\"account_ids\":[" + ids + "]}\n";
  }
}

std::string HandBook::lines() const {
  std::map<std::uint32_t, std::vector<std::uint32_t>> persons;
  for (std::uint32_t account = 0; account < population_.size(); ++account) {
    if (population_.person(account) != account) {
      persons[population_.person(account)].push_back(account);
    }
  }
  std::string text;
  for (auto& [person, accounts] : persons) {
    // The account that the person is called after may have become somebody else's.
    if (population_.person(person) == person) {
      accounts.insert(std::ranges::lower_bound(accounts, person), person);
    }
    write({"shown_by", "person", accounts}, text);
  }
  for (const Entry& entry : entries_) {
    write(entry, text);
  }
  for (const auto& [common, accounts] : strangers_) {
    write({"look_alike", common.first, {accounts.begin(), accounts.end()}}, text);
  }
  for (const Neighbours& neighbours : population_.neighbours()) {
    write({"look_alike", neighbours.what, neighbours.accounts}, text);
  }
  return text;
}

}  // namespace marktwacht::sim
