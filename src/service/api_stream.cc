// Server-sent events: what changed, as it changes, and from where a reader had got to.
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "events/json_object.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

constexpr std::size_t replayed_max = 5'000;

// What is told of each change. Of an alert also what stands beside it: openapi.json, AlertView.
class Teller {
 public:
  Teller(Api& api, StoreReader& store) : api_(api), store_(store) {}

  std::string data(const StoreItem& item) {
    if (item.what != "alert") {
      return item.line;
    }
    std::string json;
    ObjectWriter object(json);
    const auto story = store_.alert(item.id, api_.service().now());
    AlertItem alert;
    if (story && *story) {
      alert = (*story)->alert;
    } else {
      alert.line = item.line;
      alert.context.opened = item.at;
    }
    object.member("alert") += api_.alert_lines().shown(alert.line);
    if (!restricted_) {
      restricted_ = api_.restricted();
    }
    write_alert_context(alert, *restricted_, object.member("context"));
    object.end();
    return json;
  }

 private:
  Api& api_;
  StoreReader& store_;
  std::optional<std::set<std::string>> restricted_;  // asked for once
};

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
  Teller teller(api, **store);
  for (std::size_t sent = 0; sent < replayed_max;) {
    const auto changes = (*store)->changes_since(cursor, 500);
    if (!changes || sent + changes->size() > replayed_max) {
      break;  // too far behind, or a store that was built anew: read the lists again
    }
    for (const StoreItem& item : *changes) {
      stream.push(item.cursor, item.what, teller.data(item));
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
  Teller teller(api, **store);
  for (;;) {
    const auto changes = (*store)->changes_since(cursor, 500);
    if (!changes) {
      cursor.clear();
      return api.feed().push(event_bytes("", "reset", "{}"));
    }
    for (const StoreItem& item : *changes) {
      cursor = item.cursor;
      if (api.feed().listeners() > 0) {
        api.feed().push(event_bytes(item.cursor, item.what, teller.data(item)));
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
