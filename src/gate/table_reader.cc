// Reading the table while it is written: see table_reader.h.
#include "gate/table_reader.h"

#include "base/prefetch.h"

namespace marktwacht {
namespace {

// A reader is disturbed by a change of the very subject only, and for that long.
constexpr int tries_max = 10'000;

std::uint64_t load(const GateWordCell& word) { return word.load(std::memory_order_acquire); }

std::string_view name_in(const GateQuestion& question, SubjectKind kind) {
  switch (kind) {
    case SubjectKind::account:
      return question.account_id;
    case SubjectKind::instrument:
      return question.instrument_id;
    case SubjectKind::device:
      return question.device_id;
    case SubjectKind::ip:
      return question.ip;
    case SubjectKind::address:
      return question.address;
  }
  return {};
}

// The actions as which the question is judged.
unsigned actions_of(const GateQuestion& question) {
  const unsigned asked = action_bit(question.action);
  constexpr unsigned of_position =
      action_bit(GateAction::open_position) | action_bit(GateAction::reduce_position);
  return question.action == GateAction::place_order ? asked | of_position : asked;
}

}  // namespace

AskedNames::AskedNames(const GateQuestion& question, const NameKey& key,
                       const GateTableReader& table)
    : question_(&question), key_(&key) {
  for (std::size_t at = 0; at < subject_kinds; ++at) {
    const auto kind = static_cast<SubjectKind>(at);
    const std::string_view name = name_in(question, kind);
    if (!name.empty() && table.may_hold(key, kind, name)) {
      names_[at] = hash_name(key, name_kind(kind), name);
      kinds_ |= 1U << at;
    }
  }
}

bool AskedNames::in_instrument(std::uint64_t scope) const {
  return scope == 0 || question_->instrument_id.empty() ||
         scope == scope_of(*key_, name_kind(SubjectKind::instrument), question_->instrument_id);
}

bool AskedNames::in_asset(std::uint64_t scope) const {
  return scope == 0 || question_->asset.empty() ||
         scope == scope_of(*key_, asset_name, question_->asset);
}

NameHash AskedNames::device() const {
  return hash_name(*key_, name_kind(SubjectKind::device), question_->device_id);
}

void GateTableReader::prefetch(const AskedNames& names) const {
  for (std::size_t at = 0; at < subject_kinds; ++at) {
    if (const auto kind = static_cast<SubjectKind>(at); names.has(kind)) {
      const auto low = static_cast<std::uint32_t>(names.name(kind).low);
      prefetch_line<FetchFor::reading>(memory_.head(low & (memory_.heads - 1)));
    }
  }
}

bool GateTableReader::read(const AskedNames& names, Judgement& judgement) const {
  for (std::size_t at = 0; at < subject_kinds; ++at) {
    const auto kind = static_cast<SubjectKind>(at);
    if (names.has(kind) && !read_subject(names, kind, judgement)) {
      return false;
    }
  }
  return true;
}

bool GateTableReader::read_subject(const AskedNames& names, SubjectKind kind,
                                   Judgement& judgement) const {
  const NameHash& name = names.name(kind);
  const GateWordCell* head = nullptr;
  std::uint64_t sequence = 0;
  for (std::uint32_t probe = 0;; ++probe) {
    head = memory_.head((static_cast<std::uint32_t>(name.low) + probe) & (memory_.heads - 1));
    sequence = load(head[head_word::sequence]);
    if (sequence == 0) {
      return true;  // nothing is known of it
    }
    if (load(head[head_word::name_low]) == name.low &&
        load(head[head_word::name_high]) == name.high) {
      break;
    }
    if (probe == memory_.heads) {
      return false;
    }
  }
  for (int tries = 0; tries < tries_max; ++tries) {
    const auto run = EntryRun::of(load(head[head_word::links + (sequence & 1)]));
    SubjectFindings findings(names.question());
    const bool whole =
        (run.actions & actions_of(names.question())) == 0 || read_run(names, run, findings);
    const std::uint64_t after = load(head[head_word::sequence]);
    if (after == sequence) {
      judgement.take(findings);
      return whole;
    }
    sequence = after;
  }
  return false;
}

bool GateTableReader::read_run(const AskedNames& names, EntryRun run,
                               SubjectFindings& findings) const {
  if (run.at > memory_.entries() || run.slots > memory_.entries() - run.at) {
    return false;
  }
  const GateWordCell* word = memory_.entry(run.at);
  const GateWordCell* const end = word + run.slots * words_per_slot;
  const GateQuestion& question = names.question();
  while (word != end) {
    PackedEntry packed;
    for (std::uint64_t& value : packed.words) {
      value = load(*word++);
    }
    const std::uint64_t device_slots =
        (std::uint64_t{packed.devices()} + PackedEntry::devices_per_slot - 1) /
        PackedEntry::devices_per_slot;
    if (!packed.is(PackedEntry::used) ||
        device_slots > static_cast<std::uint64_t>(end - word) / words_per_slot) {
      return false;
    }
    const GateWordCell* const devices = word;
    word += device_slots * words_per_slot;
    if (!place_asked(question, packed.action()) || question.now.ns >= packed.until_ns() ||
        !names.in_instrument(packed.instrument()) || !names.in_asset(packed.asset())) {
      continue;
    }
    bool allowed = false;
    if (packed.devices() != 0 && !question.device_id.empty()) {
      const NameHash own = names.device();
      for (std::uint32_t at = 0; at < packed.devices(); ++at) {
        allowed = allowed || NameHash{load(devices[2 * at]), load(devices[2 * at + 1])} == own;
      }
    }
    findings.take(
        {.action = packed.action(),
         .reason = packed.reason(),
         .measure = packed.measure(),
         .limit = packed.is(PackedEntry::has_limit) ? std::optional(packed.limit()) : std::nullopt,
         .of_asset = packed.asset() != 0,
         .held_min = packed.held_min(),
         .device_allowed = allowed});
  }
  return true;
}

}  // namespace marktwacht
