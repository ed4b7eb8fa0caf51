// Where everything lies in a table of the gate: words of 64 bits that one process writes and others
// read at the same time. Every bit: docs/formats/gate.md.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "gate/name_hash.h"
#include "measures/restrictions.h"

namespace marktwacht {

using GateWordCell = std::atomic<std::uint64_t>;
static_assert(GateWordCell::is_always_lock_free && sizeof(GateWordCell) == 8);

inline constexpr std::size_t words_per_slot = 8;  // 64 bytes: a line of the processor's cache
inline constexpr std::size_t subject_kinds = Words<SubjectKind>::list.size();

// One generation of the table: a filter of the names in it, then heads, then entries. A head is a
// subject's; its restrictions are a run of entries.
struct GateMemory {
  GateWordCell* words = nullptr;
  std::uint32_t heads = 0;  // a power of two, at least 64
  static constexpr std::uint32_t entries_per_head = 4;

  std::uint32_t entries() const { return heads * entries_per_head; }
  static constexpr std::size_t bytes_for(std::uint32_t heads) {
    return heads + std::size_t{heads} * (1 + entries_per_head) * words_per_slot * 8;
  }

  // Two bits of one word for each subject that ever had a head in this generation; of others a few
  // have them by chance.
  static constexpr std::uint32_t filter_bits_per_head = 8;
  GateWordCell& filter_word(std::uint64_t filter_hash) const {
    return words[(filter_hash & (std::uint64_t{heads} * filter_bits_per_head - 1)) / 64];
  }
  static constexpr std::uint64_t filter_bits(std::uint64_t filter_hash) {
    return std::uint64_t{1} << (filter_hash % 64) | std::uint64_t{1} << (filter_hash >> 58);
  }
  GateWordCell* head(std::uint32_t at) const {
    return words + heads / words_per_slot + std::size_t{at} * words_per_slot;
  }
  GateWordCell* entry(std::uint32_t at) const {
    return head(heads) + std::size_t{at} * words_per_slot;
  }
};

// The words of a head. `sequence` rises by one with each change; link[sequence & 1] is the one that
// holds, so that a change is one store, and a writer that dies on the way changed nothing.
namespace head_word {
inline constexpr std::size_t sequence = 0;  // 0 = free, and so is all that would lie behind
inline constexpr std::size_t name_low = 1, name_high = 2;
inline constexpr std::size_t links = 3;  // and 4
}  // namespace head_word

// A run of entries and what actions are in it.
struct EntryRun {
  std::uint32_t at = 0;
  std::uint16_t slots = 0;
  std::uint16_t actions = 0;  // bit n = GateAction n

  std::uint64_t word() const {
    return at | std::uint64_t{slots} << 32 | std::uint64_t{actions} << 48;
  }
  static EntryRun of(std::uint64_t word) {
    return {static_cast<std::uint32_t>(word), static_cast<std::uint16_t>(word >> 32),
            static_cast<std::uint16_t>(word >> 48)};
  }
};
static_assert(Words<GateAction>::list.size() <= 16);
constexpr std::uint16_t action_bit(GateAction action) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(action));
}

// Kinds of names beside those of subjects.
inline constexpr std::uint8_t asset_name = 100;
inline constexpr std::uint8_t name_kind(SubjectKind kind) {
  return static_cast<std::uint8_t>(kind);
}

// An instrument or an asset in an entry: 0 = all.
inline std::uint64_t scope_of(const NameKey& key, std::uint8_t kind, std::string_view name) {
  if (name.empty()) {
    return 0;
  }
  const std::uint64_t scope = hash_name(key, kind, name).low;
  return scope == 0 ? 1 : scope;
}

// An entry as it lies in its slot. The devices of a login follow in slots of their own, four each.
struct PackedEntry {
  std::uint64_t words[words_per_slot] = {};

  static constexpr std::uint64_t used = 1, has_limit = 2, has_devices = 4;
  static constexpr std::uint32_t devices_per_slot = words_per_slot / 2;
  static constexpr std::int64_t for_ever = std::numeric_limits<std::int64_t>::max();

  GateAction action() const { return static_cast<GateAction>(words[0] & 0xFF); }
  MeasureKind reason() const { return static_cast<MeasureKind>(words[0] >> 8 & 0xFF); }
  bool is(std::uint64_t flag) const { return (words[0] >> 16 & flag) != 0; }
  std::uint32_t devices() const { return static_cast<std::uint32_t>(words[0] >> 32); }
  std::uint64_t measure() const { return words[1]; }
  std::int64_t until_ns() const { return static_cast<std::int64_t>(words[2]); }
  std::uint64_t instrument() const { return words[3]; }
  std::uint64_t asset() const { return words[4]; }
  Decimal limit() const {
    return {static_cast<Int128>(UInt128{words[6]} << 64 | words[5]),
            static_cast<std::int8_t>(words[0] >> 24 & 0xFF)};
  }
  Duration held_min() const { return {static_cast<std::int64_t>(words[7])}; }

  static PackedEntry of(const Restriction& restriction, const NameKey& key);
};

}  // namespace marktwacht
