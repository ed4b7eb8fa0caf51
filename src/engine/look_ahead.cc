// What is fetched for an event some events before its step.
#include "base/prefetch.h"
#include "engine/engine.h"

namespace marktwacht {

// Of the busiest types more than they mostly fill.
static constexpr std::size_t event_bytes = 256;

void Engine::look_at_bytes(const Event* event) {
  if (event != nullptr) {
    prefetch_lines<FetchFor::reading>(event, event_bytes);
  }
}

void Engine::look_at_names(const Event* event, Coming& coming) {
  if (event == nullptr) {
    coming.whom.event = nullptr;
    return;
  }
  market_.prefetch_names(*event, coming.whom);
}

void Engine::look_at_places(Coming& coming) {
  Whom& whom = coming.whom;
  market_.prefetch_places(whom);
  if (whom.event->type == EventType::trade) {
    market_.prefetch_holdings(Ahead::place, as<event::Trade>(*whom.event), whom);
  } else if (whom.event->type == EventType::login) {
    market_.prefetch_login(Links::Look::row, as<event::Login>(*whom.event), whom);
  }
  detectors_.look_ahead(Ahead::place, whom);
  rules_.prefetch(whom, coming.rows);
}

void Engine::look_at_rows(Coming& coming) {
  Whom& whom = coming.whom;
  market_.prefetch_level(Ahead::place, whom);
  detectors_.look_ahead(Ahead::record, whom);
  rules_.prefetch_rows(coming.rows);
  if (whom.event->type == EventType::trade) {
    market_.prefetch_holdings(Ahead::record, as<event::Trade>(*whom.event), whom);
  } else if (whom.event->type == EventType::login) {
    ++logins_ahead_;
    market_.prefetch_login(Links::Look::usual, as<event::Login>(*whom.event), whom);
  }
}

void Engine::look_behind_rows(Coming& coming) {
  market_.prefetch_level(Ahead::record, coming.whom);
  rules_.prefetch_behind_rows(coming.rows);
}

void Engine::look_at_logins(std::size_t at, std::size_t size) {
  constexpr Links::Look which[] = {Links::Look::values, Links::Look::pieces};
  const auto login_at = [&](std::size_t place) {
    const Event* const event = place < size ? coming(place).whom.event : nullptr;
    return event != nullptr && event->type == EventType::login;
  };
  for (std::size_t i = 0; i < std::size(login_looks); ++i) {
    if (const std::size_t ahead = at + login_looks[i]; login_at(ahead)) {
      Whom& whom = coming(ahead).whom;
      market_.prefetch_login(which[i], as<event::Login>(*whom.event), whom);
    }
  }
  logins_ahead_ -= login_at(at) ? 1 : 0;
}

}  // namespace marktwacht
