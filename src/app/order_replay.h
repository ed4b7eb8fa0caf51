// Orders, what became of them, and trades, out of a journal: replayed, since a cancel or a trade
// says little of the orders that it is about. docs/reports.md.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edges/reports/order_record.h"

namespace marktwacht {

struct OrderQuery {
  std::vector<std::string> account_ids = {};  // of any of these; empty: of all
  std::string instrument_id = {};             // empty: all
  Time from{0}, to{INT64_MAX};                // from <= ts < to
  bool applied = false;                       // ts is then when it was taken: as alerts have it
  bool funds = false;                         // also deposits, withdrawals and transfers
  // These records whatever they are about; ascending.
  std::vector<std::uint64_t> seqs = {};
};

// "2026-03-02", "2026-03-02T08:00:00Z" or nanoseconds since 1970; nothing for anything else.
std::optional<Time> parse_moment(std::string_view text);

// Why the journal at `path` has no longer all that the query asks for; nothing: none of it was
// dropped.
std::optional<std::string> dropped_fault(const std::string& path, const OrderQuery& query);

// Hands on what the query asks for, in the journal's order, until `take` gives false. Reads the
// journal from its start: of a long one, millions of records a second at most. An error says what
// is wrong with it.
std::expected<void, std::string> visit_orders(const std::string& path, const OrderQuery& query,
                                              const std::function<bool(const OrderRecord&)>& take);

// The placing of the orders at these seqs, ascending. Reads from the first to the last of them.
std::expected<std::vector<OrderRecord>, std::string> placings_at(
    const std::string& path, const std::vector<std::uint64_t>& seqs);

}  // namespace marktwacht
