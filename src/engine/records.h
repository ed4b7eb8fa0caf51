// What an engine makes, as the events that stand for it in a journal.
#pragma once

#include <string_view>

#include "engine/engine.h"

namespace marktwacht {

// Their texts point into what they are made of, which must outlive them: `body` is
// recorded_form(alert), `id` is measure_id(proposal.seq).
event::Alert alert_record(const Alert& alert, std::string_view body);
event::Proposal proposal_record(const ProposalMade& proposal, std::string_view id);
event::Config baselines_record(const BaselinesMade& baselines);

}  // namespace marktwacht
