// Writing the table: see table_writer.h. Every store releases and every load of readers acquires,
// so that who sees a word of a later change sees the sequence that tells of it, too.
#include "gate/table_writer.h"

#include "base/check.h"

namespace marktwacht {
namespace {

void store(GateWordCell& word, std::uint64_t value) {
  word.store(value, std::memory_order_release);
}

std::uint64_t own(const GateWordCell& word) { return word.load(std::memory_order_relaxed); }

}  // namespace

PackedEntry PackedEntry::of(const Restriction& restriction, const NameKey& key) {
  std::uint64_t flags = used;
  PackedEntry packed;
  if (restriction.limit) {
    flags |= has_limit;
    const auto mantissa = static_cast<UInt128>(restriction.limit->mantissa);
    packed.words[5] = static_cast<std::uint64_t>(mantissa);
    packed.words[6] = static_cast<std::uint64_t>(mantissa >> 64);
  }
  flags |= restriction.devices.empty() ? 0 : has_devices;
  const int exponent = restriction.limit ? restriction.limit->exponent : 0;
  packed.words[0] = static_cast<std::uint64_t>(restriction.action) |
                    static_cast<std::uint64_t>(restriction.reason) << 8 | flags << 16 |
                    std::uint64_t{static_cast<std::uint8_t>(exponent)} << 24 |
                    std::uint64_t{restriction.devices.size()} << 32;
  packed.words[1] = restriction.measure;
  packed.words[2] =
      static_cast<std::uint64_t>(restriction.until ? restriction.until->ns : for_ever);
  packed.words[3] = scope_of(key, name_kind(SubjectKind::instrument), restriction.instrument_id);
  packed.words[4] = scope_of(key, asset_name, restriction.asset);
  packed.words[7] = static_cast<std::uint64_t>(restriction.held_min.ns);
  return packed;
}

std::uint64_t GateTableWriter::slots_for(const std::vector<Restriction>& restrictions) {
  std::uint64_t slots = restrictions.size();
  for (const Restriction& restriction : restrictions) {
    slots += (restriction.devices.size() + PackedEntry::devices_per_slot - 1) /
             PackedEntry::devices_per_slot;
  }
  return slots;
}

std::optional<std::uint32_t> GateTableWriter::take_slots(std::uint32_t slots) {
  if (const auto found = free_.find(slots); found != free_.end() && !found->second.empty()) {
    const std::uint32_t at = found->second.back();
    found->second.pop_back();
    return at;
  }
  if (memory_.entries() - entries_used_ < slots) {
    return std::nullopt;
  }
  const std::uint32_t at = entries_used_;
  entries_used_ += slots;
  return at;
}

void GateTableWriter::give_back(EntryRun run) {
  if (run.slots != 0) {
    free_[run.slots].push_back(run.at);
  }
}

std::optional<EntryRun> GateTableWriter::write_run(const std::vector<Restriction>& restrictions) {
  const std::uint64_t slots = slots_for(restrictions);
  check(slots <= slots_max, "the gate's writer refuses longer lists");
  EntryRun run{.slots = static_cast<std::uint16_t>(slots)};
  if (slots == 0) {
    return run;
  }
  const auto at = take_slots(run.slots);
  if (!at) {
    return std::nullopt;
  }
  run.at = *at;
  GateWordCell* word = memory_.entry(run.at);
  for (const Restriction& restriction : restrictions) {
    run.actions |= action_bit(restriction.action);
    for (const std::uint64_t value : PackedEntry::of(restriction, key_).words) {
      store(*word++, value);
    }
    std::size_t odd = 0;
    for (const std::string& device : restriction.devices) {
      const NameHash name = hash_name(key_, name_kind(SubjectKind::device), device);
      store(*word++, name.low);
      store(*word++, name.high);
      odd = (odd + 2) % words_per_slot;
    }
    word += odd == 0 ? 0 : words_per_slot - odd;
  }
  return run;
}

bool GateTableWriter::put(const GateSubject& subject,
                          const std::vector<Restriction>& restrictions) {
  const NameHash name = hash_name(key_, name_kind(subject.kind), subject.id);
  GateWordCell* head = nullptr;
  for (auto at = static_cast<std::uint32_t>(name.low);; ++at) {
    head = memory_.head(at & (memory_.heads - 1));
    const bool is_free = own(head[head_word::sequence]) == 0;
    if (is_free && restrictions.empty()) {
      return true;
    }
    if (is_free ||
        NameHash{own(head[head_word::name_low]), own(head[head_word::name_high])} == name) {
      break;
    }
  }
  const std::uint64_t sequence = own(head[head_word::sequence]);
  if (sequence == 0 && heads_used_ >= heads_used_max(memory_.heads)) {
    return false;
  }
  const auto run = write_run(restrictions);
  if (!run) {
    return false;
  }
  const std::uint64_t next = sequence + 1;
  if (sequence == 0) {
    ++heads_used_;
    const std::uint64_t hash = filter_hash(key_, name_kind(subject.kind), subject.id);
    GateWordCell& filter = memory_.filter_word(hash);
    store(filter, own(filter) | GateMemory::filter_bits(hash));
    store(head[head_word::name_low], name.low);
    store(head[head_word::name_high], name.high);
  }
  store(head[head_word::links + (next & 1)], run->word());
  store(head[head_word::sequence], next);
  if (sequence != 0) {
    give_back(EntryRun::of(own(head[head_word::links + (sequence & 1)])));
  }
  return true;
}

}  // namespace marktwacht
