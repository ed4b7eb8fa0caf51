// The policy in force, and changes that wait for a second person.
#include <algorithm>
#include <map>
#include <ranges>
#include <utility>

#include "base/sha256.h"
#include "events/json_members.h"
#include "events/json_object.h"
#include "measures/policy_reader.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

// Decisions of a kind that were accepted, the newest first.
std::expected<std::vector<DecisionItem>, StoreError> accepted(StoreReader& store,
                                                              const char* kind) {
  auto page = store.decisions(
      {.kind = kind, .result = "accepted", .part = {.sort = "-seq", .limit = ListPart::limit_max}});
  if (!page) {
    return std::unexpected(page.error());
  }
  return std::move(page->items);
}

std::string change_in(const DecisionItem& item) {
  const auto outcome = JsonMembers::of(item.outcome);
  return outcome ? outcome->text("change_id").value_or("") : "";
}

// What became of a change: kind approve_change or refuse_change, by whom, when.
struct Settled {
  bool in_force = false;
  std::string user_id;
  std::int64_t ts = 0;
  std::uint64_t seq = 0;
};

std::expected<std::map<std::string, Settled>, StoreError> settled(StoreReader& store) {
  std::map<std::string, Settled> all;
  for (const char* kind : {"approve_change", "refuse_change", "erase"}) {
    const auto items = accepted(store, kind);
    if (!items) {
      return std::unexpected(items.error());
    }
    for (const DecisionItem& item : *items) {
      const auto event = JsonMembers::of(item.event);
      if (event && event->has("change_id")) {  // an `erase` without one asks for it
        all[event->text("change_id").value_or("")] = {std::string_view(kind) != "refuse_change",
                                                      event->text("user_id").value_or(""),
                                                      event->integer("ts").value_or(0), item.seq};
      }
    }
  }
  return all;
}

// Of a user, a token, a key: what its text says.
void add_people(const JsonMembers& event, ObjectWriter& object) {
  const std::string kind = event.text("kind").value_or("");
  if (kind != "change_user" && kind != "change_token" && kind != "change_key") {
    return;
  }
  const std::string text = event.text("text").value_or("");  // as the service wrote it
  const auto said = JsonMembers::of(text);
  if (!said) {
    return;
  }
  object.text_unless_empty("target_user_id", said->text("user_id").value_or(""));
  for (const char* name : {"role", "disabled", "password", "totp", "token_id", "scopes", "source",
                           "trusted", "key_id"}) {
    if (said->has(name)) {
      object.member(name) += said->value(name);
    }
  }
}

std::string change_json(const std::string& change_id, const JsonMembers& event,
                        const Settled* became) {
  std::string json;
  ObjectWriter object(json);
  object.text("change_id", change_id);
  object.text("kind", event.text("kind").value_or(""));
  object.text("state", became == nullptr ? "pending" : became->in_force ? "in_force" : "refused");
  for (const char* name : {"user_id", "ts", "reason"}) {
    object.member(name) += event.value(name);
  }
  if (became != nullptr) {
    object.text("decided_by", became->user_id);
    object.number("decided_ts", became->ts);
  }
  for (const char* name : {"text", "clause", "step", "on", "account_id", "case_id", "token"}) {
    if (event.has(name)) {
      object.member(name) += event.value(name);
    }
  }
  add_people(event, object);
  object.end();
  return json;
}

HttpResponse changes(Api& api, ApiCall& call) {
  const auto store = api.store();
  if (!store) {
    return unavailable(store.error());
  }
  const auto became = settled(**store);
  if (!became) {
    return answer_error(became.error());
  }
  const std::string wanted = call.parameter("state");
  std::vector<std::string> items;
  for (const char* kind :
       {"publish_policy", "set_automatic", "change_user", "change_token", "change_key", "erase"}) {
    const auto asked = accepted(**store, kind);
    if (!asked) {
      return answer_error(asked.error());
    }
    for (const DecisionItem& item : *asked) {
      const std::string change_id = change_in(item);
      const auto event = JsonMembers::of(item.event);
      if (change_id.empty() || !event || event->has("change_id")) {
        continue;  // in force at once: there was no second administrator
      }
      const auto found = became->find(change_id);
      std::string json =
          change_json(change_id, *event, found == became->end() ? nullptr : &found->second);
      if (wanted.empty() || json.contains("\"state\":\"" + wanted + "\"")) {
        items.push_back(std::move(json));
      }
    }
  }
  return json_response(200, list_json(items, ""));
}

// Since which record each policy that was published and not refused is in force.
std::map<std::uint64_t, std::string> policies_in_force(StoreReader& store) {
  std::map<std::uint64_t, std::string> texts;
  const auto published = accepted(store, "publish_policy");
  const auto became = settled(store);
  if (!published || !became) {
    return texts;
  }
  for (const DecisionItem& item : *published) {
    const std::string change_id = change_in(item);
    const auto found = became->find(change_id);
    const bool at_once = change_id.empty();  // there was no second administrator
    if (!at_once && (found == became->end() || !found->second.in_force)) {
      continue;
    }
    const auto event = JsonMembers::of(item.event);
    texts[at_once ? item.seq : found->second.seq] = event ? event->text("text").value_or("") : "";
  }
  return texts;
}

// The text that says what is in force: what came in force last, else the built-in one.
std::string policy_text(StoreReader& store, const Policy& in_force) {
  const auto fits = [&](std::string_view text) {
    const auto read = read_policy(text);
    return read && read->ladder.size() == in_force.ladder.size() &&
           read->memory == in_force.memory && read->case_gap == in_force.case_gap;
  };
  for (const auto& [seq, text] : std::views::reverse(policies_in_force(store))) {
    if (fits(text)) {
      return text;
    }
  }
  return std::string(default_policy_text());
}

void write_step(const LadderRow& row, std::size_t at, bool automatic, std::string& json) {
  const LadderStep& step = row.steps[at];
  const auto offence =
      std::ranges::count(row.steps.begin(), row.steps.begin() + at + 1, 0U, &LadderStep::count_min);
  for (const std::string& clause : row.clauses) {
    const bool switched_on =
        std::ranges::find(step.automatic_for, clause) != step.automatic_for.end();
    for (const Proposal& proposal : step.proposals) {
      json += json.back() == '[' ? "" : ",";
      ObjectWriter one(json);
      one.text("clause", clause);
      one.text("step", std::to_string(at + 1));
      one.text("source", word_of(row.source));
      one.text("severity_min", word_of(row.severity_min));
      if (step.count_min > 0) {
        one.number("count_min", step.count_min);
      } else {
        one.number("offence", offence);
      }
      one.text("kind", word_of(proposal.kind));
      one.boolean("automatic", automatic && switched_on && proposal.automatic.allowed);
      one.boolean("may_be_automatic", proposal.automatic.allowed);
      one.end();
    }
  }
}

HttpResponse policy(Api& api, ApiCall&) {
  const auto in_force = api.ask([](const Engine& engine) { return engine.enforcement().policy(); });
  const auto store = api.store();
  if (!in_force || !store) {
    return unavailable("The engine does not answer now.");
  }
  const std::string text = policy_text(**store, *in_force);
  std::string json;
  ObjectWriter object(json);
  object.text("text", text);
  object.text("hash", hex(sha256(text)).substr(0, 16));
  object.member("steps") += "[";
  for (const LadderRow& row : in_force->ladder) {
    for (std::size_t at = 0; at < row.steps.size(); ++at) {
      write_step(row, at, in_force->automatic, json);
    }
  }
  json += "]";
  object.end();
  return json_response(200, std::move(json));
}

}  // namespace

std::expected<std::map<std::string, bool>, StoreError> settled_changes(StoreReader& store) {
  const auto all = settled(store);
  if (!all) {
    return std::unexpected(all.error());
  }
  std::map<std::string, bool> in_force;
  for (const auto& [change_id, became] : *all) {
    in_force[change_id] = became.in_force;
  }
  return in_force;
}

void answer_policy(Api& api) {
  // Those who may change it see no alerts: it is not a matter of `read`.
  api.add("GET", "/v1/policy", {.right = {}, .scope = TokenScope::read}, policy);
  api.add("GET", "/v1/changes", {.right = {}, .scope = TokenScope::read}, changes);
}

}  // namespace marktwacht
