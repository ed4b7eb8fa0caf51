// Sources and their numbering: what was seen already, and where something is missing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/names.h"
#include "base/time.h"
#include "events/event.h"

namespace marktwacht {

// Numbers missing from a source: surveillance was blind there.
struct Gap {
  SourceIndex source;
  std::uint64_t first_missing = 0, last_missing = 0;
  std::uint64_t seq = 0;  // of the event after it
  Time time;
};

// Only accepted events count: a refused line's number is missing like any other, so that a replay
// of the journal sees the same gaps. Events without `source_seq` are never repeats and leave none.
class Feeds {
 public:
  enum class Place : std::uint8_t { next, repeated, after_gap };

  // Where `event` stands in its source's numbering.
  Place place(const Event& event) const {
    return event.has_source_seq ? numbered_place(event) : Place::next;
  }
  // Records an accepted event.
  void accept(const Event& event, std::uint64_t seq, Time now) {
    if (event.has_source_seq) {
      accept_numbered(event, seq, now);
    }
  }
  // The seq of the event after the source's last gap, 0 when it never had one.
  std::uint64_t last_gap_seq(const Event& event) const;

  std::uint64_t gaps() const { return gaps_; }
  // The first `kept_max` gaps; the others are only counted.
  const std::vector<Gap>& kept_gaps() const { return kept_; }
  const std::string& source(SourceIndex index) const { return names_.text(index); }

  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

  static constexpr std::size_t kept_max = 1'000;

 private:
  struct Source {
    std::uint64_t last = 0;
    std::uint64_t gap_seq = 0;
  };
  Place numbered_place(const Event& event) const;
  void accept_numbered(const Event& event, std::uint64_t seq, Time now);
  const Source* find(const Event& event) const;

  Names<SourceIndex> names_;
  std::vector<Source> sources_;
  std::uint64_t gaps_ = 0;
  std::vector<Gap> kept_;
};

}  // namespace marktwacht
