// Section 2: the orders and transactions of the evidence. Each of them stands in the annex.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/decimal.h"
#include "edges/reports/stor_answers.h"

namespace marktwacht {
namespace {

constexpr std::size_t listed_max = 20;

constexpr CountedWord events_word{"event", "events", "Ereignis", "Ereignisse"};
constexpr CountedWord orders_word{"order", "orders", "Auftrag", "Aufträge"};
constexpr CountedWord trades_word{"transaction", "transactions", "Geschäft", "Geschäfte"};

const ReportText no_orders{"the evidence of the case holds no orders or transactions",
                           "die Nachweise des Falls enthalten keine Aufträge oder Geschäfte"};

bool is_order(const OrderRecord& record) {
  return record.type == "order" || record.type == "book_order";
}
bool is_change(const OrderRecord& record) {
  return record.type == "cancel" || record.type == "replace";
}

ReportText in_annex(const StorCase& of) {
  ReportText text{"\nEach of them: Annex.", "\nJedes einzelne: Anlage."};
  if (of.evidence_left_out > 0) {
    const std::string left = std::to_string(of.evidence_left_out);
    text = text + ReportText{" The alerts keep the first and last of their evidence; " + left +
                                 " further events: `export orders`.",
                             " Die Alarme halten die ersten und letzten ihrer Nachweise; " + left +
                                 " weitere Ereignisse: `export orders`."};
  }
  return text;
}

void answer_times(const StorCase& of, StorAnswers& answers) {
  if (!of.evidence.empty()) {
    const auto [first, last] = std::ranges::minmax(of.evidence, {}, &OrderRecord::ts);
    answers.say("times", span_text(first.ts, last.ts) + same_text(": ") +
                             counted(of.evidence.size(), events_word) + same_text(".") +
                             in_annex(of));
    return;
  }
  ReportText spans;
  for (const auto& [alert, text] : of.alerts) {
    add_line(spans, same_text(alert.alert_id + ": ") + span_text(alert.from, alert.to));
  }
  answers.say_or("times", spans, {"the case has no alert", "der Fall hat keinen Alarm"});
}

void answer_references(const StorCase& of, StorAnswers& answers) {
  const struct {
    std::string OrderRecord::* id;
    ReportText what;
  } kinds[] = {{&OrderRecord::order_id, {"orders", "Aufträge"}},
               {&OrderRecord::trade_id, {"transactions", "Geschäfte"}},
               {&OrderRecord::tx_id, {"transaction hashes", "Transaktions-Hashes"}}};
  ReportText references;
  for (const auto& [id, what] : kinds) {
    std::vector<std::string> ids;
    std::set<std::string> seen;
    for (const OrderRecord& record : of.evidence) {
      if (!(record.*id).empty() && seen.insert(record.*id).second) {
        ids.push_back(record.*id);
      }
    }
    if (!ids.empty()) {
      add_line(references, what + same_text(": ") + list_text(ids, listed_max));
    }
  }
  answers.say_or("references", references, no_orders);
}

// Lowest and highest.
struct PriceRange {
  std::optional<Decimal> least, most;

  void add(const std::string& text) {
    const auto price = parse_decimal(text);
    if (price) {
      least = !least || is_less(*price, *least) ? price : least;
      most = !most || is_less(*most, *price) ? price : most;
    }
  }
  ReportText text() const {
    const std::string from = format_decimal(*least), to = format_decimal(*most);
    return from == to ? same_text(from) : ReportText{from + " to " + to, from + " bis " + to};
  }
};

ReportText side_text(const std::string& side) {
  return side == "buy"    ? ReportText{"purchase", "Kauf"}
         : side == "sell" ? ReportText{"sale", "Verkauf"}
                          : ReportText{"transaction", "Geschäft"};
}

void answer_prices(const StorCase& of, StorAnswers& answers) {
  std::map<std::pair<std::string, std::string>, PriceRange> prices;  // by instrument, side
  for (const OrderRecord& record : of.evidence) {
    if (!record.instrument_id.empty() && !record.price.empty()) {
      prices[{record.instrument_id, record.side}].add(record.price);
    }
  }
  ReportText text;
  for (const auto& [of_what, range] : prices) {
    if (range.least) {
      add_line(text, same_text(of_what.first + ", ") + side_text(of_what.second) + same_text(": ") +
                         range.text());
    }
  }
  answers.say_or("prices", text, no_orders);
}

// Sums of quantities that may be many; "more than can be added" is not met in practice, and said.
struct QuantitySum {
  std::uint64_t count = 0;
  Decimal sum;
  bool whole = true;

  void add(const std::string& text) {
    ++count;
    const auto quantity = parse_decimal(text);
    const auto added = quantity ? sum_of(sum, *quantity) : std::nullopt;
    whole = whole && added;
    sum = added.value_or(sum);
  }
  ReportText text() const {
    return same_text(format_decimal(sum)) +
           (whole ? ReportText{} : ReportText{" or more", " oder mehr"});
  }
};

void answer_quantities(const StorCase& of, StorAnswers& answers) {
  std::map<std::string, std::pair<QuantitySum, QuantitySum>> sums;  // of orders, of trades
  std::map<std::string, QuantitySum> funds;
  for (const OrderRecord& record : of.evidence) {
    if (is_order(record)) {
      sums[record.instrument_id].first.add(record.quantity);
    } else if (record.type == "trade") {
      sums[record.instrument_id].second.add(record.quantity);
    } else if (!record.asset.empty()) {
      funds[record.asset].add(record.amount);
    }
  }
  ReportText text;
  for (const auto& [instrument_id, both] : sums) {
    const auto& [orders, trades] = both;
    ReportText line = same_text(instrument_id + ": ");
    if (orders.count > 0) {
      line = line + counted(orders.count, orders_word) + ReportText{" over ", " über "} +
             orders.text();
    }
    if (trades.count > 0) {
      line = line + same_text(orders.count > 0 ? "; " : "") + counted(trades.count, trades_word) +
             ReportText{" over ", " über "} + trades.text();
    }
    add_line(text, line);
  }
  for (const auto& [asset, sum] : funds) {
    add_line(text, same_text(asset + ": ") +
                       ReportText{"deposits, withdrawals, transfers: ",
                                  "Einzahlungen, Auszahlungen, Übertragungen: "} +
                       sum.text());
  }
  answers.say_or("quantities", text, no_orders);
}

void answer_order_types(const StorCase& of, StorAnswers& answers) {
  std::map<std::string, std::uint64_t> types;
  for (const OrderRecord& record : of.evidence) {
    if (is_order(record)) {
      ++types[record.side + " " + record.order_type + " " + record.time_in_force];
    }
  }
  ReportText text;
  for (const auto& [type, count] : types) {
    add_line(text, same_text(type + ": " + std::to_string(count)));
  }
  answers.say_or("order_types", text,
                 {"the evidence of the case holds no placing of an order; prices of the orders "
                  "cancelled or changed: Annex",
                  "die Nachweise des Falls enthalten kein Platzieren eines Auftrags; Preise der "
                  "stornierten oder geänderten Aufträge: Anlage"});
}

void answer_alterations(const StorCase& of, StorAnswers& answers) {
  std::map<std::string, QuantitySum> cancelled;  // by reason
  std::uint64_t replaced = 0, other_price = 0;
  std::map<std::string, std::uint64_t> channels;
  for (const OrderRecord& record : of.evidence) {
    if (record.type == "cancel") {
      cancelled[record.reason].add(record.quantity);
    } else if (record.type == "replace") {
      ++replaced;
      other_price += record.price != record.price_before ? 1 : 0;
    }
    if (is_change(record) && !record.channel.empty()) {
      ++channels[record.channel];
    }
  }
  ReportText text, means;
  for (const auto& [reason, sum] : cancelled) {
    add_line(text, counted(sum.count, {"order cancelled", "orders cancelled", "Auftrag storniert",
                                       "Aufträge storniert"}) +
                       same_text(" (" + reason + ")") +
                       ReportText{", unfilled quantity ", ", unausgeführte Menge "} + sum.text());
  }
  if (replaced > 0) {
    const std::string prices = std::to_string(other_price);
    add_line(text, counted(replaced, {"order changed", "orders changed", "Auftrag geändert",
                                      "Aufträge geändert"}) +
                       ReportText{", " + prices + " of them in price",
                                  ", davon " + prices + " im Preis"});
  }
  for (const auto& [channel, count] : channels) {
    add_line(means, same_text(channel + ": " + std::to_string(count)));
  }
  const bool any = !text.en.empty();
  answers.say_or("alterations", text,
                 {"no order of the evidence was cancelled or changed",
                  "kein Auftrag der Nachweise wurde storniert oder geändert"});
  if (!means.en.empty()) {
    means = ReportText{"by the channel of the order\n", "nach dem Kanal des Auftrags\n"} + means;
  }
  answers.say_or("alteration_means", means,
                 any ? ReportText{"the stream states no channel for these orders",
                                  "der Datenstrom nennt für diese Aufträge keinen Kanal"}
                     : ReportText{"no order of the evidence was cancelled or changed",
                                  "kein Auftrag der Nachweise wurde storniert oder geändert"});
}

}  // namespace

void answer_orders(const StorCase& of, StorAnswers& answers) {
  answer_times(of, answers);
  answer_references(of, answers);
  answers.say_na("settlement",
                 {"the platform's event stream states no settlement apart from the transaction, "
                  "whose time stands above",
                  "der Datenstrom der Plattform nennt keine Abwicklung neben dem Geschäft, dessen "
                  "Zeit oben steht"});
  answer_prices(of, answers);
  answer_quantities(of, answers);
  answer_order_types(of, answers);
  answer_alterations(of, answers);
  answers.say_na("ledger_behaviour",
                 {"orders, transactions and funds of the platform were watched, not the "
                  "functioning of a distributed ledger",
                  "beobachtet wurden Aufträge, Geschäfte und Guthaben der Plattform, nicht die "
                  "Funktionsweise eines Distributed Ledger"});
}

}  // namespace marktwacht
