// Server-sent events: what changed, as it changes, and from where a reader had got to.
#include <utility>

#include "service/api_parts.h"

namespace marktwacht {
namespace {

constexpr std::size_t replayed_max = 5'000;

std::string shown_line(Api& api, const StoreItem& item) {
  return item.what == "alert" ? api.alert_lines().shown(item.line) : item.line;
}

// What the reader missed, then all that comes. Between the two nothing is lost, for the feed is
// joined first; something may come twice, with the same id.
void open_stream(Api& api, ApiCall& call, const EventStream& stream) {
  api.feed().add(stream);
  const std::string from(call.request.header("Last-Event-ID"));
  const auto store = api.store();
  if (from.empty() || !store) {
    return;
  }
  std::string cursor = from;
  for (std::size_t sent = 0; sent < replayed_max;) {
    const auto changes = (*store)->changes_since(cursor, 500);
    if (!changes || sent + changes->size() > replayed_max) {
      break;  // too far behind, or a store that was built anew: read the lists again
    }
    for (const StoreItem& item : *changes) {
      stream.push(item.cursor, item.what, shown_line(api, item));
    }
    if (changes->size() < 500) {
      return;
    }
    sent += changes->size();
    cursor = changes->back().cursor;
  }
  stream.push("", "reset", "{}");
}

}  // namespace

void push_changes(Api& api, std::string& cursor) {
  const auto store = api.store();
  if (!store) {
    return;
  }
  if (cursor.empty()) {
    const auto last = (*store)->last_change();
    cursor = last ? *last : "";
    return;
  }
  for (;;) {
    const auto changes = (*store)->changes_since(cursor, 500);
    if (!changes) {
      cursor.clear();
      return api.feed().push(event_bytes("", "reset", "{}"));
    }
    for (const StoreItem& item : *changes) {
      cursor = item.cursor;
      if (api.feed().listeners() > 0) {
        api.feed().push(event_bytes(item.cursor, item.what, shown_line(api, item)));
      }
    }
    if (changes->size() < 500) {
      return;
    }
  }
}

void answer_stream(Api& api) {
  api.add_late("GET", "/v1/stream", {}, [&api](ApiCall call, HttpAnswer answer) {
    const EventStream stream = answer.stream();
    const auto held = std::make_shared<ApiCall>(std::move(call));
    api.workers().run([&api, held, stream] { open_stream(api, *held, stream); });
  });
}

}  // namespace marktwacht
