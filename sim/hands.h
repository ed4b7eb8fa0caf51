// The truth about control groups: which accounts are one hand and by what it shows, and which
// honest ones only look like it. For measuring, never in the stream.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/population.h"

namespace marktwacht::sim {

class HandBook {
 public:
  explicit HandBook(const Population& population) : population_(population) {}

  // These accounts are one hand. `shown_by`: person, device, funds or nothing.
  void one_hand(std::string_view shown_by, std::vector<std::uint32_t> accounts) {
    entries_.push_back({"shown_by", shown_by, std::move(accounts)});
  }
  // These are strangers who have in common what `what` says.
  void look_alike(std::string_view what, std::vector<std::uint32_t> accounts) {
    entries_.push_back({"look_alike", what, std::move(accounts)});
  }

  // The account has shown its device.
  void logged_in(std::uint32_t account) { logged_in_.insert(account); }
  // One more of those who have this in common.
  void stranger(std::string_view what, std::uint64_t which, std::uint32_t account) {
    strangers_[{what, which}].insert(account);
  }

  // As lines of JSON, of accounts that the stream has shown: who is one person, then hands and
  // look-alikes in the order in which they came.
  std::string lines() const;

 private:
  struct Entry {
    std::string_view member, word;
    std::vector<std::uint32_t> accounts;
  };
  void write(const Entry& entry, std::string& text) const;

  const Population& population_;
  std::vector<Entry> entries_;
  std::set<std::uint32_t> logged_in_;
  std::map<std::pair<std::string_view, std::uint64_t>, std::set<std::uint32_t>> strangers_;
};

}  // namespace marktwacht::sim
