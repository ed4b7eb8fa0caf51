// An alert as a story: what was counted, who stands behind it, and the order book as it was. Made
// from a journal alone. docs/explain.md.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "app/gain_statement.h"
#include "app/journal_alerts.h"
#include "app/link_sum.h"

namespace marktwacht {

// Whoever the alert names, as the stream had stated it by then.
struct StoryAccount {
  std::string account_id, person_id, master_id, desk_id, country;
  std::vector<std::string> roles;
};

// One of the links that make the accounts one group, as they were in force when the alert's time
// was over.
struct StoryLink {
  std::string kind;                      // person, master, declared or evidence
  std::string name;                      // the person's, master's or list's id; of evidence empty
  std::vector<std::string> account_ids;  // sorted; of evidence two
  bool joins = false;  // with those before it, links nobody twice: enough to hold all together
  LinkSum sum;         // of evidence
};

// An event of the evidence. Empty: it has no such thing.
struct StoryEvent {
  std::uint64_t seq = 0;
  Time ts;  // as its source gave it
  std::string type;
  std::vector<std::string> account_ids;  // of a trade buyer, then seller
  std::string instrument_id, side, price, quantity;
  std::string more;  // for people: order id, reason …
  std::string line;  // the event itself, as NDJSON
};

struct StoryOwner {
  std::string account_id, visible, total;
  bool operator==(const StoryOwner&) const = default;
};

struct StoryLevel {
  std::string price, visible, total;
  std::string own_visible, own_total;  // of the alert's accounts
  std::uint32_t orders = 0;
  std::vector<StoryOwner> owners;  // by their first place in the queue
  bool operator==(const StoryLevel&) const = default;
};

// The book as it stood once the record `seq` was taken.
struct StoryBook {
  std::string moment;  // before, during, after or at
  std::uint64_t seq = 0;
  Time ts;                                       // the clock then
  std::vector<StoryLevel> bids, asks;            // best first
  std::uint32_t bid_levels = 0, ask_levels = 0;  // that there are
};

struct Story {
  RecordedAlert recorded;
  std::vector<StoryAccount> accounts;
  std::vector<StoryLink> links;    // declared ones first, then evidence, the heaviest first
  bool fragile = false;            // docs/links.md: no automatic measure may rest on it
  GainStatement gain;              // as it stood when the last revision was made
  std::string book_instrument_id;  // empty: the alert touches none
  std::vector<StoryEvent> events;  // all that the alert keeps of its evidence
  std::vector<StoryBook> books;    // before, during, after, then what was asked for

  const Alert& alert() const { return recorded.alert; }
};

struct StoryOptions {
  std::size_t depth = 10;                // levels a side
  std::vector<std::uint64_t> seqs = {};  // further books: once these records were taken; ascending
};

// The seq of the first record that is needed to tell it.
std::uint64_t first_told(const RecordedAlert& alert, const StoryOptions& options);
// Replays the journal at `path` as far as the story goes; where the alert names no instrument, once
// more for the books of the one that most of its evidence is about. An error says what is wrong
// with the journal, or that what is needed was dropped.
std::expected<Story, std::string> tell_story(const std::string& path, RecordedAlert alert,
                                             const StoryOptions& options);

}  // namespace marktwacht
