// API tokens: what programs send.
#include <algorithm>

#include "events/config_names.h"
#include "events/json_object.h"
#include "service/api_parts.h"
#include "service/people_changes.h"

namespace marktwacht {
namespace {

constexpr ApiNeeds key_keeper{.right = Right::keys, .scope = {}};

HttpResponse tokens(Api& api, ApiCall&) {
  const auto entries = api.auth().tokens();
  if (!entries) {
    return answer_error(entries.error());
  }
  std::vector<std::string> items;
  for (const TokenEntry& entry : *entries) {
    if (entry.revoked_ts) {
      continue;
    }
    ObjectWriter object(items.emplace_back());
    object.text("token_id", entry.token_id);
    const bool ingest = (entry.scopes & bit(TokenScope::ingest)) != 0;
    const bool commands = (entry.scopes & bit(TokenScope::commands)) != 0;
    object.text("scope", ingest ? "ingest" : commands ? "commands" : "read");
    object.text("source", entry.source);
    object.boolean("trusted", entry.trusted);
    object.texts("types", entry.types);
    object.boolean("waits", entry.waits);
    object.number("created_ts", entry.created_ts.ns);
    if (entry.used_ts) {
      object.number("last_used_ts", entry.used_ts->ns);
    }
    object.end();
  }
  return json_response(200, list_json(items, ""));
}

std::string token_text(const std::string& token_id, const TokenTerms& terms,
                       std::string_view scope) {
  std::string text;
  ObjectWriter object(text);
  object.text("token_id", token_id);
  object.text("scopes", scope);
  object.text_unless_empty("source", terms.source);
  object.boolean("trusted", terms.trusted);
  object.boolean("revoked", false);
  object.end();
  return text;
}

HttpResponse add_token(Api& api, ApiCall& call) {
  const auto body = body_of(call);
  const auto& scopes = Words<TokenScope>::list;
  const auto word = body ? body->text("scope") : std::nullopt;
  const auto scope = word ? std::ranges::find(scopes, *word) : scopes.end();
  if (scope == scopes.end()) {
    return error_response(400, "bad_request", "ingest, commands or read", "scope");
  }
  TokenTerms terms{.scopes = bit(static_cast<TokenScope>(scope - scopes.begin())),
                   .source = body->text("source").value_or(""),
                   .trusted = body->flag("trusted").value_or(false)};
  auto made = api.auth().new_token(terms, call.now, true);
  if (!made) {
    api.audit(call, "token_new", terms.source, word_of(made.error().why), *word);
    return answer_error(made.error());
  }
  const auto change_id =
      decide_change(api, call, DecisionKind::change_token, token_text(made->token_id, terms, *word),
                    body->text("reason").value_or("a token is made"),
                    WaitingChange{"", Waiting::token, made->token_id, ""});
  api.audit(call, "token_new", terms.source, change_id ? "accepted" : "refused", *word);
  if (!change_id) {
    return change_id.error();
  }
  std::string json;
  ObjectWriter object(json);
  object.text("token_id", made->token_id);
  object.text("token", made->token);
  object.text_unless_empty("change_id", *change_id);
  object.end();
  return json_response(200, std::move(json));
}

// By one person, at once: nobody gains by it, and a lost token cannot wait.
HttpResponse revoke_token(Api& api, ApiCall& call) {
  const std::string token_id(call.request.segment("token_id"));
  auto done = api.auth().revoke_token(token_id, call.now);
  api.audit(call, "token_revoke", token_id, done ? "accepted" : word_of(done.error().why));
  if (!done) {
    return answer_error(done.error());
  }
  std::string text;
  ObjectWriter object(text);
  object.text("token_id", token_id);
  object.boolean("revoked", true);
  object.end();
  const IntakeAnswer answer = record_config(api, token_config, text);
  HttpResponse response;
  response.status = 204;
  response.content_type.clear();
  return answer.error.empty() ? response : unavailable(answer.error);
}

}  // namespace

void answer_tokens(Api& api) {
  api.add("GET", "/v1/tokens", key_keeper, tokens);
  api.add("POST", "/v1/tokens", key_keeper, add_token);
  api.add("DELETE", "/v1/tokens/{token_id}", key_keeper, revoke_token);
}

}  // namespace marktwacht
