// What comes in: lines of the exchange, decisions of people, records of the service itself.
#include <algorithm>
#include <future>
#include <utility>

#include "edges/vault/personal_fields.h"
#include "events/config_names.h"
#include "events/json_members.h"
#include "events/json_object.h"
#include "service/admission.h"
#include "service/api_parts.h"
#include "service/clocks.h"
#include "service/people_changes.h"
#include "service/personal_acts.h"
#include "service/turns.h"

namespace marktwacht {
namespace {

// Which `source` a sender's events have, and what they may be.
Sender sender_of(const ApiCall& call) {
  if (const auto* machine = std::get_if<Machine>(&call.who)) {
    return {.source = machine->source,
            .may = {.trusted = machine->trusted, .command = machine->has(TokenScope::commands)},
            .only_results = !machine->has(TokenScope::ingest),
            .types = machine->types,
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

// Refused lines are kept; that somebody sent what they may not is on record too.
void keep_refused(Api& api, const ApiCall& call, const std::string& source,
                  const IntakeAnswer& taken) {
  api.rejected().add(source, call.now, taken);
  if (taken.forbidden > 0) {
    api.audit_soon(call, "events", source, word_of(RejectReason::forbidden_type),
                   std::to_string(taken.forbidden) + " lines");
  }
}

// To one that failed.
HttpResponse failed_response(const IntakeAnswer& taken) {
  return taken.is_unknown
             ? unavailable("Whether it is kept shows once events are taken again: " + taken.error,
                           "outcome_unknown")
             : unavailable(taken.error);
}

// `call`: without its body. `turn` is over once it is answered.
void offer(Api& api, const ApiCall& call, IntakeBatch batch, HttpAnswer answer,
           const Turns::Turn& turn = {}) {
  const auto held = std::make_shared<HttpAnswer>(std::move(answer));
  batch.done = [&api, call, source = batch.source, held, turn](const IntakeAnswer& taken) {
    keep_refused(api, call, source, taken);
    held->send(taken.error.empty() ? json_response(200, answer_json(taken))
                                   : failed_response(taken));
  };
  if (!api.service().offer(std::move(batch))) {
    const std::string failed = api.service().status().failed;
    held->send(unavailable(failed.empty() ? "Too much waits; send it again." : failed));
  }
}

bool has_text(const Item& item) {
  return item.event != nullptr && has_personal_text(item.event->type);
}

// What was taken before: the answer that the whole batch got then, or those of its lines,
// ascending.
struct Repeated {
  std::optional<IntakeAnswer> answer;
  std::vector<std::size_t> lines;
};

// What the vault keeps of a text is new each time: of one that is sent again it would stay for
// good, since nothing in the journal names it.
Repeated repeated(Api& api, const IntakeBatch& batch) {
  const auto found = api.ask([&](const Engine& engine) {
    Repeated known{api.service().repeated(batch.source, batch.idempotency_key), {}};
    for (std::size_t at = 0; at < batch.events.items.size(); ++at) {
      const Item& item = batch.events.items[at];
      if (has_text(item) && engine.market().feeds().place(*item.event) == Feeds::Place::repeated) {
        known.lines.push_back(at);
      }
    }
    return known;
  });
  return found.value_or(Repeated{});
}

struct AskedIntake {
  ApiCall call;  // without its body
  IntakeBatch batch;
  HttpAnswer answer;

  void refuse() { answer.send(unavailable("Too much waits; send it again.")); }
};

// On a worker's thread: the vault waits for the disk. `turn`: of one with texts.
void keep_and_offer(Api& api, AskedIntake& asked, const Turns::Turn& turn) {
  const Repeated known = turn ? repeated(api, asked.batch) : Repeated{};
  if (known.answer) {
    return asked.answer.send(json_response(200, answer_json(*known.answer)));
  }
  const auto kept = api.privacy()->apply(asked.batch.events, asked.call.now, known.lines);
  if (!kept) {
    return asked.answer.send(unavailable("The vault: " + kept.error()));
  }
  offer(api, asked.call, std::move(asked.batch), std::move(asked.answer), turn);
}

// Of batches with texts one of each source is on its way, so that the later of two finds the other.
void offer_through_vault(Api& api, Turns& turns, AskedIntake given) {
  const auto asked = std::make_shared<AskedIntake>(std::move(given));
  const auto at_turn = [&api, asked](const Turns::Turn& turn) {
    if (!api.workers().run([&api, asked, turn] { keep_and_offer(api, *asked, turn); })) {
      asked->refuse();
    }
  };
  if (std::ranges::none_of(asked->batch.events.items, has_text)) {
    at_turn({});
  } else if (!turns.take(asked->batch.source, at_turn)) {
    asked->refuse();
  }
}

void take_events(Api& api, Turns& turns, ApiCall call, HttpAnswer answer) {
  if (!sends_events(call)) {
    api.audit_soon(call, call.request.method + " " + call.request.path, "", "forbidden");
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
  batch.received = sender.received;
  batch.events = decode_lines(std::exchange(call.request.body, {}));
  admit(sender, batch.events);
  if (api.privacy() == nullptr) {
    return offer(api, call, std::move(batch), std::move(answer));
  }
  offer_through_vault(api, turns, {std::move(call), std::move(batch), std::move(answer)});
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
      object.foreign_member(name) += value;
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
  for (const char* name :
       {"measure_id", "alert_id", "case_id", "change_id", "account_id", "token"}) {
    if (const auto id = body.text(name)) {
      return *id;
    }
  }
  return "";
}

// What was accepted, with what more there is to say.
HttpResponse accepted_response(const JsonMembers& outcome, const std::optional<Revealed>& shown) {
  std::string json;
  ObjectWriter object(json);
  object.member("seq") += outcome.value("seq");
  object.boolean("accepted", true);
  for (const char* name : {"case_id", "measure_id", "change_id", "preview_hash", "preview_seq"}) {
    if (outcome.has(name)) {
      object.member(name) += outcome.value(name);
    }
  }
  if (shown) {
    object.text("value", shown->plain);
  }
  object.end();
  return json_response(200, std::move(json));
}

HttpResponse refused_response(const JsonMembers& outcome) {
  const std::string reason = outcome.text("reason").value_or("refused");
  std::string json = "{\"error\":";
  ObjectWriter object(json);
  object.text("code", reason);
  object.text("message", "Refused: " + reason + ".");
  object.text_unless_empty("field", outcome.text("field").value_or(""));
  for (const char* name : {"preview_hash", "preview_seq"}) {
    if (outcome.has(name)) {
      object.member(name) += outcome.value(name);
    }
  }
  object.end();
  return json_response(409, json + "}");
}

bool is_about_vault(DecisionKind kind) {
  return kind == DecisionKind::erase || kind == DecisionKind::hold ||
         kind == DecisionKind::lift_hold;
}

// What the engine cannot know, asked before it is recorded.
std::optional<HttpResponse> refused_before(Api& api, const ApiCall& call, DecisionKind kind,
                                           const JsonMembers& body) {
  switch (kind) {
    case DecisionKind::change_user:
    case DecisionKind::change_token:
    case DecisionKind::change_key:
      return error_response(400, "bad_request", "Asked by /v1/users, /v1/tokens and /v1/keys.",
                            "kind");
    case DecisionKind::approve:
    case DecisionKind::approve_change:
    case DecisionKind::erase:
      if (std::get<Person>(call.who).totp) {
        const auto right =
            api.auth().check_totp(call.user_id, body.text("totp").value_or(""), call.now);
        if (!right) {
          return answer_error(right.error());
        }
      }
      break;
    default:
      break;
  }
  if ((is_about_vault(kind) || kind == DecisionKind::reveal) && api.privacy() == nullptr) {
    return error_response(409, "no_vault", "Without a deployment key there is no vault.");
  }
  if (kind == DecisionKind::erase) {
    const auto held = api.privacy()->vault().is_held(vault_subject(body));
    if (!held || *held) {
      return held ? error_response(409, "held", "A legal hold forbids it; lift_hold ends one.")
                  : unavailable(held.error());
    }
  }
  return std::nullopt;
}

// What follows from a decision that was accepted, beside the engine.
HttpResponse follow(Api& api, const ApiCall& call, DecisionKind kind, const JsonMembers& body,
                    const JsonMembers& outcome) {
  std::expected<void, std::string> done;
  std::optional<Revealed> shown;
  if (is_about_vault(kind)) {
    done = carry_out(api.privacy()->vault(), kind, body, outcome);
  } else if (kind == DecisionKind::approve_change || kind == DecisionKind::refuse_change) {
    done = settle_change(api.auth(), api.service(), api.webhook_keys(),
                         body.text("change_id").value_or(""), kind == DecisionKind::approve_change,
                         call.now);
  } else if (kind == DecisionKind::reveal) {
    auto found = api.privacy()->vault().reveal(body.text("token").value_or(""));
    if (found) {
      shown = *std::move(found);
    } else {
      done = std::unexpected(found.error());
    }
  }
  return done ? accepted_response(outcome, shown) : unavailable(done.error());
}

HttpResponse decide(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  const auto kind = body ? kind_in(*body) : std::nullopt;
  if (!kind) {
    return error_response(400, "bad_request", "No such kind of decision.", "kind");
  }
  const std::string target = target_of(*body);
  const auto note = [&](std::string_view became) {
    api.audit(call, word_of(*kind), target, became, body->text("reason").value_or(""));
  };
  if (!has_right(call.role, right_for(*kind))) {
    note("forbidden");
    return error_response(403, "forbidden",
                          "The role " + std::string(word_of(call.role)) + " may not do that.");
  }
  if (auto refused = refused_before(api, call, *kind, *body)) {
    note("refused");
    return *std::move(refused);
  }
  const auto outcome = record_decision(api, call, call.request.body);
  note(outcome ? "accepted" : "refused");
  if (!outcome) {
    return outcome.error();
  }
  const auto members = JsonMembers::of(*outcome);
  return follow(api, call, *kind, *body, *members);
}

}  // namespace

std::expected<std::string, HttpResponse> record_decision(Api& api, const ApiCall& call,
                                                         std::string_view body) {
  const auto members = JsonMembers::of(body);
  if (!members) {
    return std::unexpected(error_response(400, "bad_request", "The body is no object of JSON."));
  }
  IntakeBatch batch;
  batch.source = console_source;
  batch.events = decode_lines(decision_line(*members, call.user_id, api.service().now()));
  // More than one would be somebody else's as well: nobody's rights are asked behind here.
  if (batch.events.items.size() != 1) {
    return std::unexpected(error_response(400, "bad_request", "This is not one decision."));
  }
  const Item& item = batch.events.items.front();
  if (item.event != nullptr && api.privacy() != nullptr) {
    if (const auto kept = api.privacy()->apply(batch.events, call.now); !kept) {
      return std::unexpected(unavailable("The vault: " + kept.error()));
    }
  }
  if (item.event == nullptr) {
    return std::unexpected(
        error_response(400, "bad_request", word_of(item.fault.reason), item.fault.field));
  }
  IntakeAnswer answer = take_and_wait(api, std::move(batch));
  if (!answer.error.empty()) {
    return std::unexpected(failed_response(answer));
  }
  const auto outcome =
      answer.decisions.empty() ? std::nullopt : JsonMembers::of(answer.decisions.front());
  if (!outcome) {
    return std::unexpected(unavailable("What became of it is not known."));
  }
  if (outcome->text("result") != "accepted") {
    return std::unexpected(refused_response(*outcome));
  }
  return std::move(answer.decisions.front());
}

IntakeAnswer record_config(Api& api, std::string_view name, std::string_view text) {
  IntakeBatch batch;
  batch.source = service_source;
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
               [&api, turns = std::make_shared<Turns>()](ApiCall call, HttpAnswer answer) {
                 take_events(api, *turns, std::move(call), std::move(answer));
               });
  api.add("POST", "/v1/decisions", {.right = {}, .scope = {}}, decide);
}

}  // namespace marktwacht
