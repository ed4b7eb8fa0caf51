// What a `config` record may be about: its `name`. Stored in journals: never change one.
#pragma once

#include <string_view>

#include "events/event.h"

namespace marktwacht {

// A rulebook; a table of weights of links; what an engine learnt from closed days; a policy; a user
// of the service with a role; an API token and a key of the service, by name; what was set anew in
// a service's configuration while it ran; what was done to the vault of one that was stopped.
inline constexpr std::string_view rulebook_config = "rulebook", links_config = "links",
                                  baselines_config = "baselines", policy_config = "policy",
                                  user_config = "user", token_config = "token", key_config = "key",
                                  service_config = "service", vault_config = "vault";

// `name` and `text` must outlive it.
inline event::Config config_event(std::string_view name, std::string_view text, Time ts) {
  event::Config event;
  event.type = EventType::config;
  event.ts = ts;
  event.name = make_text(name);
  event.text = make_text(text);
  event.present = 0b11;
  return event;
}

inline bool is_config(const Event& event, std::string_view name) {
  return event.type == EventType::config && as<event::Config>(event).name.view() == name;
}

}  // namespace marktwacht
