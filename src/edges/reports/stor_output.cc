// The report as JSON and as a page.
#include "edges/reports/stor.h"
#include "edges/reports/stor_template.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

constexpr std::string_view template_id = "Delegated Regulation (EU) 2025/885, Annex";

void write_text(const ReportText& text, std::string& out) {
  ObjectWriter object(out);
  object.text("en", text.en);
  object.text("de", text.de);
  object.end();
}

void write_field(std::string_view name, const StorAnswer& answer, std::string& out) {
  const StorFieldTexts texts = texts_of(name);
  ObjectWriter object(out);
  object.text("name", name);
  write_text(texts.row, object.member("row"));
  if (!texts.part.en.empty()) {
    write_text(texts.part, object.member("part"));
  }
  write_text(answer.is_na() ? same_text("NA") : answer.value, object.member("value"));
  if (answer.is_na()) {
    write_text(answer.na_reason, object.member("na_reason"));
  }
  object.end();
}

void write_section(const StorSection& section, std::string& out) {
  const StorTitle& title = stor_sections()[static_cast<std::size_t>(section.number) - 1];
  ObjectWriter object(out);
  object.number("number", section.number);
  write_text({std::string(title.en), std::string(title.de)}, object.member("title"));
  object.array("parts", section.parts, [&](const StorPart& part) {
    ObjectWriter each(out);
    if (!part.account_ids.empty()) {
      each.texts("account_ids", part.account_ids);
    }
    each.array("fields", part.answers,
               [&](const auto& said) { write_field(said.first, said.second, out); });
    each.end();
  });
  object.end();
}

void add_fields(const StorPart& part, ReportLanguage language, std::string& out) {
  std::string row;
  out += "<table class=\"form\">\n";
  for (const auto& [name, answer] : part.answers) {
    const StorFieldTexts texts = texts_of(name);
    out += "<tr><th>";
    if (texts.row.en != row) {
      row = texts.row.en;
      out += escaped_html(texts.row.in(language)) + (texts.part.en.empty() ? "" : "<br>");
    }
    out += "<span class=\"part\">" + escaped_html(texts.part.in(language)) + "</span>";
    out += "</th><td>";
    out += answer.is_na() ? "NA <span class=\"na\">– " +
                                escaped_html(answer.na_reason.in(language)) + "</span>"
                          : escaped_html(answer.value.in(language));
    out += "</td></tr>\n";
  }
  out += "</table>\n";
}

void add_section(const StorSection& section, ReportLanguage language, std::string& out) {
  const StorTitle& title = stor_sections()[static_cast<std::size_t>(section.number) - 1];
  const bool en = language == ReportLanguage::en;
  out += std::string("<h2>") + (en ? "Section " : "Abschnitt ") + std::to_string(section.number) +
         " – " + escaped_html(en ? title.en : title.de) + "</h2>\n";
  for (const StorPart& part : section.parts) {
    if (!part.account_ids.empty()) {
      out += en ? "<h3>Suspected person: " : "<h3>Verdächtige Person: ";
      for (const std::string& id : part.account_ids) {
        out += (id == part.account_ids.front() ? "" : ", ") + escaped_html(id);
      }
      out += "</h3>\n";
    }
    add_fields(part, language, out);
  }
}

void add_annex(const StorReport& report, ReportLanguage language, std::string& out) {
  const bool en = language == ReportLanguage::en;
  if (report.evidence.empty()) {
    return;
  }
  out += en ? "<h2>Annex to section 2: orders and transactions of the evidence</h2>\n"
            : "<h2>Anlage zu Abschnitt 2: Aufträge und Geschäfte der Nachweise</h2>\n";
  out += "<table class=\"annex\">\n<thead><tr>";
  const char* const en_heads[] = {"seq",  "time (UTC)", "type",     "instrument", "account",
                                  "side", "price",      "quantity", "reference",  "more"};
  const char* const de_heads[] = {"Nr.",   "Zeit (UTC)", "Art",   "Instrument", "Konto",
                                  "Seite", "Preis",      "Menge", "Referenz",   "mehr"};
  for (const char* head : en ? en_heads : de_heads) {
    out += "<th>" + std::string(head) + "</th>";
  }
  out += "</tr></thead>\n";
  for (const OrderRecord& record : report.evidence) {
    const bool trade = record.type == "trade";
    const std::string who =
        trade ? record.buyer_id + " ← " + record.seller_id
              : record.account_id +
                    (record.to_account_id.empty() ? "" : " → " + record.to_account_id);
    const std::string& ref = trade                     ? record.trade_id
                             : record.order_id.empty() ? record.tx_id
                                                       : record.order_id;
    std::string more = record.order_type;
    for (const std::string& text : {record.time_in_force, record.reason, record.channel}) {
      more += (more.empty() || text.empty() ? "" : ", ") + text;
    }
    out += "<tr>";
    for (const std::string& cell :
         {std::to_string(record.seq), format_rfc3339(record.ts), record.type,
          record.instrument_id.empty() ? record.asset : record.instrument_id, who, record.side,
          record.price, record.quantity.empty() ? record.amount : record.quantity, ref, more}) {
      out += "<td>" + escaped_html(cell) + "</td>";
    }
    out += "</tr>\n";
  }
  out += "</table>\n";
}

}  // namespace

std::string stor_json(const StorReport& report) {
  std::string out;
  ObjectWriter object(out);
  object.text("template", template_id);
  object.text("case_id", report.case_id);
  object.number("made_ts", report.made.ns);
  object.number("last_seq", report.last_seq);
  object.array("sections", report.sections,
               [&](const StorSection& section) { write_section(section, out); });
  object.array("evidence", report.evidence,
               [&](const OrderRecord& record) { write_order_record(record, out); });
  object.number("evidence_left_out", report.evidence_left_out);
  object.end();
  return out;
}

std::string stor_html(const StorReport& report, ReportLanguage language) {
  const bool en = language == ReportLanguage::en;
  const std::string made = format_rfc3339(report.made), seq = std::to_string(report.last_seq);
  std::string out =
      page_start(language, (en ? "Suspicious transaction and order report (STOR), case "
                               : "Meldung verdächtiger Geschäfte und Aufträge (STOR), Fall ") +
                               report.case_id);
  out += "<p class=\"quiet\">" +
         escaped_html(en ? "Template: " + std::string(template_id) + ". Draft of " + made +
                               ", from the records up to " + seq +
                               ". To be completed and submitted by a person."
                         : "Muster: Delegierte Verordnung (EU) 2025/885, Anhang. Entwurf vom " +
                               made + ", nach den Aufzeichnungen bis " + seq +
                               ". Von einem Menschen zu ergänzen und zu übermitteln.") +
         "</p>\n";
  for (const StorSection& section : report.sections) {
    add_section(section, language, out);
  }
  add_annex(report, language, out);
  return out + page_end();
}

}  // namespace marktwacht
