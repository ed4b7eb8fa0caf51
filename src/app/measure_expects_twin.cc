// See measure_teller_twin.h: what is expected.
#include <algorithm>

#include "app/measure_teller_twin.h"

namespace marktwacht {
namespace {

// Parts between semicolons.
std::vector<std::string> parts_of(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(';', at), list.size());
    parts.push_back(list.substr(at, end - at));
    at = std::min(list.find_first_not_of(' ', end + 1), list.size());
  }
  return parts;
}

std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "" : "; ") + part;
  }
  return text;
}

std::string unless_equal(const std::string& expected, const std::string& came) {
  return expected == came ? "" : "expected: " + expected + "\n      came: " + came;
}

std::string unless_equal(std::vector<std::string> expected, std::vector<std::string> came) {
  std::ranges::sort(expected);
  std::ranges::sort(came);
  return unless_equal(listed(expected), listed(came));
}

template <class Texts>
std::string comma(const Texts& all) {
  std::string text;
  for (const std::string& one : all) {
    text += (text.empty() ? "" : ", ") + one;
  }
  return text;
}

}  // namespace

std::string MeasureTeller::expect(Words& words) {
  const std::string what = words.next();
  if (what == "proposal") {
    return expect_proposal(words);
  }
  if (what == "no") {
    return proposals_.empty() ? "" : finish();
  }
  if (what == "gate:") {
    return expect_gate(words.rest());
  }
  if (what == "exchange:") {
    return expect_commands(words.rest());
  }
  if (what == "retries:") {
    const std::string came = std::to_string(std::exchange(retries_, 0));
    return unless_equal(words.rest(), came);
  }
  if (what == "stuck:") {
    return expect_stuck(words.rest());
  }
  if (what == "ledger:") {
    return expect_ledger(words.rest());
  }
  if (what == "cases:") {
    return unless_equal(words.rest(), std::to_string(cases_));
  }
  if (const Measure* of = measure(what)) {
    return expect_measure(*of, words);
  }
  if (const Case* of = case_named(what)) {
    return expect_case(*of, words);
  }
  if (const KnownAlert* known = run_.engine().enforcement().cases().alert(id_of(what))) {
    return expect_alert(*known, words);
  }
  return "nothing is called " + what;
}

// expect proposal M1: [automatic] freeze_account 24h for g-ann [to extend M2 …]
std::string MeasureTeller::expect_proposal(Words& words) {
  std::string name = words.next();
  if (!name.ends_with(':')) {
    return "expect proposal M1: …";
  }
  name.pop_back();
  if (proposals_.empty()) {
    return "nothing has been proposed";
  }
  const std::uint64_t number = proposals_.front();
  proposals_.erase(proposals_.begin());
  ids_[name] = measure_id(number);
  names_[measure_id(number)] = name;
  const Measure& made = *measure(name);
  std::string text = (made.automatic ? "automatic " : "") + story_text(made.plan);
  if (made.amends == Amends::members) {
    text += " to join " + name_of(measure_id(made.amended));
  }
  return unless_equal(words.rest(), text);
}

std::string MeasureTeller::expect_measure(const Measure& of, Words& words) {
  const auto time = [](const std::optional<Time>& at) {
    return at ? format_rfc3339(*at).substr(0, 16) : "until lifted";
  };
  const auto at = [&](const std::string& text) {
    return time(story_time(text, day_, now_).value_or(Time{}));
  };
  if (words.accept("on")) {
    return unless_equal(words.rest(), comma(of.account_ids));
  }
  if (words.accept("until")) {
    return unless_equal(at(words.next()), time(of.until));
  }
  if (words.accept("within")) {
    return unless_equal(at(words.next()), time(of.deadline));
  }
  if (words.accept("in")) {
    return unless_equal(words.next(), name_of(case_id(of.case_number)));
  }
  if (words.accept("claims")) {
    std::vector<std::string> claims;
    for (const LedgerEntry& claim : of.claims) {
      claims.push_back(claim.account_id + " " + format_decimal(claim.amount) + " " + claim.asset);
    }
    const std::string expected = words.rest();
    return unless_equal(expected == "nothing" ? std::vector<std::string>{} : parts_of(expected),
                        claims);
  }
  if (words.accept("cites")) {
    return unless_equal(words.next(), of.plan.legal_basis);
  }
  if (words.accept("would")) {
    static_cast<void>(words.accept("have") && words.accept("refused:"));
    const std::string expected = words.rest();
    return unless_equal(expected == "nothing" ? "" : expected,
                        listed(refused_before(run_, of, now_)));
  }
  if (words.accept("appeal")) {
    return unless_equal(words.next(), of.appealed ? "waits" : of.appeal_outcome);
  }
  std::string state(word_of(of.state));
  const std::string expected = words.next();
  if (words.accept("by")) {
    return unless_equal(expected + " by " + words.next(),
                        state + " by " + of.history.back().user_id);
  }
  return unless_equal(expected, state);
}

std::string MeasureTeller::expect_case(const Case& of, Words& words) {
  if (words.accept("holds")) {
    std::vector<std::string> alerts;
    for (const std::string& id : of.alert_ids) {
      alerts.push_back(name_of(id));
    }
    return unless_equal(words.rest(), comma(alerts));
  }
  if (words.accept("on")) {
    return unless_equal(words.rest(), comma(of.account_ids));
  }
  if (words.accept("due")) {
    return unless_equal(
        format_rfc3339(story_time(words.next(), day_, now_).value_or(Time{})).substr(0, 16),
        format_rfc3339(of.due).substr(0, 16));
  }
  if (words.accept("breaches")) {
    std::vector<std::string> breaches;
    for (const auto& [clause, detector] : of.breaches) {
      breaches.push_back(clause + " " + detector);
    }
    return unless_equal(words.rest(), comma(breaches));
  }
  if (words.accept("notes")) {
    std::vector<std::string> notes;
    for (const CaseNote& note : of.notes) {
      notes.push_back(note.text);
    }
    return unless_equal(words.rest(), listed(notes));
  }
  const std::string expected = words.next();
  std::string state(word_of(of.state));
  if (state == "new_") {
    state = "new";
  }
  if (words.accept("severity")) {
    return unless_equal(expected + " " + words.next(),
                        state + " " + std::string(word_of(of.severity)));
  }
  if (words.accept("to")) {
    return unless_equal(words.next(), of.assignee_id);
  }
  if (words.accept("into")) {
    return unless_equal(words.next(), name_of(case_id(of.merged_into)));
  }
  if (words.accept("reported")) {
    return of.reported ? unless_equal(expected, state) : "it is not reported";
  }
  return unless_equal(expected, state);
}

std::string MeasureTeller::expect_alert(const KnownAlert& known, Words& words) {
  if (words.accept("in")) {
    const std::string expected = words.rest();
    return unless_equal(expected,
                        known.case_number == 0 ? "no case" : name_of(case_id(known.case_number)));
  }
  if (words.accept("from")) {
    return unless_equal(words.next(), known.recorded().source->rulebook_id);
  }
  return unless_equal(words.rest(), std::string(word_of(known.state)));
}

// --- the gate

std::string MeasureTeller::expect_gate(const std::string& list) {
  for (const std::string& part : parts_of(list)) {
    StoryWords words(part);
    if (std::string wrong = expect_one_answer(words); !wrong.empty()) {
      return wrong + " in: " + part;
    }
  }
  return "";
}

// A question with the texts that it points to.
struct MeasureTeller::Asked {
  GateQuestion question;
  std::string who, asset = "USDT", instrument, device, ip, address;
  std::string answer;
};

std::string MeasureTeller::read_question(Words& words, Asked& asked) {
  GateQuestion& question = asked.question;
  while (!words.empty() && asked.answer.empty()) {
    const std::string word = words.next();
    if (word == "in") {
      asked.instrument = words.next();
    } else if (word == "from") {
      asked.device = words.next();
    } else if (word == "ip") {
      asked.ip = words.next();
    } else if (word == "address") {
      asked.address = words.next();
    } else if (word == "leverage") {
      question.leverage = parse_decimal(words.next());
    } else if (word == "buy" || word == "sell") {
      question.side = word == "buy" ? Side::buy : Side::sell;
      question.quantity = parse_decimal(words.next());
    } else if (word == "holding") {
      question.position = parse_decimal(words.next());
    } else if (word == "opened") {
      const Duration ago = story_span(words.next()).value_or(Duration{0});
      question.position_opened = Time{question.now.ns - ago.ns};
      static_cast<void>(words.accept("ago"));
    } else if (word == "liquidation") {
      question.liquidation = true;
    } else if (word == "allowed" || word == "denied" || word == "reduce_only") {
      asked.answer = word;
    } else if (const auto amount = parse_decimal(word)) {
      question.amount = *amount;
      asked.asset = words.next();
    } else {
      return "a question has no `" + word + "`";
    }
  }
  asked.answer += words.accept("by") ? " by " + words.next() : "";
  return "";
}

// ann withdraw 10 USDT denied by freeze_account
std::string MeasureTeller::expect_one_answer(Words& words) {
  Asked asked;
  GateQuestion& question = asked.question;
  question.now = now_;
  asked.who = words.next();
  const std::string action = words.next();
  const auto& actions = marktwacht::Words<GateAction>::list;
  const auto found = std::ranges::find(actions, action);
  if (found == actions.end()) {
    return "the gate knows no " + action;
  }
  question.action = static_cast<GateAction>(found - actions.begin());
  const bool funds = question.action == GateAction::withdraw ||
                     question.action == GateAction::deposit ||
                     question.action == GateAction::transfer;
  if (funds) {
    question.amount = *parse_decimal("10");
  } else if (question.action == GateAction::place_order) {
    question.side = Side::buy;
    question.quantity = *parse_decimal("1");
    question.position = Decimal{};
  }
  if (std::string wrong = read_question(words, asked); !wrong.empty()) {
    return wrong;
  }
  question.account_id = asked.who;
  question.asset = funds ? std::string_view(asked.asset) : std::string_view();
  question.instrument_id = asked.instrument;
  question.device_id = asked.device;
  question.ip = asked.ip;
  question.address = asked.address;
  const GateAnswer came = run_.gate().ask(question, false);
  std::string said = came.word == GateWord::allow  ? "allowed"
                     : came.word == GateWord::deny ? "denied"
                                                   : "reduce_only";
  if (came.word != GateWord::allow) {
    said += " by " + std::string(word_of(came.reason));
  }
  return unless_equal(asked.answer, said);
}

// Whatever is decided, orders can be cancelled.
std::string MeasureTeller::never_denied() const {
  for (const SubjectRestrictions& subject : run_.engine().enforcement().restrictions()) {
    for (const Restriction& one : subject.restrictions) {
      if (one.action == GateAction::cancel_order) {
        return "cancel_order is denied to " + subject.subject.id;
      }
    }
    GateQuestion question;
    question.now = now_;
    question.action = GateAction::cancel_order;
    question.account_id = subject.subject.id;
    if (run_.gate().ask(question, true).word != GateWord::allow) {
      return "the gate denies cancel_order to " + subject.subject.id;
    }
  }
  return "";
}

// --- the exchange, the desk, the ledger

std::string MeasureTeller::expect_commands(const std::string& list) {
  const std::vector<std::string> came = std::exchange(commands_, {});
  return unless_equal(list == "nothing" ? std::vector<std::string>{} : parts_of(list), came);
}

std::string MeasureTeller::expect_stuck(const std::string& list) {
  std::vector<std::string> came;
  for (const Stuck& stuck : run_.engine().enforcement().measures().stuck(now_)) {
    const std::string who =
        stuck.measure == 0 ? stuck.subject.id : name_of(measure_id(stuck.measure));
    came.push_back(who + " " + stuck.why);
  }
  return unless_equal(list == "nobody" ? std::vector<std::string>{} : parts_of(list), came);
}

std::string MeasureTeller::expect_ledger(const std::string& list) {
  std::vector<std::string> came;
  for (const auto& [key, sum] : run_.engine().enforcement().measures().posted()) {
    came.push_back(key.first + " " + format_decimal(sum) + " " + key.second);
  }
  return unless_equal(list == "empty" ? std::vector<std::string>{} : parts_of(list), came);
}

}  // namespace marktwacht
