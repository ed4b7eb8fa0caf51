// What the exchange is told to do. It answers each by a `command_result` with the command's id; a
// repeated command has the same effect once. Contract: enforcement.md, cli.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"
#include "measures/ledger_entry.h"
#include "measures/measure_table.h"
#include "measures/restrictions.h"

namespace marktwacht {

// One slice after the other: enforcement.md, `close_by`.
struct LiquidationStep {
  std::string instrument_id;
  Side side{};
  Decimal quantity;                                // of the position that it closes
  std::uint32_t slices = 1;                        // of about equal size, one a minute
  std::optional<Decimal> price_least, price_most;  // the band; absent where no price is known

  bool operator==(const LiquidationStep&) const = default;
};

struct ExchangeCommand {
  // "m-MEASURE/ACCOUNT/STEP/ATTEMPT", or of restrictions "r/KIND/SUBJECT/REVISION/ATTEMPT".
  std::string command_id;
  std::string command;                    // set_restrictions, or a word of ExchangeJob
  std::string account_id, instrument_id;  // one of them
  std::uint64_t seq = 0;                  // of the record that caused it
  Time at;
  // set_restrictions: all that hold now; an older revision must be ignored.
  std::uint64_t revision = 0;
  std::vector<Restriction> restrictions;
  // Else of one measure, as far as the kind needs it.
  std::uint64_t measure = 0;
  std::string kind, clause, text;  // kind: the measure's
  std::optional<Time> deadline;
  std::vector<LedgerEntry> entries;
  std::vector<LiquidationStep> plan;
  std::vector<std::string> trade_ids;
};

// Appends the command as one line of JSON, without a line end.
void write_command(const ExchangeCommand& command, std::string& out);
// Ledger entries as one array.
void write_entries(const std::vector<LedgerEntry>& entries, std::string& out);
// The restrictions of one subject likewise, as a verdict's cause is shown.
void write_restrictions(const std::vector<Restriction>& restrictions, std::string& out);

}  // namespace marktwacht
