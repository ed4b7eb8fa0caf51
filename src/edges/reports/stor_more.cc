// Section 5 about the case as a whole, and section 6.
#include <algorithm>
#include <map>
#include <set>

#include "edges/reports/stor_answers.h"
#include "events/commitment.h"

namespace marktwacht {
namespace {

void answer_ledger(StorAnswers& answers) {
  for (const char* field : {"mempool", "ledger_access", "smart_contracts"}) {
    answers.say_na(field, {"the suspected behaviour was not conducted on a DLT but on the platform",
                           "das verdächtige Verhalten fand nicht auf einer DLT, sondern auf der "
                           "Plattform statt"});
  }
}

void answer_others(const StorCase& of, StorAnswers& answers) {
  std::set<std::string> own;
  for (const StorAccount& account : of.accounts) {
    own.insert(account.account_id);
  }
  std::map<std::string, std::uint64_t> trades, funds;
  for (const OrderRecord& record : of.evidence) {
    for (const std::string& party : {record.buyer_id, record.seller_id}) {
      trades[party] += party.empty() || own.contains(party) ? 0 : 1;
    }
    for (const std::string& party : {record.to_account_id}) {
      funds[party] += party.empty() || own.contains(party) ? 0 : 1;
    }
  }
  std::vector<std::string> names;
  ReportText activity;
  const auto add = [&](const std::string& party, std::uint64_t count, const CountedWord& word) {
    if (count == 0) {
      return;
    }
    if (std::ranges::find(names, party) == names.end()) {
      names.push_back(party);
    }
    add_line(activity, same_text(party + ": ") + counted(count, word));
  };
  for (const auto& [party, count] : trades) {
    add(party, count,
        {"transaction as counterparty", "transactions as counterparty", "Geschäft als Gegenpartei",
         "Geschäfte als Gegenpartei"});
  }
  for (const auto& [party, count] : funds) {
    add(party, count,
        {"transfer received", "transfers received", "Übertragung erhalten",
         "Übertragungen erhalten"});
  }
  const ReportText none{"the evidence names no other party",
                        "die Nachweise nennen keine andere Partei"};
  answers.say_or("others_names", list_text(names, 50), none);
  answers.say_or("others_activity", activity, none);
}

void answer_links(const StorCase& of, StorAnswers& answers) {
  ReportText links;
  for (const StorLink& link : of.links) {
    const ReportText kind = link.kind == "person" ? ReportText{"one person", "eine Person"}
                            : link.kind == "master"
                                ? ReportText{"sub-accounts of ", "Unterkonten von "}
                            : link.kind == "declared" ? ReportText{"declared as ", "erklärt als "}
                                                      : ReportText{"by evidence", "durch Indizien"};
    add_line(links,
             list_text(link.account_ids, 20) + same_text(": ") + kind +
                 same_text(link.kind == "master" || link.kind == "declared" ? link.name : ""));
  }
  answers.say_or("linked_accounts", links,
                 {"the accounts of the case are not linked",
                  "die Konten des Falls sind nicht "
                  "verbunden"});
}

void answer_gain(const StorCase& of, StorAnswers& answers) {
  if (of.gain_currency.empty()) {
    answers.say_na("gain", {"no gain or loss of the flagged trades is known",
                            "kein Gewinn oder Verlust der markierten Geschäfte ist bekannt"});
    return;
  }
  ReportText gain = same_text(of.gain + " " + of.gain_currency);
  for (const StorAccount& account : of.accounts) {
    if (!account.gain.empty() && account.gain != "0") {
      add_line(gain, same_text(account.account_id + ": " + account.gain + " " + of.gain_currency));
    }
  }
  answers.say("gain", gain);
}

void answer_measures(const StorCase& of, StorAnswers& answers) {
  ReportText measures;
  for (const StorMeasure& measure : of.measures) {
    const std::string what = measure.measure_id + " " + measure.kind + " (" + measure.clause + ")";
    ReportText line = same_text(what + ": " + measure.state);
    if (measure.in_force) {
      line = line + ReportText{", in force since ", ", in Kraft seit "} +
             same_text(format_rfc3339(*measure.in_force));
    }
    if (measure.until) {
      line = line + ReportText{", until ", ", bis "} + same_text(format_rfc3339(*measure.until));
    }
    if (!measure.account_ids.empty()) {
      line = line + same_text("; ") + list_text(measure.account_ids, 10);
    }
    if (!measure.legal_basis.empty()) {
      line = line + ReportText{"; legal basis: ", "; Rechtsgrundlage: "} +
             same_text(measure.legal_basis);
    }
    add_line(measures, line);
  }
  answers.say_or("measures_taken", measures,
                 {"the case has no measure", "der Fall hat keine Maßnahme"});
}

void answer_analysis(const StorCase& of, StorAnswers& answers) {
  ReportText analysis;
  for (const StorNote& note : of.notes) {
    const ReportText text =
        read_commitment(note.text)
            ? ReportText{"(the text is kept in the vault, which `reveal` shows)",
                         "(der Text liegt im Tresor, den `reveal` zeigt)"}
            : same_text(note.text);
    add_line(analysis, same_text(format_rfc3339(note.at) + ", " +
                                 (note.user_id.empty() ? "system" : note.user_id) + ": ") +
                           text);
  }
  if (!of.reason.empty()) {
    add_line(analysis, same_text(of.state + ": " + of.reason));
  }
  answers.say_or("analysis", analysis,
                 {"nobody has noted or decided anything about the case yet",
                  "zu dem Fall hat noch niemand etwas vermerkt oder entschieden"});
}

void answer_attachments(const StorCase& of, StorAnswers& answers) {
  ReportText list;
  if (!of.evidence.empty()) {
    add_line(list, {"Annex to section 2: the orders and transactions of the evidence (below)",
                    "Anlage zu Abschnitt 2: die Aufträge und Geschäfte der Nachweise (unten)"});
  }
  if (!of.accounts.empty()) {
    add_line(list,
             {"All orders and transactions of the accounts: `marktwacht export orders --case " +
                  of.case_id + "` (NDJSON or CSV)",
              "Alle Aufträge und Geschäfte der Konten: `marktwacht export orders --case " +
                  of.case_id + "` (NDJSON oder CSV)"});
  }
  for (const auto& [alert, text] : of.alerts) {
    add_line(list, {"Story of alert " + alert.alert_id +
                        " with the order book: `marktwacht explain " + alert.alert_id + "`",
                    "Darstellung des Alarms " + alert.alert_id +
                        " mit dem Auftragsbuch: `marktwacht explain " + alert.alert_id + "`"});
  }
  answers.say_or(
      "attachments", list,
      {"the case holds neither accounts nor alerts", "der Fall enthält weder Konten noch Alarme"});
}

}  // namespace

void answer_more(const StorCase& of, StorAnswers& answers) {
  answer_ledger(answers);
  answer_others(of, answers);
  answer_links(of, answers);
  answer_gain(of, answers);
  answer_measures(of, answers);
  answer_analysis(of, answers);
  answer_attachments(of, answers);
}

}  // namespace marktwacht
