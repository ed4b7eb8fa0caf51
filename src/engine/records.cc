// Member by member; every field of the three is present.
#include "engine/records.h"

#include "events/config_names.h"

namespace marktwacht {

event::Alert alert_record(const Alert& alert, std::string_view body) {
  event::Alert event;
  event.type = EventType::alert;
  event.ts = alert.at;
  event.alert_id = make_text(alert.alert_id);
  event.revision = static_cast<std::int64_t>(alert.revision);
  event.state = make_text(word_of(alert.state));
  event.body = make_text(body);
  event.is_rule = alert.source->is_rule;
  event.present = 0b1'1111;
  return event;
}

event::Proposal proposal_record(const ProposalMade& proposal, std::string_view id) {
  event::Proposal event;
  event.type = EventType::proposal;
  event.ts = proposal.at;
  event.proposal_id = make_text(id);
  event.case_id = make_text(proposal.case_id);
  event.measure = make_text(proposal.measure);
  event.present = 0b111;
  return event;
}

event::Config baselines_record(const BaselinesMade& baselines) {
  return config_event(baselines_config, baselines.text, baselines.at);
}

}  // namespace marktwacht
