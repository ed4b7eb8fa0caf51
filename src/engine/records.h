// What an engine makes, as the events that stand for it in a journal.
#pragma once

#include <algorithm>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace marktwacht {

// Their texts point into what they are made of, which must outlive them: `body` is
// recorded_form(alert), `id` is measure_id(proposal.seq).
event::Alert alert_record(const Alert& alert, std::string_view body);
event::Proposal proposal_record(const ProposalMade& proposal, std::string_view id);
event::Config baselines_record(const BaselinesMade& baselines);

// Calls `take` with each Alert, BaselinesMade and ProposalMade of the last step whose seq is at
// least `first` and below `end`, in the order of their seqs, until one gives an error.
template <class Take>
std::expected<void, std::string> visit_made(const Engine& engine, std::uint64_t first,
                                            std::uint64_t end, Take&& take) {
  auto alert = std::ranges::lower_bound(engine.alerts(), first, {}, &Alert::seq);
  auto days = std::ranges::lower_bound(engine.baselines(), first, {}, &BaselinesMade::seq);
  auto proposal = std::ranges::lower_bound(engine.proposals(), first, {}, &ProposalMade::seq);
  const auto seq_at = [end](auto at, auto list_end) {
    return at != list_end && at->seq < end ? at->seq : UINT64_MAX;
  };
  for (;;) {
    const std::uint64_t next[] = {seq_at(alert, engine.alerts().end()),
                                  seq_at(days, engine.baselines().end()),
                                  seq_at(proposal, engine.proposals().end())};
    const auto* least = std::ranges::min_element(next);
    if (*least == UINT64_MAX) {
      return {};
    }
    const std::expected<void, std::string> taken = least == &next[0]   ? take(*alert++)
                                                   : least == &next[1] ? take(*days++)
                                                                       : take(*proposal++);
    if (!taken) {
      return taken;
    }
  }
}

}  // namespace marktwacht
