// What is fetched for an event some events before its step.
#include "engine/engine.h"

namespace marktwacht {

void Engine::look(std::size_t at, const Event* event, std::size_t which) {
  Whom& whom = ahead_[at % ahead_.size()];
  if (event == nullptr) {
    whom = {};
    return;
  }
  switch (which) {
    case 0:
      return market_.prefetch_names(*event);
    case 1:
      return market_.prefetch_found(*event);
    case 2:
      whom = market_.prefetch_places(*event);
      return rules_.prefetch(whom);
    default:
      rules_.prefetch_rows(whom);
      if (event->type == EventType::login) {
        ++logins_ahead_;
        market_.prefetch_login(Links::Look::usual, as<event::Login>(*event), whom);
      }
  }
}

void Engine::look_at_login(std::size_t at, const Event* event, Links::Look which) {
  if (event != nullptr && event->type == EventType::login) {
    market_.prefetch_login(which, as<event::Login>(*event), ahead_[at % ahead_.size()]);
  }
}

}  // namespace marktwacht
