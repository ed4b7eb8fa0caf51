// Live, replayed, cut.
#include "app/scenario_ways.h"

#include <map>
#include <memory>

#include "alerts/alert.h"
#include "app/scenario_alert.h"
#include "engine/engine.h"
#include "events/record.h"

namespace marktwacht {
namespace {

// Gathers the alert revisions of one run.
class AlertLog {
 public:
  void take(const std::vector<Alert>& revisions) {
    for (const Alert& alert : revisions) {
      std::string line;
      write_alert(alert, nullptr, line);
      run_.revisions.push_back(std::move(line));
      const auto [place, fresh] = places_.try_emplace(alert.alert_id, run_.alerts.size());
      if (fresh) {
        run_.alerts.emplace_back();
      }
      run_.alerts[place->second] = scenario_alert(alert);
    }
  }

  ScenarioRun finish(Engine& engine) {
    engine.close();
    take(engine.alerts());
    run_.state_hash = engine.state_hash();
    for (const auto& table : engine.rules().tables()) {
      run_.blind_spots += table->evictions.times;
    }
    for (const auto& detector : engine.detectors().active()) {
      run_.blind_spots += detector->forgot.times;
    }
    return std::move(run_);
  }

 private:
  ScenarioRun run_;
  std::map<std::string, std::size_t> places_;  // by alert_id
};

std::string fault_of(const Fault& fault) {
  return "refused: " + std::string(word_of(fault.reason)) +
         (fault.field.empty() ? "" : " " + std::string(fault.field));
}

}  // namespace

ScenarioStream::ScenarioStream(const std::vector<ScenarioPart>& lines,
                               std::vector<ScenarioPart>& errors) {
  for (const ScenarioPart& line : lines) {
    text_ += line.text;
  }
  text_.append(NdjsonReader::padding, ' ');
  NdjsonReader reader;
  std::string_view rest = text_;
  for (const ScenarioPart& line : lines) {
    Item item;
    const std::uint64_t unknown_before = batch_.unknown_fields;
    reader.read(rest.substr(0, line.text.size()), batch_, item);
    rest.remove_prefix(line.text.size());
    if (item.event == nullptr) {
      errors.push_back({line.line, fault_of(item.fault) + ": " + line.text});
    } else if (batch_.unknown_fields > unknown_before) {
      errors.push_back({line.line, "a field that the event does not have: " + line.text});
    } else {
      events_.push_back({item.event, line.line});
    }
  }
}

ScenarioRun ScenarioStream::live(std::vector<ScenarioPart>& errors) const {
  Engine engine;
  AlertLog log;
  for (const Entry& entry : events_) {
    const Step step = engine.step(*entry.event);
    if (step.outcome == Step::Outcome::rejected) {
      errors.push_back({entry.line, fault_of(step.fault)});
    }
    log.take(engine.alerts());
  }
  return log.finish(engine);
}

ScenarioRun ScenarioStream::replayed() const {
  Engine engine;
  AlertLog log;
  std::string payload;
  Arena arena;
  for (const Entry& entry : events_) {
    payload.clear();
    arena.reset();
    write_record(*entry.event, payload);
    engine.step(*read_record(payload, arena));
    log.take(engine.alerts());
  }
  return log.finish(engine);
}

std::expected<ScenarioRun, std::string> ScenarioStream::cut(std::size_t every) const {
  auto engine = std::make_unique<Engine>();
  AlertLog log;
  std::size_t next = every;
  for (const Entry& entry : events_) {
    engine->step(*entry.event);
    log.take(engine->alerts());
    if (--next > 0) {
      continue;
    }
    next = every;
    auto fresh = std::make_unique<Engine>();
    if (const auto restored = fresh->restore(engine->snapshot()); !restored) {
      return std::unexpected(restored.error());
    }
    engine = std::move(fresh);
  }
  return log.finish(*engine);
}

}  // namespace marktwacht
