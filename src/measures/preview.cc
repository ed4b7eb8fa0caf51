// Reading the market for a preview.
#include "measures/preview.h"

#include <algorithm>
#include <map>

#include "events/json_object.h"
#include "market/book_questions.h"
#include "measures/measure_table.h"

namespace marktwacht {
namespace {

using OrderCounts = std::map<std::uint32_t, std::uint32_t>;  // by account

// Everything that rests, and what waits beside the books.
OrderCounts count_orders(const Market& market) {
  OrderCounts counts;
  const Books& books = market.books();
  for (std::uint32_t i = 0; i < market.directory().instruments(); ++i) {
    const InstrumentIndex instrument{i};
    const auto count = [&](OrderSlot slot) {
      ++counts[books.order(slot).account.value];
      return true;
    };
    for (const Side side : {Side::buy, Side::sell}) {
      books.visit_levels(instrument, side, [&](const LevelView& level) {
        books.visit_queue(instrument, side, level.price, count);
        return true;
      });
    }
    books.visit_beside(instrument, count);
  }
  return counts;
}

void add_positions(const Market& market, AccountIndex account, PreviewAccount& to) {
  const Directory& directory = market.directory();
  for (std::uint32_t i = 0; i < directory.instruments(); ++i) {
    const InstrumentIndex instrument{i};
    for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg}) {
      const Quantity held = market.accounts().position({account, instrument, leg});
      if (held.units != 0) {
        to.positions.push_back(
            {directory.instrument_id(instrument),
             format_scaled(held.units, directory.instrument(instrument).terms.quantity_scale)});
      }
    }
  }
}

void add_balances(const Market& market, AccountIndex account, PreviewAccount& to) {
  const Directory& directory = market.directory();
  for (std::uint32_t i = 0; i < directory.assets(); ++i) {
    const AssetIndex asset{i};
    const Balance balance = market.accounts().balance(account, asset);
    if (balance.total.units != 0) {
      const int scale = directory.asset(asset).decimals;
      to.balances.push_back({directory.asset_id(asset), format_scaled(balance.total.units, scale),
                             balance.stated ? format_scaled(balance.available.units, scale) : ""});
    }
  }
}

std::string depth_against(const Market& market, const LiquidationStep& step) {
  const InstrumentIndex index = market.directory().find_instrument(make_text(step.instrument_id));
  const Instrument& instrument = market.directory().instrument(index);
  if (!step.price_least || !step.price_most) {
    return "";
  }
  const int scale = instrument.terms.price_scale;
  const auto least = scaled_int64(*step.price_least, scale);
  const auto most = scaled_int64(*step.price_most, scale);
  if (!least || !most) {
    return "";
  }
  const Side hit = step.side == Side::sell ? Side::buy : Side::sell;
  const Price best{hit == Side::buy ? *most : *least};
  const Quantity depth = depth_within(market, index, hit, best, *most - *least);
  return format_scaled(depth.units, instrument.terms.quantity_scale);
}

PreviewAccount account_of(const Market& market, const Enforcement& enforcement,
                          const std::string& id, const OrderCounts& orders) {
  PreviewAccount of;
  of.account_id = id;
  of.restrictions = enforcement.measures().restrictions_of({SubjectKind::account, id}).restrictions;
  const AccountIndex account = market.directory().find_account(make_text(id));
  if (!account.exists()) {
    return of;
  }
  of.country = market.directory().account(account).country;
  const auto count = orders.find(account.value);
  of.open_orders = count == orders.end() ? 0 : count->second;
  add_positions(market, account, of);
  add_balances(market, account, of);
  return of;
}

void write_refused(const RefusedBefore& refused, std::string& out) {
  ObjectWriter object(out);
  object.number("from_ts", refused.from.ns);
  object.number("to_ts", refused.to.ns);
  object.number("count", refused.count);
  object.array("actions", refused.actions, [&](const RefusedAction& action) {
    ObjectWriter each(out);
    each.number("seq", action.seq);
    each.number("ts", action.at.ns);
    each.text("account_id", action.account_id);
    each.text("action", word_of(action.action));
    each.text_unless_empty("instrument_id", action.instrument_id);
    each.text_unless_empty("asset", action.asset);
    each.text("answer", action.reduce_only ? "allow_reduce_only" : "deny");
    each.text("reason", action.reason);
    each.end();
  });
  object.end();
}

void write_account(const PreviewAccount& account, std::string& out) {
  ObjectWriter object(out);
  object.text("account_id", account.account_id);
  object.text_unless_empty("country", account.country);
  object.number("open_orders", account.open_orders);
  object.array("positions", account.positions, [&](const PreviewPosition& position) {
    ObjectWriter each(out);
    each.text("instrument_id", position.instrument_id);
    each.text("quantity", position.quantity);
    each.end();
  });
  object.array("balances", account.balances, [&](const PreviewBalance& balance) {
    ObjectWriter each(out);
    each.text("asset", balance.asset);
    each.text("total", balance.total);
    each.text_unless_empty("available", balance.available);
    each.end();
  });
  object.text_unless_empty("gain", account.gain);
  write_restrictions(account.restrictions, object.member("restrictions"));
  object.end();
}

}  // namespace

Preview preview_of(const Market& market, const Enforcement& enforcement, const Measure& measure) {
  const Measures& measures = enforcement.measures();
  Preview preview;
  preview.measure = measure.number;
  preview.hash = measures.preview_hash(measure);
  const auto members = measure.in_force() || measure.ending()
                           ? measure.account_ids
                           : measures.members_of(measure.plan.target, measure.case_number);
  const Cases& cases = enforcement.cases();
  const Case& of = *cases.find(cases.standing(measure.case_number));
  preview.gain_currency = of.gain_currency;
  const OrderCounts orders = count_orders(market);
  for (const std::string& id : members) {
    PreviewAccount& account =
        preview.accounts.emplace_back(account_of(market, enforcement, id, orders));
    if (!of.gain_currency.empty()) {
      account.gain = format_scaled(measures.gain_left(measure, id), Case::gain_scale);
    }
  }
  preview.restrictions = restrictions_of(measure.plan.kind, measure.plan.parameters,
                                         measure.plan.until, measure.number);
  if (terms_of(measure.plan.kind).jobs.has(ExchangeJob::close_positions)) {
    for (const std::string& id : members) {
      for (LiquidationStep& step : measures.liquidation_of(measure, id)) {
        std::string depth = depth_against(market, step);
        preview.liquidation.push_back({id, std::move(step), std::move(depth)});
      }
    }
  }
  return preview;
}

void write_preview(const Preview& preview, std::string& out) {
  ObjectWriter object(out);
  object.text("measure_id", measure_id(preview.measure));
  object.text("preview_hash", preview.hash);
  object.array("accounts", preview.accounts,
               [&](const PreviewAccount& account) { write_account(account, out); });
  write_restrictions(preview.restrictions, object.member("restrictions"));
  object.text_unless_empty("gain_currency", preview.gain_currency);
  object.array("liquidation", preview.liquidation, [&](const PreviewLiquidation& one) {
    ObjectWriter each(out);
    each.text("account_id", one.account_id);
    each.text("instrument_id", one.step.instrument_id);
    each.text("side", word_of(one.step.side));
    each.text("quantity", format_decimal(one.step.quantity));
    each.number("slices", one.step.slices);
    each.text_unless_empty("depth", one.depth);
    each.end();
  });
  if (preview.refused_before) {
    write_refused(*preview.refused_before, object.member("refused_before"));
  }
  object.end();
}

}  // namespace marktwacht
