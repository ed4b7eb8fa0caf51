// Alerts: the queue, one alert, its story, its book, its events.
#include <algorithm>
#include <charconv>
#include <utility>

#include "app/story.h"
#include "app/story_output.h"
#include "edges/journal/checkpoint.h"
#include "events/json_members.h"
#include "events/json_object.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

std::optional<bool> flag_of(const std::string& word) {
  return word == "true"    ? std::optional(true)
         : word == "false" ? std::optional(false)
                           : std::nullopt;
}

std::expected<AlertsQuery, HttpResponse> alerts_query(const ApiCall& call, Time now) {
  AlertsQuery query{.state = call.parameter("state"),
                    .detector = call.parameter("detector"),
                    .clause = call.parameter("clause"),
                    .severity = call.parameter("severity"),
                    .account_id = call.parameter("account_id"),
                    .group_id = call.parameter("group_id"),
                    .instrument_id = call.parameter("instrument_id"),
                    .case_id = call.parameter("case_id"),
                    .snoozed = flag_of(call.parameter("snoozed")),
                    .shadow = flag_of(call.parameter("shadow")),
                    .now = now};
  if (const std::string least = call.parameter("score_min"); !least.empty()) {
    std::int64_t score = 0;
    const auto [end, bad] = std::from_chars(least.data(), least.data() + least.size(), score);
    if (bad != std::errc{} || end != least.data() + least.size()) {
      return std::unexpected(error_response(400, "bad_request", "0 to 100", "score_min"));
    }
    query.score_min = score;
  }
  auto part = list_part(call);
  if (!part) {
    return std::unexpected(std::move(part.error()));
  }
  query.part = *std::move(part);
  // An alert keeps its place: `seq` is where it began.
  if (query.part.sort.empty() || query.part.sort == "-seq") {
    query.part.sort = "-opened_seq";
  } else if (query.part.sort == "seq") {
    query.part.sort = "opened_seq";
  }
  return query;
}

HttpResponse alerts(Api& api, ApiCall& call) {
  const auto query = alerts_query(call, api.service().now());
  if (!query) {
    return query.error();
  }
  const auto store = api.store();
  if (!store) {
    return unavailable(store.error());
  }
  const auto page = (*store)->alerts(*query);
  if (!page) {
    return answer_error(page.error());
  }
  std::vector<std::string> items;
  const auto restricted = api.restricted();
  std::string context = total_json(page->total) + ",\"context\":{";
  for (const AlertItem& item : page->items) {
    items.push_back(api.alert_lines().shown(item.line));
    context += context.back() == '{' ? "" : ",";
    context += json_string(item.alert_id) + ":";
    write_alert_context(item, restricted, context);
  }
  return json_response(200, list_json(items, page->next_cursor, context + "}"));
}

HttpResponse alert(Api& api, ApiCall& call) {
  const auto story = find_alert(api, call);
  if (!story) {
    return story.error();
  }
  std::string json;
  ObjectWriter object(json);
  object.member("alert") += api.alert_lines().shown(story->alert.line);
  write_alert_context(story->alert, api.restricted(), object.member("context"));
  object.array("revisions", story->revisions, [&](const AlertRevision& revision) {
    ObjectWriter one(json);
    one.number("revision", revision.revision);
    one.text("state", revision.state);
    one.number("score", revision.score);
    one.number("seq", revision.seq);
    one.number("at_ts", revision.at.ns);
    one.end();
  });
  object.end();
  return json_response(200, std::move(json));
}

HttpResponse story(Api& api, ApiCall& call) {
  constexpr std::size_t events_max = 200;
  const auto told = story_of(api, call, {});
  return told ? json_response(200, story_json(*told, events_max)) : told.error();
}

HttpResponse events(Api& api, ApiCall& call) {
  const auto told = story_of(api, call, {});
  if (!told) {
    return told.error();
  }
  const std::string text = story_json(*told, ListPart::limit_max);
  const auto members = JsonMembers::of(text);
  std::string json;
  ObjectWriter object(json);
  object.member("items") += members ? members->value("events") : "[]";
  object.member("left_out") += members ? members->value("events_left_out") : "0";
  object.end();
  return json_response(200, std::move(json));
}

}  // namespace

std::expected<AlertStory, HttpResponse> find_alert(Api& api, const ApiCall& call) {
  const auto store = api.store();
  if (!store) {
    return std::unexpected(unavailable(store.error()));
  }
  auto story = (*store)->alert(call.request.segment("alert_id"), api.service().now());
  if (!story) {
    return std::unexpected(answer_error(story.error()));
  }
  if (!*story) {
    return std::unexpected(not_found("alert"));
  }
  return **std::move(story);
}

// The alert with its revisions, as a story needs it.
static std::optional<RecordedAlert> recorded(Api& api, const AlertStory& of) {
  auto found = api.alert_lines().alert(of.alert.line);
  if (!found) {
    return std::nullopt;
  }
  RecordedAlert recorded{*std::move(found), {}};
  for (const AlertRevision& revision : of.revisions) {
    recorded.revisions.push_back(
        {static_cast<std::uint64_t>(revision.revision), revision.state, revision.at, revision.seq});
  }
  recorded.alert.at = of.revisions.back().at;
  recorded.alert.seq = of.revisions.back().seq;
  return recorded;
}

// Replays the journal as far as the alert goes: seconds where that is long.
std::expected<Story, HttpResponse> story_of(Api& api, const ApiCall& call,
                                            const StoryOptions& options) {
  const auto found = find_alert(api, call);
  if (!found) {
    return std::unexpected(found.error());
  }
  auto alert = recorded(api, *found);
  if (!alert) {
    return std::unexpected(error_response(500, "store", "The alert's line cannot be read."));
  }
  const std::string& data_dir = api.service().data_dir();
  if (first_told(*alert, options) <= dropped_up_to(data_dir)) {
    return std::unexpected(error_response(
        404, "dropped", "The records that this alert rests on were dropped: retention is over."));
  }
  auto story = tell_story(data_dir, *std::move(alert), options);
  if (!story) {
    return std::unexpected(unavailable(story.error()));
  }
  return *std::move(story);
}

void write_alert_context(const AlertItem& item, const std::set<std::string>& restricted,
                         std::string& out) {
  write_context(item.context, out);
  out.pop_back();
  const auto alert = JsonMembers::of(item.line);
  const bool stable = alert && alert->text("maturity") == "stable";
  const auto accounts = alert ? alert->texts("account_ids") : std::nullopt;
  const bool any = accounts && std::ranges::any_of(*accounts, [&](const std::string& account_id) {
                     return restricted.contains(account_id);
                   });
  out += std::string(",\"shadow\":") + (stable ? "false" : "true");
  out += std::string(",\"restricted\":") + (any ? "true" : "false") + "}";
}

void answer_alerts(Api& api) {
  api.add("GET", "/v1/alerts", {}, alerts);
  api.add("GET", "/v1/alerts/{alert_id}", {}, alert);
  api.add("GET", "/v1/alerts/{alert_id}/story", {}, story);
  api.add("GET", "/v1/alerts/{alert_id}/events", {}, events);
}

}  // namespace marktwacht
