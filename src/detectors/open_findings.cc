// Growing, revising and ending what was found.
#include "detectors/open_findings.h"

#include <algorithm>

#include "findings/shadow.h"

namespace marktwacht {
namespace {

// All but the first and last so many make room.
void add(Evidence& evidence, const Report& report) {
  constexpr std::ptrdiff_t each = Evidence::kept_each_end;
  for (const std::uint64_t seq : report.evidence) {
    const auto place = std::ranges::lower_bound(evidence.seqs, seq);
    if (place != evidence.seqs.end() && *place == seq) {
      continue;
    }
    evidence.seqs.insert(place, seq);
    ++evidence.count;
    if (std::ssize(evidence.seqs) > 2 * each) {
      evidence.seqs.erase(evidence.seqs.begin() + each);
    }
  }
  if (report.counted > report.evidence.size()) {
    evidence.count += report.counted - report.evidence.size();
  }
}

// Keeps `accounts` ascending and distinct.
void add(std::vector<AccountIndex>& accounts, std::span<const AccountIndex> more) {
  for (const AccountIndex account : more) {
    const auto place = std::ranges::lower_bound(accounts, account);
    if (place == accounts.end() || *place != account) {
      accounts.insert(place, account);
    }
  }
}

}  // namespace

const std::shared_ptr<const FindingSource>& ActiveDetector::source(Severity severity,
                                                                   Maturity maturity) {
  auto& made = sources_[static_cast<std::size_t>(severity)][static_cast<std::size_t>(maturity)];
  if (made == nullptr) {
    made = std::make_shared<FindingSource>(FindingSource{
        std::string(spec().id), rulebook_id, cited, std::string(spec().clause), severity, maturity,
        std::string(spec().text_en), std::string(spec().text_de), false});
  }
  return made;
}

void ActiveDetector::cite(std::string_view rulebook) {
  if (cited != rulebook) {
    cited = rulebook;
    for (auto& of_severity : sources_) {
      std::ranges::fill(of_severity, nullptr);
    }
  }
}

void OpenFindings::report(const Report& report) {
  check(!report.facts.empty() && (report.account.exists() || report.instrument.exists()),
        "a report says who or where, and how much");
  // The enumeration begins with what is most mature.
  const Maturity least = is_shadow(speaker_->rulebook_id) ? Maturity::incubating : Maturity::stable;
  const Maturity maturity = std::max({report.maturity, speaker_->spec().maturity, least});
  const Subject subject{speaker_->id, owner_of(market_, report.account), report.instrument,
                        maturity};
  const auto [known, fresh] = by_subject_.try_emplace(subject, 0);
  if (fresh) {
    known->second = ++made_ | number_bit;
    Open& open = open_[known->second];
    open.detector = speaker_->id;
    open.anchor = report.account;
    open.instrument = report.instrument;
    open.from = report.from;
  }
  const std::uint64_t number = known->second;
  Open& open = open_.at(number);
  const Int128 leading = report.facts.front().units;
  const Severity severity = std::max(report.severity, speaker_->spec().severity);
  const bool graver = fresh || severity > open.source->severity;
  if (graver) {
    open.source = speaker_->source(severity, maturity);
  }
  open.from = std::min(open.from, report.from);
  open.last = now_;
  ++open.reports;
  add(open.evidence, report);
  add(open.parties, report.parties);
  if (fresh || leading >= open.largest) {
    state(open, report);
  }
  if (fresh) {
    timers_.insert({now_ + speaker_->spec().quiet_max, speaker_->id, number, true});
  }
  if (graver || leading >= 2 * open.revised_at) {
    open.revised_at = open.largest;
    tell(number, open, fresh ? Finding::Act::open : Finding::Act::revise, now_);
  }
}

void OpenFindings::state(Open& open, const Report& report) {
  open.largest = report.facts.front().units;
  open.facts.clear();
  for (const Measured& fact : report.facts) {
    open.facts.push_back({std::string(fact.name), format_scaled(fact.units, fact.scale),
                          fact.limit == nullptr ? "" : fact.limit->text()});
  }
  open.score_parts = report.score_parts;
}

std::uint64_t OpenFindings::reports(AccountIndex account, InstrumentIndex instrument) const {
  std::uint64_t reports = 0;
  Subject subject{speaker_->id, owner_of(market_, account), instrument, {}};
  for (std::size_t less = 0; less < Words<Maturity>::list.size(); ++less) {
    std::get<Maturity>(subject) = static_cast<Maturity>(less);
    if (const auto known = by_subject_.find(subject); known != by_subject_.end()) {
      reports += open_.at(known->second).reports;
    }
  }
  return reports;
}

std::vector<AccountIndex> OpenFindings::accounts(const Open& open) const {
  std::vector<AccountIndex> all = accounts_of(market_, open.anchor);
  add(all, open.parties);
  return all;
}

void OpenFindings::tell(std::uint64_t number, const Open& open, Finding::Act act, Time to,
                        std::uint64_t successor) {
  Finding finding;
  finding.act = act;
  finding.number = number;
  finding.successor = successor;
  finding.source = open.source;
  finding.accounts = accounts(open);
  if (const GroupIndex group = market_.group(open.anchor); group.exists()) {
    finding.group_id = market_.group_id(group);
  }
  finding.instrument = open.instrument;
  finding.from = open.from;
  finding.to = to;
  finding.facts = open.facts;
  finding.score_parts = open.score_parts;
  finding.evidence = open.evidence;
  findings_.push_back(std::move(finding));
}

// Its span ends with the last report, not with the quiet behind it.
OpenFindings::OpenMap::iterator OpenFindings::end(OpenMap::iterator place, Finding::Act act,
                                                  std::uint64_t successor) {
  const auto& [number, open] = *place;
  tell(number, open, act, open.last, successor);
  const auto known = by_subject_.find(subject_of(open));
  if (known != by_subject_.end() && known->second == number) {
    by_subject_.erase(known);
  }
  return open_.erase(place);
}

void OpenFindings::may_end(std::uint64_t number, Time due) {
  const auto place = open_.find(number);
  if (place == open_.end()) {
    return;
  }
  const Time over = place->second.last + speaker_->spec().quiet_max;
  if (over > due) {
    timers_.insert({over, speaker_->id, number, true});
  } else {
    end(place, Finding::Act::end);
  }
}

void OpenFindings::groups_changed(Time now) {
  now_ = now;
  by_subject_.clear();
  for (auto place = open_.begin(); place != open_.end();) {
    const auto [known, fresh] = by_subject_.try_emplace(subject_of(place->second), place->first);
    if (fresh) {
      ++place;
      continue;
    }
    place = end(place, Finding::Act::supersede, known->second);
  }
}

void OpenFindings::recite(ActiveDetector& detector) {
  for (auto& [number, open] : open_) {
    if (open.detector == detector.id) {
      open.source = detector.source(open.source->severity, open.source->maturity);
    }
  }
}

void OpenFindings::end_all_of(const ActiveDetector& detector, std::string_view why) {
  for (auto place = open_.begin(); place != open_.end();) {
    if (place->second.detector != detector.id) {
      ++place;
      continue;
    }
    place->second.facts.push_back({"closed_by", std::string(why), ""});
    place = end(place, Finding::Act::end);
  }
  std::erase_if(timers_, [&](const Timer& timer) { return timer.detector == detector.id; });
}

void OpenFindings::close() {
  for (auto place = open_.begin(); place != open_.end();) {
    place = end(place, Finding::Act::end);
  }
}

}  // namespace marktwacht
