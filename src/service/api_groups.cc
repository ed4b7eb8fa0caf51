// Control groups, as the engine knows them now, and why accounts are in them.
#include <algorithm>
#include <utility>

#include "app/link_sum.h"
#include "app/story_links.h"
#include "events/json_object.h"
#include "service/api_engine_parts.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

std::vector<std::string> names_of(const Market& market, std::span<const AccountIndex> accounts) {
  std::vector<std::string> names;
  for (const AccountIndex account : accounts) {
    names.push_back(account_name(market, account));
  }
  std::ranges::sort(names);
  return names;
}

bool any_restricted(const Engine& engine, const std::vector<std::string>& account_ids) {
  return std::ranges::any_of(account_ids, [&](const std::string& account_id) {
    return !restrictions_of(engine, account_id).empty();
  });
}

std::string group_item(const Engine& engine, GroupIndex group) {
  const Market& market = engine.market();
  const auto names = names_of(market, market.groups().members(group));
  std::string json;
  ObjectWriter object(json);
  object.text("group_id", market.group_id(group));
  object.texts("account_ids", names);
  object.boolean("fragile", market.links().fragile(group));
  object.boolean("restricted", any_restricted(engine, names));
  return json;
}

HttpResponse groups(Api& api, ApiCall& call) {
  const auto part = list_part(call);
  if (!part) {
    return part.error();
  }
  const auto page = api.ask([&](const Engine& engine) {
    NumberedItems found;
    const Groups& all = engine.market().groups();
    std::uint32_t at = place_of(part->cursor);
    for (; at < all.size() && found.items.size() < part->limit; ++at) {
      if (!all.members(GroupIndex{at}).empty()) {
        found.items.emplace_back(engine.market().group_id(GroupIndex{at}),
                                 group_item(engine, GroupIndex{at}));
      }
    }
    found.next_cursor = at < all.size() ? std::to_string(at) : "";
    for (std::uint32_t each = 0; part->cursor.empty() && each < all.size(); ++each) {
      found.total += all.members(GroupIndex{each}).empty() ? 0 : 1;
    }
    return found;
  });
  if (!page) {
    return unavailable("The engine does not answer now.");
  }
  std::vector<std::string> items;
  for (const auto& [group_id, json] : page->items) {
    items.push_back(with_open_alerts(api, json, "", group_id));
  }
  const auto total = part->cursor.empty() ? std::optional(page->total) : std::nullopt;
  return json_response(200, list_json(items, page->next_cursor, total_json(total)));
}

std::string edge_state(const StoryLink& link) {
  return link.kind != "evidence"    ? "declared"
         : link.sum.verdict.empty() ? link.sum.state
                                    : link.sum.verdict;
}

// A declared link of many is a star around its first account.
void write_edges(const std::vector<StoryLink>& links, std::string& json) {
  bool first = true;
  for (const StoryLink& link : links) {
    for (std::size_t at = 1; at < link.account_ids.size(); ++at) {
      json += std::exchange(first, false) ? "" : ",";
      ObjectWriter edge(json);
      edge.text("a", link.account_ids.front());
      edge.text("b", link.account_ids[at]);
      edge.text("state", edge_state(link));
      std::vector<std::string> kinds;
      for (const LinkPart& part : link.sum.parts) {
        if (part.counts) {
          kinds.push_back(part.kind);
        }
      }
      edge.texts("kinds", link.kind == "evidence" ? kinds : std::vector{link.kind});
      edge.text_unless_empty("name", link.name);
      edge.text_unless_empty("weight_bits", link.sum.sum);
      edge.boolean("bridge", link.joins);
      edge.text_unless_empty("verdict", link.sum.verdict);
      edge.end();
    }
  }
}

std::string group_known(const Engine& engine, const std::string& group_id) {
  constexpr std::size_t edges_max = 2'000;
  const Market& market = engine.market();
  const GroupIndex group = group_named(market, group_id);
  std::string json;
  if (!group.exists()) {
    return json;
  }
  ObjectWriter object(json);
  object.text("group_id", market.group_id(group));
  object.texts("account_ids", names_of(market, market.groups().members(group)));
  object.boolean("fragile", market.links().fragile(group));
  std::vector<std::string> aliases;
  for (const GroupIndex alias : market.groups().aliases(group)) {
    aliases.push_back(market.group_id(alias));
  }
  object.texts("aliases", aliases);
  auto links = story_links(market, group);
  const std::size_t left_out = links.size() > edges_max ? links.size() - edges_max : 0;
  links.resize(links.size() - left_out);
  object.member("edges") += "[";
  write_edges(links, json);
  json += "]";
  object.number("edges_left_out", left_out);
  return json;
}

HttpResponse group(Api& api, ApiCall& call) {
  const std::string group_id(call.request.segment("group_id"));
  auto known = api.ask([&](const Engine& engine) { return group_known(engine, group_id); });
  const auto store = api.store();
  if (!known || !store) {
    return unavailable("The engine does not answer now.");
  }
  if (known->empty()) {
    return not_found("group");
  }
  const auto alerts = (*store)->alerts({.group_id = group_id, .now = api.service().now()});
  const auto cases = (*store)->cases({.group_id = group_id});
  if (!alerts || !cases) {
    return answer_error(alerts ? cases.error() : alerts.error());
  }
  std::vector<std::string> lines;
  for (const AlertItem& item : alerts->items) {
    lines.push_back(api.alert_lines().shown(item.line));
  }
  return json_response(
      200, *known + ",\"alerts\":" + joined(lines) + ",\"cases\":" + joined(cases->items) + "}");
}

void write_parts(const LinkSum& sum, ObjectWriter& object, std::string& json) {
  object.text("prior_bits", sum.prior);
  object.array("parts", sum.parts, [&](const LinkPart& part) {
    ObjectWriter one(json);
    one.text("kind", part.kind);
    one.text("what", part.what);
    one.text_unless_empty("value", part.value);
    one.number("accounts", part.accounts);
    one.text("bits", part.bits);
    one.boolean("counts", part.counts);
    one.end();
  });
  object.text("sum_bits", sum.sum);
  object.text("link_min_bits", sum.link_min);
  object.text("suspect_min_bits", sum.suspect_min);
  object.text("probability_percent", sum.probability_percent);
  object.text_unless_empty("verdict", sum.verdict);
  if (!sum.refused_kinds.empty()) {
    object.texts("refused_kinds", sum.refused_kinds);
  }
}

std::string why_known(const Engine& engine, AccountPair pair) {
  const Market& market = engine.market();
  const Why why = market.links().why(pair);
  const LinkSum sum = link_sum(market, why);
  std::string json;
  ObjectWriter object(json);
  object.text("a", account_name(market, pair.a));
  object.text("b", account_name(market, pair.b));
  object.text("state", sum.state);
  std::vector<LinkValue> declared;
  std::ranges::copy_if(why.declared, std::back_inserter(declared),
                       [](const LinkValue& value) { return value.kind != LinkValue::Kind::pair; });
  object.array("declared", declared, [&](const LinkValue& value) {
    const bool star = value.kind == LinkValue::Kind::star;
    ObjectWriter one(json);
    one.text("kind", star                                    ? "master"
                     : value.kind == LinkValue::Kind::person ? "person"
                                                             : "declared");
    one.text("name", star ? account_name(market, AccountIndex{value.number})
                          : std::string(market.groups().links().text(value)));
    one.end();
  });
  write_parts(sum, object, json);
  std::vector<AccountIndex> grouped;
  for (const AccountIndex account : {pair.a, pair.b}) {
    if (market.group(account).exists()) {
      grouped.push_back(account);
    }
  }
  object.array("groups", grouped, [&](AccountIndex account) {
    ObjectWriter one(json);
    one.text("account_id", account_name(market, account));
    one.text("group_id", market.group_id(market.group(account)));
    one.boolean("fragile", market.links().fragile(market.group(account)));
    one.end();
  });
  object.end();
  return json;
}

HttpResponse why(Api& api, ApiCall& call) {
  const std::string first = call.parameter("a"), second = call.parameter("b");
  const auto known = api.ask([&](const Engine& engine) -> std::string {
    const Directory& directory = engine.market().directory();
    const AccountIndex one = directory.find_account(make_text(first));
    const AccountIndex other = directory.find_account(make_text(second));
    return !one.exists() || !other.exists() || one == other
               ? ""
               : why_known(engine, AccountPair::of(one, other));
  });
  if (!known) {
    return unavailable("The engine does not answer now.");
  }
  return known->empty() ? error_response(404, "not_found", "Name two accounts by a and b.")
                        : json_response(200, *known);
}

}  // namespace

void answer_groups(Api& api) {
  api.add("GET", "/v1/groups", {}, groups);
  api.add("GET", "/v1/groups/{group_id}", {}, group);
  api.add("GET", "/v1/groups/{group_id}/why", {}, why);
}

}  // namespace marktwacht
