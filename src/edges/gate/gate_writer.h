// The gate as the engine's edge writes it. docs/gate.md.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "edges/gate/gate_file.h"
#include "gate/table_writer.h"

namespace marktwacht {

struct GateOptions {
  Duration stale = second;  // a heartbeat older than this is that of a dead writer
  // Beyond this many a restriction cannot be published. What is not used takes no memory.
  std::uint64_t subjects_max = 1 << 20;
  unsigned mode = 0640;  // of the file: readers share its group
};

// One for each gate; for one thread. After an error nothing is changed for readers.
class GateWriter {
 public:
  using Done = std::expected<void, std::string>;

  // Makes the folder and the file where they lack. What an earlier writer left keeps holding for
  // readers, and its heartbeat stays as it is, until `publish`. An error when another process
  // writes this gate.
  static std::expected<GateWriter, std::string> open(const std::string& folder,
                                                     std::string_view deployment_key,
                                                     const GateOptions& options = {});

  // Once, after catching up with the journal: all that holds, in place of all that held. Readers
  // see it at one moment.
  Done publish(std::span<const SubjectRestrictions> subjects, Time now);
  // A change, after `publish`; false where it is older than what holds.
  std::expected<bool, std::string> apply(const SubjectRestrictions& subject);
  // Says that everything up to now is published; due several times within `stale`.
  void beat(Time now);

  std::uint64_t generation() const { return generation_; }

 private:
  using Subjects = std::map<GateSubject, SubjectRestrictions>;

  Done build(const Subjects& subjects);
  std::expected<bool, std::string> build_at(std::uint32_t place, const Subjects& subjects);
  Done check_length(const SubjectRestrictions& subject) const;

  GateLock lock_;
  GateMapping mapping_;
  GateKey key_;
  GateOptions options_;
  std::uint64_t generation_ = 0;
  std::uint32_t place_ = 0;
  std::optional<GateTableWriter> table_;  // from `publish` on
  Subjects subjects_;                     // also those that are free again: for their revisions
};

// A gate that nobody keeps up: what holds at the end of a run, for trials. `folder` is the data
// directory.
GateWriter::Done publish_gate(const std::string& folder,
                              std::span<const SubjectRestrictions> subjects,
                              std::string_view deployment_key = {});

}  // namespace marktwacht
