// From an input into the engine: trust, clock sanity, counting, and what follows acceptance.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/rulebook_options.h"
#include "edges/adapters/input.h"
#include "engine/engine.h"
#include "events/batch.h"

namespace marktwacht {

struct ReadingOptions {
  bool trust = false;             // decisions and engine records are taken from any input
  Duration jump_max{7 * day.ns};  // a ts further ahead of the clock is `skew`
  Rulebooks rulebooks;            // in force before the first event
  std::string links_text;         // the same of weights of evidence; empty: those of the journal
  std::string policy_text;        // the same of what is proposed; never over an engine's journal
  bool restored = false;          // the engine goes on from a state, with the journal it belongs to
  bool what_if = false;           // enforcement follows what is found now, not an engine's records
};

// What was read; no part of the state.
struct ReadingCounts {
  // `config` events that were refused on the way: what was wrong with them.
  std::vector<std::string> config_errors;

  std::array<std::uint64_t, event_types_end> accepted{};
  std::array<std::uint64_t, Words<RejectReason>::list.size()> rejected{};
  std::uint64_t repeated = 0, late = 0, unknown_fields = 0, blank_lines = 0;

  std::uint64_t accepted_total() const;
  std::uint64_t rejected_total() const;
};

// One thread. The handlers may be empty.
class Reading {
 public:
  struct Handlers {
    // After each accepted event. An error text stops the reading.
    std::function<std::expected<void, std::string>(const Event&, const Step&)> accepted;
    // For each record of an engine's own that came in: it is not taken, but compared.
    std::function<std::expected<void, std::string>(const Event&)> recorded;
    std::function<std::expected<void, std::string>(const Rejected&)> rejected;
    // Whether the journals among the inputs verify; asked at most once, when it matters.
    std::function<bool()> journals_verify;
    // After each batch.
    std::function<void()> progress;
  };

  Reading(Engine& engine, const ReadingOptions& options, Handlers handlers);

  // Reads to the end. An error says that the input or a handler failed; what came before it is
  // applied and counted.
  std::expected<void, std::string> read_all(Input& input);

  const ReadingCounts& counts() const { return counts_; }

 private:
  // `first`: the items of the first batch.
  std::expected<void, std::string> begin(std::span<const Item> first);
  std::expected<void, std::string> publish(std::string_view name, const std::string& text);
  std::expected<void, std::string> take(const Item& item);
  std::expected<void, std::string> take_event(const Event& event, const Item* item);
  bool passed_over(const Item& item) const;
  std::expected<void, std::string> pass_over(const Item& item);
  std::expected<void, std::string> reject(const Item& item, const Fault& fault);
  std::optional<Fault> edge_fault(const Item& item);
  bool forbidden(const Item& item);

  Engine& engine_;
  ReadingOptions options_;
  Handlers handlers_;
  ReadingCounts counts_;
  std::optional<bool> journals_verify_;
  bool begun_ = false;
  bool replays_ = false;  // a journal that an engine wrote
  std::string line_;      // of a journal's record, when one is refused
};

}  // namespace marktwacht
