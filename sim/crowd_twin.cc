// What may happen next, drawn.
#include "sim/crowd_twin.h"

#include <algorithm>
#include <iterator>

#include "events/ndjson.h"
#include "measures/measure_table.h"
#include "measures/policy.h"

namespace marktwacht::sim {
namespace {

std::string in_quotes(std::string_view text) {
  std::string out;
  write_json_string(text, out);
  return out;
}

std::string member(std::string_view name, std::string_view text) {
  return ",\"" + std::string(name) + "\":" + in_quotes(text);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// Those that may be automatic at all.
void switch_on_steps(std::string& text) {
  constexpr std::string_view off = "\nautomatic = false\nproposals";
  for (std::size_t at = text.find(off); at != text.npos; at = text.find(off, at + 1)) {
    const std::string_view step = std::string_view(text).substr(at, text.find("\n]", at) - at);
    if (step.find("automatic = { allowed") != step.npos) {
      text.replace(at, off.size(), "\nautomatic = true\nproposals");
    }
  }
}

ExchangeFaults drawn_faults(Random& random) {
  return {.lost = random.below(30),
          .answer_lost = random.below(30),
          .repeated = random.below(30),
          .refused = random.below(20),
          .delay_most = Duration{random.between(1, 3'000) * second.ns}};
}

}  // namespace

Crowd::Crowd(std::uint64_t seed) : random_(seed), exchange_(~seed, drawn_faults(random_)) {
  static constexpr const char* clauses[] = {"2.10", "2.11", "2.7", "2.4", "2.2", "2.6", "2.12"};
  for (std::string& clause : clauses_) {
    clause = clauses[random_.below(std::size(clauses))];
  }
  automatic_ = random_.chance(50);
  has_users_ = random_.chance(50);
  rulebook_ = rulebook_text(static_cast<int>(random_.between(2, 3)), "");
}

std::string Crowd::rulebook_text(int first, const std::string& prefix) const {
  const std::string n = std::to_string(first), more = std::to_string(first + 2);
  const auto rule = [&](const char* id, const std::string& clause, const char* on, const char* by,
                        const char* window, const std::string& least, const char* severity) {
    return "[[rule]]\nid = \"" + prefix + id + "\"\nclause = \"" + clause + "\"\non = [\"" + on +
           "\"]\nby = [" + by + "]\nwindow = \"" + window +
           "\"\nlet = { n = \"count()\" }\nwhen = \"n >= " + least + "\"\nseverity = \"" +
           severity + "\"\n";
  };
  return "[rulebook]\nid = \"own\"\n" +
         rule("deposits", "2.3", "deposit", "\"account\"", "day", n, "high") +
         rule("group_deposits", "2.3", "deposit", "\"group\"", "day", more, "medium") +
         rule("orders", clauses_[0], "order", "\"account\", \"instrument\"", "sliding 1h", n,
              "medium") +
         rule("more_orders", clauses_[1], "order", "\"account\"", "day", more, "low") +
         rule("crowded", "2.5", "order", "\"instrument\"", "cycle 10m", more, "critical") +
         rule("withdrawals", clauses_[2], "withdrawal", "\"account\"", "day", n, "medium") +
         rule("transfers", clauses_[3], "transfer", "\"account\"", "day", n, "medium");
}

std::string Crowd::other_rulebook() const { return rulebook_text(4, "other_"); }

std::string Crowd::policy_text() {
  std::string text(default_policy_text());
  if (automatic_) {
    replace_all(text, "\nautomatic = false  ", "\nautomatic = true  ");
    switch_on_steps(text);
  }
  replace_all(text, "many_accounts = 20 ", "many_accounts = 3 ");
  replace_all(text, "retry_most_s = 300 ", "retry_most_s = 7200 ");
  replace_all(text, "retry_first_s = 1 ", "retry_first_s = 600 ");
  return text;
}

std::string Crowd::line(std::string_view type, const std::string& rest) {
  return R"({"type":")" + std::string(type) + R"(","ts":)" + std::to_string(now_.ns) + rest + "}";
}

std::vector<std::string> Crowd::opening() {
  const auto config = [&](std::string_view name, const std::string& text) {
    return line("config", member("name", name) + member("text", text));
  };
  std::vector<std::string> lines = {config("rulebook", rulebook_), config("policy", policy_text())};
  if (has_users_) {
    for (const auto& [user, role] :
         {std::pair("p0", "analyst"), std::pair("p1", "analyst"), std::pair("p2", "approver"),
          std::pair("p3", "approver"), std::pair("p4", "administrator"),
          std::pair("p5", "administrator")}) {
      lines.push_back(
          config("user", std::string(R"({"user_id":")") + user + R"(","role":")" + role + "\"}"));
    }
  }
  lines.push_back(line("asset", R"(,"asset":"BTC","decimals":8)"));
  lines.push_back(line("asset", R"(,"asset":"USDT","decimals":6)"));
  for (const char* kind : {"spot", "perpetual"}) {
    lines.push_back(line("instrument", member("instrument_id", *kind == 's' ? "SPOT" : "PERP") +
                                           member("kind", kind) +
                                           R"(,"base":"BTC","quote":"USDT","tick_size":"0.5")"
                                           R"(,"lot_size":"0.01")"));
  }
  for (int i = 0; i < 8; ++i) {
    lines.push_back(line("account", member("account_id", "a" + std::to_string(i)) +
                                        member("country", i == 7 ? "DE" : "FR")));
  }
  lines.push_back(line("control_group", R"(,"group_id":"G","account_ids":["a0","a1"])"));
  lines.push_back(line("tick", ""));
  return lines;
}

void Crowd::deliver(const System& system) {
  const auto& commands = system.outputs().lines[3];
  for (; sent_ < commands.size(); ++sent_) {
    exchange_.send(commands[sent_], now_);
  }
}

void Crowd::answers(std::vector<std::string>& lines, Time until) {
  while (exchange_.next_due() && *exchange_.next_due() <= until) {
    for (std::string& told : exchange_.take_next()) {
      lines.push_back(std::move(told));
    }
  }
}

std::vector<std::string> Crowd::next(const System& system) {
  deliver(system);
  const auto& decisions = system.outputs().lines[2];
  for (; heard_ < decisions.size(); ++heard_) {
    const std::string& said = decisions[heard_];
    if (const std::size_t at = said.find(R"("change_id":"x-)"); at != said.npos) {
      const std::string id = said.substr(at + 13, said.find('"', at + 13) - at - 13);
      if (std::ranges::find(changes_, id) == changes_.end()) {
        changes_.push_back(id);
      }
    }
  }
  for (const auto& [number, measure] : system.engine().enforcement().measures().all()) {
    if (measure.pending() && !seen_.contains(number)) {
      seen_[number] = system.engine().enforcement().measures().preview_hash(measure);
    }
  }
  std::vector<std::string> lines;
  const Duration gap{random_.chance(4)    ? random_.between(3, 60) * 3600 * second.ns
                     : random_.chance(25) ? 0
                                          : random_.between(1, 1200) * second.ns};
  // Not past what the exchange tells next: people see its answer.
  const auto due = exchange_.next_due();
  if (due && *due <= now_ + gap) {
    now_ = std::max(now_, *due);
    answers(lines, now_);
    return lines;
  }
  now_ = now_ + gap;
  const std::uint32_t what = random_.below(100);
  if (what < 45) {
    lines.push_back(decision(system));
    if (random_.chance(10)) {  // somebody else at the same instant
      lines.push_back(decision(system));
    }
  } else {
    lines.push_back(what < 65   ? funds()
                    : what < 83 ? trading()
                    : what < 95 ? account_news(system)
                                : line("tick", ""));
  }
  std::erase(lines, "");
  return lines;
}

std::vector<std::string> Crowd::calm(const System& system) {
  exchange_.heal();
  deliver(system);
  std::vector<std::string> lines;
  while (lines.empty() && exchange_.next_due()) {
    now_ = std::max(now_, *exchange_.next_due());
    answers(lines, now_);
  }
  if (lines.empty() && calm_steps_++ < 12) {  // so that what was not answered is sent again
    now_ = now_ + Duration{2 * 3600 * second.ns};
    lines.push_back(line("tick", ""));
  }
  return lines;
}

// --- accounts

std::string Crowd::funds() {
  const std::string who = account(), other = account();
  const Decimal amount{random_.between(1, 50), 0};
  const std::string what = member("asset", "USDT") + member("amount", format_decimal(amount));
  switch (random_.below(4)) {
    case 0:
      if (who == other || exchange_.denies(who, "transfer") ||
          is_less(exchange_.balance(who, "USDT"), amount)) {
        return "";
      }
      exchange_.credit(who, "USDT", negated(amount));
      exchange_.credit(other, "USDT", amount);
      return line("transfer",
                  member("from_account_id", who) + member("to_account_id", other) + what);
    case 1:
      if (exchange_.denies(who, "withdraw") || is_less(exchange_.balance(who, "USDT"), amount)) {
        return line("withdrawal",
                    member("account_id", who) + what +
                        member("withdrawal_id", "w" + std::to_string(now_.ns)) +
                        member("status", random_.chance(50) ? "requested" : "rejected"));
      }
      exchange_.credit(who, "USDT", negated(amount));
      return line("withdrawal", member("account_id", who) + what + member("status", "completed"));
    default:
      if (exchange_.denies(who, "deposit")) {
        return "";
      }
      exchange_.credit(who, "USDT", amount);
      return line("deposit", member("account_id", who) + what);
  }
}

std::string Crowd::trading() {
  const std::string who = account(), order = "o" + std::to_string(++orders_);
  if (exchange_.denies(who, "place_order") || exchange_.denies(who, "open_position")) {
    return line("reject", member("account_id", who) + member("instrument_id", instrument()) +
                              member("reason", "other"));
  }
  exchange_.place(order, who);
  return line("order", member("order_id", order) + member("account_id", who) +
                           member("instrument_id", instrument()) +
                           (random_.chance(50) ? R"(,"side":"buy","price":"90")"
                                               : R"(,"side":"sell","price":"110")") +
                           R"(,"quantity":"1")");
}

std::string Crowd::account_news(const System& system) {
  const auto& measures = system.engine().enforcement().measures().all();
  const std::uint32_t what = random_.below(10);
  if (what < 2) {
    return line("login", member("account_id", account()) + member("result", "ok") +
                             member("device_id", "d" + std::to_string(random_.below(9))));
  }
  if (what == 2) {
    return line("account", member("account_id", account()) + R"(,"kyc_level":)" +
                               std::to_string(random_.below(4)));
  }
  if (what == 3) {
    return line("control_group", member("group_id", random_.chance(70) ? "G" : "H") +
                                     R"(,"account_ids":["a0","a1",)" + in_quotes(account()) + "]" +
                                     (random_.chance(20) ? R"(,"status":"withdrawn")" : ""));
  }
  if (measures.empty()) {
    return "";
  }
  const auto& measure =
      std::next(measures.begin(), random_.below(static_cast<std::uint32_t>(measures.size())))
          ->second;
  const std::string who =
      measure.account_ids.empty() || random_.chance(10)
          ? account()
          : measure
                .account_ids[random_.below(static_cast<std::uint32_t>(measure.account_ids.size()))];
  return line(
      measure.plan.kind == MeasureKind::require_report && random_.chance(70) ? "report" : "appeal",
      member("account_id", who) + member("measure_id", measure_id(measure.number)) +
          member("text", "why"));
}

// --- people

std::string Crowd::person() { return "p" + std::to_string(random_.below(has_users_ ? 7 : 4)); }

std::string Crowd::decide(std::string_view kind, const std::string& rest) {
  return line("decision", member("user_id", person()) + member("kind", kind) +
                              (random_.chance(2) ? "" : member("reason", "because")) + rest);
}

std::string Crowd::decision(const System& system) {
  const Enforcement& enforcement = system.engine().enforcement();
  const auto& measures = enforcement.measures().all();
  const auto& cases = enforcement.cases().all();
  const std::uint32_t what = random_.below(100);
  if (what < 55 && !measures.empty()) {
    // The younger the likelier: of four draws the last.
    std::uint32_t at = 0;
    for (int i = 0; i < 3; ++i) {
      at = std::max(at, random_.below(static_cast<std::uint32_t>(measures.size())));
    }
    return about_measure(system, std::next(measures.begin(), at)->second);
  }
  if (what < 78 && !cases.empty()) {
    return about_case(
        system,
        std::next(cases.begin(), random_.below(static_cast<std::uint32_t>(cases.size())))->second);
  }
  return what < 82 ? about_policy() : idea(system);
}

std::string Crowd::about_measure(const System& system, const Measure& measure) {
  const std::string which = member("measure_id", measure_id(measure.number));
  const auto until = [&] {
    return R"(,"until_ts":)" +
           std::to_string(now_.ns + random_.between(-20, 60) * 3600 * second.ns);
  };
  const std::uint32_t what = random_.below(100);
  if (measure.pending()) {
    if (measure.proposer_id == Measure::system && what < 60) {
      return decide("adopt_proposal", which);
    }
    if (what < 75) {
      const bool old = random_.chance(20) && seen_.contains(measure.number);
      const std::string hash = old ? seen_[measure.number]
                                   : system.engine().enforcement().measures().preview_hash(measure);
      return decide("approve", which + member("preview_hash", hash) + R"(,"preview_seq":)" +
                                   std::to_string(measure.number));
    }
    return what < 83 ? decide("refuse", which)
           : what < 88
               ? decide("withdraw_proposal", which)
               : decide("set_amount", which + member("amount", std::to_string(random_.below(60))));
  }
  if (what < 30) {
    return decide("lift", which);
  }
  if (what < 50) {
    return decide("extend", which + until());
  }
  if (what < 62) {
    return decide("set_amount", which + member("amount", std::to_string(random_.below(60))));
  }
  if (what < 85) {
    return decide("appeal_decide",
                  which + member("outcome", random_.chance(50) ? "upheld" : "rejected"));
  }
  return decide(what < 95 ? "adopt_proposal" : "approve", which);
}

std::string Crowd::about_case(const System& system, const Case& of) {
  const std::string which = member("case_id", case_id(of.number));
  const auto& cases = system.engine().enforcement().cases().all();
  const std::string alert =
      of.alert_ids[random_.below(static_cast<std::uint32_t>(of.alert_ids.size()))];
  const std::uint64_t other =
      std::next(cases.begin(), random_.below(static_cast<std::uint32_t>(cases.size())))->first;
  static constexpr const char* outcomes[] = {"confirmed", "confirmed", "refuted", "inconclusive"};
  switch (random_.below(14)) {
    case 0:
      return decide("assign", which + member("assignee_id", person()));
    case 1:
      return decide("note", which + member("text", "seen"));
    case 2:
    case 3:
    case 4:
    case 5:
      return decide("close_case",
                    which + member("outcome", outcomes[random_.below(4)]) + R"(,"reported":false)");
    case 6:
      return decide("reopen_case", which);
    case 7:
      return decide("merge_cases", R"(,"case_ids":[)" + in_quotes(case_id(of.number)) + "," +
                                       in_quotes(case_id(other)) + "]");
    case 8:
      return decide("close_alert",
                    member("alert_id", alert) +
                        member("state", random_.chance(50) ? "dismissed" : "confirmed"));
    case 9:
      return decide("attach_alert", member("alert_id", alert) + member("case_id", case_id(other)));
    case 10:
      return decide("detach_alert", member("alert_id", alert) + which);
    case 11:
      return decide("mark_reported", which + member("ref", "r-1"));
    case 12:
      return decide("snooze", member("rule", "orders") + member("account_id", account()) +
                                  R"(,"until_ts":)" + std::to_string(now_.ns + 3600 * second.ns));
    default:
      return decide("unsnooze", member("rule", "orders") + member("account_id", account()));
  }
}

std::string Crowd::about_policy() {
  if (!changes_.empty() && random_.chance(60)) {
    const std::string change = changes_.back();
    if (random_.chance(50)) {
      changes_.pop_back();
    }
    return decide(random_.chance(80) ? "approve_change" : "refuse_change",
                  member("change_id", change));
  }
  if (random_.chance(20)) {
    return decide("grant_exemption", member("account_id", account()) +
                                         R"(,"exemption_kind":"hedging","until_ts":)" +
                                         std::to_string(now_.ns + 7200 * second.ns));
  }
  return decide("set_automatic", random_.chance(50)
                                     ? std::string(R"(,"on":true)")
                                     : R"(,"clause":"2.3","step":"1","on":)" +
                                           std::string(random_.chance(50) ? "true" : "false"));
}

std::string Crowd::target() {
  switch (random_.below(6)) {
    case 0:
      return R"({"group_id":"g-a0"})";
    case 1:
      return R"({"account_ids":[)" + in_quotes(account()) + "," + in_quotes(account()) + "]}";
    case 2:
      return R"({"account_ids":["a1","a2","a3","a4","a5"]})";
    default:
      return R"({"account_id":)" + in_quotes(account()) + "}";
  }
}

// Any kind, with what it needs; now and then something that it must not have.
std::string Crowd::drawn_measure() {
  const auto kind = random_.chance(15)
                        ? MeasureKind::deduct_gains
                        : static_cast<MeasureKind>(random_.below(Words<MeasureKind>::list.size()));
  const MeasureTerms& terms = terms_of(kind);
  std::string text = R"({"kind":)" + in_quotes(word_of(kind));
  if (terms.aim == MeasureAim::instrument) {
    text += R"(,"target":{"instrument_id":)" + in_quotes(instrument()) + "}";
  } else if (terms.aim == MeasureAim::anyone && random_.chance(30)) {
    text += R"(,"target":{"device_id":"d1"})";
  } else {
    text += R"(,"target":)" + target();
  }
  const bool is_limit = kind == MeasureKind::limit_withdrawal || kind == MeasureKind::limit_deposit;
  if (is_limit || (terms.is_money && kind != MeasureKind::forfeit_balance)) {
    text += member("amount", std::to_string(random_.below(80))) + member("asset", "USDT");
  }
  text += kind == MeasureKind::min_holding_time  ? R"(,"held_min_s":60)"
          : kind == MeasureKind::cap_leverage    ? R"(,"leverage_max":"5")"
          : kind == MeasureKind::restrict_access ? R"(,"channel":"api")"
          : kind == MeasureKind::require_kyc     ? R"(,"kyc_level":2)"
          : kind == MeasureKind::restrict_login
              ? R"(,"devices":["d1","d)" + std::to_string(random_.below(9)) + "\"]"
          : kind == MeasureKind::void_trades ? R"(,"trade_ids":["t1"])"
          : kind == MeasureKind::custom      ? R"(,"text":"call","actions":["deposit"])"
                                             : "";
  if (terms.by_instrument && terms.aim != MeasureAim::instrument && random_.chance(40)) {
    text += member("instrument_id", instrument());
  }
  if (terms.needs_deadline) {
    text += R"(,"deadline_s":)" + std::to_string(random_.between(1, 30) * 3600);
  }
  const bool ends = terms.lasts || random_.chance(10);  // of what is done once it is refused
  if (ends && random_.chance(40)) {
    text += R"(,"duration_s":)" + std::to_string(random_.between(1, 100) * 3600);
  } else if (ends && random_.chance(40)) {
    text += R"(,"until_ts":)" + std::to_string(now_.ns + random_.between(1, 70) * 3600 * second.ns);
  }
  return text + "}";
}

std::string Crowd::idea(const System& system) {
  const auto& cases = system.engine().enforcement().cases().all();
  if (random_.chance(12) || cases.empty()) {
    return decide("raise_alert", member("clause", "2.3") + R"(,"account_ids":[)" +
                                     in_quotes(account()) + "," + in_quotes(account()) + "]");
  }
  if (random_.chance(5)) {
    return decide("watch", R"(,"target":)" + target() + R"(,"until_ts":)" +
                               std::to_string(now_.ns + 7200 * second.ns));
  }
  const auto& of =
      std::next(cases.begin(), random_.below(static_cast<std::uint32_t>(cases.size())))->second;
  const std::string about = random_.chance(70)
                                ? member("case_id", case_id(of.number))
                                : R"(,"alert_ids":[)" + in_quotes(of.alert_ids.front()) + "]";
  return decide(random_.chance(60) ? "propose" : "impose",
                about + R"(,"measure":)" + drawn_measure());
}

}  // namespace marktwacht::sim
