// Numbering revisions, and giving names to what findings know by number.
#include "alerts/alerts.h"

#include <algorithm>
#include <numeric>

#include "alerts/alert_id.h"
#include "market/gain_sum.h"

namespace marktwacht {
namespace {

AlertState state_of(Finding::Act act) {
  switch (act) {
    case Finding::Act::open:
    case Finding::Act::revise:
      return AlertState::open;
    case Finding::Act::supersede:
      return AlertState::superseded;
    case Finding::Act::end:
    case Finding::Act::open_and_end:
      return AlertState::ended;
  }
  return AlertState::open;
}

// As far as known at this revision.
AlertGain gain_of(const Finding& finding, const Market& market) {
  GainSum sum(market.valued_in());
  visit_gains(market.gains(), {finding.accounts, finding.instrument, finding.from, finding.to},
              [&](const GainEntry& entry) { sum.add(entry); });
  const GainTotal total = sum.total();
  return {total.asset.exists() ? market.directory().asset_id(total.asset) : "",
          format_scaled(total.amount.units, total.amount.scale)};
}

}  // namespace

Alert Alerts::take(const Finding& finding, const Market& market, Time at, std::uint64_t seq) {
  const Directory& directory = market.directory();
  Open& open = open_[finding.number];
  if (open.alert_id.empty()) {
    open.alert_id = alert_id(seq);
  }
  Alert alert;
  alert.alert_id = open.alert_id;
  alert.revision = ++open.revision;
  alert.state = state_of(finding.act);
  alert.source = finding.source;
  for (const AccountIndex account : finding.accounts) {
    alert.account_ids.push_back(directory.account_id(account));
  }
  std::ranges::sort(alert.account_ids);
  alert.group_id = finding.group_id;
  if (finding.instrument.exists()) {
    alert.instrument_id = directory.instrument_id(finding.instrument);
  }
  alert.gain = gain_of(finding, market);
  alert.from = finding.from;
  alert.to = finding.to;
  alert.facts = finding.facts;
  if (finding.act == Finding::Act::supersede) {
    alert.facts.push_back({"superseded_by", open_[finding.successor].alert_id, ""});
  }
  alert.score_parts = finding.score_parts;
  alert.score = std::accumulate(alert.score_parts.begin(), alert.score_parts.end(), 0,
                                [](int sum, const ScorePart& part) { return sum + part.points; });
  alert.score = std::clamp(alert.score, 0, 100);
  alert.evidence = finding.evidence;
  if (!alert.evidence.seqs.empty()) {
    alert.first_seq = alert.evidence.seqs.front();
    alert.last_seq = alert.evidence.seqs.back();
  }
  alert.at = at;
  alert.seq = seq;
  if (alert.state != AlertState::open) {
    open_.erase(finding.number);
  }
  return alert;
}

void Alerts::settle(const std::string& alert_id) {
  const auto found = std::ranges::find_if(
      open_, [&](const auto& each) { return each.second.alert_id == alert_id; });
  if (found != open_.end()) {
    found->second.settled = true;
  }
}

// The last finding about it takes it off the books.
bool Alerts::settled(const Finding& finding) {
  const auto found = open_.find(finding.number);
  if (found == open_.end() || !found->second.settled) {
    return false;
  }
  if (state_of(finding.act) != AlertState::open) {
    open_.erase(found);
  }
  return true;
}

void Alerts::save(ByteWriter& out) const {
  out.varint(open_.size());
  for (const auto& [number, open] : open_) {
    out.varint(number);
    out.text(open.alert_id);
    out.varint(open.revision);
    out.byte(open.settled ? 1 : 0);
  }
}

bool Alerts::load(ByteReader& in) {
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Open& open = open_[in.varint()];
    open.alert_id = in.text();
    open.revision = in.varint();
    open.settled = in.byte() != 0;
  }
  return in.ok();
}

}  // namespace marktwacht
