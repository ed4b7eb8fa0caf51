// See measure_words_twin.h.
#include "app/measure_words_twin.h"

#include <algorithm>

#include "app/scenario_lines.h"
#include "events/json_object.h"

namespace marktwacht {

StoryWords::StoryWords(std::string_view line) {
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == ' ') {
      ++at;
      continue;
    }
    const bool quoted = line[at] == '"';
    const std::size_t begin = at + (quoted ? 1 : 0);
    const std::size_t end = std::min(line.find(quoted ? '"' : ' ', begin), line.size());
    const std::string word(line.substr(begin, end - begin));
    if (!quoted && !words_.empty() && words_.back().ends_with(',')) {
      words_.back() += " " + word;
    } else {
      words_.push_back(word);
    }
    at = end + (quoted ? 1 : 0);
  }
}

std::string StoryWords::next() {
  if (words_.empty()) {
    return "";
  }
  std::string word = std::move(words_.front());
  words_.pop_front();
  return word;
}

bool StoryWords::accept(std::string_view word) {
  if (peek() != word) {
    return false;
  }
  words_.pop_front();
  return true;
}

std::string StoryWords::rest() {
  std::string text;
  while (!empty()) {
    text += (text.empty() ? "" : " ") + next();
  }
  return text;
}

std::vector<std::string> story_list(std::string_view list) {
  std::vector<std::string> all;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    std::string_view one = list.substr(0, end);
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    all.emplace_back(one);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return all;
}

std::optional<Duration> story_span(std::string_view text) {
  if (text.ends_with('d')) {
    const auto hours = parse_span(std::string(text.substr(0, text.size() - 1)) + "h");
    return hours ? std::optional(Duration{hours->ns * 24}) : std::nullopt;
  }
  return parse_span(text);
}

std::string story_span(Duration span) {
  const std::int64_t seconds = span.ns / second.ns;
  const auto in = [&](std::int64_t unit, const char* word) {
    return std::to_string(seconds / unit) + word;
  };
  return seconds >= 172'800 && seconds % 86'400 == 0 ? in(86'400, "d")
         : seconds % 3'600 == 0                      ? in(3'600, "h")
         : seconds % 60 == 0                         ? in(60, "m")
                                                     : in(1, "s");
}

std::optional<Time> story_time(std::string_view text, Time today, Time now) {
  if (text.starts_with('+')) {
    const auto span = story_span(text.substr(1));
    return span ? std::optional(now + *span) : std::nullopt;
  }
  std::string full(text);
  if (!text.contains('T')) {
    full = format_rfc3339(today).substr(0, 11) + full;
  }
  if (full.size() == std::string_view("2026-01-05T09:00").size()) {
    full += ":00";
  }
  return parse_rfc3339(full + (full.ends_with('Z') ? "" : "Z"));
}

namespace {

std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& one : all) {
    text += (text.empty() ? "" : ", ") + one;
  }
  return text;
}

std::string text_of(const MeasureTarget& target) {
  std::string text = !target.account_id.empty()    ? target.account_id
                     : !target.group_id.empty()    ? target.group_id
                     : !target.account_ids.empty() ? joined(target.account_ids)
                     : !target.instrument_id.empty()
                         ? "instrument " + target.instrument_id
                         : std::string(word_of(target.place->kind)) + " " + target.place->id;
  return text + (target.excluded.empty() ? "" : " except " + joined(target.excluded));
}

}  // namespace

std::string story_text(const MeasurePlan& plan) {
  const MeasureParameters& with = plan.parameters;
  std::string text(word_of(plan.kind));
  const auto say = [&](bool holds, const std::string& what) { text += holds ? " " + what : ""; };
  say(plan.duration.has_value(), story_span(plan.duration.value_or(Duration{0})));
  say(plan.deadline.has_value(), "within " + story_span(plan.deadline.value_or(Duration{0})));
  say(!with.instrument_id.empty(), "in " + with.instrument_id);
  say(with.kyc_level != 0, "level " + std::to_string(with.kyc_level));
  say(with.held_min.ns != 0, "held " + story_span(with.held_min));
  say(with.leverage_max.has_value(),
      "leverage " + format_decimal(with.leverage_max.value_or(Decimal{})));
  say(with.channel.has_value(),
      "channel " + std::string(word_of(with.channel.value_or(Channel{}))));
  say(with.amount.has_value(),
      "amount " + format_decimal(with.amount.value_or(Decimal{})) + " " + with.asset);
  return text + " for " + text_of(plan.target);
}

std::string story_text(const ExchangeCommand& command) {
  std::string text = command.command + " " +
                     (command.account_id.empty() ? command.instrument_id : command.account_id);
  std::string more;
  const auto add = [&](const std::string& what) { more += (more.empty() ? "" : ", ") + what; };
  for (const LedgerEntry& entry : command.entries) {
    add(entry.account_id + " " + format_decimal(entry.amount) + " " + entry.asset);
  }
  for (const LiquidationStep& step : command.plan) {
    std::string one = std::string(word_of(step.side)) + " " + format_decimal(step.quantity) + " " +
                      step.instrument_id;
    one += step.slices > 1 ? " in " + std::to_string(step.slices) + " slices" : "";
    if (step.price_least && step.price_most) {
      one += " at " + format_decimal(*step.price_least) + " to " + format_decimal(*step.price_most);
    }
    add(one);
  }
  for (const std::string& trade : command.trade_ids) {
    add(trade);
  }
  return text + (more.empty() ? "" : " (" + more + ")");
}

namespace {

void write_story_target(StoryWords& words, std::string& out) {
  ObjectWriter target(out);
  const std::string who = words.next();
  if (who == "instrument" || who == "ip" || who == "address") {
    target.text(who == "instrument" ? "instrument_id" : who, words.next());
  } else if (who == "device") {
    target.text("device_id", words.next());
  } else if (who.contains(',')) {
    target.texts("account_ids", story_list(who));
  } else {
    target.text(who.starts_with("g-") ? "group_id" : "account_id", who);
  }
  if (words.accept("except")) {
    target.texts("exclude", story_list(words.next()));
  }
  target.end();
}

std::int64_t seconds_in(const std::string& word) {
  return story_span(word).value_or(Duration{0}).ns / second.ns;
}

}  // namespace

std::string story_plan(StoryWords& words, Time today, Time now, std::string& about) {
  std::string out;
  ObjectWriter plan(out);
  plan.text("kind", words.next());
  while (!words.empty() && words.peek() != "because" && words.peek() != "without" &&
         words.peek() != "→" && words.peek() != "->") {
    const std::string word = words.next();
    if (word == "for") {
      write_story_target(words, plan.member("target"));
    } else if (word == "about") {
      about = words.next();
    } else if (word == "until") {
      const auto until = story_time(words.next(), today, now);
      plan.number("until_ts", until.value_or(Time{}).ns);
    } else if (word == "within") {
      plan.number("deadline_s", seconds_in(words.next()));
    } else if (word == "in") {
      plan.text("instrument_id", words.next());
    } else if (word == "level") {
      plan.member("kyc_level") += words.next();
    } else if (word == "held") {
      plan.number("held_min_s", seconds_in(words.next()));
    } else if (word == "leverage") {
      plan.text("leverage_max", words.next());
    } else if (word == "amount") {
      plan.text("amount", words.next());
      plan.text("asset", words.next());
    } else if (word == "devices" || word == "actions") {
      plan.texts(word, story_list(words.next()));
    } else if (word == "trades") {
      plan.texts("trade_ids", story_list(words.next()));
    } else if (const auto span = story_span(word)) {
      plan.number("duration_s", span->ns / second.ns);
    } else {
      plan.text(word, words.next());  // channel, clause, text; what is unknown is refused
    }
  }
  plan.end();
  return out;
}

}  // namespace marktwacht
