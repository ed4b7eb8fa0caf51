// What is fetched for an event some events before its step.
#include "base/prefetch.h"
#include "engine/engine.h"

namespace marktwacht {

// Of the busiest types more than they mostly fill.
static constexpr std::size_t event_bytes = 256;

void Engine::look(std::size_t at, const Event* event, std::size_t which) {
  Whom& whom = ahead_[at % ahead_.size()];
  if (event == nullptr) {
    whom = {};
    return;
  }
  switch (which) {
    case 0:
      return prefetch_lines<FetchFor::reading>(event, event_bytes);
    case 1:
      return market_.prefetch_names(*event);
    case 2:
      return market_.prefetch_found(*event);
    case 3:
      market_.prefetch_places(*event, whom);
      market_.prefetch_holdings(Ahead::place, *event, whom);
      detectors_.look_ahead(Ahead::place, event->type, whom);
      return rules_.prefetch(event->type, whom);
    case 4:
      detectors_.look_ahead(Ahead::record, event->type, whom);
      rules_.prefetch_rows(event->type, whom);
      market_.prefetch_holdings(Ahead::record, *event, whom);
      if (event->type == EventType::login) {
        ++logins_ahead_;
        market_.prefetch_login(Links::Look::usual, as<event::Login>(*event), whom);
      }
      return;
    default:
      return rules_.prefetch_behind_rows(event->type, whom);
  }
}

void Engine::look_at_login(std::size_t at, const Event* event, Links::Look which) {
  if (event != nullptr && event->type == EventType::login) {
    market_.prefetch_login(which, as<event::Login>(*event), ahead_[at % ahead_.size()]);
  }
}

}  // namespace marktwacht
