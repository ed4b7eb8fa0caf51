// The parts of the line, from who to how much.
#include "app/scenario_alert.h"

namespace marktwacht {
namespace {

// "2026-01-05 10:00:00.25": of the fraction only what is not nought.
std::string readable(Time time) {
  std::string text = format_rfc3339(time);  // nine digits, then Z
  text.erase(text.find_last_not_of("0Z") + 1);
  text.erase(text.find_last_not_of('.') + 1);
  const std::string seconds = format_rfc3339(time).substr(0, 19);
  text = text.size() < seconds.size() ? seconds : text;
  return text.replace(10, 1, " ");
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text.empty() ? "nobody" : text;
}

}  // namespace

std::string scenario_alert(const Alert& alert) {
  std::string line = alert.source->detector + " " + joined(alert.account_ids);
  if (!alert.instrument_id.empty()) {
    line += " in " + alert.instrument_id;
  }
  line += ":";
  for (const Fact& fact : alert.facts) {
    line += " " + fact.name + " " + fact.value + (fact.limit.empty() ? "" : "/" + fact.limit) + ";";
  }
  line += " " + std::string(word_of(alert.state)) + ";";
  line += " revisions " + std::to_string(alert.revision) + ";";
  line += " " + readable(alert.from) + " to " + readable(alert.to) + ";";
  line += " score " + std::to_string(alert.score) + ";";
  return line + " evidence " + std::to_string(alert.evidence.count);
}

}  // namespace marktwacht
