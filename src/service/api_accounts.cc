// Accounts, as the engine knows them now.
#include <cstdlib>
#include <utility>

#include "events/json_object.h"
#include "service/api_engine_parts.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

void write_stated(const Market& market, const Account& account, ObjectWriter& object) {
  const auto account_if = [&](const char* name, AccountIndex index) {
    if (index.exists()) {
      object.text(name, account_name(market, index));
    }
  };
  object.boolean("announced", account.announced);
  object.text_unless_empty("person_id", account.person_id);
  account_if("master_id", account.master);
  account_if("referrer_id", account.referrer);
  object.text_unless_empty("desk_id", account.desk_id);
  if (account.kyc_level) {
    object.number("kyc_level", *account.kyc_level);
  }
  object.text_unless_empty("country", account.country);
  if (account.opened) {
    object.number("opened_ts", account.opened->ns);
  }
  std::vector<std::string> roles;
  for (std::size_t at = 0; at < Words<Role>::list.size(); ++at) {
    if (account.has(static_cast<Role>(at))) {
      roles.emplace_back(Words<Role>::list[at]);
    }
  }
  object.texts("roles", roles);
}

void write_positions(const Market& market, AccountIndex account, ObjectWriter& object,
                     std::string& json) {
  struct Held {
    InstrumentIndex instrument;
    Leg leg{};
    Quantity quantity;
  };
  std::vector<Held> held;
  for (std::uint32_t at = 0; at < market.directory().instruments(); ++at) {
    for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg}) {
      const Quantity quantity = market.accounts().position({account, InstrumentIndex{at}, leg});
      if (quantity.units != 0) {
        held.push_back({InstrumentIndex{at}, leg, quantity});
      }
    }
  }
  object.array("positions", held, [&](const Held& one) {
    const Instrument& instrument = market.directory().instrument(one.instrument);
    ObjectWriter position(json);
    position.text("instrument_id", market.directory().instrument_id(one.instrument));
    if (one.leg != Leg::net) {
      position.text("position_side", one.leg == Leg::long_leg ? "long" : "short");
    }
    position.text("quantity", format_scaled(one.quantity.units, instrument.terms.quantity_scale));
    position.end();
  });
}

void write_balances(const Market& market, AccountIndex account, ObjectWriter& object,
                    std::string& json) {
  std::vector<AssetIndex> held;
  for (std::uint32_t at = 0; at < market.directory().assets(); ++at) {
    if (market.accounts().balance(account, AssetIndex{at}).total.units != 0) {
      held.push_back(AssetIndex{at});
    }
  }
  object.array("balances", held, [&](AssetIndex asset) {
    const Balance balance = market.accounts().balance(account, asset);
    const int scale = market.directory().asset(asset).decimals;
    ObjectWriter one(json);
    one.text("asset", market.directory().asset_id(asset));
    one.text("total", format_scaled(balance.total.units, scale));
    if (balance.stated) {
      one.text("available", format_scaled(balance.available.units, scale));
    }
    one.end();
  });
}

void write_restricted(const Engine& engine, const std::string& account_id, ObjectWriter& object) {
  const auto& measures = engine.enforcement().measures();
  const SubjectRestrictions now = measures.restrictions_of({SubjectKind::account, account_id});
  write_restrictions(now.restrictions, object.member("restrictions"));
  const auto state = measures.subjects().find({SubjectKind::account, account_id});
  const bool known = state != measures.subjects().end();
  object.number("restrictions_revision", known ? state->second.revision : 0);
  object.number("acknowledged_revision", known ? state->second.acknowledged : 0);
}

// Looks at every order that rests: for people, not for every event.
std::size_t open_orders(const Market& market, AccountIndex account) {
  std::size_t count = 0;
  const Books& books = market.books();
  const auto note = [&](OrderSlot slot) {
    count += books.order(slot).account == account ? 1 : 0;
    return true;
  };
  for (std::uint32_t at = 0; at < market.directory().instruments(); ++at) {
    for (const Side side : {Side::buy, Side::sell}) {
      books.visit_levels(InstrumentIndex{at}, side, [&](const LevelView& level) {
        books.visit_queue(InstrumentIndex{at}, side, level.price, note);
        return true;
      });
    }
    books.visit_beside(InstrumentIndex{at}, note);
  }
  return count;
}

// What it has been used with, as far as that is remembered for finding links.
void write_devices(const Market& market, AccountIndex account, ObjectWriter& object,
                   std::string& json) {
  const EvidenceStore& evidence = market.links().evidence();
  const std::pair<SharedKind, std::string_view> kinds[] = {{SharedKind::device, "device"},
                                                           {SharedKind::ip, "ip"},
                                                           {SharedKind::user_agent, "user_agent"},
                                                           {SharedKind::address, "address"}};
  std::vector<std::pair<std::string_view, SharedValue>> used;
  for (const auto& [what, kind] : kinds) {
    for (const SharedValue& value : evidence.used(what, account)) {
      used.emplace_back(kind, value);
    }
  }
  object.array("devices", used, [&](const auto& entry) {
    const auto& [kind, value] = entry;
    ObjectWriter one(json);
    one.text("kind", kind);
    one.text("value", value.value);
    one.number("first_ts", evidence.since(value.what, value.value, account).value_or(Time{}).ns);
    one.number("accounts", value.degree);
    one.end();
  });
}

void write_exemptions(const Market& market, AccountIndex account, Time now, ObjectWriter& object,
                      std::string& json) {
  const Exemptions& all = market.exemptions();
  const auto of_all = all.find(account, InstrumentIndex{}, now);
  std::vector<std::pair<std::string, Exemption>> granted;  // instrument_id, empty: of all
  if (of_all) {
    granted.emplace_back("", *of_all);
  }
  for (std::uint32_t at = 0; at < market.directory().instruments(); ++at) {
    const auto one = all.find(account, InstrumentIndex{at}, now);
    if (one && (!of_all || one->kind != of_all->kind || one->until != of_all->until)) {
      granted.emplace_back(market.directory().instrument_id(InstrumentIndex{at}), *one);
    }
  }
  object.array("exemptions", granted, [&](const auto& entry) {
    ObjectWriter one(json);
    one.text("kind", word_of(entry.second.kind));
    one.text_unless_empty("instrument_id", entry.first);
    one.number("until_ts", entry.second.until.ns);
    one.end();
  });
}

// What the engine knows of it, without the closing brace; empty: it is not known.
std::string account_known(const Engine& engine, const std::string& account_id, Time now) {
  const Market& market = engine.market();
  const AccountIndex account = market.directory().find_account(make_text(account_id));
  std::string json;
  if (!account.exists()) {
    return json;
  }
  ObjectWriter object(json);
  object.text("account_id", account_id);
  write_stated(market, market.directory().account(account), object);
  if (const GroupIndex group = market.group(account); group.exists()) {
    object.text("group_id", market.group_id(group));
  }
  write_positions(market, account, object, json);
  write_balances(market, account, object, json);
  write_restricted(engine, account_id, object);
  write_devices(market, account, object, json);
  write_exemptions(market, account, now, object, json);
  object.number("open_orders", open_orders(market, account));
  return json;
}

HttpResponse account(Api& api, ApiCall& call) {
  const std::string account_id(call.request.segment("account_id"));
  const Time now = api.service().now();
  auto known =
      api.ask([&](const Engine& engine) { return account_known(engine, account_id, now); });
  const auto store = api.store();
  if (!known || !store) {
    return unavailable("The engine does not answer now.");
  }
  if (known->empty()) {
    return not_found("account");
  }
  const auto alerts = (*store)->alerts({.account_id = account_id, .lines_only = true});
  const auto cases = (*store)->cases({.account_id = account_id});
  const auto measures = (*store)->measures({.account_id = account_id});
  if (!alerts || !cases || !measures) {
    return answer_error(!alerts ? alerts.error() : !cases ? cases.error() : measures.error());
  }
  std::vector<std::string> lines;
  for (const AlertItem& item : alerts->items) {
    lines.push_back(api.alert_lines().shown(item.line));
  }
  std::string json = *std::move(known);
  json += ",\"cases\":" + joined(cases->items) + ",\"alerts\":" + joined(lines) +
          ",\"measures\":" + joined(measures->items) + "}";
  return json_response(200, std::move(json));
}

// "m-61" began with record 61; a decision's id is its seq.
std::uint64_t number_in(const std::string& id) {
  const std::size_t at = id.find_first_of("0123456789");
  return at == id.npos ? 0 : std::strtoull(id.c_str() + at, nullptr, 10);
}

HttpResponse timeline(Api& api, ApiCall& call) {
  const auto part = list_part(call);
  const auto store = api.store();
  if (!part || !store) {
    return part ? unavailable(store.error()) : part.error();
  }
  const auto page = (*store)->timeline(call.request.segment("account_id"), *part);
  if (!page) {
    return answer_error(page.error());
  }
  std::vector<std::string> items;
  for (const StoreItem& item : page->items) {
    ObjectWriter object(items.emplace_back());
    const auto line = JsonMembers::of(item.line);
    object.number("seq", number_in(item.id));
    object.number("ts", item.at.ns);
    object.text("kind", item.what);
    object.text("id", item.id);
    object.text_unless_empty("state", line ? line->text("state").value_or("") : "");
    object.text_unless_empty("instrument_id", line ? line->text("instrument_id").value_or("") : "");
    if (!item.event.empty()) {
      object.member("event") += item.event;
    }
    object.end();
  }
  return json_response(200, list_json(items, page->next_cursor));
}

std::string account_item(const Engine& engine, AccountIndex index, bool restricted) {
  const Market& market = engine.market();
  std::string json;
  ObjectWriter object(json);
  object.text("account_id", account_name(market, index));
  if (const GroupIndex group = market.group(index); group.exists()) {
    object.text("group_id", market.group_id(group));
  }
  object.boolean("restricted", restricted);
  return json;
}

HttpResponse accounts(Api& api, ApiCall& call) {
  const auto part = list_part(call);
  if (!part) {
    return part.error();
  }
  const std::string prefix = call.parameter("prefix");
  const bool only_restricted = call.parameter("restricted") == "true";
  const auto page = api.ask([&](const Engine& engine) {
    NumberedItems found;
    std::uint32_t at = place_of(part->cursor);
    const std::uint32_t end = engine.market().directory().accounts();
    for (; at < end && found.items.size() < part->limit; ++at) {
      const std::string name = account_name(engine.market(), AccountIndex{at});
      const bool restricted = !restrictions_of(engine, name).empty();
      if (name.starts_with(prefix) && (restricted || !only_restricted)) {
        found.items.emplace_back(name, account_item(engine, AccountIndex{at}, restricted));
      }
    }
    found.next_cursor = at < end ? std::to_string(at) : "";
    return found;
  });
  if (!page) {
    return unavailable("The engine does not answer now.");
  }
  std::vector<std::string> items;
  for (const auto& [account_id, json] : page->items) {
    items.push_back(with_open_alerts(api, json, account_id, ""));
  }
  return json_response(200, list_json(items, page->next_cursor));
}

}  // namespace

void answer_accounts(Api& api) {
  api.add("GET", "/v1/accounts", {}, accounts);
  api.add("GET", "/v1/accounts/{account_id}", {}, account);
  api.add("GET", "/v1/accounts/{account_id}/timeline", {}, timeline);
}

}  // namespace marktwacht
