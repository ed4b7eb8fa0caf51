// The arithmetic of a gain, line by line: of an alert, or of the alerts of a case. docs/gains.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "app/story_language.h"
#include "market/gain_sum.h"
#include "market/market.h"

namespace marktwacht {

// One entry. Decimals as text; empty: it has no such thing.
struct GainLine {
  std::uint64_t seq = 0;
  Time ts;
  std::string account_id, instrument_id, source_account_id, kind, closed, asset, amount;
  std::string counted;  // in the statement's currency; empty: not in the sum
  bool whole = true;    // else the entry price of some of what it closed is unknown
};

// Of this account something is forgotten that may have belonged here.
struct GainForgotten {
  std::string account_id;
  Time until;
};

struct GainStatement {
  std::string currency, amount;
  std::uint64_t unwhole = 0, left_out = 0;  // lines that are not whole; that are not in the sum
  std::vector<GainLine> lines;              // by seq
  std::vector<Scaled> running;              // the sum up to each line
  std::vector<GainForgotten> forgotten;
};

// What is known by now of what the scope says.
GainStatement gain_statement(const Market& market, const GainScope& scope);
// The same of several at once: what belongs to more than one of them counts once.
GainStatement gain_statement(const Market& market, std::span<const GainScope> scopes);

// Plain text: of more than `lines_max` lines the first and the last, and the sum of the others.
std::string gain_statement_text(const GainStatement& statement, StoryLanguage language,
                                std::size_t lines_max);
// One JSON object (docs/gains.md), appended.
void write_gain_statement(const GainStatement& statement, std::size_t lines_max, std::string& out);

}  // namespace marktwacht
