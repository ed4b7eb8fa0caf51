// Exactly-once by number.
#include "market/feeds.h"

namespace marktwacht {

namespace {

// Lines without a source share one, named "".
Text source_of(const Event& event) {
  return event.source.data != nullptr ? event.source : make_text("");
}

}  // namespace

const Feeds::Source* Feeds::find(const Event& event) const {
  const SourceIndex index = names_.find(source_of(event));
  return index.exists() ? &sources_[index.value] : nullptr;
}

Feeds::Place Feeds::numbered_place(const Event& event) const {
  const Source* source = find(event);
  if (source == nullptr) {
    return Place::next;
  }
  if (event.source_seq <= source->last) {
    return Place::repeated;
  }
  return event.source_seq == source->last + 1 ? Place::next : Place::after_gap;
}

void Feeds::accept_numbered(const Event& event, std::uint64_t seq, Time now) {
  const bool after_gap = place(event) == Place::after_gap;
  const SourceIndex index = names_.intern(source_of(event));
  if (index.value == sources_.size()) {
    sources_.emplace_back();
  }
  Source& source = sources_[index.value];
  if (after_gap) {
    ++gaps_;
    source.gap_seq = seq;
    if (kept_.size() < kept_max) {
      kept_.push_back({index, source.last + 1, event.source_seq - 1, seq, now});
    }
  }
  source.last = event.source_seq;
}

std::uint64_t Feeds::last_gap_seq(const Event& event) const {
  const Source* source = find(event);
  return source == nullptr ? 0 : source->gap_seq;
}

void Feeds::save(ByteWriter& out) const {
  out.varint(sources_.size());
  for (std::uint32_t i = 0; i < sources_.size(); ++i) {
    out.text(names_.text(SourceIndex{i}));
    out.varint(sources_[i].last);
    out.varint(sources_[i].gap_seq);
  }
  out.varint(gaps_);
  out.varint(kept_.size());
  for (const Gap& gap : kept_) {
    out.varint(gap.source.value);
    out.varint(gap.first_missing);
    out.varint(gap.last_missing);
    out.varint(gap.seq);
    out.zigzag(gap.time.ns);
  }
}

bool Feeds::load(ByteReader& in) {
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const SourceIndex index = names_.intern(in.text());
    if (index.value != sources_.size()) {
      return false;
    }
    Source& source = sources_.emplace_back();
    source.last = in.varint();
    source.gap_seq = in.varint();
  }
  gaps_ = in.varint();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Gap gap;
    gap.source.value = static_cast<std::uint32_t>(in.varint());
    gap.first_missing = in.varint();
    gap.last_missing = in.varint();
    gap.seq = in.varint();
    gap.time.ns = in.zigzag();
    if (gap.source.value >= sources_.size()) {
      return false;
    }
    kept_.push_back(gap);
  }
  return in.ok();
}

}  // namespace marktwacht
