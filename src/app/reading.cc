// The loop that every command which reads events shares.
#include "app/reading.h"

#include <numeric>

#include "events/ndjson.h"
#include "events/trust.h"

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
      return {};
    }
    counts_.unknown_fields += batch.unknown_fields;
    counts_.blank_lines += batch.blank_lines;
    for (const Item& item : batch.items) {
      if (auto taken = take(item); !taken) {
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

std::expected<void, std::string> Reading::take(const Item& item) {
  if (const auto fault = edge_fault(item)) [[unlikely]] {
    return reject(item, *fault);
  }
  const Step step = engine_.step(*item.event);
  switch (step.outcome) {
    case Step::Outcome::rejected:
      return reject(item, step.fault);
    case Step::Outcome::repeated:
      ++counts_.repeated;
      return {};
    case Step::Outcome::accepted:
      break;
  }
  ++counts_.accepted[static_cast<std::size_t>(item.event->type)];
  counts_.late += step.late ? 1 : 0;
  return handlers_.accepted ? handlers_.accepted(*item.event, step)
                            : std::expected<void, std::string>{};
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
