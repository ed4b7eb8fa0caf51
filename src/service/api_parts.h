// The endpoints, area by area: each adds its own to the API.
#pragma once

#include "app/story.h"
#include "service/api.h"

namespace marktwacht {

// A record of the service's own: a user's role, a rulebook. Waits until it is durable.
IntakeAnswer record_config(Api& api, std::string_view name, std::string_view text);

// A person's decision: `body` has its members but for who and when. Waits until it is durable. What
// became of it, as a line, where the engine accepted it; else the answer that says why not.
std::expected<std::string, HttpResponse> record_decision(Api& api, const ApiCall& call,
                                                         std::string_view body);
// Which changes that waited are in force now (true), and which were refused.
std::expected<std::map<std::string, bool>, StoreError> settled_changes(StoreReader& store);

// The alert that the path names.
std::expected<AlertStory, HttpResponse> find_alert(Api& api, const ApiCall& call);
// Its story. Replays the journal as far as that goes: seconds where it is long.
std::expected<Story, HttpResponse> story_of(Api& api, const ApiCall& call,
                                            const StoryOptions& options);
// What stands beside an alert line.
void write_alert_context(const AlertItem& item, const std::set<std::string>& restricted,
                         std::string& out);

// Tells those who listen what has changed behind `cursor`, and moves it. One thread.
void tell_changes(Api& api, std::string& cursor);
std::string_view service_version();
// The counters of openapi.json, for whoever listens.
std::string counters_json(Api& api);

// Texts of the rulebooks in force, none in shadow; an error says why they cannot be had.
std::expected<std::vector<std::string>, std::string> rulebooks_in_force(Api& api);

void answer_people(Api& api);     // set-up, login, one's own password and codes, users
void answer_tokens(Api& api);     // API tokens
void answer_keys(Api& api);       // keys by name, the journal's head
void answer_intake(Api& api);     // events, decisions
void answer_alerts(Api& api);     // alerts and their stories
void answer_book(Api& api);       // an alert's order book, event by event
void answer_series(Api& api);     // the chart of an alert
void answer_cases(Api& api);      // cases, measures, snoozes, changes
void answer_accounts(Api& api);   // accounts
void answer_groups(Api& api);     // control groups; not the command's answer_groups
void answer_markets(Api& api);    // instruments, markets
void answer_rules(Api& api);      // rulebooks, detectors, policy
void answer_backtests(Api& api);  // what-ifs
void answer_policy(Api& api);     // the policy and its changes
void answer_gate(Api& api);       // the gate, asked from afar
void answer_overview(Api& api);   // overview, health, metrics
void answer_reports(Api& api);    // reports for the authority and the public
void answer_audit(Api& api);      // the audit trail
void answer_rejected(Api& api);   // lines that were refused
void answer_canary(Api& api);     // whether the rules still find
void answer_stream(Api& api);     // server-sent events
void answer_everything(Api& api);

}  // namespace marktwacht
