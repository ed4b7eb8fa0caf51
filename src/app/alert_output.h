// Alerts on their way out: lines for people and programs, records for the journal.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alerts/alert.h"
#include "app/output.h"
#include "edges/journal/journal.h"
#include "edges/labels/labels.h"

namespace marktwacht {

class AlertOutput {
 public:
  // Lines go to `path` ("-": standard output), records into `journal` where there is one; that must
  // outlive it.
  static std::expected<AlertOutput, std::string> open(const std::string& path,
                                                      JournalWriter* journal);

  std::expected<void, std::string> write(const Alert& alert);
  std::expected<void, std::string> finish() { return lines_.finish(); }

  // Keeps what scoring needs of every revision from now on.
  void keep_for_scoring() { keeps_ = true; }
  const std::vector<AlertLine>& kept() const { return kept_; }

  // Alerts that opened, by clause and detector.
  const std::map<std::pair<std::string, std::string>, std::uint64_t>& opened() const {
    return opened_;
  }

 private:
  AlertOutput(Output lines, JournalWriter* journal) : lines_(std::move(lines)), journal_(journal) {}
  std::expected<void, std::string> record(const Alert& alert);

  Output lines_;
  JournalWriter* journal_;
  std::string line_, body_;
  bool keeps_ = false;
  std::vector<AlertLine> kept_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> opened_;
};

}  // namespace marktwacht
