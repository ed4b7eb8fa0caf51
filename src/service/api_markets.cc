// Instruments and their markets, as the engine knows them now.
#include <algorithm>
#include <utility>

#include "events/json_object.h"
#include "service/api_engine_parts.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

std::string price_text(const Instrument& instrument, const std::optional<Price>& price) {
  return price ? format_scaled(price->units, instrument.terms.price_scale) : "";
}

std::string instrument_json(const Engine& engine, InstrumentIndex index) {
  const Directory& directory = engine.market().directory();
  const Instrument& instrument = directory.instrument(index);
  std::string json;
  ObjectWriter object(json);
  object.text("instrument_id", directory.instrument_id(index));
  object.text("kind", word_of(instrument.kind));
  object.text("base", directory.asset_id(instrument.base));
  object.text("quote", directory.asset_id(instrument.quote));
  object.text("tick_size", format_scaled(instrument.tick, instrument.terms.price_scale));
  object.text("lot_size", format_scaled(instrument.lot, instrument.terms.quantity_scale));
  object.text("status", word_of(instrument.status));
  const auto quantity = [&](const char* name, Quantity value) {
    if (value.units != 0) {
      object.text(name, format_scaled(value.units, instrument.terms.quantity_scale));
    }
  };
  quantity("max_order_quantity", instrument.max_order_quantity);
  quantity("large_order_quantity", instrument.large_order_quantity);
  quantity("daily_open_limit", instrument.daily_open_limit);
  quantity("position_limit", instrument.position_limit);
  if (!instrument.leverage_max.zero()) {
    object.text("leverage_max", format_decimal(instrument.leverage_max));
  }
  object.boolean("hft_forbidden", instrument.hft_forbidden);
  object.end();
  return json;
}

// What measures hold of the instrument.
void write_held(const Engine& engine, const std::string& instrument_id, ObjectWriter& object) {
  const auto held =
      engine.enforcement().measures().restrictions_of({SubjectKind::instrument, instrument_id});
  std::vector<std::string> measures;
  for (const Restriction& restriction : held.restrictions) {
    const std::string id = measure_id(restriction.measure);
    if (std::ranges::find(measures, id) == measures.end()) {
      measures.push_back(id);
    }
    if (restriction.action == GateAction::use_leverage && restriction.limit) {
      object.text("leverage_cap", format_decimal(*restriction.limit));
    }
  }
  object.texts("measure_ids", measures);
}

std::string market_json(const Engine& engine, InstrumentIndex index) {
  const Market& market = engine.market();
  const Instrument& instrument = market.directory().instrument(index);
  const std::string& instrument_id = market.directory().instrument_id(index);
  std::string json;
  ObjectWriter object(json);
  object.text("instrument_id", instrument_id);
  object.text("kind", word_of(instrument.kind));
  object.text("status", word_of(instrument.status));
  object.text("book", instrument.book_state == BookState::whole ? "whole" : "gap");
  object.text_unless_empty("bid", price_text(instrument, market.books().best(index, Side::buy)));
  object.text_unless_empty("ask", price_text(instrument, market.books().best(index, Side::sell)));
  object.text_unless_empty("last_price", price_text(instrument, instrument.trade_price));
  object.text_unless_empty("index_price", price_text(instrument, instrument.index_price));
  if (instrument.index_price) {
    object.text("index_status", word_of(instrument.index_status));
  }
  object.text_unless_empty("mark_price", price_text(instrument, instrument.mark_price));
  if (!instrument.leverage_max.zero()) {
    object.text("leverage_max", format_decimal(instrument.leverage_max));
  }
  write_held(engine, instrument_id, object);
  return json;
}

HttpResponse instruments(Api& api, ApiCall& call) {
  const auto part = list_part(call);
  if (!part) {
    return part.error();
  }
  const auto page = api.ask([&](const Engine& engine) {
    return numbered_page(*part, engine.market().directory().instruments(), [&](std::uint32_t at) {
      return instrument_json(engine, InstrumentIndex{at});
    });
  });
  return page ? json_response(200, *page) : unavailable("The engine does not answer now.");
}

// With the open alerts of the instrument: how many, and which say that its market is under stress.
std::string with_alerts(Api& api, StoreReader& store, const std::string& instrument_id,
                        std::string json) {
  std::vector<std::string> stress;
  std::size_t count = 0;
  const auto open = store.alerts({.state = "open",
                                  .instrument_id = instrument_id,
                                  .now = api.service().now(),
                                  .part = {.limit = ListPart::limit_max}});
  if (open) {
    count = open->items.size();
    for (const AlertItem& item : open->items) {
      if (item.line.contains("\"detector\":\"market_stress\"")) {
        stress.push_back(json_string(item.alert_id));
      }
    }
  }
  return std::move(json) + ",\"alerts\":" + std::to_string(count) +
         ",\"stress_alert_ids\":" + joined(stress) + "}";
}

HttpResponse markets(Api& api, ApiCall& call) {
  const auto part = list_part(call);
  const auto store = api.store();
  if (!part || !store) {
    return part ? unavailable(store.error()) : part.error();
  }
  std::vector<std::pair<std::string, std::string>> known;  // id, JSON without its end
  const auto end = api.ask([&](const Engine& engine) {
    const Directory& directory = engine.market().directory();
    std::uint32_t at = place_of(part->cursor);
    for (; at < directory.instruments() && known.size() < part->limit; ++at) {
      known.emplace_back(directory.instrument_id(InstrumentIndex{at}),
                         market_json(engine, InstrumentIndex{at}));
    }
    return at < directory.instruments() ? std::to_string(at) : std::string();
  });
  if (!end) {
    return unavailable("The engine does not answer now.");
  }
  std::vector<std::string> items;
  for (auto& [instrument_id, json] : known) {
    items.push_back(with_alerts(api, **store, instrument_id, std::move(json)));
  }
  return json_response(200, list_json(items, *end));
}

}  // namespace

void answer_markets(Api& api) {
  api.add("GET", "/v1/instruments", {}, instruments);
  api.add("GET", "/v1/markets", {}, markets);
}

}  // namespace marktwacht
