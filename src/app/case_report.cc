// See case_report.h.
#include "app/case_report.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "app/story_links.h"
#include "base/decimal.h"
#include "base/sort_unique.h"
#include "edges/journal/visit.h"
#include "edges/texts/texts.h"

namespace marktwacht {
namespace {

constexpr Duration habit_window{365 * day.ns};

void add_holdings(const Market& market, AccountIndex account, StorAccount& to) {
  const Directory& directory = market.directory();
  for (std::uint32_t at = 0; at < directory.assets(); ++at) {
    const AssetIndex asset{at};
    if (const Balance held = market.accounts().balance(account, asset); held.total.units != 0) {
      to.balances.emplace_back(directory.asset_id(asset),
                               format_scaled(held.total.units, directory.asset(asset).decimals));
    }
  }
  for (std::uint32_t at = 0; at < directory.instruments(); ++at) {
    const InstrumentIndex instrument{at};
    for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg}) {
      const Quantity held = market.accounts().position({account, instrument, leg});
      if (held.units != 0) {
        to.positions.emplace_back(
            directory.instrument_id(instrument),
            format_scaled(held.units, directory.instrument(instrument).terms.quantity_scale));
      }
    }
  }
}

StorAccount account_of(const Market& market, const Case& of, const std::string& account_id) {
  StorAccount to{.account_id = account_id};
  if (!of.gain_currency.empty()) {
    to.gain = format_scaled(of.gains.sum_of(account_id), Case::gain_scale);
  }
  const Directory& directory = market.directory();
  const AccountIndex account = directory.find_account(make_text(account_id));
  if (!account.exists()) {
    return to;
  }
  const Account& stated = directory.account(account);
  to.person_id = stated.person_id;
  to.master_id = stated.master.exists() ? directory.account_id(stated.master) : "";
  to.desk_id = stated.desk_id;
  to.country = stated.country;
  to.kyc_level = stated.kyc_level;
  to.opened = stated.opened;
  for (std::size_t role = 0; role < Words<Role>::list.size(); ++role) {
    if (stated.has(static_cast<Role>(role))) {
      to.roles.emplace_back(Words<Role>::list[role]);
    }
  }
  add_holdings(market, account, to);
  return to;
}

// Of the links that hold the case's groups together, those between its accounts.
void add_links(const Market& market, const Case& of, StorCase& to) {
  std::set<std::string> told;
  for (const std::string& account_id : of.account_ids) {
    const AccountIndex account = market.directory().find_account(make_text(account_id));
    const GroupIndex group = account.exists() ? market.group(account) : GroupIndex::none();
    if (!group.exists() || !told.insert(market.group_id(group)).second) {
      continue;
    }
    for (const StoryLink& link : story_links(market, group)) {
      if (link.joins) {
        to.links.push_back({link.kind, link.name, link.account_ids});
      }
    }
  }
}

void add_measures(const Engine& engine, const Case& of, StorCase& to) {
  for (const std::uint64_t number : of.measures) {
    const Measure* measure = engine.enforcement().measures().find(number);
    if (measure == nullptr) {
      continue;
    }
    StorMeasure& one = to.measures.emplace_back();
    one.measure_id = measure_id(number);
    one.kind = word_of(measure->plan.kind);
    one.clause = measure->plan.clause;
    one.state = word_of(measure->state);
    one.legal_basis = measure->plan.legal_basis;
    one.account_ids = measure->account_ids;
    one.until = measure->until;
    if (measure->in_force_at.ns != 0) {
      one.in_force = measure->in_force_at;
    }
  }
}

void add_alerts(const Engine& engine, const Case& of, StorCase& to) {
  for (const std::string& alert_id : of.alert_ids) {
    const KnownAlert* known = engine.enforcement().cases().alert(alert_id);
    if (known != nullptr) {
      Alert alert = known->recorded();
      alert.at = known->opened;
      to.evidence_left_out += alert.evidence.count - alert.evidence.seqs.size();
      to.alerts.emplace_back(std::move(alert), AlertText{});
    }
  }
}

void add_to(std::string& sum, const std::string& quantity) {
  const auto a = parse_decimal(sum), b = parse_decimal(quantity);
  const auto both = a && b ? sum_of(*a, *b) : std::nullopt;
  sum = both ? format_decimal(*both) : sum;
}

// What the records of the case's accounts tell.
class Gathering {
 public:
  explicit Gathering(StorCase& of) : of_(of), query_(evidence_of(of)) {
    query_.funds = true;
    for (const StorAccount& account : of.accounts) {
      query_.account_ids.push_back(account.account_id);
    }
    if (!of.accounts.empty()) {
      query_.to = OrderQuery{}.to;  // and whatever else they did
    }
  }

  const OrderQuery& query() const { return query_; }
  void take(OrderRecord record);
  std::expected<void, std::string> add_placings(const std::string& path);

 private:
  StorAccount* own(const std::string& account_id);
  void note_habit(const OrderRecord& record);
  void note_wallet(const OrderRecord& record);

  StorCase& of_;
  OrderQuery query_;
  // Of each order of the case's accounts: where it was placed, and by which channel.
  struct Placed {
    std::uint64_t seq = 0;
    std::string channel;
  };
  std::map<std::string, Placed> placed_;  // by order
  std::set<std::uint64_t> placings_;      // of orders that the evidence names
};

StorAccount* Gathering::own(const std::string& account_id) {
  const auto at = std::ranges::find(of_.accounts, account_id, &StorAccount::account_id);
  return at == of_.accounts.end() ? nullptr : &*at;
}

void Gathering::note_habit(const OrderRecord& record) {
  if (record.type == "order") {
    if (StorAccount* account = own(record.account_id)) {
      StorAccount::Habit& habit = account->habits[record.instrument_id];
      ++habit.orders;
      add_to(habit.order_quantity, record.quantity);
    }
  } else if (record.type == "trade") {
    for (StorAccount* account :
         {own(record.buyer_id),
          record.seller_id == record.buyer_id ? nullptr : own(record.seller_id)}) {
      if (account != nullptr) {
        StorAccount::Habit& habit = account->habits[record.instrument_id];
        ++habit.trades;
        add_to(habit.trade_quantity, record.quantity);
      }
    }
  }
}

void Gathering::note_wallet(const OrderRecord& record) {
  StorAccount* account = record.address.empty() ? nullptr : own(record.account_id);
  if (account != nullptr &&
      std::ranges::find(account->wallets, record.address) == account->wallets.end()) {
    account->wallets.push_back(record.address);
  }
}

void Gathering::take(OrderRecord record) {
  if (record.type == "order" || record.type == "book_order") {
    placed_[record.order_id] = {record.seq, record.channel};
  } else if (const auto at = placed_.find(record.order_id); at != placed_.end()) {
    record.channel = at->second.channel;
    if (!record.new_order_id.empty()) {
      placed_[record.new_order_id] = at->second;
    }
  }
  if (record.ts.ns > of_.last_alert.ns - habit_window.ns && record.ts <= of_.last_alert) {
    note_habit(record);
    note_wallet(record);
  }
  if (!std::ranges::binary_search(query_.seqs, record.seq)) {
    return;
  }
  for (const std::string& id : {record.order_id, record.maker_order_id, record.taker_order_id}) {
    if (const auto at = placed_.find(id); at != placed_.end() && at->second.seq != record.seq) {
      placings_.insert(at->second.seq);
    }
  }
  of_.evidence.push_back(std::move(record));
}

// The orders that the evidence names stand in it too, once each.
std::expected<void, std::string> Gathering::add_placings(const std::string& path) {
  std::vector<std::uint64_t> seqs;
  for (const std::uint64_t seq : placings_) {
    if (!std::ranges::binary_search(query_.seqs, seq)) {
      seqs.push_back(seq);
    }
  }
  auto orders = placings_at(path, seqs);
  if (!orders) {
    return std::unexpected(orders.error());
  }
  std::ranges::move(*orders, std::back_inserter(of_.evidence));
  std::ranges::sort(of_.evidence, {}, &OrderRecord::seq);
  return {};
}

void keep_instruments(StorCase& of) {
  std::set<std::string> used;
  for (const auto& [alert, text] : of.alerts) {
    used.insert(alert.instrument_id);
  }
  for (const OrderRecord& record : of.evidence) {
    used.insert(record.instrument_id);
  }
  std::erase_if(of.instruments, [&](const StorInstrument& instrument) {
    return !used.contains(instrument.instrument_id);
  });
}

}  // namespace

StorCase stor_case(const Engine& engine, const Case& of) {
  StorCase to{.case_id = case_id(of.number),
              .state = std::string(word_of(of.state)),
              .opened = of.opened,
              .last_alert = of.last_alert,
              .breaches = {of.breaches.begin(), of.breaches.end()}};
  for (const CaseNote& note : of.notes) {
    to.notes.push_back({note.at, note.user_id, note.text});
  }
  to.reason = of.reason;
  to.reported = of.reported;
  to.report_ref = of.report_ref;
  to.gain_currency = of.gain_currency;
  to.gain = of.gain_currency.empty() ? "" : format_scaled(of.gains.sum(), Case::gain_scale);
  for (const std::string& account_id : of.account_ids) {
    to.accounts.push_back(account_of(engine.market(), of, account_id));
  }
  const Directory& directory = engine.market().directory();
  for (std::uint32_t at = 0; at < directory.instruments(); ++at) {
    const Instrument& instrument = directory.instrument(InstrumentIndex{at});
    to.instruments.push_back(
        {directory.instrument_id(InstrumentIndex{at}), std::string(word_of(instrument.kind)),
         directory.asset_id(instrument.base), directory.asset_id(instrument.quote)});
  }
  add_alerts(engine, of, to);
  add_links(engine.market(), of, to);
  add_measures(engine, of, to);
  to.last_seq = engine.last_seq();
  return to;
}

OrderQuery orders_of(const Engine& engine, const Case& of) {
  OrderQuery query{.account_ids = {of.account_ids.begin(), of.account_ids.end()},
                   .from = of.opened,
                   .to = of.last_alert,
                   .applied = true};
  for (const std::string& alert_id : of.alert_ids) {
    if (const KnownAlert* alert = engine.enforcement().cases().alert(alert_id)) {
      query.from = std::min(query.from, alert->from);
      query.to = std::max(query.to, alert->to);
    }
  }
  query.to = query.to + Duration{1};
  return query;
}

OrderQuery evidence_of(const StorCase& of) {
  OrderQuery query{.from = {0}, .to = {0}};
  for (const auto& [alert, text] : of.alerts) {
    query.seqs.insert(query.seqs.end(), alert.evidence.seqs.begin(), alert.evidence.seqs.end());
  }
  sort_unique(query.seqs);
  return query;
}

void add_sentences(StorCase& of, const std::function<Alert(const Alert&)>& worded) {
  for (auto& [alert, text] : of.alerts) {
    const Time at = alert.at;
    alert = worded(alert);
    alert.at = at;
    text = render_text(alert);
  }
}

std::expected<void, std::string> add_records(const std::string& path, StorCase& of) {
  std::optional<Time> first;
  auto read = visit_journal(path, 0, [&](const Event& event, std::uint64_t) {
    first = event.type == EventType::config ? std::nullopt : std::optional(event.ts);
    return !first;
  });
  if (!read) {
    return read;
  }
  of.first_record = first.value_or(Time{});
  Gathering gathering(of);
  read = visit_orders(path, gathering.query(), [&](const OrderRecord& record) {
    gathering.take(record);
    return true;
  });
  read = read ? gathering.add_placings(path) : read;
  keep_instruments(of);
  return read;
}

}  // namespace marktwacht
