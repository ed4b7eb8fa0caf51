// Server-sent events: what changed, as it changes, and from where a reader had got to.
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "events/json_object.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

constexpr std::size_t changes_at_once = 500;
// Kept for one reader alone, unlike what all are told.
constexpr std::size_t replayed_bytes_max = 1 << 20;

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

// What the reader missed; nothing: it is too much, or of a store that was built anew.
std::optional<std::string> missed_since(Api& api, StoreReader& store, std::string cursor) {
  Teller teller(api, store);
  std::string missed;
  for (;;) {
    const auto changes = store.changes_since(cursor, changes_at_once);
    if (!changes) {
      return std::nullopt;
    }
    for (const StoreItem& item : *changes) {
      append_event(missed, item.cursor, item.what, teller.data(item));
      if (missed.size() > replayed_bytes_max) {
        return std::nullopt;
      }
    }
    if (changes->size() < changes_at_once) {
      return missed;
    }
    cursor = changes->back().cursor;
  }
}

// What the reader missed, then all that comes. Between the two nothing is lost, for the feed is
// joined first; something may come twice, with the same id.
void open_stream(Api& api, const ApiCall& call, const EventStream& stream) {
  api.feed().add(stream);
  const std::string from(call.request.header("Last-Event-ID"));
  const auto store = api.store();
  if (from.empty() || !store) {
    return;
  }
  if (auto missed = missed_since(api, **store, from)) {
    if (!missed->empty()) {
      stream.push(std::make_shared<const std::string>(*std::move(missed)));
    }
  } else {
    stream.push("", "reset", "{}");  // read the lists again
  }
}

}  // namespace

void tell_changes(Api& api, std::string& cursor) {
  const auto store = api.store();
  if (!store) {
    return;
  }
  if (cursor.empty()) {
    const auto last = (*store)->last_change();
    cursor = last ? *last : "";
    return;
  }
  const bool anybody_listens = api.feed().listeners() > 0;
  Teller teller(api, **store);
  for (;;) {
    const auto changes = (*store)->changes_since(cursor, changes_at_once);
    if (!changes) {
      cursor.clear();
      return api.feed().tell("", "reset", "{}");
    }
    for (const StoreItem& item : *changes) {
      cursor = item.cursor;
      if (anybody_listens) {
        api.feed().tell(item.cursor, item.what, teller.data(item));
      }
    }
    if (changes->size() < changes_at_once) {
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
