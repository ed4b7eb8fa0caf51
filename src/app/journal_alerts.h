// The alerts that a journal records, each with its revisions and the words of its rulebook.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert.h"
#include "rules/rule.h"

namespace marktwacht {

struct RecordedRevision {
  std::uint64_t revision = 0;
  std::string state;
  Time at;                // when it was made
  std::uint64_t seq = 0;  // its record's
};

struct RecordedAlert {
  Alert alert;  // as its last revision has it, with the templates of its rulebook
  std::vector<RecordedRevision> revisions;
};

class JournalAlerts {
 public:
  // Reads the journal at `path` once; an error says that it cannot be read.
  static std::expected<JournalAlerts, std::string> read(const std::string& path);

  std::size_t size() const { return ids_.size(); }
  // In the order in which they opened.
  const std::vector<std::string>& ids() const { return ids_; }
  bool has(const std::string& alert_id) const { return records_.contains(alert_id); }
  // One that it has; an error says what is wrong with its record.
  std::expected<RecordedAlert, std::string> alert(const std::string& alert_id) const;
  // At most so many ids that resemble this one, in the order in which they opened: those whose
  // numbers lie nearest, else the first.
  std::vector<std::string> near(std::string_view alert_id, std::size_t most) const;

 private:
  struct Record {
    std::vector<RecordedRevision> revisions;
    std::string body;  // of the last
  };
  std::optional<Rulebook> cited(const std::string& rulebook) const;

  std::vector<std::string> ids_;
  std::map<std::string, Record, std::less<>> records_;
  std::vector<std::string> rulebooks_;  // their texts, in order
};

}  // namespace marktwacht
