// What comes in: lines of the exchange, decisions of people, records of the service itself.
#include <future>
#include <utility>

#include "events/config_names.h"
#include "events/json_members.h"
#include "events/json_object.h"
#include "service/admission.h"
#include "service/api_parts.h"
#include "service/clocks.h"

namespace marktwacht {
namespace {

// Which `source` a sender's events have, and what they may be.
Sender sender_of(const ApiCall& call) {
  if (const auto* machine = std::get_if<Machine>(&call.who)) {
    return {.source = machine->source,
            .may = {.trusted = machine->trusted, .command = machine->has(TokenScope::commands)},
            .only_results = !machine->has(TokenScope::ingest),
            .received = call.now};
  }
  return {.source = "user:" + call.user_id, .may = {}, .received = call.now};
}

std::string answer_json(const IntakeAnswer& answer) {
  std::string json;
  ObjectWriter object(json);
  object.number("accepted", answer.accepted);
  object.number("rejected", answer.rejected);
  object.number("last_seq", answer.last_seq);
  object.end();
  return json;
}

bool sends_events(const ApiCall& call) {
  const auto* machine = std::get_if<Machine>(&call.who);
  return machine != nullptr ? machine->has(TokenScope::ingest) || machine->has(TokenScope::commands)
                            : has_right(call.role, Right::ingest);
}

void offer(Api& api, IntakeBatch batch, HttpAnswer answer) {
  const auto held = std::make_shared<HttpAnswer>(std::move(answer));
  batch.done = [held](const IntakeAnswer& taken) {
    held->send(taken.error.empty() ? json_response(200, answer_json(taken))
                                   : unavailable(taken.error));
  };
  if (!api.service().offer(std::move(batch))) {
    const std::string failed = api.service().status().failed;
    held->send(unavailable(failed.empty() ? "Too much waits; send it again." : failed));
  }
}

void take_events(Api& api, ApiCall call, HttpAnswer answer) {
  if (!sends_events(call)) {
    return answer.send(error_response(403, "forbidden",
                                      "Sending events needs the role operator, "
                                      "or a token with scope ingest."));
  }
  IntakeBatch batch;
  batch.idempotency_key = call.request.header("Idempotency-Key");
  if (batch.idempotency_key.size() > BatchMark::name_bytes_max) {
    return answer.send(error_response(400, "bad_request", "At most 256 bytes.", "Idempotency-Key"));
  }
  const Sender sender = sender_of(call);
  batch.source = sender.source;
  batch.events = decode_lines(std::move(call.request.body));
  admit(sender, batch.events);
  if (api.privacy() == nullptr) {
    return offer(api, std::move(batch), std::move(answer));
  }
  // The vault waits for the disk: not here.
  const auto held =
      std::make_shared<std::pair<IntakeBatch, HttpAnswer>>(std::move(batch), std::move(answer));
  const bool taken = api.workers().run([&api, held, now = call.now] {
    if (const auto kept = api.privacy()->apply(held->first.events, now); !kept) {
      return held->second.send(unavailable("The vault: " + kept.error()));
    }
    offer(api, std::move(held->first), std::move(held->second));
  });
  if (!taken) {
    held->second.send(unavailable("Too much waits; send it again."));
  }
}

// Of the service's own making: no sender's rights are asked. Waits until it is durable.
IntakeAnswer take_and_wait(Api& api, IntakeBatch batch) {
  const auto promise = std::make_shared<std::promise<IntakeAnswer>>();
  auto answer = promise->get_future();
  batch.done = [promise](const IntakeAnswer& taken) { promise->set_value(taken); };
  if (!api.service().offer(std::move(batch))) {
    return {.error = "Nothing is taken now."};
  }
  return answer.get();
}

// The body's members with who decides and when; what only a service may say is left out.
std::string decision_line(const JsonMembers& body, const std::string& user_id, Time now) {
  std::string line;
  ObjectWriter object(line);
  object.text("type", "decision");
  object.number("ts", now.ns);
  object.text("user_id", user_id);
  for (const auto& [name, value] : body.all()) {
    if (name != "type" && name != "ts" && name != "user_id" && name != "source" &&
        name != "source_seq" && name != "totp") {
      object.member(name) += value;
    }
  }
  object.end();
  return line;
}

std::optional<DecisionKind> kind_in(const JsonMembers& body) {
  const auto& words = Words<DecisionKind>::list;
  const auto word = body.text("kind");
  const auto found = word ? std::ranges::find(words, *word) : words.end();
  return found == words.end() ? std::nullopt
                              : std::optional(static_cast<DecisionKind>(found - words.begin()));
}

// What a decision is about, for the audit trail.
std::string target_of(const JsonMembers& body) {
  for (const char* name : {"measure_id", "alert_id", "case_id", "change_id", "account_id"}) {
    if (const auto id = body.text(name)) {
      return *id;
    }
  }
  return "";
}

HttpResponse outcome_response(const IntakeAnswer& answer) {
  const auto outcome =
      answer.decisions.empty() ? std::nullopt : JsonMembers::of(answer.decisions.front());
  if (!outcome) {
    return unavailable("What became of it is not known.");
  }
  std::string json;
  if (outcome->text("result") == "accepted") {
    ObjectWriter object(json);
    object.member("seq") += outcome->value("seq");
    object.boolean("accepted", true);
    for (const char* name : {"case_id", "measure_id", "change_id", "preview_hash", "preview_seq"}) {
      if (outcome->has(name)) {
        object.member(name) += outcome->value(name);
      }
    }
    object.end();
    return json_response(200, std::move(json));
  }
  const std::string reason = outcome->text("reason").value_or("refused");
  json = "{\"error\":";
  ObjectWriter object(json);
  object.text("code", reason);
  object.text("message", "Refused: " + reason + ".");
  object.text_unless_empty("field", outcome->text("field").value_or(""));
  for (const char* name : {"preview_hash", "preview_seq"}) {
    if (outcome->has(name)) {
      object.member(name) += outcome->value(name);
    }
  }
  object.end();
  return json_response(409, json + "}");
}

HttpResponse decide(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  const auto kind = body ? kind_in(*body) : std::nullopt;
  if (!kind) {
    return error_response(400, "bad_request", "No such kind of decision.", "kind");
  }
  const std::string target = target_of(*body);
  const auto refused = [&](std::string_view why) {
    api.audit(call, word_of(*kind), target, why, body->text("reason").value_or(""));
  };
  if (!has_right(call.role, right_for(*kind))) {
    refused("forbidden");
    return error_response(403, "forbidden",
                          "The role " + std::string(word_of(call.role)) + " may not do that.");
  }
  if (*kind == DecisionKind::approve && std::get<Person>(call.who).totp) {
    if (auto right = api.auth().check_totp(call.user_id, body->text("totp").value_or(""), call.now);
        !right) {
      refused(word_of(right.error().why));
      return answer_error(right.error());
    }
  }
  IntakeBatch batch;
  batch.source = "console";
  batch.events = decode_lines(decision_line(*body, call.user_id, api.service().now()));
  const Item& item = batch.events.items.front();
  if (item.event == nullptr) {
    refused(word_of(item.fault.reason));
    return error_response(400, "bad_request", word_of(item.fault.reason), item.fault.field);
  }
  if (api.privacy() != nullptr) {
    if (const auto kept = api.privacy()->apply(batch.events, call.now); !kept) {
      return unavailable("The vault: " + kept.error());
    }
  }
  const IntakeAnswer answer = take_and_wait(api, std::move(batch));
  if (!answer.error.empty()) {
    return unavailable(answer.error);
  }
  HttpResponse response = outcome_response(answer);
  refused(response.status == 200 ? "accepted" : "refused");
  return response;
}

}  // namespace

IntakeAnswer record_config(Api& api, std::string_view name, std::string_view text) {
  IntakeBatch batch;
  batch.source = "service";
  auto& event = *batch.events.arena.make<event::Config>();
  event = config_event(name, batch.events.arena.copy(text), api.service().now());
  Item& item = batch.events.items.emplace_back();
  item.event = &event;
  item.type = EventType::config;
  item.line = 1;
  batch.events.bytes.assign(64, ' ');
  return take_and_wait(api, std::move(batch));
}

void answer_intake(Api& api) {
  api.add_late("POST", "/v1/events", {.right = {}, .scope = {}, .any_token = true},
               [&api](ApiCall call, HttpAnswer answer) {
                 take_events(api, std::move(call), std::move(answer));
               });
  api.add("POST", "/v1/decisions", {.right = {}, .scope = {}},
          [&api](ApiCall& call) { return decide(api, call); });
}

}  // namespace marktwacht
