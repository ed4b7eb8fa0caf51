// Sources, alarms, the canary. A label for each source: at most Sources::sources_max of them.
#include <algorithm>

#include "service/metrics_text.h"

namespace marktwacht {
namespace {

// People's names are nobody's business here.
bool is_shown(const SourceState& state) { return !state.source.starts_with("user:"); }

void write_sources(const MetricsOf& of, MetricsText& text) {
  using Number = std::uint64_t (*)(const SourceState&);
  struct Family {
    const char *name, *type, *help;
    Number number;
  };
  constexpr Family families[] = {
      {"source_events_total", "counter", "Events taken from a source, since the journal began.",
       [](const SourceState& state) { return state.figures.events; }},
      {"source_rejected_total", "counter", "Lines of a source refused, since the journal began.",
       [](const SourceState& state) { return state.figures.rejected; }},
      {"source_repeated_total", "counter",
       "Events of a source dropped: their source_seq was known.",
       [](const SourceState& state) { return state.figures.repeated; }},
      {"source_gaps_total", "counter", "Jumps of source_seq, since the journal began.",
       [](const SourceState& state) { return state.figures.gaps; }},
      {"source_missing_total", "counter", "Numbers that those jumps left out.",
       [](const SourceState& state) { return state.figures.missing; }},
      {"source_silent", "gauge", "1: silent for longer than is normal for it.",
       [](const SourceState& state) { return std::uint64_t{state.is_silent}; }},
  };
  for (const Family& family : families) {
    text.family(family.name, family.type, family.help);
    for (const SourceState& state : of.sources) {
      if (is_shown(state)) {
        text.value(family.number(state), "source", state.source);
      }
    }
  }
  text.family("source_silent_seconds", "gauge", "Since a source last sent an event.");
  for (const SourceState& state : of.sources) {
    if (is_shown(state)) {
      text.seconds(state.silent.ns, "source", state.source);
    }
  }
  text.one("sources_beyond_total", "counter",
           "Events of sources beyond the 256 that are told apart.", of.status.sources_beyond);
}

}  // namespace

void write_quality(const MetricsOf& of, MetricsText& text) {
  text.one("rejected_lost_total", "counter", "Refused lines that GET /v1/rejected does not have.",
           of.rejected_lost);
  write_sources(of, text);
  text.family("alarms", "gauge", "Open alarms, by kind.");
  for (std::size_t at = 0; at < Words<AlarmKind>::list.size(); ++at) {
    text.value(static_cast<std::uint64_t>(
                   std::ranges::count(of.alarms, static_cast<AlarmKind>(at), &Alarm::kind)),
               "kind", Words<AlarmKind>::list[at]);
  }
  text.family("canary_ran_seconds", "gauge", "When the canary last ended, since 1970; 0: not yet.");
  text.seconds(of.canary.ran_ts.value_or(Time{}).ns);
  text.one("canary_well", "gauge", "1: the last one ran, and nothing was silent.",
           of.canary.well() ? 1 : 0);
  text.family("canary_results", "gauge", "Rules and detectors, by what the canary found.");
  for (std::size_t at = 0; at < Words<CanaryOutcome>::list.size(); ++at) {
    text.value(of.canary.count(static_cast<CanaryOutcome>(at)), "outcome",
               Words<CanaryOutcome>::list[at]);
  }
}

}  // namespace marktwacht
