// A suspicious transaction and order report (STOR) of one case: every field of the template in the
// Annex of Delegated Regulation (EU) 2025/885, with a value, or "NA" and why. docs/reports.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/alert.h"
#include "edges/reports/order_record.h"
#include "edges/reports/page.h"

namespace marktwacht {

// Who submits, and what of the venue no event says: keys of marktwacht.toml. Empty: not said.
struct StorFiler {
  struct CryptoAsset {
    std::string asset;              // as in the stream
    std::string name, dti, kind;    // kind: art, emt, other
    std::string reference, ledger;  // what an art or emt keeps its value by
    bool operator==(const CryptoAsset&) const = default;
  };

  std::string submitter_name = {}, submitter_position = {};
  std::string venue_name = {}, venue_legal_form = {}, venue_lei = {}, venue_mic = {},
              venue_address = {}, venue_country = {};  // ISO 3166-1, two letters
  std::string acting_capacity = {}, trading_activity = {};
  std::string contact_name = {}, contact_position = {}, contact_email = {}, contact_phone = {};
  std::string authority = {};  // whom reports go to
  std::vector<CryptoAsset> crypto_assets = {};
};

// What a suspected account is, has and does.
struct StorAccount {
  // How it has traded one instrument in the twelve months up to the case's last alert.
  struct Habit {
    std::uint64_t orders = 0, trades = 0;
    std::string order_quantity = "0", trade_quantity = "0";  // sums
    bool operator==(const Habit&) const = default;
  };

  std::string account_id;
  std::string person_id = {}, master_id = {}, desk_id = {}, country = {};
  std::vector<std::string> roles = {};
  std::optional<int> kyc_level = {};
  std::optional<Time> opened = {};
  std::vector<std::pair<std::string, std::string>> balances = {};   // asset, amount
  std::vector<std::pair<std::string, std::string>> positions = {};  // instrument, quantity
  std::string gain = {};                                            // of the case's
  std::map<std::string, Habit> habits = {};                         // by instrument
  std::vector<std::string> wallets = {};                            // that funds came from, went to
};

struct StorInstrument {
  std::string instrument_id, kind, base, quote;
};

struct StorMeasure {
  std::string measure_id, kind, clause, state, legal_basis;
  std::optional<Time> in_force, until;
  std::vector<std::string> account_ids;
};

// Why accounts are one hand: a link of docs/links.md.
struct StorLink {
  std::string kind, name;
  std::vector<std::string> account_ids;
};

struct StorNote {
  Time at;
  std::string user_id, text;
};

// A case with everything that the report speaks of.
struct StorCase {
  std::string case_id, state;
  Time opened, last_alert;
  std::vector<std::pair<std::string, std::string>> breaches = {};  // clause, rule or detector
  std::vector<StorNote> notes = {};
  std::string reason = {};  // of the last closing or reopening
  bool reported = false;
  std::string report_ref = {};
  std::string gain_currency = {}, gain = {};

  std::vector<std::pair<Alert, AlertText>> alerts = {};  // as they joined; `at`: when it opened
  std::vector<StorAccount> accounts = {};                // by account_id
  std::vector<StorInstrument> instruments = {};          // of the alerts and the evidence
  std::vector<StorLink> links = {};
  std::vector<StorMeasure> measures = {};
  std::vector<OrderRecord> evidence = {};  // of all alerts, by seq, each once
  std::uint64_t evidence_left_out = 0;     // that the alerts do not keep
  Time first_record = {};                  // how far back the journal goes

  Time made = {};              // when the report is made, by the wall clock
  std::uint64_t last_seq = 0;  // of the records it rests on
};

// Exactly one of the two is said.
struct StorAnswer {
  ReportText value, na_reason;
  bool is_na() const { return value.en.empty(); }
};

// A section, or where it is about persons, what it says of one of them.
struct StorPart {
  std::vector<std::string> account_ids = {};  // of the person; empty: of none
  std::vector<std::pair<std::string_view, StorAnswer>> answers = {};  // by the fields' names
};

struct StorSection {
  int number = 0;
  std::vector<StorPart> parts = {};
};

struct StorReport {
  std::string case_id;
  Time made;
  std::uint64_t last_seq = 0;
  std::vector<StorSection> sections;  // 1 to 6
  std::vector<OrderRecord> evidence;  // the annex to section 2
  std::uint64_t evidence_left_out = 0;
};

// With no account in the case sections 4 and 5 have one part, which says so.
StorReport stor_report(const StorFiler& filer, const StorCase& of);

// One object of JSON, as stor_schema.json has it.
std::string stor_json(const StorReport& report);
// A page that needs nothing else and prints well.
std::string stor_html(const StorReport& report, ReportLanguage language);

}  // namespace marktwacht
