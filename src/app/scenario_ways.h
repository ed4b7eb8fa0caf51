// The ways in which one stream of events is run, each of which must end alike.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "app/scenario_text.h"
#include "base/sha256.h"
#include "events/batch.h"
#include "events/ndjson.h"

namespace marktwacht {

// What came of a run.
struct ScenarioRun {
  std::vector<std::string> revisions;  // alert lines, in order
  std::vector<std::string> alerts;     // each alert's last revision as expectations are written
  Digest state_hash{};                 // when the input had ended
  std::uint64_t blind_spots = 0;

  bool ends_like(const ScenarioRun& other) const {
    return revisions == other.revisions && state_hash == other.state_hash;
  }
};

// Decoded lines, with their memory. Not to be moved.
class ScenarioStream {
 public:
  // Errors: lines that are refused before the engine sees them.
  ScenarioStream(const std::vector<ScenarioPart>& lines, std::vector<ScenarioPart>& errors);
  ScenarioStream(const ScenarioStream&) = delete;
  ScenarioStream& operator=(const ScenarioStream&) = delete;

  // One event after the other; adds to `errors` what the engine refuses.
  ScenarioRun live(std::vector<ScenarioPart>& errors) const;
  // Through the bytes that a journal keeps.
  ScenarioRun replayed() const;
  // After every so many events the state goes into a snapshot, and a fresh engine goes on from it.
  // An error says what is wrong with a snapshot.
  std::expected<ScenarioRun, std::string> cut(std::size_t every) const;

  std::size_t size() const { return events_.size(); }

 private:
  struct Entry {
    const Event* event;
    int line;
  };

  std::string text_;
  Batch batch_;
  std::vector<Entry> events_;
};

}  // namespace marktwacht
