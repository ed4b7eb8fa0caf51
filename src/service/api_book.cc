// The order book of an alert as it was, and what each event after that changed.
#include <algorithm>
#include <charconv>
#include <utility>

#include "app/story_output.h"
#include "edges/journal/visit.h"
#include "events/json_object.h"
#include "events/ndjson.h"
#include "service/api_parts.h"

namespace marktwacht {
namespace {

constexpr std::uint64_t steps_most = 500, looked_at_most = 4'000;

std::expected<std::uint64_t, HttpResponse> number_in(const ApiCall& call, const char* name,
                                                     std::uint64_t otherwise, std::uint64_t most) {
  const std::string text = call.parameter(name);
  std::uint64_t number = otherwise;
  if (text.empty()) {
    return number;
  }
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (bad != std::errc{} || end != text.data() + text.size() || number > most) {
    return std::unexpected(error_response(
        400, "bad_request", "A number of at most " + std::to_string(most) + ".", name));
  }
  return number;
}

bool may_change_book(EventType type) {
  switch (type) {
    case EventType::order:
    case EventType::book_order:
    case EventType::triggered:
    case EventType::replace:
    case EventType::cancel:
    case EventType::trade:
      return true;
    default:
      return false;
  }
}

StoryEvent told_event(const Event& event, std::uint64_t seq) {
  StoryEvent one;
  one.seq = seq;
  one.ts = event.ts;
  one.type = event_info(event.type).word;
  if (event.type == EventType::order) {
    const auto& order = as<event::Order>(event);
    one.account_ids.emplace_back(order.account_id.view());
    one.side = word_of(order.side);
    one.price = order.has_price() ? format_decimal(order.price) : "";
    one.quantity = format_decimal(order.quantity);
  } else if (event.type == EventType::trade) {
    one.price = format_decimal(as<event::Trade>(event).price);
    one.quantity = format_decimal(as<event::Trade>(event).quantity);
  }
  write_ndjson(event, one.line);
  return one;
}

// Those behind record `after`.
std::expected<std::vector<StoryEvent>, std::string> events_behind(const std::string& data_dir,
                                                                  std::uint64_t after,
                                                                  std::uint64_t most) {
  std::vector<StoryEvent> found;
  if (most == 0) {
    return found;
  }
  const auto read = visit_journal(data_dir, after + 1, [&](const Event& event, std::uint64_t seq) {
    if (seq > after && may_change_book(event.type)) {
      found.push_back(told_event(event, seq));
    }
    return found.size() < most;
  });
  if (!read) {
    return std::unexpected(read.error());
  }
  return found;
}

// Levels that are new or differ, whole; one that is gone has no orders.
std::vector<StoryLevel> changes(const std::vector<StoryLevel>& before,
                                const std::vector<StoryLevel>& now) {
  std::vector<StoryLevel> changed;
  for (const StoryLevel& level : now) {
    if (std::ranges::find(before, level) == before.end()) {
      changed.push_back(level);
    }
  }
  for (const StoryLevel& level : before) {
    if (std::ranges::find(now, level.price, &StoryLevel::price) == now.end()) {
      StoryLevel gone;
      gone.price = level.price;
      gone.visible = gone.total = gone.own_visible = gone.own_total = "0";
      changed.push_back(std::move(gone));
    }
  }
  return changed;
}

void write_levels(const char* name, const std::vector<StoryLevel>& levels, ObjectWriter& object,
                  std::string& json) {
  object.array(name, levels, [&](const StoryLevel& level) { write_story_level(level, json); });
}

void write_book(const StoryBook& book, std::string& json) {
  ObjectWriter object(json);
  object.number("seq", book.seq);
  object.number("ts", book.ts.ns);
  object.number("bid_levels", book.bid_levels);
  object.number("ask_levels", book.ask_levels);
  write_levels("bids", book.bids, object, json);
  write_levels("asks", book.asks, object, json);
  object.end();
}

// Each event that changed what is shown; `books` has one more, the first before all of them.
std::uint64_t write_steps(const std::vector<StoryEvent>& events,
                          const std::vector<const StoryBook*>& books, std::uint64_t most,
                          std::string& json) {
  std::uint64_t count = 0, last_seq = 0;
  for (std::size_t at = 0; at < events.size() && at + 1 < books.size() && count < most; ++at) {
    const auto bids = changes(books[at]->bids, books[at + 1]->bids);
    const auto asks = changes(books[at]->asks, books[at + 1]->asks);
    if (bids.empty() && asks.empty()) {
      continue;
    }
    json += count++ == 0 ? "" : ",";
    ObjectWriter step(json);
    step.number("seq", events[at].seq);
    step.number("ts", events[at].ts.ns);
    write_story_event(events[at], step.member("event"));
    write_levels("bids", bids, step, json);
    write_levels("asks", asks, step, json);
    step.end();
    last_seq = events[at].seq;
  }
  return count == most ? last_seq : 0;
}

HttpResponse book(Api& api, ApiCall& call) {
  auto seq = number_in(call, "seq", 0, api.service().status().last_seq);
  auto depth = number_in(call, "depth", 20, 50);
  auto steps = number_in(call, "steps", 0, steps_most);
  for (const auto* number : {&seq, &depth, &steps}) {
    if (!*number) {
      return number->error();
    }
  }
  const auto found = find_alert(api, call);
  if (!found) {
    return found.error();
  }
  const auto alert = api.alert_lines().alert(found->alert.line);
  if (*seq == 0 && alert && !alert->evidence.seqs.empty()) {
    seq = alert->evidence.seqs.front() - 1;
  }
  const auto events =
      events_behind(api.service().data_dir(), *seq, std::min(*steps * 8, looked_at_most));
  if (!events) {
    return unavailable(events.error());
  }
  StoryOptions options{.depth = *depth, .seqs = {*seq}};
  for (const StoryEvent& event : *events) {
    options.seqs.push_back(event.seq);
  }
  const auto told = story_of(api, call, options);
  if (!told) {
    return told.error();
  }
  std::vector<const StoryBook*> books;
  for (const StoryBook& one : told->books) {
    if (one.moment == "at") {
      books.push_back(&one);
    }
  }
  if (books.empty()) {
    return not_found("book");
  }
  std::string json;
  ObjectWriter object(json);
  object.text("instrument_id", told->book_instrument_id);
  object.number("depth", *depth);
  write_book(*books.front(), object.member("book"));
  object.member("steps") += "[";
  const std::uint64_t next_seq = write_steps(*events, books, *steps, json);
  json += "]";
  if (next_seq > 0) {
    object.number("next_seq", next_seq);
  }
  object.end();
  return json_response(200, std::move(json));
}

}  // namespace

void answer_book(Api& api) { api.add("GET", "/v1/alerts/{alert_id}/book", {}, book); }

}  // namespace marktwacht
