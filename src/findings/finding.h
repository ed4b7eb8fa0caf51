// What a rule or detector reports: who, where, named numbers, evidence. No prose, no action.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/index.h"
#include "base/time.h"
#include "events/words.h"

namespace marktwacht {

MW_WORDS(Severity, low, medium, high, critical)
// sandbox and incubating run in shadow: shown, never acted on.
MW_WORDS(Maturity, stable, incubating, sandbox)

// Who speaks: a rule of a rulebook, or a detector.
struct FindingSource {
  std::string detector;  // the rule's or detector's id
  std::string rulebook_id;
  std::string rulebook;  // as cited: id@hash; of a detector the one that put it in force
  std::string clause;
  Severity severity{};
  Maturity maturity{};
  std::string text_en, text_de;  // templates over the facts; empty: the general sentence
  bool is_rule = true;           // else a detector
};

// A named number against its limit; both exact decimals as text.
struct Fact {
  std::string name;
  std::string value;
  std::string limit;  // empty where there is none

  bool operator==(const Fact&) const = default;
};

struct ScorePart {
  std::string name;
  int points = 0;

  bool operator==(const ScorePart&) const = default;
};

// The seqs of what was counted: the first and the last so many, and how many there are.
struct Evidence {
  static constexpr std::size_t kept_each_end = 64;

  std::vector<std::uint64_t> seqs;  // ascending; the first 64 and the last 64 of more than 128
  std::uint64_t count = 0;

  bool operator==(const Evidence&) const = default;
};

// One report about one thing that goes on: its opening, a revision, its end.
struct Finding {
  // open_and_end: what is judged only when it is over.
  enum class Act : std::uint8_t { open, revise, end, supersede, open_and_end };

  Act act{};
  std::uint64_t number = 0;     // names the thing; of one reporter, never used twice
  std::uint64_t successor = 0;  // of a superseded one: the number that goes on
  std::shared_ptr<const FindingSource> source;
  std::vector<AccountIndex> accounts;  // who: by index, ascending
  std::string group_id;                // empty where no group is meant
  InstrumentIndex instrument;          // none where all are meant
  Time from, to;
  std::vector<Fact> facts;  // the leading number first
  std::vector<ScorePart> score_parts;
  Evidence evidence;
};

}  // namespace marktwacht
