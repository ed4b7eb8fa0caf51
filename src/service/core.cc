// Taking, recording, handing out.
#include "service/core.h"

#include <utility>

#include "edges/vault/mask.h"
#include "engine/records.h"
#include "events/config_names.h"
#include "rules/shadow_text.h"

namespace marktwacht {
namespace {

// Appends the records that an engine made.
struct Recording {
  JournalWriter& journal;

  Core::Done operator()(const Alert& alert) {
    const std::string body = recorded_form(alert);
    return journal.append(alert_record(alert, body));
  }
  Core::Done operator()(const BaselinesMade& day) { return journal.append(baselines_record(day)); }
  Core::Done operator()(const ProposalMade& proposal) {
    const std::string id = measure_id(proposal.seq);
    return journal.append(proposal_record(proposal, id));
  }
};

}  // namespace

// The event and what the engine made on its way, in the order of their seqs.
Core::Done Core::record_made(std::uint64_t first, std::uint64_t end) {
  return visit_made(*engine_, first, end, Recording{*journal_});
}

// What the last step brought about, besides its records.
void Core::gather(const Event* event) {
  const EnforcementOutput& made = engine_->enforced();
  made_.commands.insert(made_.commands.end(), made.commands.begin(), made.commands.end());
  made_.gate.insert(made_.gate.end(), made.gate.begin(), made.gate.end());
  if (event != nullptr && is_config(*event, rulebook_config)) {
    made_.rulebooks.emplace_back(as<event::Config>(*event).text.view());
  }
  // Kept also where it was refused: its text is known by its hash, and nothing cites it.
  if (event != nullptr && event->type == EventType::decision &&
      as<event::Decision>(*event).kind == DecisionKind::publish_rulebook) {
    const std::string text(as<event::Decision>(*event).text.view());
    made_.rulebooks.push_back(text);
    if (as<event::Decision>(*event).shadow) {
      made_.rulebooks.push_back(in_shadow(text));
    }
  }
}

Published Core::take_made(std::uint64_t applied_seq) {
  made_.shown = gather_.take(*engine_, applied_seq);
  return std::exchange(made_, {});
}

Core::Done Core::take_event(const Event& event, Step& step) {
  step = engine_->step(event);
  if (step.outcome != Step::Outcome::accepted) {
    return {};
  }
  if (auto done = record_made(0, step.seq); !done) {
    return done;
  }
  if (auto done = journal_->append(event); !done) {
    return done;
  }
  if (auto done = record_made(step.seq, UINT64_MAX); !done) {
    return done;
  }
  check(engine_->last_seq() == last_seq(), "a record stands where its seq says");
  sources_.take(event, step.now);
  gather_.add_live(*engine_, &event);
  gather(&event);
  return {};
}

void Core::refuse(const Item& item, const Fault& fault, IntakeAnswer& answer) {
  ++answer.rejected;
  answer.forbidden += fault.reason == RejectReason::forbidden_type ? 1 : 0;
  ++counts_.rejected[static_cast<std::size_t>(fault.reason)];
  if (answer.refused.size() < IntakeAnswer::lines_max) {
    answer.refused.push_back(
        {item.line, item.offset, fault, mask_personal(item.text.substr(0, rejected_head_bytes))});
  }
}

Core::Done Core::take_item(const Item& item, IntakeAnswer& answer) {
  if (item.event == nullptr) {
    refuse(item, item.fault, answer);
    return {};
  }
  Step step;
  if (auto done = take_event(*item.event, step); !done) {
    return done;
  }
  switch (step.outcome) {
    case Step::Outcome::rejected:
    case Step::Outcome::recorded:  // an engine's own record is none of a sender's
      refuse(item, step.fault, answer);
      return {};
    case Step::Outcome::repeated:
      ++counts_.repeated;
      return {};
    case Step::Outcome::accepted:
      break;
  }
  ++answer.accepted;
  ++counts_.accepted[static_cast<std::size_t>(item.event->type)];
  counts_.late += step.late ? 1 : 0;
  for (const EnforcementOutput::Line& line : engine_->enforced().decisions) {
    answer.decisions.push_back(line.text);
  }
  return {};
}

std::optional<IntakeAnswer> Core::repeated(const std::string& source, const std::string& key) {
  const BatchMark* const mark = key.empty() ? nullptr : taken_keys_.find(source, key);
  if (mark == nullptr) {
    return std::nullopt;
  }
  ++counts_.repeated_batches;
  if (SourceFigures* const figures = sources_.of(source)) {
    ++figures->repeated_batches;
  }
  return IntakeAnswer{.is_first = false,
                      .accepted = mark->accepted,
                      .rejected = mark->rejected,
                      .last_seq = mark->last_seq};
}

std::expected<IntakeAnswer, std::string> Core::take(const IntakeBatch& batch) {
  if (auto known = repeated(batch.source, batch.idempotency_key)) {
    return *std::move(known);
  }
  IntakeAnswer answer;
  const IntakeCounts before = counts_;
  const std::vector<Item>& items = batch.events.items;
  for (std::size_t at = 0; at < items.size(); ++at) {
    batch.events.prefetch(at + Engine::items_ahead);
    engine_->look_ahead(at, items.size(), [&](std::size_t one) { return items[one].event; });
    if (auto done = take_item(items[at], answer); !done) {
      return std::unexpected(done.error());
    }
  }
  ++counts_.batches;
  counts_.unknown_fields += batch.events.unknown_fields;
  answer.last_seq = last_seq();
  count_source(batch, answer, before);
  if (auto done = mark(batch, answer); !done) {
    return std::unexpected(done.error());
  }
  return answer;
}

// What the journal does not say of it.
void Core::count_source(const IntakeBatch& batch, const IntakeAnswer& answer,
                        const IntakeCounts& before) {
  SourceFigures* const figures = sources_.of(batch.source);
  if (figures == nullptr) {
    return;
  }
  for (std::size_t at = 0; at < counts_.rejected.size(); ++at) {
    figures->rejected_by[at] += counts_.rejected[at] - before.rejected[at];
  }
  figures->repeated += counts_.repeated - before.repeated;
  if (answer.accepted > 0) {
    figures->received = batch.received;
  }
}

std::expected<IntakeAnswer, std::string> Core::take(const Event& event) {
  IntakeBatch batch;
  Item& item = batch.events.items.emplace_back();
  item.event = &event;
  item.type = event.type;
  item.line = 1;
  return take(batch);
}

Core::Done Core::mark(const IntakeBatch& batch, const IntakeAnswer& answer) {
  const BatchMark mark{.last_seq = last_seq(),
                       .at = engine_->clock().value_or(Time{}),
                       .source = batch.source,
                       .idempotency_key = batch.idempotency_key,
                       .accepted = answer.accepted,
                       .rejected = answer.rejected};
  taken_keys_.add(mark);
  sources_.take(mark);
  has_uncommitted_ = true;
  return journal_->mark_batch(mark);
}

std::expected<Published, std::string> Core::commit() {
  if (auto done = journal_->sync(); !done) {
    return std::unexpected(done.error());
  }
  has_uncommitted_ = false;
  head_ = {last_seq(), journal_->chain()};
  return take_made(last_seq());
}

Core::Done Core::take_back() { return journal_->cut_unsynced(); }

EngineSnapshot state_of(std::uint64_t seq, const Engine& engine, const TakenKeys& keys,
                        const Sources& sources) {
  EngineSnapshot snapshot{.seq = seq, .engine = engine.snapshot()};
  ByteWriter out(snapshot.taken_keys);
  keys.save(out);
  ByteWriter beside(snapshot.sources);
  sources.save(beside);
  return snapshot;
}

Core::Done Core::keep_snapshot() {
  return snapshots_.write(state_of(last_seq(), *engine_, taken_keys_, sources_));
}

Core::Done Core::close() {
  if (auto done = journal_->record_state_hash(engine_->state_hash()); !done) {
    return done;
  }
  return journal_->close();
}

}  // namespace marktwacht
