// Users, tokens and keys: a change is a decision, in force at once or when a second administrator
// approves it. docs/users.md.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "service/api.h"
#include "service/webhook_keys.h"

namespace marktwacht {

// Decides it as whoever asks. The change_id under which it waits for another administrator; empty:
// it is in force. `beside`: what of it stands in auth.db, settled together with it.
std::expected<std::string, HttpResponse> decide_change(Api& api, ApiCall& call, DecisionKind kind,
                                                       const std::string& text,
                                                       const std::string& reason,
                                                       std::optional<WaitingChange> beside = {});

// After a change was approved or refused: auth.db follows.
// `keys`: of the webhook; nullptr where there is none.
std::expected<void, std::string> settle_change(Auth& auth, Service& service, WebhookKeys* keys,
                                               const std::string& change_id, bool in_force,
                                               Time now);
// At a start: what was settled and did not reach auth.db, because the process stopped in between.
std::expected<void, std::string> catch_up(Auth& auth, Service& service, WebhookKeys* keys,
                                          StoreReader& store, Time now);

}  // namespace marktwacht
