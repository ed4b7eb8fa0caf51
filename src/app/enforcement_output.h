// What enforcement brings about, into files: cases, measures, what became of decisions, and the
// commands for the exchange.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "app/output.h"
#include "engine/engine.h"

namespace marktwacht {

// Paths; "-" is standard output, empty is none. NDJSON, a line for each revision, decision,
// command.
struct EnforcementFiles {
  std::string cases, measures, decisions, outbox;

  bool want_revisions() const { return !cases.empty() || !measures.empty(); }
};

class EnforcementFilesOutput {
 public:
  static std::expected<EnforcementFilesOutput, std::string> open(const EnforcementFiles& files);

  std::expected<void, std::string> write(const EnforcementOutput& made);
  std::expected<void, std::string> finish();

 private:
  std::optional<Output> cases_, measures_, decisions_, outbox_;
};

}  // namespace marktwacht
