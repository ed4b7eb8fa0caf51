// See people_changes.h. What the journal says of users wins over auth.db.
#include "service/people_changes.h"

#include <utility>

#include "events/json_object.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

using Done = std::expected<void, std::string>;

template <class T>
Done plain(const AuthResult<T>& done) {
  return done ? Done{} : std::unexpected(done.error().text);
}

// Who has no role in the journal does not come in, and who has one does.
Done align_users(Auth& auth, Service& service, Time now) {
  const auto users = auth.users();
  if (!users) {
    return std::unexpected(users.error().text);
  }
  const auto roles = service.roles();
  for (const UserEntry& user : *users) {
    const bool disabled = !roles.contains(user.user_id);
    if (disabled != user.disabled) {
      if (auto done = plain(auth.set_disabled(user.user_id, disabled, now)); !done) {
        return done;
      }
    }
  }
  return {};
}

}  // namespace

std::expected<std::string, HttpResponse> decide_change(Api& api, ApiCall& call, DecisionKind kind,
                                                       const std::string& text,
                                                       const std::string& reason,
                                                       std::optional<WaitingChange> beside) {
  std::string body;
  ObjectWriter object(body);
  object.text("kind", word_of(kind));
  object.text("reason", reason);
  object.text("text", text);
  object.end();
  const auto outcome = record_decision(api, call, body);
  if (!outcome) {
    return std::unexpected(outcome.error());
  }
  const auto members = JsonMembers::of(*outcome);
  std::string change_id = members->text("change_id").value_or("");
  const bool waits = !change_id.empty();
  if (!waits) {
    change_id = "d-" + members->text("seq").value_or("");
  }
  Done done;
  if (beside) {
    beside->change_id = change_id;
    done = plain(api.auth().wait(*beside));
  }
  if (done && !waits) {
    done = settle_change(api.auth(), api.service(), api.webhook_keys(), change_id, true, call.now);
  }
  if (!done) {
    return std::unexpected(unavailable(done.error()));
  }
  return waits ? change_id : "";
}

Done settle_change(Auth& auth, Service& service, WebhookKeys* keys, const std::string& change_id,
                   bool in_force, Time now) {
  const auto waits = auth.waiting_change(change_id);
  if (!waits) {
    return std::unexpected(waits.error().text);
  }
  if (*waits && (*waits)->what == Waiting::key && in_force && keys != nullptr) {
    // What is in force already, or was replaced by a newer one, is no next key any more.
    if (auto used = keys->put_in_force((*waits)->id); !used) {
      return std::unexpected(used.error());
    }
  }
  auto done = plain(auth.settle(change_id, in_force, now));
  return done ? align_users(auth, service, now) : done;
}

Done catch_up(Auth& auth, Service& service, WebhookKeys* keys, StoreReader& store, Time now) {
  const auto waiting = auth.waiting();
  const auto settled = settled_changes(store);
  if (!waiting || !settled) {
    return std::unexpected(waiting ? settled.error().message : waiting.error().text);
  }
  for (const std::string& change_id : *waiting) {
    const auto found = settled->find(change_id);
    const bool at_once = change_id.starts_with("d-");
    if (found == settled->end() && !at_once) {
      continue;
    }
    const bool in_force = at_once || found->second;
    if (auto done = settle_change(auth, service, keys, change_id, in_force, now); !done) {
      return done;
    }
  }
  return align_users(auth, service, now);
}

}  // namespace marktwacht
