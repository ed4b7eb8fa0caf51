// What is open and waited for, in canonical order.
#include <algorithm>

#include "detectors/open_findings.h"

namespace marktwacht {
namespace {

std::uint64_t by_id(const std::unique_ptr<ActiveDetector>& detector) { return detector->id; }

}  // namespace

void OpenFindings::save(const Open& open, ByteWriter& out) {
  out.varint(open.detector);
  out.varint(open.anchor.value);
  out.varint(open.instrument.value);
  out.varint(open.parties.size());
  for (const AccountIndex party : open.parties) {
    out.varint(party.value);
  }
  out.byte(static_cast<std::uint8_t>(open.source->severity));
  out.byte(static_cast<std::uint8_t>(open.source->maturity));
  out.zigzag(open.from.ns);
  out.zigzag(open.last.ns);
  out.varint(open.reports);
  out.zigzag128(open.largest);
  out.zigzag128(open.revised_at);
  out.varint(open.facts.size());
  for (const Fact& fact : open.facts) {
    out.text(fact.name);
    out.text(fact.value);
    out.text(fact.limit);
  }
  out.varint(open.score_parts.size());
  for (const ScorePart& part : open.score_parts) {
    out.text(part.name);
    out.zigzag(part.points);
  }
  out.varint(open.evidence.count);
  out.varint(open.evidence.seqs.size());
  for (const std::uint64_t seq : open.evidence.seqs) {
    out.varint(seq);
  }
}

bool OpenFindings::load(Open& open, ByteReader& in,
                        std::span<const std::unique_ptr<ActiveDetector>> detectors) const {
  open.detector = in.varint();
  open.anchor.value = static_cast<std::uint32_t>(in.varint());
  open.instrument.value = static_cast<std::uint32_t>(in.varint());
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    open.parties.push_back({static_cast<std::uint32_t>(in.varint())});
  }
  const std::uint8_t severity = in.byte(), maturity = in.byte();
  open.from.ns = in.zigzag();
  open.last.ns = in.zigzag();
  open.reports = in.varint();
  open.largest = in.zigzag128();
  open.revised_at = in.zigzag128();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Fact& fact = open.facts.emplace_back();
    fact.name = in.text();
    fact.value = in.text();
    fact.limit = in.text();
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    ScorePart& part = open.score_parts.emplace_back();
    part.name = in.text();
    part.points = static_cast<int>(in.zigzag());
  }
  open.evidence.count = in.varint();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    open.evidence.seqs.push_back(in.varint());
  }
  const auto speaker = std::ranges::find(detectors, open.detector, by_id);
  if (!in.ok() || speaker == detectors.end() || severity >= Words<Severity>::list.size() ||
      maturity >= Words<Maturity>::list.size()) {
    return false;
  }
  open.source =
      (*speaker)->source(static_cast<Severity>(severity), static_cast<Maturity>(maturity));
  const Directory& directory = market_.directory();
  return (open.anchor.exists() || open.instrument.exists()) &&
         (!open.anchor.exists() || open.anchor.value < directory.accounts()) &&
         (!open.instrument.exists() || open.instrument.value < directory.instruments()) &&
         std::ranges::is_sorted(open.parties) &&
         (open.parties.empty() || open.parties.back().value < directory.accounts()) &&
         std::ranges::is_sorted(open.evidence.seqs);
}

void OpenFindings::save(ByteWriter& out) const {
  out.varint(made_);
  out.varint(open_.size());
  for (const auto& [number, open] : open_) {
    out.varint(number);
    save(open, out);
  }
  out.varint(timers_.size());
  for (const Timer& timer : timers_) {
    out.zigzag(timer.at.ns);
    out.varint(timer.detector);
    out.fixed(timer.key);
    out.byte(timer.ends ? 1 : 0);
  }
}

bool OpenFindings::load(ByteReader& in,
                        std::span<const std::unique_ptr<ActiveDetector>> detectors) {
  made_ = in.varint();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const std::uint64_t number = in.varint();
    if ((number & number_bit) == 0 || open_.contains(number)) {
      return false;
    }
    Open& open = open_[number];
    if (!load(open, in, detectors) || !by_subject_.try_emplace(subject_of(open), number).second) {
      return false;
    }
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Timer timer;
    timer.at.ns = in.zigzag();
    timer.detector = in.varint();
    timer.key = in.fixed<std::uint64_t>();
    timer.ends = in.byte() != 0;
    if (std::ranges::find(detectors, timer.detector, by_id) == detectors.end() ||
        !timers_.insert(timer).second) {
      return false;
    }
  }
  return in.ok();
}

}  // namespace marktwacht
