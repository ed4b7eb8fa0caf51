// An alert as it is recorded and published: one line for each revision. schema.json beside this
// file says the same to others; a test compares them. Contract: cli.md, "An alert line".
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "events/words.h"
#include "findings/finding.h"

namespace marktwacht {

MW_WORDS(AlertState, open, ended, superseded, dismissed, confirmed)

// What its accounts realised in its time, in `currency`; below zero a loss. docs/gains.md.
struct AlertGain {
  std::string currency;
  std::string amount;  // exact decimal
};

struct Alert {
  std::string alert_id;
  std::uint64_t revision = 0;  // from 1
  AlertState state{};
  std::shared_ptr<const FindingSource> source;
  int score = 0;                         // 0–100
  std::vector<std::string> account_ids;  // sorted
  std::string group_id;                  // empty = none
  std::string instrument_id;             // empty = none
  Time from, to;
  std::uint64_t first_seq = 0, last_seq = 0;  // of what was counted
  std::vector<Fact> facts;
  std::vector<ScorePart> score_parts;
  Evidence evidence;
  AlertGain gain;
  Time at;                // when this revision was made
  std::uint64_t seq = 0;  // that this revision's record has in the journal
};

// The sentences that an edge adds; none of them is stored.
struct AlertText {
  std::string en, de;
};

// Appends the line, without a line end: the fields of the contract, in its order. Fields that are
// empty (rulebook, group_id, instrument_id, text) are left out. `text` may be nullptr.
void write_alert(const Alert& alert, const AlertText* text, std::string& out);
// The line without a text, which its record in the journal holds.
inline std::string recorded_form(const Alert& alert) {
  std::string line;
  write_alert(alert, nullptr, line);
  return line;
}
// The alert that `line`, minified, states, as write_alert writes one; a text in it is passed over,
// and so are `at` and `seq`, which a line does not say. Its source has no templates. An error says
// which member is missing or wrong.
std::expected<Alert, std::string> read_alert(std::string_view line);

}  // namespace marktwacht
