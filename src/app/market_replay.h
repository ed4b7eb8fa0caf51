// A market that follows a journal record by record, to tell what was so at one of them.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace marktwacht {

// Derives fills, and the orders that cancels, replaces and triggers name, as they stood before. No
// rulebook is in force: a market with a clock. Only of a journal that begins behind a checkpoint
// the engine's whole state is there, rules too, and goes on as it did.
class MarketReplay {
 public:
  MarketReplay();

  // As far as the journal at `path` begins. An error: the state it begins with does not serve.
  std::expected<void, std::string> begin(const std::string& path);
  // The journal's next record. An error: it is refused, though it was taken once.
  std::expected<void, std::string> step(const Event& event, std::uint64_t seq);

  const Market& market() const { return engine_->market(); }
  std::optional<Time> clock() const { return engine_->clock(); }
  // The journal's seq of what the market knows by `seq`.
  std::uint64_t seq_in_journal(std::uint64_t seq) const;

 private:
  void use(std::unique_ptr<Engine> engine);

  std::unique_ptr<Engine> engine_;
  bool whole_ = false;  // it takes every record
  // Records that it does not take have a seq too: from which of its own on, by how many the
  // journal's are ahead.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ahead_;
};

}  // namespace marktwacht
