// How many alerts there were before one about any of its accounts, for the alerts of one page.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <vector>

#include "edges/sqlite/list_query.h"

namespace marktwacht {

// Alerts about one control group share most of their accounts, of which there may be thousands: the
// alerts of each account are read once for all of the page. In a view of `asked`, which must
// outlive it.
class AlertHistory {
 public:
  // Of no alert behind `last_seq` will be asked.
  AlertHistory(AskedDatabase& asked, std::int64_t last_seq) : asked_(asked), last_seq_(last_seq) {}

  std::expected<std::int64_t, StoreError> alerts_before(std::int64_t opened_seq);

 private:
  struct Seen {
    std::int64_t opened_seq = 0;
    std::int64_t counted_for = 0;  // opened_seq of the one asked about
  };
  using Numbers = std::vector<std::uint32_t>;  // places in seen_, ascending by opened_seq

  std::expected<const Numbers*, StoreError> alerts_of(const std::string& account_id);

  AskedDatabase& asked_;
  std::int64_t last_seq_;
  std::vector<Seen> seen_;
  std::map<std::int64_t, std::uint32_t> numbers_;  // in seen_, by opened_seq
  std::map<std::string, Numbers, std::less<>> by_account_;
};

}  // namespace marktwacht
