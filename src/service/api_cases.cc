// Cases and measures: lists, one of them, what a measure would do, what was decided.
#include <map>
#include <set>
#include <utility>

#include "events/json_members.h"
#include "events/json_object.h"
#include "measures/preview.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

// A decision's outcome with what was said.
std::string outcome_json(const DecisionItem& item) {
  std::string json = item.outcome;
  const auto event = JsonMembers::of(item.event);
  if (event && event->has("reason") && json.ends_with('}')) {
    json.pop_back();
    json += ",\"said\":";
    json += event->value("reason");
    json += "}";
  }
  return json;
}

HttpResponse cases(Api& api, ApiCall& call) {
  auto part = list_part(call);
  const auto store = api.store();
  if (!part || !store) {
    return part ? unavailable(store.error()) : part.error();
  }
  const auto page = (*store)->cases({.state = call.parameter("state"),
                                     .assignee_id = call.parameter("assignee_id"),
                                     .group_id = call.parameter("group_id"),
                                     .account_id = call.parameter("account_id"),
                                     .severity = call.parameter("severity"),
                                     .open = call.parameter("open") == "true",
                                     .part = *part});
  return page ? json_response(200,
                              list_json(page->items, page->next_cursor, total_json(page->total)))
              : answer_error(page.error());
}

// Alerts of a case with their context, and what was decided about it.
std::expected<void, StoreError> add_case_parts(Api& api, StoreReader& store,
                                               const std::string& case_id, ObjectWriter& object,
                                               std::string& json) {
  const auto alerts =
      store.alerts({.case_id = case_id, .now = api.service().now(), .part = {.limit = 1000}});
  if (!alerts) {
    return std::unexpected(alerts.error());
  }
  object.array("alerts", alerts->items,
               [&](const AlertItem& item) { json += api.alert_lines().shown(item.line); });
  const auto restricted = api.restricted();
  object.member("context") += "{";
  for (const AlertItem& item : alerts->items) {
    json += json.back() == '{' ? "" : ",";
    json += json_string(item.alert_id) + ":";
    write_alert_context(item, restricted, json);
  }
  json += "}";
  const auto decisions = store.decisions(
      {.target_kind = "case_id", .target = case_id, .part = {.sort = "seq", .limit = 1000}});
  if (!decisions) {
    return std::unexpected(decisions.error());
  }
  object.array("history", decisions->items,
               [&](const DecisionItem& item) { json += outcome_json(item); });
  return {};
}

HttpResponse case_of(Api& api, ApiCall& call) {
  const std::string case_id(call.request.segment("case_id"));
  const auto store = api.store();
  if (!store) {
    return unavailable(store.error());
  }
  const auto story = (*store)->case_of(case_id);
  if (!story) {
    return answer_error(story.error());
  }
  if (!*story) {
    return not_found("case");
  }
  std::string json;
  ObjectWriter object(json);
  object.member("case") += (*story)->line;
  object.array("measures", (*story)->measures, [&](const std::string& line) { json += line; });
  if (auto added = add_case_parts(api, **store, case_id, object, json); !added) {
    return answer_error(added.error());
  }
  object.end();
  return json_response(200, std::move(json));
}

// Of each measure that somebody may be stuck in, why.
using StuckWords = std::map<std::uint64_t, std::vector<std::string>>;

std::optional<StuckWords> stuck_now(Api& api) {
  const Time now = api.service().now();
  return api.ask([now](const Engine& engine) {
    StuckWords words;
    for (const Stuck& one : engine.enforcement().measures().stuck(now)) {
      if (one.measure == 0) {
        continue;  // restrictions that no measure waits for: the overview counts them
      }
      words[one.measure].push_back(one.why);
    }
    return words;
  });
}

void write_words(const std::vector<std::string>& words, std::string& out) {
  out += "[";
  for (const std::string& word : words) {
    out += out.back() == '[' ? "" : ",";
    out += json_string(word);
  }
  out += "]";
}

MeasuresQuery measures_query(const ApiCall& call, const ListPart& part) {
  MeasuresQuery query{.state = call.parameter("state"),
                      .case_id = call.parameter("case_id"),
                      .account_id = call.parameter("account_id"),
                      .kind = call.parameter("kind"),
                      .part = part};
  const std::string waiting = call.parameter("waiting");
  query.waiting = waiting == "adoption"   ? MeasuresQuery::Waiting::adoption
                  : waiting == "approval" ? MeasuresQuery::Waiting::approval
                                          : MeasuresQuery::Waiting::any;
  return query;
}

HttpResponse measures(Api& api, ApiCall& call) {
  const auto part = list_part(call);
  const auto store = api.store();
  if (!part || !store) {
    return part ? unavailable(store.error()) : part.error();
  }
  MeasuresQuery query = measures_query(call, *part);
  const StuckWords stuck = stuck_now(api).value_or(StuckWords());
  if (call.parameter("stuck") == "true") {
    query.numbers.emplace();
    for (const auto& [number, words] : stuck) {
      query.numbers->push_back(number);
    }
  }
  const auto page = (*store)->measures(query);
  if (!page) {
    return answer_error(page.error());
  }
  std::string words = total_json(page->total) + ",\"stuck\":{";
  for (const auto& [number, why] : stuck) {
    words += words.back() == '{' ? "" : ",";
    words += json_string(measure_id(number)) + ":";
    write_words(why, words);
  }
  return json_response(200, list_json(page->items, page->next_cursor, words + "}"));
}

HttpResponse measure(Api& api, ApiCall& call) {
  const std::string id(call.request.segment("measure_id"));
  const auto store = api.store();
  if (!store) {
    return unavailable(store.error());
  }
  const auto story = (*store)->measure(id);
  if (!story || !*story) {
    return story ? not_found("measure") : answer_error(story.error());
  }
  std::string json;
  ObjectWriter object(json);
  object.member("measure") += (*story)->line;
  object.array("history", (*story)->decisions,
               [&](const DecisionItem& item) { json += outcome_json(item); });
  const StuckWords stuck = stuck_now(api).value_or(StuckWords());
  const auto why = stuck.find(measure_number(id));
  write_words(why == stuck.end() ? std::vector<std::string>() : why->second,
              object.member("stuck"));
  object.end();
  return json_response(200, std::move(json));
}

// {…} with `more` members behind its first.
std::string with_members(std::string object, const std::string& more) {
  return object.insert(object.find(',') == std::string::npos ? object.size() - 1 : object.find(','),
                       more);
}

HttpResponse preview(Api& api, ApiCall& call) {
  const std::uint64_t number = measure_number(call.request.segment("measure_id"));
  const auto shown = api.ask([number](const Engine& engine) -> std::string {
    const Measure* measure = engine.enforcement().measures().find(number);
    if (measure == nullptr) {
      return "";
    }
    std::string text;
    write_preview(preview_of(engine.market(), engine.enforcement(), *measure), text);
    return with_members(std::move(text), ",\"preview_seq\":" + std::to_string(engine.last_seq()));
  });
  if (!shown) {
    return unavailable("The engine does not answer now.");
  }
  return shown->empty() ? not_found("measure") : json_response(200, *shown);
}

std::string snooze_key(const JsonMembers& event) {
  return event.text("rule").value_or("") + "\n" + event.text("account_id").value_or("") + "\n" +
         event.text("group_id").value_or("");
}

// What still holds of the snoozes that people have set.
HttpResponse snoozes(Api& api, ApiCall& call) {
  const auto store = api.store();
  if (!store) {
    return unavailable(store.error());
  }
  static_cast<void>(call);
  const std::int64_t now = api.service().now().ns;
  std::vector<std::string> items;
  std::set<std::string> seen;  // the newest of each key decides
  ListPart part{.sort = "-seq", .limit = 1000};
  const auto begun = (*store)->decisions({.kind = "snooze", .result = "accepted", .part = part});
  const auto ended = (*store)->decisions({.kind = "unsnooze", .result = "accepted", .part = part});
  if (!begun || !ended) {
    return answer_error(begun ? ended.error() : begun.error());
  }
  std::map<std::string, std::uint64_t> ended_seq;
  for (const DecisionItem& item : ended->items) {
    if (const auto event = JsonMembers::of(item.event)) {
      ended_seq.try_emplace(snooze_key(*event), item.seq);
    }
  }
  for (const DecisionItem& item : begun->items) {
    const auto event = JsonMembers::of(item.event);
    const std::string key = event ? snooze_key(*event) : "";
    if (!event || !seen.insert(key).second || event->integer("until_ts").value_or(0) <= now ||
        (ended_seq.contains(key) && ended_seq[key] > item.seq)) {
      continue;
    }
    ObjectWriter object(items.emplace_back());
    for (const char* name : {"rule", "account_id", "group_id", "until_ts", "reason", "user_id"}) {
      if (event->has(name)) {
        object.member(name) += event->value(name);
      }
    }
    object.number("seq", item.seq);
    object.end();
  }
  return json_response(200, list_json(items, ""));
}

}  // namespace

void answer_cases(Api& api) {
  api.add("GET", "/v1/cases", {}, cases);
  api.add("GET", "/v1/cases/{case_id}", {}, case_of);
  api.add("GET", "/v1/measures", {}, measures);
  api.add("GET", "/v1/measures/{measure_id}", {}, measure);
  api.add("GET", "/v1/measures/{measure_id}/preview", {}, preview);
  api.add("GET", "/v1/snoozes", {}, snoozes);
}

}  // namespace marktwacht
