// Line by line; a repeat is kept until its end and then expanded.
#include "app/scenario_story.h"

#include <algorithm>
#include <charconv>

namespace marktwacht {
namespace {

constexpr std::size_t events_max = 1'000'000;

// The first word, taken off the front of `text` with the spaces behind it.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(text.find_first_not_of(' ', end), text.size()));
  return word;
}

std::string_view first_word(std::string_view text) { return take_word(text); }

void replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

bool is_timed(std::string_view line) {
  const std::string_view word = first_word(line);
  return word.starts_with('+') || (word.size() >= 5 && word[2] == ':');
}

bool StoryReader::move_clock(int line, std::string_view& text) {
  if (!is_timed(text)) {
    return true;
  }
  const std::string_view word = take_word(text);
  if (word.starts_with('+')) {
    const auto span = parse_span(word.substr(1));
    if (!span) {
      fail(line, std::string(word) + " is no time: write +10ms, +5s, +10m or +24h");
      return false;
    }
    now_ = now_ + *span;
    return true;
  }
  const auto time = parse_rfc3339(date_ + "T" + std::string(word) + "Z");
  if (!time) {
    fail(line, std::string(word) + " is no time: write HH:MM:SS, with up to nine decimals");
    return false;
  }
  now_ = *time;
  return true;
}

void StoryReader::take_set(const ScenarioPart& line, std::string_view rest) {
  const std::string_view name = take_word(rest), equals = take_word(rest), value = take_word(rest);
  if (!name.contains('.') || equals != "=" || value.empty() || !rest.empty()) {
    fail(line.line, "write: set RULE.PARAM = VALUE");
    return;
  }
  into_.sets.push_back({line.line, std::string(name) + "=" + std::string(value)});
}

// Lines that are no events. False: it is none of them.
bool StoryReader::take_setting(const ScenarioPart& line) {
  std::string_view rest = line.text;
  const std::string_view word = take_word(rest);
  if (word == "rulebook") {
    into_.rulebooks.push_back({line.line, std::string(rest)});
  } else if (word == "set") {
    take_set(line, rest);
  } else if (word == "day") {
    const auto start = parse_rfc3339(std::string(rest) + "T00:00:00Z");
    if (start) {
      date_ = rest;
      now_ = *start;
    } else {
      fail(line.line, "write: day YYYY-MM-DD");
    }
  } else {
    return false;
  }
  return true;
}

void StoryReader::open_repeat(int line, std::string_view rest) {
  Repeat repeat;
  repeat.line = line;
  repeat.start = now_;
  const std::string_view rounds = take_word(rest), every = take_word(rest), span = take_word(rest);
  const auto [end, error] =
      std::from_chars(rounds.data(), rounds.data() + rounds.size(), repeat.rounds);
  const auto length = parse_span(span);
  if (error != std::errc{} || end != rounds.data() + rounds.size() || repeat.rounds < 1 ||
      every != "every" || !length || !rest.empty()) {
    fail(line, "write: repeat ROUNDS every SPAN, as in: repeat 500 every 10ms");
  } else {
    repeat.every = *length;
  }
  repeat_ = std::move(repeat);
}

void StoryReader::add_event(int line, std::string_view text, std::vector<TimedEvent>& out) {
  if (!move_clock(line, text)) {
    return;
  }
  auto made = lines_.event_of(text, now_);
  if (!made) {
    fail(line, made.error());
  } else {
    out.push_back({now_, {line, std::move(*made)}});
  }
}

// Rounds may overlap: the events of all rounds happen in the order of their times.
void StoryReader::close_repeat() {
  const Repeat repeat = std::move(*repeat_);
  repeat_.reset();
  const std::size_t errors_before = errors_.size();
  std::vector<TimedEvent> events;
  for (std::int64_t n = 1; n <= repeat.rounds && errors_.size() == errors_before; ++n) {
    now_ = repeat.start + Duration{(n - 1) * repeat.every.ns};
    for (const ScenarioPart& line : repeat.body) {
      std::string text = line.text;
      replace_all(text, "{n}", std::to_string(n));
      add_event(line.line, text, events);
    }
    if (into_.events.size() + events.size() > events_max) {
      fail(repeat.line, "more than " + std::to_string(events_max) + " events: repeat less often");
    }
  }
  std::ranges::stable_sort(events, {}, &TimedEvent::at);
  for (TimedEvent& event : events) {
    now_ = event.at;
    into_.events.push_back(std::move(event.event));
  }
}

void StoryReader::take(const ScenarioPart& line) {
  std::string_view text = line.text;
  if (text == "end") {
    return repeat_ ? close_repeat() : fail(line.line, "no repeat is open here");
  }
  if (repeat_) {
    std::string_view untimed = text;
    untimed = is_timed(text) ? (take_word(untimed), untimed) : untimed;
    if (first_word(untimed) == "repeat") {
      fail(line.line, "a repeat inside a repeat: write the rounds one after the other");
    } else {
      repeat_->body.push_back(line);
    }
    return;
  }
  if (take_setting(line)) {
    return;
  }
  std::string_view untimed = text;
  if (is_timed(text)) {
    take_word(untimed);
  }
  if (first_word(untimed) == "repeat") {
    if (move_clock(line.line, text)) {
      take_word(text);
      open_repeat(line.line, text);
    }
    return;
  }
  std::vector<TimedEvent> events;
  add_event(line.line, text, events);
  for (TimedEvent& event : events) {
    into_.events.push_back(std::move(event.event));
  }
}

void StoryReader::read(const std::vector<ScenarioPart>& story) {
  for (const ScenarioPart& line : story) {
    take(line);
  }
  if (repeat_) {
    fail(repeat_->line, "this repeat has no end");
  }
}

}  // namespace marktwacht
