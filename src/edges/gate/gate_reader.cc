// Asking the mapped gate: see gate_reader.h.
#include "edges/gate/gate_reader.h"

#include <algorithm>

namespace marktwacht {
namespace {

constexpr std::size_t places_named_max = 256;
// Each time the table was built anew in the meantime.
constexpr int generations_max = 100;

constexpr GateAnswer unreadable{GateWord::deny, GateReason::unreadable, 0};

}  // namespace

std::expected<GateReader, std::string> GateReader::open(const std::string& folder,
                                                        std::string_view deployment_key) {
  GateReader reader;
  reader.key_ = GateKey::of(deployment_key);
  auto mapping = GateMapping::open(gate_path(folder), reader.key_, GateMapping::Access::read);
  if (!mapping) {
    return std::unexpected(mapping.error());
  }
  reader.mapping_ = *std::move(mapping);
  reader.tables_.resize(places_named_max);
  for (std::uint32_t place = 0; place < reader.mapping_.places().count(); ++place) {
    reader.tables_[place] = GateTableReader(reader.mapping_.memory(place));
  }
  if (const std::uint64_t active = reader.active(); reader.table(active).memory().heads != 0) {
    reader.mapping_.warm(active & 0xFF);
  }
  return reader;
}

std::uint64_t GateReader::active() const {
  return mapping_.header(header_word::active).load(std::memory_order_acquire);
}

std::uint64_t GateReader::generation() const { return active() >> 8; }

Time GateReader::heartbeat() const {
  const auto& word = mapping_.header(header_word::heartbeat_ns);
  return {static_cast<std::int64_t>(word.load(std::memory_order_relaxed))};
}

bool GateReader::blind(Time now) const {
  const auto& word = mapping_.header(header_word::stale_ns);
  const auto stale_ns = static_cast<std::int64_t>(word.load(std::memory_order_relaxed));
  return Int128{now.ns} - heartbeat().ns > stale_ns;
}

GateAnswer GateReader::ask_names(const GateQuestion& question, const AskedNames& names,
                                 std::uint64_t active_then) const {
  Judgement judgement(question);
  const bool whole = table(active_then).read(names, judgement);
  if (active() == active_then) {
    return whole ? judgement.answer(blind(question.now)) : unreadable;
  }
  for (int tries = 0; tries < generations_max; ++tries) {
    const std::uint64_t active_now = active();
    const GateTableReader& now = table(active_now);
    if (now.memory().heads == 0) {
      return unreadable;
    }
    Judgement again(question);
    const bool read = now.read(AskedNames(question, key_.names, now), again);
    if (active() == active_now) {
      return read ? again.answer(blind(question.now)) : unreadable;
    }
  }
  return unreadable;
}

bool GateReader::nothing_held(const UsualNames& names) const {
  const std::uint64_t active_then = active();
  const GateTableReader& then = table(active_then);
  if (active_then == 0 || then.memory().heads == 0) {
    return false;
  }
  const bool any = then.may_hold(key_.names, SubjectKind::account, names.account_id) |
                   then.may_hold(key_.names, SubjectKind::instrument, names.instrument_id);
  return !any && active() == active_then;
}

GateAnswer GateReader::ask(const GateQuestion& question) const {
  const Judgement judgement(question);
  if (!judgement.needs_entries()) {
    return judgement.answer(false);
  }
  const std::uint64_t active_now = active();
  const GateTableReader& now = table(active_now);
  if (active_now == 0) {
    return judgement.answer(true);
  }
  if (now.memory().heads == 0) {
    return unreadable;
  }
  const AskedNames names(question, key_.names, now);
  now.prefetch(names);
  return ask_names(question, names, active_now);
}

void GateReader::ask(std::span<const GateQuestion> questions, std::span<GateAnswer> answers) const {
  const std::uint64_t active_now = active();
  const GateTableReader& now = table(active_now);
  if (active_now == 0 || now.memory().heads == 0) {
    std::ranges::transform(questions, answers.begin(),
                           [&](const GateQuestion& question) { return ask(question); });
    return;
  }
  for (std::size_t from = 0; from < questions.size(); from += batch) {
    const auto some = questions.subspan(from, std::min(batch, questions.size() - from));
    AskedNames names[batch];
    for (std::size_t at = 0; at < some.size(); ++at) {
      const Judgement judgement(some[at]);
      if (judgement.needs_entries()) {
        names[at] = AskedNames(some[at], key_.names, now);
        now.prefetch(names[at]);
      } else {
        answers[from + at] = judgement.answer(false);
      }
    }
    for (std::size_t at = 0; at < some.size(); ++at) {
      if (names[at].has_question()) {
        answers[from + at] = ask_names(some[at], names[at], active_now);
      }
    }
  }
}

}  // namespace marktwacht
