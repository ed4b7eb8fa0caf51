// What main does with files, in memory.
#include "sim/system_twin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "base/arena.h"
#include "engine/records.h"
#include "events/config_names.h"
#include "events/record.h"

namespace marktwacht::sim {
namespace {

std::string gate_line(const SubjectRestrictions& of) {
  std::string line = std::string(word_of(of.subject.kind)) + " " + of.subject.id + " " +
                     std::to_string(of.revision) + " ";
  write_restrictions(of.restrictions, line);
  return line;
}

std::string fault_text(const Fault& fault) {
  return std::string(word_of(fault.reason)) + " " + std::string(fault.field);
}

// What each revision was is compared.
std::unique_ptr<Engine> fresh_engine() {
  auto engine = std::make_unique<Engine>();
  engine->write_revisions(true);
  return engine;
}

bool is_rulebook(const Event& event) {
  return event.type == EventType::config && as<event::Config>(event).name.view() == "rulebook";
}

}  // namespace

System::System() : engine_(fresh_engine()) {}

void SystemOutputs::take(const EnforcementOutput& made) {
  const auto add = [&](std::size_t kind, const auto& from) {
    for (const auto& line : from) {
      lines[kind].push_back(std::to_string(line.seq) + " " + line.text);
    }
  };
  add(0, made.cases);
  add(1, made.measures);
  add(2, made.decisions);
  for (const ExchangeCommand& command : made.commands) {
    write_command(command, lines[3].emplace_back());
    commands.push_back(command);
  }
  for (const SubjectRestrictions& of : made.gate) {
    lines[4].push_back(gate_line(of));
    gate.push_back(of);
  }
}

std::string difference(const SystemOutputs& a, const SystemOutputs& b) {
  for (std::size_t kind = 0; kind < SystemOutputs::names.size(); ++kind) {
    const auto& left = a.lines[kind];
    const auto& right = b.lines[kind];
    const auto [at, other] = std::ranges::mismatch(left, right);
    if (at != left.end() || other != right.end()) {
      return std::string(SystemOutputs::names[kind]) + " line " +
             std::to_string(at - left.begin() + 1) + ":\n" + (at == left.end() ? "nothing" : *at) +
             "\n" + (other == right.end() ? "nothing" : *other);
    }
  }
  return "";
}

void System::record(const Event& event) { write_record(event, journal_.emplace_back()); }

// As class Writing in run_command.cc does: what was made and the event, by their seqs.
void System::write(const Event* event, std::uint64_t seq) {
  std::vector<std::pair<std::uint64_t, std::function<void()>>> made;
  for (const Alert& alert : engine_->alerts()) {
    made.emplace_back(alert.seq, [&] {
      const std::string body = recorded_form(alert);
      record(alert_record(alert, body));
    });
  }
  for (const BaselinesMade& day : engine_->baselines()) {
    made.emplace_back(day.seq, [&] { record(baselines_record(day)); });
  }
  for (const ProposalMade& proposal : engine_->proposals()) {
    made.emplace_back(proposal.seq, [&] {
      const std::string id = measure_id(proposal.seq);
      record(proposal_record(proposal, id));
    });
  }
  if (event != nullptr) {
    made.emplace_back(seq, [&] { record(*event); });
  }
  std::ranges::sort(made, {}, &std::pair<std::uint64_t, std::function<void()>>::first);
  for (const auto& [own, append] : made) {
    append();
    EXPECT_EQ(journal_.size(), own) << "a record stands where its seq says";
  }
  outputs_.take(engine_->enforced());
}

const Event* System::decode(std::string_view line) {
  padded_.assign(line);
  padded_.append(NdjsonReader::padding, ' ');
  batch_.reset();
  item_ = {};
  reader_.read(std::string_view(padded_).substr(0, line.size()), batch_, item_);
  return item_.event;
}

Step System::take(std::string_view line) {
  const Event* event = decode(line);
  if (event == nullptr) {
    ADD_FAILURE() << line << " " << fault_text(item_.fault);
    return {};
  }
  const Step step = engine_->step(*event);
  if (step.outcome == Step::Outcome::accepted) {
    write(event, step.seq);
  } else {
    refused_.push_back(std::string(line) + " " + fault_text(step.fault));
  }
  if (watch) {
    watch(*this);
  }
  return step;
}

void System::keep_snapshot() { snapshot_ = {engine_->snapshot(), journal_.size(), outputs_}; }

void System::take_and_stop(std::string_view line, std::uint64_t records, bool from_snapshot) {
  const std::size_t before = journal_.size();
  const Step step = take(line);
  if (step.outcome != Step::Outcome::accepted) {
    return;
  }
  const std::vector<std::string> all = journal_;
  const SystemOutputs outputs = std::exchange(outputs_, {});
  const Digest hash = engine_->state_hash();
  journal_.resize(std::min(before + records, all.size()));
  const bool has_line = step.seq <= journal_.size();
  engine_ = fresh_engine();
  std::size_t first = 0;
  if (from_snapshot && !snapshot_.bytes.empty()) {
    ASSERT_TRUE(engine_->restore(snapshot_.bytes));
    first = snapshot_.records;
    outputs_ = snapshot_.outputs;
  }
  replay_into(*engine_, first, outputs_, {});
  engine_->go_live();
  write(nullptr, 0);
  if (!has_line) {
    take(line);
  }
  ASSERT_EQ(journal_.size(), all.size());
  EXPECT_TRUE(journal_ == all) << "the same is recorded after a stop";
  EXPECT_EQ(difference(outputs, outputs_), "") << "stopped at record " << before + records;
  EXPECT_EQ(hash, engine_->state_hash()) << "stopped at record " << before + records;
}

void System::replay_into(Engine& engine, std::size_t first, SystemOutputs& outputs,
                         const std::string& rulebook) const {
  Arena arena;
  engine.expect_records();
  engine.replay();
  for (std::size_t at = first; at < journal_.size(); ++at) {
    arena.reset();
    const Event* event = read_record(journal_[at], arena);
    ASSERT_NE(event, nullptr);
    event::Tick tick;
    tick.type = EventType::tick;
    tick.ts = event->ts;
    if (!rulebook.empty() && is_rulebook(*event)) {  // passed over, as reading.cc does
      if (!engine.clock()) {
        EXPECT_EQ(engine.step(config_event("rulebook", rulebook, event->ts)).outcome,
                  Step::Outcome::accepted);
        continue;
      }
      event = &tick;
    }
    const Step step = engine.step(*event, at + 1);
    ASSERT_TRUE(step.outcome == Step::Outcome::accepted || step.outcome == Step::Outcome::recorded)
        << at + 1 << " " << fault_text(step.fault);
    outputs.take(engine.enforced());
  }
}

System::Replayed System::replayed(const std::string& rulebook) const {
  Replayed made;
  made.engine = fresh_engine();
  replay_into(*made.engine, 0, made.outputs, rulebook);
  return made;
}

void System::close() {
  engine_->close();
  write(nullptr, 0);
}

}  // namespace marktwacht::sim
