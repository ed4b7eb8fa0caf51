// Section 5: how the suspected person trades otherwise, as far back as the records go.
#include <algorithm>

#include "base/decimal.h"
#include "edges/reports/stor_answers.h"

namespace marktwacht {
namespace {

using OwnAccounts = std::vector<const StorAccount*>;

// The sum over the count, rounded down to the digits that the sum has and two more.
std::string mean_of(const std::string& sum, std::uint64_t count) {
  const auto value = parse_decimal(sum);
  if (!value || count == 0) {
    return "–";
  }
  const int scale = value->places() + 2;
  const auto units = scaled_int128(*value, scale);
  return units ? format_scaled(*units / Int128{count}, scale) : "–";
}

struct Traded {
  std::uint64_t orders = 0, trades = 0;
  std::string order_quantity = "0", trade_quantity = "0";

  static void add(std::string& sum, const std::string& quantity) {
    const auto a = parse_decimal(sum), b = parse_decimal(quantity);
    const auto both = a && b ? sum_of(*a, *b) : std::nullopt;
    sum = both ? format_decimal(*both) : sum;
  }
};

// What the evidence has of the account in one instrument.
Traded reported(const StorCase& of, const std::string& account_id,
                const std::string& instrument_id) {
  Traded sum;
  for (const OrderRecord& record : of.evidence) {
    if (record.instrument_id != instrument_id) {
      continue;
    }
    if (record.type == "order" && record.account_id == account_id) {
      ++sum.orders;
      Traded::add(sum.order_quantity, record.quantity);
    } else if (record.type == "trade" &&
               (record.buyer_id == account_id || record.seller_id == account_id)) {
      ++sum.trades;
      Traded::add(sum.trade_quantity, record.quantity);
    }
  }
  return sum;
}

ReportText mean_line(const std::string& where, const ReportText& what, const std::string& evidence,
                     std::uint64_t count, const std::string& usual, std::uint64_t usual_count) {
  return same_text(where + ", ") + what +
         ReportText{": reported " + evidence + " on average (" + std::to_string(count) +
                        "), 12 months " + usual + " (" + std::to_string(usual_count) + ")",
                    ": gemeldet im Mittel " + evidence + " (" + std::to_string(count) +
                        "), 12 Monate " + usual + " (" + std::to_string(usual_count) + ")"};
}

void compare(const StorCase& of, const StorAccount& account, ReportText& sizes) {
  for (const auto& [instrument_id, habit] : account.habits) {
    const Traded sum = reported(of, account.account_id, instrument_id);
    const std::string where = account.account_id + ", " + instrument_id;
    if (sum.orders > 0) {
      add_line(sizes,
               mean_line(where, {"orders", "Aufträge"}, mean_of(sum.order_quantity, sum.orders),
                         sum.orders, mean_of(habit.order_quantity, habit.orders), habit.orders));
    }
    if (sum.trades > 0) {
      add_line(sizes, mean_line(where, {"transactions", "Geschäfte"},
                                mean_of(sum.trade_quantity, sum.trades), sum.trades,
                                mean_of(habit.trade_quantity, habit.trades), habit.trades));
    }
  }
}

}  // namespace

void answer_habits(const StorCase& of, const OwnAccounts& accounts, StorAnswers& answers) {
  ReportText habits, sizes, assets;
  for (const StorAccount* account : accounts) {
    std::vector<std::string> instruments;
    for (const auto& [instrument_id, habit] : account->habits) {
      instruments.push_back(instrument_id);
      add_line(habits,
               same_text(account->account_id + ", " + instrument_id + ": ") +
                   counted(habit.orders, {"order", "orders", "Auftrag", "Aufträge"}) +
                   same_text(", ") +
                   counted(habit.trades, {"transaction", "transactions", "Geschäft", "Geschäfte"}));
    }
    if (!instruments.empty()) {
      add_line(assets, same_text(account->account_id + ": ") + list_text(instruments, 30));
    }
    compare(of, *account, sizes);
  }
  const std::string since = format_rfc3339(of.first_record);
  const ReportText as_far{"\n(records since " + since + ")",
                          "\n(Aufzeichnungen seit " + since + ")"};
  const ReportText nothing =
      accounts.empty() ? ReportText{"the case names no account", "der Fall nennt kein Konto"}
                       : ReportText{"no order and no transaction of the accounts is recorded",
                                    "kein Auftrag und kein Geschäft der Konten ist aufgezeichnet"};
  const auto say = [&](std::string_view field, const ReportText& text, const ReportText& why) {
    answers.say_or(field, text.en.empty() ? text : text + as_far, why);
  };
  say("trading_habits", habits, nothing);
  say("size_comparison", sizes,
      habits.en.empty() ? nothing
                        : ReportText{"the evidence holds no placing of an order and no transaction "
                                     "of the accounts",
                                     "die Nachweise enthalten kein Platzieren eines Auftrags und "
                                     "kein Geschäft der Konten"});
  say("crypto_asset_habits", assets, nothing);
}

}  // namespace marktwacht
