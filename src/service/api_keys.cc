// Keys of the service by name, the next one, and the head of the journal's chain.
#include "events/json_object.h"
#include "service/api_parts.h"
#include "service/people_changes.h"

namespace marktwacht {
namespace {

constexpr ApiNeeds key_keeper{.right = Right::keys, .scope = {}};

std::string key_json(const WebhookKeys::Known& key) {
  std::string json;
  ObjectWriter object(json);
  object.text("kind", "webhook");
  object.text("key_id", key.key_id);
  object.text("state", key.state == WebhookKeys::State::signs      ? "signs"
                       : key.state == WebhookKeys::State::previous ? "previous"
                                                                   : "next");
  object.text("file", key.file);
  object.end();
  return json;
}

HttpResponse no_webhook() {
  return error_response(409, "no_webhook", "No commands are sent: webhook_url is empty.");
}

HttpResponse keys(Api& api, ApiCall&) {
  std::vector<std::string> items;
  if (api.webhook_keys() != nullptr) {
    const auto known = api.webhook_keys()->list();
    if (!known) {
      return unavailable(known.error());
    }
    for (const WebhookKeys::Known& key : *known) {
      items.push_back(key_json(key));
    }
  }
  return json_response(200, list_json(items, ""));
}

// It opens and signs nothing, so one person makes it.
HttpResponse make_key(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  if (!body || body->text("kind") != "webhook") {
    return error_response(400, "bad_request", "Only webhook keys change while it runs.", "kind");
  }
  if (api.webhook_keys() == nullptr) {
    return no_webhook();
  }
  const auto made = api.webhook_keys()->make_next();
  api.audit(call, "key_new", made ? made->key_id : "", made ? "accepted" : "unavailable",
            "webhook");
  return made ? json_response(200, key_json(*made)) : unavailable(made.error());
}

bool is_next(const std::vector<WebhookKeys::Known>& known, const std::string& key_id) {
  for (const WebhookKeys::Known& key : known) {
    if (key.state == WebhookKeys::State::next && key.key_id == key_id) {
      return true;
    }
  }
  return false;
}

HttpResponse use_key(Api& api, ApiCall& call) {
  const std::string key_id(call.request.segment("key_id"));
  const auto body = body_of(call);
  if (api.webhook_keys() == nullptr || !body) {
    return body ? no_webhook() : error_response(400, "bad_request", "The body is no object.");
  }
  if (api.webhook_keys()->are_named()) {
    return error_response(409, "key_is_named",
                          "webhook_key_id in the configuration names the key, whatever it is: take "
                          "it out first.");
  }
  const auto known = api.webhook_keys()->list();
  if (!known || !is_next(*known, key_id)) {
    return known ? not_found("next key") : unavailable(known.error());
  }
  std::string text;
  ObjectWriter object(text);
  object.text("kind", "webhook");
  object.text("key_id", key_id);
  object.end();
  const auto change_id =
      decide_change(api, call, DecisionKind::change_key, text,
                    body->text("reason").value_or("the webhook's key is changed"),
                    WaitingChange{"", Waiting::key, key_id, ""});
  api.audit(call, "key_use", key_id, change_id ? "accepted" : "refused");
  if (!change_id) {
    return change_id.error();
  }
  std::string json;
  ObjectWriter answer(json);
  answer.text("key_id", key_id);
  answer.text_unless_empty("change_id", *change_id);
  answer.end();
  return json_response(200, std::move(json));
}

HttpResponse head(Api& api, ApiCall&) {
  return json_response(200, api.service().signed_head().json());
}

}  // namespace

void answer_keys(Api& api) {
  api.add("GET", "/v1/keys", key_keeper, keys);
  api.add("POST", "/v1/keys", key_keeper, make_key);
  api.add("POST", "/v1/keys/{key_id}", key_keeper, use_key);
  api.add("GET", "/v1/head", {}, head);
}

}  // namespace marktwacht
