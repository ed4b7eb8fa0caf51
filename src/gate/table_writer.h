// The writing side of one generation of the gate's table: see layout.h.
#pragma once

#include <map>
#include <vector>

#include "gate/layout.h"

namespace marktwacht {

// The only writer of its memory, which is all zero at first. Readers may read at any moment, and
// the process may die at any: what they see of a subject is all of before or all of after.
class GateTableWriter {
 public:
  GateTableWriter(const GateMemory& memory, const NameKey& key) : memory_(memory), key_(key) {}

  // In place of all that held for the subject. False where there is no room: nothing is changed,
  // and a larger generation is due.
  bool put(const GateSubject& subject, const std::vector<Restriction>& restrictions);

  // Slots of entries that these restrictions take.
  static std::uint64_t slots_for(const std::vector<Restriction>& restrictions);
  // More than a subject can have.
  static constexpr std::uint64_t slots_max = 0xFFFF;
  // So many heads may be in use: one that has none of its own is found to be missing at once.
  static std::uint32_t heads_used_max(std::uint32_t heads) { return heads / 2; }

 private:
  std::optional<EntryRun> write_run(const std::vector<Restriction>& restrictions);
  std::optional<std::uint32_t> take_slots(std::uint32_t slots);
  void give_back(EntryRun run);

  GateMemory memory_;
  NameKey key_;
  std::uint32_t heads_used_ = 0;
  std::uint32_t entries_used_ = 0;                            // from the start
  std::map<std::uint32_t, std::vector<std::uint32_t>> free_;  // by length: given back
};

}  // namespace marktwacht
