// See measure_teller_twin.h: what people decide.
#include <array>

#include "app/measure_teller_twin.h"
#include "events/json_object.h"

namespace marktwacht {

// A decision as far as it has been said.
struct MeasureTeller::Said {
  std::string fields;  // of JSON, each with a comma before it
  std::string kind;
  std::string names;  // what the answer's measure is called from here on

  void text(std::string_view name, const std::string& value) {
    fields += ",\"" + std::string(name) + "\":";
    write_json_string(value, fields);
  }
  void raw(std::string_view name, const std::string& value) {
    fields += ",\"" + std::string(name) + "\":" + value;
  }
  void texts(std::string_view name, const std::vector<std::string>& values) {
    std::string list;
    for (const std::string& value : values) {
      list += list.empty() ? "" : ",";
      write_json_string(value, list);
    }
    raw(name, "[" + list + "]");
  }
};

namespace {

struct Verb {
  std::string_view word, kind;
};

constexpr std::array<Verb, 9> of_measures = {{{"adopts", "adopt_proposal"},
                                              {"approves", "approve"},
                                              {"refuses", "refuse"},
                                              {"withdraws", "withdraw_proposal"},
                                              {"lifts", "lift"},
                                              {"extends", "extend"},
                                              {"sets", "set_amount"},
                                              {"upholds", "appeal_decide"},
                                              {"rejects", "appeal_decide"}}};
constexpr std::array<Verb, 18> other_verbs = {{{"proposes", "propose"},
                                               {"imposes", "impose"},
                                               {"assigns", "assign"},
                                               {"notes", "note"},
                                               {"closes", ""},
                                               {"attaches", "attach_alert"},
                                               {"detaches", "detach_alert"},
                                               {"merges", "merge_cases"},
                                               {"reopens", "reopen_case"},
                                               {"snoozes", "snooze"},
                                               {"unsnoozes", "unsnooze"},
                                               {"raises", "raise_alert"},
                                               {"watches", "watch"},
                                               {"marks", "mark_reported"},
                                               {"publishes", "publish_policy"},
                                               {"switches", "set_automatic"},
                                               {"exempts", "grant_exemption"},
                                               {"decides", ""}}};

template <std::size_t N>
const Verb* verb_in(const std::array<Verb, N>& verbs, std::string_view word) {
  for (const Verb& verb : verbs) {
    if (verb.word == word) {
      return &verb;
    }
  }
  return nullptr;
}

// Where the words of the decision itself end.
bool at_end(const StoryWords& words) {
  return words.empty() || words.peek() == "because" || words.peek() == "without" ||
         words.peek() == "->" || words.peek() == "→";
}

}  // namespace

// "?" where the line is no decision.
std::string MeasureTeller::decide(const std::string& user, Words& words) {
  Said said;
  said.text("user_id", user);
  const std::string word = words.peek();
  if (word == "appeals" || word == "reports") {
    words.next();
    std::string line = R"({"type":")" + word.substr(0, word.size() - 1) + R"(","ts":)" +
                       std::to_string(now_.ns) + R"(,"account_id":")" + user + R"(")";
    line += R"(,"measure_id":")" + id_of(words.next()) + R"(","text":)";
    write_json_string(words.next(), line);
    return give({line + "}", {}});
  }
  if (const Verb* verb = verb_in(of_measures, word)) {
    words.next();
    said.kind = verb->kind;
    if (said.kind == "appeal_decide") {
      said.text("outcome", word == "upholds" ? "upheld" : "rejected");
    }
    return decide_measure(words, said);
  }
  if (const Verb* verb = verb_in(other_verbs, word)) {
    words.next();
    said.kind = verb->kind.empty() ? word : verb->kind;
    return decide_other(words, said);
  }
  return "?";
}

std::string MeasureTeller::decide_measure(Words& words, Said& said) {
  const std::string name = at_end(words) ? "" : words.next();
  if (name.starts_with('X')) {
    said.kind += "_change";
    said.text("change_id", id_of(name));
    return send(said, words);
  }
  if (!name.empty()) {
    said.text("measure_id", id_of(name));
  }
  if (said.kind == "approve" && !words.accept("blindly")) {
    const Measure* of = measure(name);
    std::string hash =
        of == nullptr ? "none" : run_.engine().enforcement().measures().preview_hash(*of);
    if (words.accept("as") && words.accept("shown")) {
      hash = offered_[id_of(name)];
    }
    said.text("preview_hash", hash);
    said.raw("preview_seq", std::to_string(run_.engine().last_seq()));
  }
  if (words.accept("to")) {
    if (said.kind == "extend") {
      const auto until = story_time(words.next(), day_, now_);
      said.raw("until_ts", std::to_string(until.value_or(Time{}).ns));
    } else {
      said.text("amount", words.next());
    }
  }
  if (words.accept("as")) {
    said.names = words.next();
  }
  return send(said, words);
}

std::string MeasureTeller::decide_other(Words& words, Said& said) {
  if (said.kind == "propose" || said.kind == "impose") {
    say_plan(words, said);
    return send(said, words);
  }
  if (said.kind == "decides") {
    said.kind = words.next();
  } else if (said.kind == "closes") {
    say_closing(words, said);
  } else {
    say_subject(words, said);
  }
  say_fields(words, said);
  return send(said, words);
}

void MeasureTeller::say_plan(Words& words, Said& said) {
  if (words.peek().ends_with(':')) {
    said.names = words.next();
    said.names.pop_back();
  }
  std::string about;
  said.raw("measure", story_plan(words, day_, now_, about));
  if (about.starts_with('C')) {
    said.text("case_id", id_of(about));
  } else if (!about.empty()) {
    std::vector<std::string> alerts;
    for (const std::string& name : story_list(about)) {
      alerts.push_back(id_of(name));
    }
    said.texts("alert_ids", alerts);
  }
}

void MeasureTeller::say_closing(Words& words, Said& said) {
  const std::string what = words.next();
  const bool of_case = what.starts_with('C');
  said.kind = of_case ? "close_case" : "close_alert";
  said.text(of_case ? "case_id" : "alert_id", id_of(what));
  if (words.accept("as")) {
    said.text(of_case ? "outcome" : "state", words.next());
  }
  if (words.peek() == "reported" || words.peek() == "unreported") {
    said.raw("reported", words.next() == "reported" ? "true" : "false");
  }
}

void MeasureTeller::say_subject(Words& words, Said& said) {
  if (said.kind == "merge_cases") {
    std::vector<std::string> cases;
    for (const std::string& name : story_list(words.next())) {
      cases.push_back(id_of(name));
    }
    said.texts("case_ids", cases);
  } else if (said.kind == "set_automatic") {
    if (!words.accept("everything")) {
      said.text("clause", words.next());
      static_cast<void>(words.accept("step"));
      said.text("step", words.next());
    }
    said.raw("on", words.next() == "on" ? "true" : "false");
  } else if (said.kind == "watch") {
    const bool instrument = words.accept("instrument");
    const std::string who = words.next();
    std::string target;
    ObjectWriter object(target);
    object.text(instrument              ? "instrument_id"
                : who.starts_with("g-") ? "group_id"
                                        : "account_id",
                who);
    object.end();
    said.raw("target", target);
  } else if (said.kind == "raise_alert") {
    said.text("clause", words.next());
  } else if (said.kind == "snooze" || said.kind == "unsnooze") {
    said.text("rule", words.next());
  } else if (said.kind == "publish_policy") {
    said.kind = words.accept("rulebook") ? "publish_rulebook" : said.kind;
    if (words.accept("in") && words.accept("shadow")) {
      said.raw("shadow", "true");
    }
    std::string text = words.next();
    for (std::size_t at = text.find("\\n"); at != text.npos; at = text.find("\\n", at)) {
      text.replace(at, 2, "\n");
    }
    said.text("text", text);
  } else if (said.kind == "grant_exemption") {
    said.text("account_id", words.next());
    said.text("exemption_kind", words.next());
  } else if (words.peek().starts_with('A')) {
    said.text("alert_id", id_of(words.next()));
  } else if (words.peek().starts_with('C')) {
    said.text("case_id", id_of(words.next()));
  }
}

void MeasureTeller::say_fields(Words& words, Said& said) {
  while (!at_end(words)) {
    const std::string word = words.next(), value = words.next();
    if (word == "until") {
      const auto until = story_time(value, day_, now_);
      said.raw("until_ts", std::to_string(until.value_or(Time{}).ns));
    } else if (word == "on" && said.kind == "raise_alert") {
      said.texts("account_ids", story_list(value));
    } else if (word == "on") {
      said.text(value.starts_with("g-") ? "group_id" : "account_id", value);
    } else if (word == "in") {
      said.text("instrument_id", value);
    } else if (word == "from" || (word == "to" && said.kind == "attach_alert")) {
      said.text("case_id", id_of(value));
    } else if (word == "to") {
      said.text("assignee_id", value);
    } else {
      said.text(word, id_of(value));  // a field of the decision
    }
  }
}

// because "…" → refused: own_proposal
std::string MeasureTeller::send(Said& said, Words& words) {
  std::string reason = "see the case", expected;
  if (words.accept("because")) {
    reason = words.next();
  } else if (words.accept("without")) {
    static_cast<void>(words.accept("a") && words.accept("reason"));
    reason.clear();
  }
  if (words.accept("→") || words.accept("->")) {
    static_cast<void>(words.accept("refused:"));
    expected = words.rest();
  }
  if (!words.empty()) {
    return "what does `" + words.rest() + "` mean?";
  }
  if (!reason.empty()) {
    said.text("reason", reason);
  }
  last_decision_ = "none was taken";
  const std::string wrong = give({R"({"type":"decision","ts":)" + std::to_string(now_.ns) +
                                      R"(,"kind":")" + said.kind + "\"" + said.fields + "}",
                                  {}});
  if (!wrong.empty()) {
    return wrong;
  }
  if (!said.names.empty() && last_measure_ != 0) {
    ids_[said.names] = measure_id(last_measure_);
    names_[measure_id(last_measure_)] = said.names;
  }
  const bool field_too = expected.contains(' ');
  const std::string came = field_too ? last_decision_ + " " + last_field_ : last_decision_;
  if (came != expected) {
    return expected.empty()
               ? "refused: " + last_decision_ + " " + last_field_
               : "expected: " + expected +
                     "; but: " + (came.empty() ? "accepted" : came + " " + last_field_);
  }
  return "";
}

}  // namespace marktwacht
