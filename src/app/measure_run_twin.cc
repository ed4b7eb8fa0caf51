// See measure_run_twin.h.
#include "app/measure_run_twin.h"

#include <algorithm>

#include "engine/records.h"
#include "engine/refused_before.h"
#include "events/ndjson.h"
#include "events/record.h"
#include "events/schema_twin.h"
#include "measures/preview.h"

namespace marktwacht {
namespace {

template <class Lines>
void add(const Lines& lines, std::string& to) {
  for (const auto& line : lines) {
    to += std::to_string(line.seq) + ": " + line.text + "\n";
  }
}

std::string payload_of(const Event& event) {
  std::string payload;
  write_record(event, payload);
  return payload;
}

std::string payload_of(const Alert& alert) {
  const std::string body = recorded_form(alert);
  return payload_of(alert_record(alert, body));
}

std::string payload_of(const ProposalMade& proposal) {
  const std::string id = measure_id(proposal.seq);
  return payload_of(proposal_record(proposal, id));
}

std::string enforcement_state(const Engine& engine) {
  std::string bytes;
  ByteWriter out(bytes);
  engine.enforcement().save(out);
  return bytes;
}

std::string first_difference(const std::string& a, const std::string& b) {
  const auto [at, other] = std::ranges::mismatch(a, b);
  const auto line = [](const std::string& text, auto place) {
    const auto from = static_cast<std::size_t>(place - text.begin());
    const std::size_t begin = from == 0 ? 0 : text.rfind('\n', from - 1) + 1;
    return text.substr(begin, text.find('\n', from) - begin);
  };
  return "\n    live: " + line(a, at) + "\n    then: " + line(b, other);
}

std::string difference(const MeasureTrace& a, const MeasureTrace& b) {
  const std::pair<const char*, std::string MeasureTrace::*> parts[] = {
      {"decisions", &MeasureTrace::decisions},
      {"cases", &MeasureTrace::cases},
      {"measures", &MeasureTrace::measures},
      {"commands", &MeasureTrace::commands},
      {"gate", &MeasureTrace::gate}};
  for (const auto& [name, part] : parts) {
    if (a.*part != b.*part) {
      return std::string(name) + " differ" + first_difference(a.*part, b.*part);
    }
  }
  return "";
}

}  // namespace

void MeasureTrace::take(const EnforcementOutput& made) {
  add(made.cases, cases);
  add(made.measures, measures);
  add(made.decisions, decisions);
  for (const ExchangeCommand& command : made.commands) {
    write_command(command, commands);
    commands += "\n";
  }
  for (const SubjectRestrictions& subject : made.gate) {
    gate += std::string(word_of(subject.subject.kind)) + " " + subject.subject.id + " " +
            std::to_string(subject.revision) + " ";
    write_restrictions(subject.restrictions, gate);
    gate += "\n";
  }
}

// In the order of the seqs: the event, and what the engine made before and after it.
void MeasureRun::record(const Event* event, std::uint64_t seq) {
  std::vector<MeasureRecord> made;
  for (const Alert& alert : engine_->alerts()) {
    made.push_back({payload_of(alert), alert.seq});
  }
  for (const ProposalMade& proposal : engine_->proposals()) {
    made.push_back({payload_of(proposal), proposal.seq});
  }
  if (event != nullptr) {
    made.push_back({payload_of(*event), seq});
  }
  std::ranges::sort(made, {}, &MeasureRecord::seq);
  records_.insert(records_.end(), made.begin(), made.end());
}

std::string MeasureRun::take(const MeasureInput& input) {
  if (input.alert) {
    engine_->take_found(*input.alert);
    record(nullptr, 0);
  } else {
    const std::string padded = input.line + std::string(NdjsonReader::padding, ' ');
    Batch batch;
    Item item;
    NdjsonReader().read(std::string_view(padded).substr(0, input.line.size()), batch, item);
    if (item.event == nullptr || batch.unknown_fields > 0) {
      return "no event: " + std::string(word_of(item.fault.reason)) + " " +
             std::string(item.fault.field) + ": " + input.line;
    }
    const Step step = engine_->step(*item.event);
    if (step.outcome != Step::Outcome::accepted) {
      std::string why = "refused by the engine: " + std::string(word_of(step.fault.reason)) + " " +
                        std::string(step.fault.field) + ": " + input.line;
      for (const RulebookError& error : engine_->config_errors()) {
        why += "\n    " + error.what;
      }
      return why;
    }
    record(item.event, step.seq);
  }
  inputs_.push_back(input);
  trace_.take(engine_->enforced());
  for (const SubjectRestrictions& subject : engine_->enforced().gate) {
    gate_.put(subject);
  }
  return "";
}

std::string cut_differs(const MeasureRun& live) {
  MeasureRun cut;
  for (const MeasureInput& input : live.inputs()) {
    static_cast<void>(cut.take(input));
    auto fresh = std::make_unique<Engine>();
    fresh->write_revisions(true);
    const std::string snapshot = cut.engine_->snapshot();
    if (const auto restored = fresh->restore(snapshot); !restored) {
      return restored.error() + " after: " + input.line;
    }
    if (fresh->snapshot() != snapshot) {
      return "a restored engine's snapshot is another, after: " + input.line;
    }
    cut.engine_ = std::move(fresh);
  }
  std::string differs = difference(live.trace(), cut.trace());
  if (differs.empty() && live.engine().state_hash() != cut.engine().state_hash()) {
    differs = "the state hash differs";
  }
  return differs.empty() ? "" : "cut: " + differs;
}

std::vector<std::string> refused_before(const MeasureRun& live, const Measure& measure, Time to) {
  Engine engine;
  engine.expect_records();
  engine.replay();
  RefusalCount count(engine.market(), live.engine().enforcement().measures().proposed(measure), to);
  for (const MeasureRecord& record : live.records()) {
    Arena arena;
    const Event* event = read_record(record.payload, arena);
    const Step step = engine.step(*event, record.seq);
    if (step.outcome == Step::Outcome::accepted) {
      count.take(*event, {step.now, record.seq, engine.day()});
    }
  }
  std::vector<std::string> refused;
  for (const RefusedAction& action : count.counted().actions) {
    refused.push_back(action.account_id + " " + std::string(word_of(action.action)) +
                      (action.instrument_id.empty() ? "" : " in " + action.instrument_id) +
                      (action.asset.empty() ? "" : " " + action.asset) +
                      (action.reduce_only ? " beyond what reduces" : ""));
  }
  return refused;
}

std::string lines_differ_from_schemas(const MeasureRun& live) {
  static const Schema cases(MARKTWACHT_SOURCE_DIR "/src/cases/schema.json");
  static const Schema measures(MARKTWACHT_SOURCE_DIR "/src/measures/schema.json", "measure");
  static const Schema decisions = measures.of("decision"), commands = measures.of("command"),
                      previews = measures.of("preview");
  const MeasureTrace& trace = live.trace();
  const std::pair<const Schema*, const std::string*> written[] = {{&cases, &trace.cases},
                                                                  {&measures, &trace.measures},
                                                                  {&decisions, &trace.decisions},
                                                                  {&commands, &trace.commands}};
  for (const auto& [schema, text] : written) {
    for (std::size_t at = 0; at < text->size();) {
      const std::size_t end = text->find('\n', at);
      const std::string line = text->substr(at, end - at);
      if (std::string wrong = schema->violation(line.substr(line.find('{'))); !wrong.empty()) {
        return "schema: " + wrong + " in " + line;
      }
      at = end + 1;
    }
  }
  const Engine& engine = live.engine();
  for (const auto& [number, measure] : engine.enforcement().measures().all()) {
    std::string line;
    write_preview(preview_of(engine.market(), engine.enforcement(), measure), line);
    if (std::string wrong = previews.violation(line); !wrong.empty()) {
      return "schema: " + wrong + " in " + line;
    }
  }
  return "";
}

std::string replay_differs(const MeasureRun& live) {
  Engine engine;
  engine.write_revisions(true);
  engine.expect_records();
  engine.replay();
  MeasureTrace trace;
  std::uint64_t place = 0;
  for (const MeasureRecord& record : live.records()) {
    if (record.seq != ++place) {
      return "journal: the records' seqs are not 1, 2, 3 …";
    }
    Arena arena;
    const Step step = engine.step(*read_record(record.payload, arena), record.seq);
    if (step.outcome == Step::Outcome::rejected) {
      return "journal: record " + std::to_string(record.seq) +
             " refused: " + std::string(word_of(step.fault.reason)) + " " +
             std::string(step.fault.field);
    }
    trace.take(engine.enforced());
  }
  std::string differs = difference(live.trace(), trace);
  if (differs.empty() && enforcement_state(live.engine()) != enforcement_state(engine)) {
    differs = "the state of enforcement differs";
  }
  engine.close();  // what was made last is compared too
  const RecordedLines& proposals = engine.recorded_proposals();
  if (differs.empty() && proposals.different() + proposals.unmatched() + proposals.unrecorded()) {
    differs = "proposals made are not those recorded";
  }
  return differs.empty() ? "" : "journal: " + differs;
}

}  // namespace marktwacht
