// From behaviours to the articles that forbid them; a suspicion each, which people judge.
#include "edges/reports/stor_breach.h"

#include <algorithm>

namespace marktwacht {
namespace {

struct Breach {
  std::string_view key;  // a rule's or detector's id, or a clause
  int which;
};

struct Wording {
  std::string_view en, de;
};

// By number, from 0.
constexpr Wording wordings[] = {
    {"insider dealing, Article 89 MiCA", "Insidergeschäft, Artikel 89 MiCA"},
    {"market manipulation by transactions or orders that give false or misleading signals as to "
     "supply, demand or price, Article 91(2)(a) MiCA",
     "Marktmanipulation durch Geschäfte oder Aufträge, die falsche oder irreführende Signale zu "
     "Angebot, Nachfrage oder Kurs geben, Artikel 91 Absatz 2 Buchstabe a MiCA"},
    {"market manipulation that secures the price at an abnormal or artificial level, Article "
     "91(2)(a) MiCA",
     "Marktmanipulation, die den Kurs auf ein anormales oder künstliches Niveau bringt, Artikel 91 "
     "Absatz 2 Buchstabe a MiCA"},
    {"market manipulation by disseminating false or misleading information, Article 91(2)(c) MiCA",
     "Marktmanipulation durch Verbreitung falscher oder irreführender Informationen, Artikel 91 "
     "Absatz 2 Buchstabe c MiCA"},
    {"market manipulation by placing, cancelling or modifying orders, Article 91(3)(b) MiCA",
     "Marktmanipulation durch Erteilen, Stornieren oder Ändern von Aufträgen, Artikel 91 Absatz 3 "
     "Buchstabe b MiCA"},
    {"market manipulation by orders that disrupt or delay the functioning of the trading platform, "
     "Article 91(3)(b) MiCA",
     "Marktmanipulation durch Aufträge, die das Funktionieren der Handelsplattform stören oder "
     "verzögern, Artikel 91 Absatz 3 Buchstabe b MiCA"},
};

constexpr Breach breaches[] = {
    {"abnormal_profit", 0},
    {"self_trade", 1},
    {"wash_trade", 1},
    {"circular_trade", 1},
    {"matched_orders", 1},
    {"hedged_pair", 1},
    {"pump_and_dump", 2},
    {"momentum_ignition", 2},
    {"marking_the_close", 2},
    {"index_push", 2},
    {"rumour", 3},
    {"spoofing", 4},
    {"layering", 4},
    {"wall_pull", 4},
    {"quote_stuffing", 5},
    {"message_burst", 5},
    {"2.6", 3},
    {"2.7", 1},
    {"2.8", 4},
    {"2.9", 4},
    {"2.11", 5},
};

}  // namespace

ReportText breach_text(std::string_view clause, std::string_view detector) {
  for (const std::string_view key : {detector, clause}) {
    const auto at = std::ranges::find(breaches, key, &Breach::key);
    if (at != std::end(breaches)) {
      return {std::string(wordings[at->which].en), std::string(wordings[at->which].de)};
    }
  }
  return {};
}

}  // namespace marktwacht
