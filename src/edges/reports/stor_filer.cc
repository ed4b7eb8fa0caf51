// Sections 1 and 2, as far as the configuration says them: who submits, where, which crypto-assets.
#include <algorithm>
#include <set>

#include "edges/reports/countries.h"
#include "edges/reports/stor_answers.h"

namespace marktwacht {
namespace {

ReportText not_set(const std::string& key) {
  return {"not set: " + key + " in marktwacht.toml",
          "nicht gesetzt: " + key + " in marktwacht.toml"};
}

void answer_submitter(const StorFiler& filer, StorAnswers& answers) {
  const struct {
    const char* field;
    const std::string& value;
    const char* key;
  } set[] = {{"submitter_name", filer.submitter_name, "stor_submitter_name"},
             {"submitter_position", filer.submitter_position, "stor_submitter_position"},
             {"entity_name", filer.venue_name, "venue_name"},
             {"entity_legal_form", filer.venue_legal_form, "venue_legal_form"},
             {"entity_lei", filer.venue_lei, "venue_lei"},
             {"entity_address", filer.venue_address, "venue_address"},
             {"trading_activity", filer.trading_activity, "stor_trading_activity"},
             {"contact_name", filer.contact_name, "stor_contact_name"},
             {"contact_position", filer.contact_position, "stor_contact_position"},
             {"contact_email", filer.contact_email, "stor_contact_email"},
             {"contact_phone", filer.contact_phone, "stor_contact_phone"},
             {"trading_platform", filer.venue_name, "venue_name"},
             {"trading_platform_mic", filer.venue_mic, "venue_mic"}};
  for (const auto& [field, value, key] : set) {
    answers.say_or(field, value, not_set(key));
  }
  answers.say("acting_capacity", filer.acting_capacity.empty()
                                     ? ReportText{"operating a trading platform for crypto-assets",
                                                  "Betrieb einer Handelsplattform für Kryptowerte"}
                                     : same_text(filer.acting_capacity));
}

void answer_reported(const StorFiler& filer, const StorCase& of, StorAnswers& answers) {
  if (!of.reported) {
    answers.say("reported_before", ReportText{"No, as far as the case's record says.",
                                              "Nein, soweit die Akte des Falls es sagt."});
    return;
  }
  const std::string to = filer.authority.empty() ? "" : ": " + filer.authority;
  ReportText said{"Yes" + to, "Ja" + to};
  if (filer.authority.empty()) {
    said =
        said + ReportText{" (the authority's name is not set: stor_authority in marktwacht.toml)",
                          " (Name der Behörde nicht gesetzt: stor_authority in marktwacht.toml)"};
  }
  if (!of.report_ref.empty()) {
    said = said + ReportText{", reference " + of.report_ref, ", Aktenzeichen " + of.report_ref};
  }
  answers.say("reported_before", said);
}

void answer_places(const StorFiler& filer, const StorCase& of, StorAnswers& answers) {
  ReportText orders;
  for (const StorAccount& account : of.accounts) {
    if (!account.country.empty()) {
      add_line(orders, same_text(account.account_id + ": ") + country_text(account.country));
    }
  }
  if (!orders.en.empty()) {
    orders = orders + ReportText{"\n(the country stated for the account)",
                                 "\n(das für das Konto angegebene Land)"};
  }
  answers.say_or("country_of_order", orders,
                 {"no country is stated for an account of the case",
                  "für kein Konto des Falls ist ein Land angegeben"});
  answers.say_or("country_of_execution",
                 filer.venue_country.empty() ? ReportText() : country_text(filer.venue_country),
                 not_set("venue_country"));
  answers.say_na("country_of_ledger_behaviour",
                 {"no behaviour related to the functioning of a DLT is reported",
                  "es wird kein Verhalten im Zusammenhang mit einer DLT gemeldet"});
  const auto outside = std::ranges::count_if(of.evidence, [](const OrderRecord& record) {
    return record.kind == "block" || record.kind == "rfq";
  });
  const CountedWord agreed{"transaction of the evidence was", "transactions of the evidence were",
                           "Geschäft der Nachweise wurde", "Geschäfte der Nachweise wurden"};
  if (outside == 0) {
    answers.say_na("outside_trading_platform",
                   {"no transaction of the evidence was agreed outside the order book",
                    "kein Geschäft der Nachweise wurde außerhalb des Auftragsbuchs vereinbart"});
    return;
  }
  answers.say("outside_trading_platform",
              counted(static_cast<std::uint64_t>(outside), agreed) +
                  ReportText{" agreed outside the order book (block, rfq); LEI ",
                             " außerhalb des Auftragsbuchs vereinbart (block, rfq); LEI "} +
                  (filer.venue_lei.empty() ? not_set("venue_lei") : same_text(filer.venue_lei)));
}

// Of the pairs traded, both; of funds, theirs.
std::vector<std::string> assets_of(const StorCase& of) {
  std::vector<std::string> assets;
  const auto add = [&](const std::string& asset) {
    if (!asset.empty() && std::ranges::find(assets, asset) == assets.end()) {
      assets.push_back(asset);
    }
  };
  for (const StorInstrument& instrument : of.instruments) {
    add(instrument.base);
    add(instrument.quote);
  }
  for (const OrderRecord& record : of.evidence) {
    add(record.asset);
  }
  return assets;
}

ReportText kind_text(const std::string& kind) {
  if (kind == "art") {
    return {"asset-referenced token (ART)", "vermögenswertereferenzierter Token (ART)"};
  }
  if (kind == "emt") {
    return {"e-money token (EMT)", "E-Geld-Token (EMT)"};
  }
  if (kind == "currency") {
    return {"official currency, no crypto-asset", "amtliche Währung, kein Kryptowert"};
  }
  return {"other crypto-asset", "sonstiger Kryptowert"};
}

}  // namespace

void answer_crypto_assets(const StorFiler& filer, const StorCase& of, StorAnswers& answers) {
  ReportText names, kinds, references, ledgers;
  std::vector<std::string> unknown;
  for (const std::string& asset : assets_of(of)) {
    const auto set = std::ranges::find(filer.crypto_assets, asset, &StorFiler::CryptoAsset::asset);
    if (set == filer.crypto_assets.end()) {
      unknown.push_back(asset);
      add_line(names, same_text(asset) +
                          ReportText{" (name and DTI not set)", " (Name und DTI nicht gesetzt)"});
      continue;
    }
    add_line(names, same_text(asset + ": " + set->name) +
                        (set->dti.empty() ? ReportText{", without a DTI", ", ohne DTI"}
                                          : same_text(", DTI " + set->dti)));
    add_line(kinds, same_text(asset + ": ") + kind_text(set->kind));
    if (!set->reference.empty()) {
      add_line(references, same_text(asset + ": " + set->reference));
    }
    if (!set->ledger.empty()) {
      add_line(ledgers, same_text(asset + ": " + set->ledger));
    }
  }
  for (const StorInstrument& instrument : of.instruments) {
    add_line(names, same_text(instrument.instrument_id + " (" + instrument.kind +
                              "): " + instrument.base + ", " + instrument.quote));
  }
  const ReportText none{"the case names no crypto-asset", "der Fall nennt keinen Kryptowert"};
  const ReportText unset =
      list_text(unknown, 10) +
      ReportText{": not set by a [[crypto_asset]] of marktwacht.toml",
                 ": nicht gesetzt durch ein [[crypto_asset]] von marktwacht.toml"};
  const ReportText no_reference{"no asset-referenced or e-money token is concerned",
                                "es ist kein vermögenswertereferenzierter und kein E-Geld-Token "
                                "betroffen"};
  answers.say_or("crypto_assets", names, none);
  answers.say_or("crypto_asset_types", kinds, unknown.empty() ? none : unset);
  answers.say_or("crypto_asset_references", references, unknown.empty() ? no_reference : unset);
  answers.say_or("ledgers", ledgers,
                 unknown.empty() ? ReportText{"no ledger is set for the crypto-assets concerned",
                                              "für die betroffenen Kryptowerte ist kein Ledger "
                                              "gesetzt"}
                                 : unset);
}

void answer_filer(const StorFiler& filer, const StorCase& of, StorAnswers& answers) {
  answer_submitter(filer, answers);
  answer_reported(filer, of, answers);
  answer_places(filer, of, answers);
}

}  // namespace marktwacht
