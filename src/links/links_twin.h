// The slow, clear twin of Links: the set of live evidence, and every pair weighed anew from it. For
// tests only.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "links/links.h"

namespace marktwacht {

class LinksTwin {
 public:
  using Set = std::set<std::uint32_t>;

  LinkTable table = default_link_table;

  void see(SharedKind what, const std::string& value, std::uint32_t account, Time now);
  void transfer(std::uint32_t a, std::uint32_t b, Time now);
  void set_referral(std::uint32_t account, std::uint32_t referrer, Time opened);
  void set_links_nobody(std::uint32_t account, bool links_nobody);
  void label_address(const std::string& address);
  void set_person(std::uint32_t account, const std::string& person);
  void confirm(std::uint32_t a, std::uint32_t b);
  void refuse(std::uint32_t a, std::uint32_t b);
  void expire(Time now);

  // With the prior; the kinds that there are to `kinds`.
  std::int32_t sum(std::uint32_t a, std::uint32_t b, std::uint8_t* kinds = nullptr) const;
  bool linked(std::uint32_t a, std::uint32_t b) const;
  // Parts of two accounts or more of those below `accounts`, by first member.
  std::vector<Set> partition(std::uint32_t accounts) const;

 private:
  struct Piece {
    Time created;
    bool kept = false;
  };
  struct Referral {
    std::uint32_t referrer = 0;
    Time opened;
  };
  using Value = std::pair<SharedKind, std::string>;

  std::uint32_t counterparties(std::uint32_t account) const;
  std::int32_t transfer_weight(std::uint32_t a, std::uint32_t b) const;
  std::int32_t returned_weight(std::uint32_t a, std::uint32_t b) const;
  std::int32_t value_weight(const Value& value, std::uint32_t a, std::uint32_t b) const;
  std::int32_t referral_weight(std::uint32_t a, std::uint32_t b) const;

  std::map<Value, std::map<std::uint32_t, Piece>> values_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Piece> transfers_;  // whoever paid
  std::map<std::pair<std::uint32_t, std::uint32_t>, Piece> payments_;   // from, to
  std::map<std::uint32_t, Referral> referrals_;
  std::map<std::uint32_t, std::string> persons_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, LinkVerdict> verdicts_;
  Set nobody_;
};

}  // namespace marktwacht
