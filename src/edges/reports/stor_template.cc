// The wording of rows is the regulation's; the German one is a translation, for the page only.
#include "edges/reports/stor_template.h"

#include "base/check.h"

namespace marktwacht {
namespace {

constexpr StorAbout all = StorAbout::everything, each = StorAbout::person;

constexpr StorTitle titles[] = {
    {1, "Identity of entity/person submitting the STOR",
     "Angaben zur Stelle oder Person, die die Meldung übermittelt"},
    {2,
     "Transaction/order/behaviour and other aspects related to the functioning of the distributed "
     "ledger technology",
     "Geschäft/Auftrag/Verhalten und andere Aspekte der Funktionsweise der Distributed-Ledger-"
     "Technologie"},
    {3, "Description of the nature of the suspicion", "Beschreibung der Art des Verdachts"},
    {4,
     "Identification of person(s) responsible for the orders, transactions or behaviour related to "
     "the functioning of the distributed ledger technology that could constitute market abuse "
     "(‘suspected person’)",
     "Angaben zu der Person/den Personen, die für die Aufträge, Geschäfte oder das Verhalten im "
     "Zusammenhang mit der Distributed-Ledger-Technologie verantwortlich sind, die Marktmissbrauch "
     "darstellen könnten („verdächtige Person“)"},
    {5, "Additional information", "Zusätzliche Angaben"},
    {6, "Documentation attached", "Beigefügte Unterlagen"},
};

constexpr StorField fields[] = {
    {"submitter_name", 1, all, "Name of the natural person", "Name der natürlichen Person", "", ""},
    {"submitter_position", 1, all, "Position within the reporting entity",
     "Stellung in der meldenden Stelle", "", ""},
    {"entity_name", 1, all, "Name of the reporting entity", "Name der meldenden Stelle",
     "Full name", "Vollständiger Name"},
    {"entity_legal_form", 1, all, "", "", "Legal form", "Rechtsform"},
    {"entity_lei", 1, all, "", "", "LEI (ISO 17442)", "LEI (ISO 17442)"},
    {"entity_address", 1, all, "Address of the reporting entity", "Anschrift der meldenden Stelle",
     "", ""},
    {"acting_capacity", 1, all,
     "Acting capacity of entity with respect to the orders, transactions or behaviours related to "
     "the functioning of the DLT that could constitute market abuse",
     "Eigenschaft, in der die Stelle bezüglich der Aufträge, Geschäfte oder des Verhaltens im "
     "Zusammenhang mit der DLT gehandelt hat, die Marktmissbrauch darstellen könnten",
     "", ""},
    {"trading_activity", 1, all,
     "Type of trading activity (market making, arbitrage etc.) and type of crypto-asset traded by "
     "the reporting entity",
     "Art der Handelstätigkeit (Market-Making, Arbitrage usw.) und Art der Kryptowerte, mit denen "
     "die meldende Stelle handelt",
     "", ""},
    {"contact_name", 1, all, "Contact for additional request for information",
     "Ansprechpartner für weitere Auskünfte", "First name(s) and surname(s)",
     "Vorname(n) und Nachname(n)"},
    {"contact_position", 1, all, "", "", "Position", "Stellung"},
    {"contact_email", 1, all, "", "", "Professional email address", "Dienstliche E-Mail-Adresse"},
    {"contact_phone", 1, all, "", "", "Professional phone number", "Dienstliche Telefonnummer"},
    {"reported_before", 1, all, "Have the facts already been reported to public authorities?",
     "Wurde der Sachverhalt bereits Behörden gemeldet?", "", ""},

    {"crypto_assets", 2, all, "Description of the crypto-asset", "Beschreibung des Kryptowerts",
     "Full name and DTI (ISO 24165-2); of a pair both",
     "Vollständiger Name und DTI (ISO 24165-2); eines Paars beide"},
    {"crypto_asset_types", 2, all, "", "", "Type (ART, EMT, other)", "Art (ART, EMT, sonstiger)"},
    {"crypto_asset_references", 2, all, "", "",
     "Value, right or official currency referenced (ART and EMT)",
     "Wert, Recht oder amtliche Währung, auf die Bezug genommen wird (ART und EMT)"},
    {"ledgers", 2, all, "Name(s) of the distributed ledger(s)",
     "Name(n) des Distributed Ledger/der Distributed Ledgers", "", ""},
    {"trading_platform", 2, all,
     "Trading platform where order was placed or the transaction was executed",
     "Handelsplattform, auf der der Auftrag platziert oder das Geschäft ausgeführt wurde", "Name",
     "Name"},
    {"trading_platform_mic", 2, all, "", "", "MIC (ISO 10383)", "MIC (ISO 10383)"},
    {"outside_trading_platform", 2, all, "", "",
     "Outside a trading platform: LEI of the crypto-asset service provider",
     "Außerhalb einer Handelsplattform: LEI des Anbieters von Kryptowerte-Dienstleistungen"},
    {"country_of_order", 2, all, "Location (country)", "Ort (Land)", "Where the order is given",
     "Wo der Auftrag erteilt wird"},
    {"country_of_execution", 2, all, "", "", "Where the transaction is executed",
     "Wo das Geschäft ausgeführt wird"},
    {"country_of_ledger_behaviour", 2, all, "", "",
     "Where the behaviour related to the functioning of the DLT takes place",
     "Wo das Verhalten im Zusammenhang mit der DLT stattfindet"},
    {"times", 2, all,
     "Description of the order, transaction or suspicious behaviour related to the functioning of "
     "the DLT",
     "Beschreibung des Auftrags, des Geschäfts oder des verdächtigen Verhaltens im Zusammenhang "
     "mit der DLT",
     "Date(s) and time(s), UTC, ISO 8601", "Datum und Uhrzeit, UTC, ISO 8601"},
    {"references", 2, all, "", "",
     "Transaction reference number, order reference number or transaction hash",
     "Referenznummer des Geschäfts oder Auftrags oder Transaktions-Hash"},
    {"settlement", 2, all, "", "", "Settlement date and time", "Datum und Uhrzeit der Abwicklung"},
    {"prices", 2, all, "", "", "Purchase price/sale price", "Kaufpreis/Verkaufspreis"},
    {"quantities", 2, all, "", "", "Volume/quantity of crypto-assets",
     "Volumen/Menge der Kryptowerte"},
    {"order_types", 2, all, "", "", "For orders only: the type of order",
     "Nur bei Aufträgen: die Art des Auftrags"},
    {"alterations", 2, all, "", "",
     "Order cancellation or alteration: nature and extent of the alteration",
     "Stornierung oder Änderung des Auftrags: Art und Umfang der Änderung"},
    {"alteration_means", 2, all, "", "", "Means to alter the order",
     "Mittel, mit dem der Auftrag geändert wurde"},
    {"ledger_behaviour", 2, all, "", "",
     "Suspicious behaviour related to the functioning of the distributed ledger",
     "Verdächtiges Verhalten im Zusammenhang mit der Funktionsweise des Distributed Ledger"},

    {"nature_of_suspicion", 3, all, "Nature of the suspicion", "Art des Verdachts", "", ""},
    {"reasons_activity", 3, all, "Reasons for the suspicion", "Gründe für den Verdacht",
     "Description of the activity", "Beschreibung der Tätigkeit"},
    {"reasons_attention", 3, all, "", "", "How the matter came to attention",
     "Wie der Sachverhalt bekannt wurde"},
    {"reasons_order_book", 3, all, "", "",
     "Nature of the order book interaction or of the transactions",
     "Art der Einwirkung auf das Auftragsbuch oder der Geschäfte"},
    {"reasons_delay", 3, all, "", "",
     "Delay between the suspected breach and the STOR (Article 6(2))",
     "Zeit zwischen dem mutmaßlichen Verstoß und der Meldung (Artikel 6 Absatz 2)"},

    {"person_name", 4, each, "Name", "Name", "First name(s) and last name(s), or full name",
     "Vorname(n) und Nachname(n) oder vollständiger Name"},
    {"person_legal_form", 4, each, "", "", "For legal persons: legal form",
     "Bei juristischen Personen: Rechtsform"},
    {"person_lei", 4, each, "", "", "For legal persons: LEI (ISO 17442)",
     "Bei juristischen Personen: LEI (ISO 17442)"},
    {"national_id", 4, each, "National Identification Number", "Nationale Identifikationsnummer",
     "Number, else date of birth (ISO 8601)", "Nummer, sonst Geburtsdatum (ISO 8601)"},
    {"person_address", 4, each, "Address", "Anschrift", "", ""},
    {"employment_place", 4, each, "Information about the employment", "Angaben zur Beschäftigung",
     "Place", "Ort"},
    {"employment_position", 4, each, "", "", "Position", "Stellung"},
    {"account_numbers", 4, each, "Account number(s) and wallet address(es)",
     "Kontonummer(n) und Wallet-Adresse(n)",
     "Numbers of accounts, joint accounts, powers of attorney",
     "Nummern von Konten, Gemeinschaftskonten, Vollmachten"},
    {"wallet_addresses", 4, each, "", "", "Wallet address(es) involved",
     "Beteiligte Wallet-Adresse(n)"},
    {"client_identifier", 4, each, "Client identifier", "Kundenkennung", "", ""},
    {"issuer_relationship", 4, each, "Relationship with the issuer of the crypto-asset concerned",
     "Beziehung zum Emittenten des betreffenden Kryptowerts", "", ""},

    {"mempool", 5, all, "Where the suspected behaviour is conducted on a DLT",
     "Wenn das verdächtige Verhalten auf einer DLT stattfindet",
     "Passed through a public or private queue of transactions (mempool)",
     "Durchlief eine öffentliche oder private Warteschlange von Transaktionen (Mempool)"},
    {"ledger_access", 5, all, "", "",
     "The DLT is public (permissionless) or private (permissioned)",
     "Die DLT ist öffentlich (zulassungsfrei) oder privat (zulassungsbeschränkt)"},
    {"smart_contracts", 5, all, "", "",
     "Interactions with smart contracts: contract address, function called",
     "Zusammenwirken mit Smart Contracts: Adresse des Vertrags, aufgerufene Funktion"},
    {"others_names", 5, all,
     "Other entities/persons known to be involved in the orders or transactions",
     "Andere bekannte an den Aufträgen oder Geschäften Beteiligte", "Names", "Namen"},
    {"others_activity", 5, all, "", "", "Activity", "Tätigkeit"},
    {"linked_accounts", 5, all, "Why the accounts are taken for one hand",
     "Warum die Konten als eine Hand gelten", "", ""},
    {"gain", 5, all, "Gain of the flagged trades", "Gewinn der markierten Geschäfte", "", ""},
    {"measures_taken", 5, all, "Measures taken by the exchange",
     "Von der Börse ergriffene Maßnahmen", "", ""},
    {"analysis", 5, all, "Human analysis: notes and reasons",
     "Menschliche Prüfung: Vermerke und Gründe", "", ""},
    {"person_position", 5, each, "Position of the suspected person (retail client, institutions)",
     "Stellung der verdächtigen Person (Kleinanleger, Institutionen)", "", ""},
    {"intervention", 5, each, "Nature of the suspected person's intervention",
     "Art des Handelns der verdächtigen Person", "", ""},
    {"portfolio", 5, each, "Size of the suspected person's portfolio",
     "Umfang des Portfolios der verdächtigen Person", "", ""},
    {"client_since", 5, each, "Date on which the business relationship with the client started",
     "Beginn der Geschäftsbeziehung mit dem Kunden", "", ""},
    {"desk_activity", 5, each, "Type of activity of the trading desk",
     "Art der Tätigkeit des Handelstischs", "", ""},
    {"trading_habits", 5, each, "Trading patterns of the suspected person",
     "Handelsmuster der verdächtigen Person", "Trading habits", "Handelsgewohnheiten"},
    {"size_comparison", 5, each, "", "",
     "Size of the reported orders/transactions against the average of the past 12 months",
     "Umfang der gemeldeten Aufträge/Geschäfte gegenüber dem Durchschnitt der letzten 12 Monate"},
    {"crypto_asset_habits", 5, each, "", "", "Crypto-assets traded in the past 12 months",
     "In den letzten 12 Monaten gehandelte Kryptowerte"},

    {"attachments", 6, all, "Supporting attachments and material",
     "Beigefügte Unterlagen und Materialien", "", ""},
};

}  // namespace

std::span<const StorField> stor_fields() { return fields; }
std::span<const StorTitle> stor_sections() { return titles; }

StorFieldTexts texts_of(std::string_view field) {
  ReportText row;
  for (const StorField& one : fields) {
    if (!one.row_en.empty()) {
      row = {std::string(one.row_en), std::string(one.row_de)};
    }
    if (one.name == field) {
      return {row, {std::string(one.part_en), std::string(one.part_de)}};
    }
  }
  check(false, "a field of the template");
  __builtin_unreachable();
}

}  // namespace marktwacht
