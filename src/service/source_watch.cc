// Silence is measured by the wall clock of batches that brought something.
#include "service/source_watch.h"

#include <algorithm>
#include <utility>

namespace marktwacht {
namespace {

constexpr std::size_t looks_kept = 11;  // ten seconds between the first and the last

bool is_feed(const std::string& source, const SourceFigures& figures) {
  return !source.starts_with("user:") && (figures.events > figures.results || figures.rejected > 0);
}

std::string seconds_text(Duration span) { return std::to_string(span.ns / second.ns) + " s"; }

}  // namespace

void SourceWatch::look(const std::map<std::string, SourceFigures>& sources, Time now) {
  std::vector<SourceState> states;
  for (const auto& [source, figures] : sources) {
    states.push_back(judge(source, figures, seen_[source], now));
  }
  for (const auto& [source, most] : limits_.silence_max_of) {
    if (!sources.contains(source)) {  // who is expected and has never been heard
      states.push_back(judge(source, {}, seen_[source], now));
    }
  }
  looked_ = true;
  std::ranges::sort(states, {}, &SourceState::source);
  const std::lock_guard lock(mutex_);
  states_ = std::move(states);
}

std::vector<SourceState> SourceWatch::states() const {
  const std::lock_guard lock(mutex_);
  return states_;
}

SourceState SourceWatch::judge(const std::string& source, const SourceFigures& figures, Seen& seen,
                               Time now) {
  SourceState state{.source = source, .figures = figures};
  seen.events.push_back(figures.events);
  if (seen.events.size() > looks_kept) {
    seen.events.pop_front();
  }
  const std::uint64_t first = seen.events.front();
  if (seen.events.size() > 1 && figures.events > first) {
    state.events_per_s = (figures.events - first) / (seen.events.size() - 1);
  }
  state.silent.ns = std::max<std::int64_t>(0, now.ns - std::max(figures.received, started_).ns);
  watch_silence(state, now);
  watch_gaps(state, seen, now);
  return state;
}

void SourceWatch::watch_silence(SourceState& state, Time now) {
  const SourceFigures& figures = state.figures;
  const auto named = limits_.silence_max_of.find(state.source);
  const bool is_named = named != limits_.silence_max_of.end();
  state.silence_max = is_named ? named->second : limits_.silence_max;
  const Time heard = std::max(figures.received, figures.last_at);
  const bool is_expected = is_named || (is_feed(state.source, figures) &&
                                        (figures.received == Time{} && figures.last_at == Time{}
                                             ? state.silent <= expected
                                             : now.ns - heard.ns <= expected.ns));
  state.watched = state.silence_max.ns > 0 && is_expected;
  state.is_silent = state.watched && state.silent > state.silence_max;
  if (!state.is_silent) {
    return alarms_.end(AlarmKind::source_silent, state.source, now);
  }
  alarms_.begin(AlarmKind::source_silent, state.source,
                "has sent nothing that was taken for more than " + seconds_text(state.silence_max) +
                    (heard == Time{} ? "" : "; last at " + format_rfc3339(heard)),
                now);
}

void SourceWatch::watch_gaps(const SourceState& state, Seen& seen, Time now) {
  const SourceFigures& figures = state.figures;
  if (limits_.gap_alarm.ns == 0) {
    return;
  }
  // What was there at the first look the journal tells of, and only by the engine's clock.
  const bool from_before =
      !looked_ && figures.gaps > 0 && now.ns - figures.last_gap_at.ns <= limits_.gap_alarm.ns;
  if ((looked_ && figures.gaps > seen.gaps) || from_before) {
    seen.gap_at = from_before ? std::min(figures.last_gap_at, now) : now;
  }
  seen.gaps = figures.gaps;
  if (!seen.gap_at || now.ns - seen.gap_at->ns > limits_.gap_alarm.ns) {
    seen.gap_at.reset();
    return alarms_.end(AlarmKind::source_gap, state.source, now);
  }
  alarms_.begin(AlarmKind::source_gap, state.source,
                "lacks source_seq " + std::to_string(figures.gap_first) + " to " +
                    std::to_string(figures.gap_last) + "; " + std::to_string(figures.missing) +
                    " numbers in " + std::to_string(figures.gaps) + " gaps so far",
                now);
}

}  // namespace marktwacht
