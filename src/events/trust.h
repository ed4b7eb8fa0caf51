// Who may send what (events.md).
#pragma once

#include "events/event.h"

namespace marktwacht {

// What a source is trusted with, beyond ordinary feed events.
struct Permissions {
  bool trusted = false;  // exemptions, control groups, roles, address labels
  bool person = false;   // decisions
  bool command = false;  // command results
  bool engine = false;   // the engine's own records

  static Permissions everything() { return {true, true, true, true}; }
};

inline bool may_send(Origin origin, const Permissions& permissions) {
  switch (origin) {
    case Origin::feed:
      return true;
    case Origin::trusted:
      return permissions.trusted;
    case Origin::person:
      return permissions.person;
    case Origin::command:
      return permissions.command;
    case Origin::engine:
      return permissions.engine;
  }
  return false;
}

inline bool may_send(const Event& event, const Permissions& permissions) {
  if (event.type == EventType::account && as<event::Account>(event).has_roles()) {
    return permissions.trusted;
  }
  return may_send(event_info(event.type).origin, permissions);
}

}  // namespace marktwacht
