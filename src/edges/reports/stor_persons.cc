// Sections 4 and 5 about one suspected person: what the exchange's stream states of its accounts.
// Names, papers and addresses are the client file's, which is never sent here.
#include <algorithm>
#include <set>

#include "base/token.h"
#include "edges/reports/countries.h"
#include "edges/reports/stor_answers.h"

namespace marktwacht {
namespace {

using OwnAccounts = std::vector<const StorAccount*>;

std::vector<std::string> ids_of(const OwnAccounts& accounts) {
  std::vector<std::string> ids;
  for (const StorAccount* account : accounts) {
    ids.push_back(account->account_id);
  }
  return ids;
}

// A token is said to be one: who may, has it revealed and replaces it before submitting.
ReportText personal(const std::string& value) {
  return same_text(value) +
         (is_token(value) ? ReportText{" (a token in place of the value, which `reveal` shows)",
                                       " (ein Token anstelle des Werts, den `reveal` zeigt)"}
                          : ReportText{});
}

ReportText none_named() { return {"the case names no account", "der Fall nennt kein Konto"}; }

ReportText in_client_file(const OwnAccounts& accounts) {
  if (accounts.empty()) {
    return none_named();
  }
  const std::string ids = list_text(ids_of(accounts), 10).en;
  ReportText why{"Marktwacht holds no such data: see the client file of " + ids,
                 "Marktwacht hält keine solchen Daten: siehe die Kundenakte zu " + ids};
  const std::string& person = accounts.front()->person_id;
  return person.empty() ? why : why + ReportText{", person ", ", Person "} + personal(person);
}

void answer_accounts(const OwnAccounts& accounts, StorAnswers& answers) {
  ReportText numbers, wallets, clients, people;
  std::set<std::string> persons, addresses;
  for (const StorAccount* account : accounts) {
    add_line(numbers, same_text(account->account_id) +
                          (account->master_id.empty()
                               ? ReportText{}
                               : ReportText{", sub-account of " + account->master_id,
                                            ", Unterkonto von " + account->master_id}));
    add_line(clients, same_text(account->account_id));
    if (!account->person_id.empty() && persons.insert(account->person_id).second) {
      add_line(people, ReportText{"person ", "Person "} + personal(account->person_id));
    }
    for (const std::string& wallet : account->wallets) {
      if (addresses.insert(wallet).second) {
        add_line(wallets, personal(wallet));
      }
    }
  }
  if (!people.en.empty()) {
    add_line(clients, people);
  }
  answers.say_or("account_numbers", numbers, none_named());
  answers.say_or("wallet_addresses", wallets,
                 accounts.empty() ? none_named()
                                  : ReportText{"no deposit or withdrawal of the past 12 months "
                                               "names an address",
                                               "keine Ein- oder Auszahlung der letzten 12 Monate "
                                               "nennt eine Adresse"});
  answers.say_or("client_identifier", clients, none_named());
}

bool has_role(const OwnAccounts& accounts, std::string_view role) {
  return std::ranges::any_of(accounts, [&](const StorAccount* account) {
    return std::ranges::find(account->roles, role) != account->roles.end();
  });
}

void answer_standing(const OwnAccounts& accounts, StorAnswers& answers) {
  ReportText position;
  for (const StorAccount* account : accounts) {
    if (!account->roles.empty()) {
      add_line(position,
               same_text(account->account_id + ": " + list_text(account->roles, 10).en) +
                   (account->kyc_level ? ReportText{", KYC level ", ", KYC-Stufe "} +
                                             same_text(std::to_string(*account->kyc_level))
                                       : ReportText{}));
    }
  }
  answers.say_or("person_position", position,
                 accounts.empty() ? none_named()
                                  : ReportText{"no role is stated for the accounts; retail client "
                                               "or institution: see the client file",
                                               "für die Konten ist keine Rolle angegeben; "
                                               "Kleinanleger oder Institution: siehe Kundenakte"});
  ReportText intervention;
  if (has_role(accounts, "broker") || has_role(accounts, "omnibus")) {
    add_line(intervention, {"on behalf of clients (role broker or omnibus)",
                            "im Auftrag von Kunden (Rolle broker oder omnibus)"});
  }
  if (has_role(accounts, "market_maker")) {
    add_line(intervention,
             {"on own account, as a market maker", "auf eigene Rechnung, als Market-Maker"});
  }
  if (has_role(accounts, "copy_leader")) {
    add_line(intervention, {"on own account; others copy its orders",
                            "auf eigene Rechnung; andere kopieren ihre Aufträge"});
  }
  answers.say_or("intervention", intervention,
                 accounts.empty() ? none_named()
                                  : ReportText{"the stream does not state for whom the accounts "
                                               "trade",
                                               "der Datenstrom sagt nicht, für wen die Konten "
                                               "handeln"});
}

void answer_portfolio(const OwnAccounts& accounts, StorAnswers& answers) {
  ReportText portfolio, since, desks;
  for (const StorAccount* account : accounts) {
    std::vector<std::string> held;
    for (const auto& [asset, amount] : account->balances) {
      held.push_back(amount + " " + asset);
    }
    for (const auto& [instrument_id, quantity] : account->positions) {
      held.push_back(quantity + " × " + instrument_id);
    }
    if (!held.empty()) {
      add_line(portfolio, same_text(account->account_id + ": ") + list_text(held, 20));
    }
    if (account->opened) {
      add_line(since, same_text(account->account_id + ": " + format_rfc3339(*account->opened)));
    }
    if (!account->desk_id.empty()) {
      add_line(desks, same_text(account->account_id + ": ") + ReportText{"desk ", "Handelstisch "} +
                          same_text(account->desk_id));
    }
  }
  const auto why = [&](const char* en, const char* de) {
    return accounts.empty() ? none_named() : ReportText{en, de};
  };
  answers.say_or("portfolio", portfolio,
                 why("the accounts hold no balance and no position that is known",
                     "die Konten haben kein bekanntes Guthaben und keine bekannte Position"));
  answers.say_or("client_since", since,
                 why("no opening date is stated for the accounts",
                     "für die Konten ist kein Eröffnungsdatum angegeben"));
  answers.say_or("desk_activity", desks,
                 why("no trading desk is stated for the accounts",
                     "für die Konten ist kein Handelstisch angegeben"));
}

}  // namespace

void answer_person(const StorCase& of, const OwnAccounts& accounts, StorAnswers& answers) {
  for (const char* field : {"person_name", "person_legal_form", "person_lei", "national_id",
                            "employment_place", "employment_position"}) {
    answers.say_na(field, in_client_file(accounts));
  }
  ReportText countries;
  for (const StorAccount* account : accounts) {
    if (!account->country.empty() && countries.en.empty()) {
      countries =
          ReportText{"; country stated: ", "; angegebenes Land: "} + country_text(account->country);
    }
  }
  answers.say_na("person_address", in_client_file(accounts) + countries);
  answers.say_na("issuer_relationship",
                 accounts.empty()
                     ? none_named()
                     : ReportText{"not known to Marktwacht: the stream states nothing of issuers",
                                  "Marktwacht nicht bekannt: der Datenstrom sagt nichts über "
                                  "Emittenten"});
  answer_accounts(accounts, answers);
  answer_standing(accounts, answers);
  answer_portfolio(accounts, answers);
  answer_habits(of, accounts, answers);
}

}  // namespace marktwacht
