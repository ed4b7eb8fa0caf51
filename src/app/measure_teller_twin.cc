// See measure_teller_twin.h: what happens.
#include "app/measure_teller_twin.h"

#include <algorithm>

#include "events/json_members.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

bool is_time(const std::string& word) {
  return !word.empty() && (word[0] == '+' || (word.size() >= 5 && word[2] == ':' &&
                                              word[0] >= '0' && word[0] <= '9'));
}

std::string event_line(std::string_view type, Time at) {
  return R"({"type":")" + std::string(type) + R"(","ts":)" + std::to_string(at.ns);
}

template <class Word>
std::optional<Word> word_from(const std::string& text) {
  const auto& words = Words<Word>::list;
  const auto found = std::ranges::find(words, text);
  return found == words.end() ? std::nullopt
                              : std::optional(static_cast<Word>(found - words.begin()));
}

}  // namespace

std::string MeasureTeller::id_of(const std::string& name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? name : found->second;
}

std::string MeasureTeller::name_of(const std::string& id) const {
  const auto found = names_.find(id);
  return found == names_.end() ? id : found->second;
}

const Measure* MeasureTeller::measure(const std::string& name) const {
  return run_.engine().enforcement().measures().find(measure_number(id_of(name)));
}

const Case* MeasureTeller::case_named(const std::string& name) const {
  return run_.engine().enforcement().cases().find(case_number(id_of(name)));
}

std::string MeasureTeller::tell(std::string_view line) {
  StoryWords words(line);
  if (std::string wrong = take_time(words); !wrong.empty()) {
    return wrong;
  }
  std::string wrong = tell_words(words, line);
  return wrong.empty() ? never_denied() : wrong;
}

// "09:00", "+5m", "next day 09:00", "day 2026-02-01 09:00".
std::string MeasureTeller::take_time(Words& words) {
  if (words.peek() == "next" || words.peek() == "day") {
    const bool next = words.next() == "next";
    const std::string what = words.next();
    const auto said = parse_rfc3339(what + "T00:00:00Z");
    if (next ? what != "day" : !said) {
      return "a day is `next day 09:00` or `day 2026-01-06 09:00`";
    }
    day_ = next ? day_ + Duration{86'400 * second.ns} : *said;
  }
  if (!is_time(words.peek())) {
    return "";
  }
  const auto time = story_time(words.next(), day_, now_);
  if (!time || *time < now_) {
    return "that is no time, or one before the line above";
  }
  now_ = *time;
  day_ = Time{now_.ns - now_.ns % (86'400 * second.ns)};
  return "";
}

std::string MeasureTeller::tell_words(Words& words, std::string_view line) {
  const std::string first = words.peek();
  if (first == "expect") {
    words.next();
    if (std::string wrong = pass_time(); !wrong.empty()) {
      return wrong;
    }
    return expect(words);
  }
  if (words.accept("alert")) {
    const std::string wrong = pass_time();
    return wrong.empty() ? alert(words) : wrong;
  }
  if (words.accept("policy")) {
    policy_ += std::string(line.substr(line.find("policy ") + 7)) + "\n";
    return config("policy", policy_);
  }
  if (words.accept("user")) {
    std::string text;
    ObjectWriter user(text);
    user.text("user_id", words.next());
    user.text("role", words.next());
    user.boolean("disabled", words.accept("disabled"));
    user.end();
    return config("user", text);
  }
  if (words.accept("the")) {
    if (!words.accept("exchange") || !words.accept("answers")) {
      return "the exchange answers …";
    }
    const std::string wrong = pass_time();
    return wrong.empty() ? answers(words) : wrong;
  }
  if (words.accept("time")) {
    return pass_time();
  }
  words.next();
  const std::string wrong = decide(first, words);
  return wrong == "?" ? event(line) : wrong;
}

std::string MeasureTeller::pass_time() {
  const auto clock = run_.engine().clock();
  return clock && *clock >= now_ ? "" : give({event_line("tick", now_) + "}", {}});
}

std::string MeasureTeller::config(std::string_view name, const std::string& text) {
  std::string line =
      event_line("config", now_) + R"(,"name":")" + std::string(name) + R"(","text":)";
  write_json_string(text, line);
  return give({line + "}", {}});
}

// Any event of the stream; names of measures in it become their ids.
std::string MeasureTeller::event(std::string_view line) {
  StoryWords words(line);
  const Time now = now_, today = day_;
  static_cast<void>(take_time(words));  // which has been taken already
  now_ = now;
  day_ = today;
  std::string text;
  while (!words.empty()) {
    const std::string id = id_of(words.next());
    const bool quoted = id.contains(' ') && !id.contains(',');
    text += (text.empty() ? "" : " ") + (quoted ? "\"" + id + "\"" : id);
  }
  const auto made = lines_.event_of(text, now_);
  return made ? give({*made, {}}) : made.error();
}

// alert self_trade 2.7 high score 95 by 2 kinds on ann, bob of g-ann in BTC-USDT as A3
std::string MeasureTeller::alert(Words& words) {
  Alert told;
  FindingSource source;
  source.detector = words.next();
  source.clause = words.next();
  source.severity = word_from<Severity>(words.next()).value_or(Severity{});
  source.maturity = Maturity::stable;
  source.is_rule = false;
  told.score = 50;
  told.state = AlertState::open;
  std::string name = "A" + std::to_string(alerts_ + 1);
  int kinds = 1;
  while (!words.empty()) {
    const std::string word = words.next();
    if (word == "rule" || word == "shadow") {
      source.is_rule = source.is_rule || word == "rule";
      source.maturity = word == "shadow" ? Maturity::incubating : source.maturity;
    } else if (word == "score") {
      told.score = std::stoi(words.next());
    } else if (word == "by") {
      kinds = std::stoi(words.next());
      static_cast<void>(words.accept("kinds") || words.accept("kind"));
    } else if (word == "on") {
      told.account_ids = story_list(words.next());
    } else if (word == "of") {
      told.group_id = words.next();
    } else if (word == "in") {
      told.instrument_id = words.next();
    } else if (word == "as") {
      name = words.next();
    } else if (word == "ended") {
      told.state = AlertState::ended;
    } else {
      return "an alert has no `" + word + "`";
    }
  }
  const auto before = told_.find(name);
  alerts_ += before == told_.end() ? 1 : 0;
  told.alert_id = "alert-" + name;
  told.revision = before == told_.end() ? 1 : before->second.revision + 1;
  told.source = std::make_shared<const FindingSource>(std::move(source));
  told.at = told.from = told.to = now_;
  told.facts = {{"told", "1", ""}};
  for (int kind = 0; kind < kinds; ++kind) {
    told.score_parts.push_back({"kind_" + std::to_string(kind + 1), told.score / kinds});
  }
  told.evidence = {{run_.engine().last_seq()}, 1};
  told_[name] = told;
  ids_[name] = told.alert_id;
  names_[told.alert_id] = name;
  return give({"", told});
}

// The exchange answers applied for all; failed "no such account" for ann set_restrictions.
std::string MeasureTeller::answers(Words& words) {
  const std::string result = words.next();
  std::string detail, amount, step;
  if (result == "failed") {
    detail = words.next();
  }
  std::vector<std::string> whom;
  while (!words.empty()) {
    const std::string word = words.next();
    if (word == "for") {
      whom = story_list(words.next());
    } else if (word == "with") {
      amount = words.next();
    } else {
      step = word;
    }
  }
  std::vector<ExchangeCommand> commands;
  for (const auto& [key, command] : unanswered_) {
    const std::string& about =
        command.account_id.empty() ? command.instrument_id : command.account_id;
    const bool asked =
        (whom == std::vector<std::string>{"all"}) || std::ranges::find(whom, about) != whom.end();
    if (asked && (step.empty() || step == command.command)) {
      commands.push_back(command);
    }
  }
  if (commands.empty()) {
    return "there is no such command without an answer";
  }
  for (const ExchangeCommand& command : commands) {
    std::string line = event_line("command_result", now_);
    const auto say = [&](const char* name, const std::string& value) {
      if (!value.empty()) {
        line += std::string(",\"") + name + "\":";
        write_json_string(value, line);
      }
    };
    say("command_id", command.command_id);
    say("account_id", command.account_id);
    say("instrument_id", command.account_id.empty() ? command.instrument_id : "");
    if (command.command == "set_restrictions") {
      line += ",\"revision\":" + std::to_string(command.revision);
    }
    say("result", result);
    say("detail", detail);
    say("amount", amount);
    std::erase_if(unanswered_,
                  [&](const auto& each) { return each.second.command_id == command.command_id; });
    if (std::string wrong = give({line + "}", {}}); !wrong.empty()) {
      return wrong;
    }
  }
  return "";
}

std::string MeasureTeller::give(const MeasureInput& input) {
  std::string wrong = run_.take(input);
  if (wrong.empty()) {
    see();
  }
  return wrong;
}

// Names what is new, and keeps what lines below may ask for.
void MeasureTeller::see() {
  const Engine& engine = run_.engine();
  for (const Alert& alert : engine.alerts()) {
    if (!names_.contains(alert.alert_id)) {  // raised by hand
      const std::string name = "A" + std::to_string(++alerts_);
      ids_[name] = alert.alert_id;
      names_[alert.alert_id] = name;
      told_[name] = alert;
    }
  }
  for (const auto& [number, of] : engine.enforcement().cases().all()) {
    if (names_.try_emplace(case_id(number), "C" + std::to_string(cases_ + 1)).second) {
      ids_["C" + std::to_string(++cases_)] = case_id(number);
    }
  }
  for (const ProposalMade& proposal : engine.proposals()) {
    proposals_.push_back(proposal.seq);
    const Measure& made = *engine.enforcement().measures().find(proposal.seq);
    const std::string rung =
        made.row + "/" + std::to_string(made.step) + " " + std::string(word_of(made.plan.kind));
    if (!made.row.empty()) {
      cover_.rungs.insert(rung + (made.automatic ? " automatic" : ""));
    }
  }
  for (const ExchangeCommand& command : engine.enforced().commands) {
    const bool again = !command.command_id.ends_with("/1");
    if (again) {
      ++retries_;
    } else {
      commands_.push_back(story_text(command));
    }
    const std::string key = command.command == "set_restrictions"
                                ? "r " + command.account_id + command.instrument_id
                                : command.command_id.substr(0, command.command_id.rfind('/'));
    unanswered_[key] = command;
  }
  for (const auto& [number, made] : engine.enforcement().measures().all()) {
    const std::string kind(word_of(made.plan.kind));
    if (made.amends == Amends::nothing && made.in_force_at.ns != 0) {
      cover_.kinds.insert(kind);
      cover_.ends.insert(kind + " " + std::string(word_of(made.state)));
    }
  }
  see_decisions();
}

void MeasureTeller::see_decisions() {
  for (const EnforcementOutput::Line& line : run_.engine().enforced().decisions) {
    const auto outcome = JsonMembers::of(line.text);
    last_decision_ = outcome->text("reason").value_or("");
    last_field_ = outcome->text("field").value_or("");
    last_measure_ = measure_number(outcome->text("measure_id").value_or(""));
    if (!last_decision_.empty()) {
      cover_.refusals.insert(last_decision_);
    }
    if (outcome->has("preview_hash")) {
      offered_[*outcome->text("measure_id")] = *outcome->text("preview_hash");
    }
    const std::string change = outcome->text("change_id").value_or("");
    if (!change.empty() && !names_.contains(change)) {
      names_[change] = "X" + std::to_string(++changes_);
      ids_[names_[change]] = change;
    }
  }
}

std::string MeasureTeller::finish() const {
  std::string wrong;
  for (const std::uint64_t number : proposals_) {
    const Measure& made = *run_.engine().enforcement().measures().find(number);
    wrong +=
        (wrong.empty() ? "" : "; ") + ("nobody expected the proposal " + story_text(made.plan));
  }
  return wrong;
}

}  // namespace marktwacht
