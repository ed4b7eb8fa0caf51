// Counting by source.
#include "service/sources.h"

#include <algorithm>

#include "service/intake.h"

namespace marktwacht {
namespace {

// In the order in which they are saved.
template <class Figures, class Each>
void each_journaled(Figures& figures, Each each) {
  for (auto* number : {&figures.events, &figures.results, &figures.rejected, &figures.batches,
                       &figures.next_source_seq, &figures.gaps, &figures.missing,
                       &figures.gap_first, &figures.gap_last}) {
    each(*number);
  }
  for (auto* time : {&figures.last_ts, &figures.last_at, &figures.last_gap_at}) {
    each(*time);
  }
}

}  // namespace

SourceFigures* Sources::of(std::string_view source) {
  if (source.empty() || source == console_source || source == service_source) {
    return nullptr;
  }
  const auto found = all_.find(source);
  if (found != all_.end()) {
    found->second.changed = true;
    return &found->second;
  }
  return all_.size() < sources_max ? &all_[std::string(source)] : nullptr;
}

void Sources::take(const Event& event, Time now) {
  SourceFigures* const figures = of(event.source.view());
  if (figures == nullptr) {
    beyond_ += event.source.empty() ? 0 : 1;
    return;
  }
  ++figures->events;
  figures->results += event.type == EventType::command_result ? 1 : 0;
  figures->last_ts = std::max(figures->last_ts, event.ts);
  figures->last_at = now;
  if (!event.has_source_seq) {
    return;
  }
  if (figures->next_source_seq != 0 && event.source_seq > figures->next_source_seq) {
    ++figures->gaps;
    figures->gap_first = figures->next_source_seq;
    figures->gap_last = event.source_seq - 1;
    figures->missing += figures->gap_last - figures->gap_first + 1;
    figures->last_gap_at = now;
  }
  figures->next_source_seq = event.source_seq + 1;
}

void Sources::take(const BatchMark& mark) {
  if (SourceFigures* const figures = of(mark.source)) {
    ++figures->batches;
    figures->rejected += mark.rejected;
  }
}

void Sources::save(ByteWriter& out) const {
  out.varint(all_.size());
  for (const auto& [source, figures] : all_) {
    out.text(source);
    each_journaled(figures, [&](const auto& value) {
      if constexpr (requires { value.ns; }) {
        out.zigzag(value.ns);
      } else {
        out.varint(value);
      }
    });
  }
  out.varint(beyond_);
}

bool Sources::load(ByteReader& in) {
  clear();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    SourceFigures* const figures = of(in.text());
    if (figures == nullptr) {
      return false;
    }
    each_journaled(*figures, [&](auto& value) {
      if constexpr (requires { value.ns; }) {
        value.ns = in.zigzag();
      } else {
        value = in.varint();
      }
    });
  }
  beyond_ = in.varint();
  return in.ok();
}

}  // namespace marktwacht
