// The reading side of one generation of the gate's table: see layout.h.
#pragma once

#include "gate/judgement.h"
#include "gate/layout.h"

namespace marktwacht {

// A question with the hashes of the names in it that a table may know.
class AskedNames {
 public:
  AskedNames() = default;  // of no question
  // Names that are surely not in the table are left out. Question and key must outlive it.
  AskedNames(const GateQuestion& question, const NameKey& key, const class GateTableReader& table);

  bool has_question() const { return question_ != nullptr; }
  const GateQuestion& question() const { return *question_; }
  bool has(SubjectKind kind) const { return (kinds_ >> static_cast<unsigned>(kind) & 1U) != 0; }
  const NameHash& name(SubjectKind kind) const { return names_[static_cast<std::size_t>(kind)]; }
  // Whether an entry for this scope is one for the question; what is not named may be any.
  bool in_instrument(std::uint64_t scope) const;
  bool in_asset(std::uint64_t scope) const;
  NameHash device() const;

 private:
  const GateQuestion* question_ = nullptr;
  const NameKey* key_ = nullptr;
  std::array<NameHash, subject_kinds> names_;
  std::uint32_t kinds_ = 0;
};

class GateTableReader {
 public:
  GateTableReader() = default;
  explicit GateTableReader(const GateMemory& memory) : memory_(memory) {}

  const GateMemory& memory() const { return memory_; }
  // False where nothing is held against it. Of those that are free a few are true by chance.
  bool may_hold(const NameKey& key, SubjectKind kind, std::string_view name) const {
    const std::uint64_t hash = filter_hash(key, name_kind(kind), name);
    const std::uint64_t word = memory_.filter_word(hash).load(std::memory_order_acquire);
    return (~word & GateMemory::filter_bits(hash)) == 0;
  }
  // Asks for the memory that `read` will look at first.
  void prefetch(const AskedNames& names) const;
  // Hands the judgement what holds for the subjects named. False where the memory is no table, or
  // changed beyond all patience: then the judgement is not to be used.
  bool read(const AskedNames& names, Judgement& judgement) const;

 private:
  bool read_subject(const AskedNames& names, SubjectKind kind, Judgement& judgement) const;
  bool read_run(const AskedNames& names, EntryRun run, SubjectFindings& findings) const;

  GateMemory memory_;
};

}  // namespace marktwacht
