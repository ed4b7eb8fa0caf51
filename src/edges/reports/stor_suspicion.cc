// Section 3: what is suspected, and why.
#include <algorithm>
#include <map>
#include <set>

#include "edges/reports/stor_answers.h"
#include "edges/reports/stor_breach.h"

namespace marktwacht {
namespace {

void answer_nature(const StorCase& of, StorAnswers& answers) {
  ReportText nature;
  for (const auto& [clause, detector] : of.breaches) {
    const ReportText article = breach_text(clause, detector);
    const ReportText what{detector + ", clause " + clause + " of the exchange's rules: ",
                          detector + ", Ziffer " + clause + " der Regeln der Börse: "};
    add_line(nature,
             what + (article.en.empty()
                         ? ReportText{"names no market abuse by itself; to be judged by a person",
                                      "nennt für sich keinen Marktmissbrauch; von einem Menschen "
                                      "zu beurteilen"}
                         : ReportText{"suspected ", "Verdacht auf "} + article));
  }
  answers.say_or("nature_of_suspicion", nature,
                 {"the case names no breach", "der Fall nennt keinen Verstoß"});
}

std::string facts_of(const Alert& alert, const char* limit) {
  std::string facts;
  for (const Fact& fact : alert.facts) {
    facts += (facts.empty() ? " (" : "; ") + fact.name + " " + fact.value +
             (fact.limit.empty() ? "" : std::string(", ") + limit + " " + fact.limit);
  }
  return facts.empty() ? facts : facts + ")";
}

void answer_activity(const StorCase& of, StorAnswers& answers) {
  ReportText activity;
  for (const auto& [alert, text] : of.alerts) {
    add_line(activity, ReportText{alert.alert_id + ": " + text.en + facts_of(alert, "limit"),
                                  alert.alert_id + ": " + text.de + facts_of(alert, "Grenze")});
  }
  answers.say_or("reasons_activity", activity,
                 {"the case was opened by hand and holds no alert; see the notes in section 5",
                  "der Fall wurde von Hand eröffnet und enthält keinen Alarm; siehe die Vermerke "
                  "in Abschnitt 5"});
}

void answer_attention(const StorCase& of, StorAnswers& answers) {
  const std::string opened = format_rfc3339(of.opened);
  ReportText text{"By the exchange's market surveillance (Marktwacht). Case " + of.case_id +
                      " was opened at " + opened + ".",
                  "Durch die Marktüberwachung der Börse (Marktwacht). Der Fall " + of.case_id +
                      " wurde am " + opened + " eröffnet."};
  for (const auto& [alert, sentences] : of.alerts) {
    const std::string score = std::to_string(alert.score);
    const std::string at = format_rfc3339(alert.at);
    const std::string& rulebook = alert.source->rulebook;
    const std::string by = alert.source->detector + (rulebook.empty() ? "" : ", " + rulebook);
    add_line(text, {"Alert " + alert.alert_id + " (" + by + "), score " + score +
                        " of 100, opened at " + at + ".",
                    "Alarm " + alert.alert_id + " (" + by + "), Punktzahl " + score +
                        " von 100, eröffnet am " + at + "."});
  }
  answers.say("reasons_attention", text);
}

void answer_order_book(const StorCase& of, StorAnswers& answers) {
  std::set<std::string> own;
  for (const StorAccount& account : of.accounts) {
    own.insert(account.account_id);
  }
  std::map<std::string, std::uint64_t> types;
  std::uint64_t inside = 0;
  for (const OrderRecord& record : of.evidence) {
    if (!record.instrument_id.empty()) {
      ++types[record.type];
    }
    inside += own.contains(record.buyer_id) && own.contains(record.seller_id) ? 1 : 0;
  }
  if (types.empty()) {
    answers.say_na("reasons_order_book",
                   {"the evidence of the case holds no orders or transactions",
                    "die Nachweise des Falls enthalten keine Aufträge oder Geschäfte"});
    return;
  }
  std::string counts;
  for (const auto& [type, count] : types) {
    counts += (counts.empty() ? "" : ", ") + type + " " + std::to_string(count);
  }
  ReportText text{"Events of the evidence on the order book: " + counts + ".",
                  "Ereignisse der Nachweise am Auftragsbuch: " + counts + "."};
  if (inside > 0) {
    add_line(text, counted(inside, {"transaction had", "transactions had", "Geschäft hatte",
                                    "Geschäfte hatten"}) +
                       ReportText{" accounts of this case on both sides.",
                                  " auf beiden Seiten Konten dieses Falls."});
  }
  for (const auto& [alert, sentences] : of.alerts) {
    add_line(text,
             {"Order book before, during and after: `marktwacht explain " + alert.alert_id + "`.",
              "Auftragsbuch davor, währenddessen und danach: `marktwacht explain " +
                  alert.alert_id + "`."});
  }
  answers.say("reasons_order_book", text);
}

void answer_delay(const StorCase& of, StorAnswers& answers) {
  if (of.alerts.empty()) {
    answers.say_na("reasons_delay", {"no alert dates the suspected breach",
                                     "kein Alarm datiert den mutmaßlichen Verstoß"});
    return;
  }
  Time last{0};
  for (const OrderRecord& record : of.evidence) {
    last = std::max(last, record.ts);
  }
  for (const auto& [alert, sentences] : of.alerts) {
    last = of.evidence.empty() ? std::max(last, alert.to) : last;  // a day's alert ends with it
  }
  const auto hours = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, (of.made - last).ns / (3600 * second.ns)));
  const std::string time = format_rfc3339(last);
  answers.say(
      "reasons_delay",
      counted(hours / 24, {"day", "days", "Tag", "Tage"}) + same_text(" ") +
          counted(hours % 24, {"hour", "hours", "Stunde", "Stunden"}) +
          ReportText{" from the last suspected event (" + time +
                         ") to this draft; what was done meanwhile: section 5, analysis and "
                         "measures.",
                     " vom letzten verdächtigen Ereignis (" + time +
                         ") bis zu diesem Entwurf; was inzwischen geschah: Abschnitt 5, "
                         "Prüfung und Maßnahmen."});
}

}  // namespace

void answer_suspicion(const StorCase& of, StorAnswers& answers) {
  answer_nature(of, answers);
  answer_activity(of, answers);
  answer_attention(of, answers);
  answer_order_book(of, answers);
  answer_delay(of, answers);
}

}  // namespace marktwacht
