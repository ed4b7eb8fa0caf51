// The loop that every command which reads events shares.
#include "app/reading.h"

#include <numeric>
#include <utility>

#include "events/config_names.h"
#include "events/ndjson.h"
#include "events/trust.h"
#include "rules/rulebook.h"

namespace marktwacht {

std::uint64_t ReadingCounts::accepted_total() const {
  return std::accumulate(accepted.begin(), accepted.end(), std::uint64_t{0});
}

std::uint64_t ReadingCounts::rejected_total() const {
  return std::accumulate(rejected.begin(), rejected.end(), std::uint64_t{0});
}

Reading::Reading(Engine& engine, const ReadingOptions& options, Handlers handlers)
    : engine_(engine), options_(options), handlers_(std::move(handlers)) {}

std::expected<void, std::string> Reading::read_all(Input& input) {
  Batch batch;
  for (;;) {
    const auto more = input.read(batch);
    if (!more) {
      return std::unexpected(more.error());
    }
    if (!*more) {
      return begin({});
    }
    if (!batch.items.empty()) {
      if (auto begun = begin(batch.items); !begun) {
        return begun;
      }
    }
    counts_.unknown_fields += batch.unknown_fields;
    counts_.blank_lines += batch.blank_lines;
    for (std::size_t at = 0; at < batch.items.size(); ++at) {
      batch.prefetch(at + Engine::items_ahead);
      engine_.look_ahead(at, batch.items.size(),
                         [&](std::size_t one) { return batch.items[one].event; });
      if (auto taken = take(batch.items[at]); !taken) {
        return taken;
      }
    }
    if (handlers_.progress) {
      handlers_.progress();
    }
  }
}

// A file may say anything but what people, the command edge or the engine say; those only a journal
// that verifies may bring, or an operator's `--trust`.
bool Reading::forbidden(const Item& item) {
  const EventType type = item.event != nullptr ? item.event->type : item.type;
  if (options_.trust || type == EventType{} ||
      may_send(event_info(type).origin, {.trusted = true})) {
    return false;
  }
  if (item.journaled && handlers_.journals_verify) {
    if (!journals_verify_) {
      journals_verify_ = handlers_.journals_verify();
    }
    return !*journals_verify_;
  }
  return true;
}

std::optional<Fault> Reading::edge_fault(const Item& item) {
  if (forbidden(item)) {
    return Fault{RejectReason::forbidden_type, "type"};
  }
  if (item.event == nullptr) {
    return item.fault;
  }
  const auto clock = engine_.clock();
  if (!item.journaled && clock && item.event->ts.ns - clock->ns > options_.jump_max.ns) {
    return Fault{RejectReason::skew, "ts"};
  }
  return std::nullopt;
}

// An engine's journal does, after records of users and keys.
static bool begins_with_rulebook(std::span<const Item> items) {
  for (const Item& item : items) {
    if (item.event == nullptr || item.event->type != EventType::config) {
      return false;
    }
    if (is_config(*item.event, rulebook_config)) {
      return true;
    }
  }
  return false;
}

// Before the first event: a journal that begins with its own rulebooks needs none, unless others
// were asked for.
std::expected<void, std::string> Reading::begin(std::span<const Item> first) {
  if (std::exchange(begun_, true)) {
    return {};
  }
  if (options_.restored) {
    engine_.expect_records();
    engine_.replay();
    replays_ = true;
    return {};
  }
  const bool journaled = !first.empty() && first.front().journaled;
  if (journaled) {
    engine_.expect_records();
  }
  const bool by_engine = journaled && begins_with_rulebook(first);
  if (by_engine && !options_.what_if) {
    engine_.replay();
    replays_ = true;
  }
  const bool brings_own = by_engine && !options_.rulebooks.given;
  if (!brings_own) {
    for (const std::string& text : options_.rulebooks.texts) {
      if (auto published = publish(rulebook_config, text); !published) {
        return published;
      }
    }
  }
  // Behind the rulebooks, by which a journal that brings its own is known.
  if (!options_.links_text.empty()) {
    if (auto published = publish(links_config, options_.links_text); !published) {
      return published;
    }
  }
  if (!options_.policy_text.empty() && !by_engine) {
    return publish(policy_config, options_.policy_text);
  }
  return {};
}

std::expected<void, std::string> Reading::publish(std::string_view name, const std::string& text) {
  return take_event(config_event(name, text, Time{}), nullptr);
}

// With rulebooks or weights of one's own, those of a journal are passed over.
bool Reading::passed_over(const Item& item) const {
  return item.journaled && item.event != nullptr &&
         ((options_.rulebooks.given && is_config(*item.event, rulebook_config)) ||
          (!options_.links_text.empty() && is_config(*item.event, links_config)));
}

// Its time has passed all the same.
std::expected<void, std::string> Reading::pass_over(const Item& item) {
  if (!replays_ || !engine_.clock()) {
    return {};
  }
  event::Tick tick;
  tick.type = EventType::tick;
  tick.ts = item.event->ts;
  return take_event(tick, &item);
}

std::expected<void, std::string> Reading::take(const Item& item) {
  if (const auto fault = edge_fault(item)) [[unlikely]] {
    return reject(item, *fault);
  }
  if (passed_over(item)) [[unlikely]] {
    return pass_over(item);
  }
  return take_event(*item.event, &item);
}

// `item` is nullptr for an event of our own.
std::expected<void, std::string> Reading::take_event(const Event& event, const Item* item) {
  const Step step = engine_.step(event, item == nullptr ? 0 : item->seq);
  switch (step.outcome) {
    case Step::Outcome::rejected:
      if (event.type == EventType::config) {
        counts_.config_errors.push_back(
            format_errors(as<event::Config>(event).name.view(), engine_.config_errors()));
      }
      return item == nullptr ? std::expected<void, std::string>{} : reject(*item, step.fault);
    case Step::Outcome::repeated:
      ++counts_.repeated;
      return {};
    case Step::Outcome::recorded:
      ++counts_.accepted[static_cast<std::size_t>(event.type)];
      return handlers_.recorded ? handlers_.recorded(event) : std::expected<void, std::string>{};
    case Step::Outcome::accepted:
      break;
  }
  counts_.late += step.late ? 1 : 0;
  if (item != nullptr) {
    ++counts_.accepted[static_cast<std::size_t>(event.type)];
  }
  return handlers_.accepted ? handlers_.accepted(event, step) : std::expected<void, std::string>{};
}

std::expected<void, std::string> Reading::reject(const Item& item, const Fault& fault) {
  ++counts_.rejected[static_cast<std::size_t>(fault.reason)];
  if (!handlers_.rejected) {
    return {};
  }
  std::string_view text = item.text;
  if (text.empty() && item.event != nullptr) {
    line_.clear();
    write_ndjson(*item.event, line_);
    text = line_;
  }
  return handlers_.rejected({item.line, item.offset, fault, text.substr(0, rejected_head_bytes)});
}

}  // namespace marktwacht
