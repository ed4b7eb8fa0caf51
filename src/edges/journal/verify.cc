// verify_journal: every byte of every segment, and whether all of it is there.
#include "edges/journal/chain_check.h"
#include "edges/journal/segments.h"

namespace marktwacht {
namespace {

// What is neither wrong nor right in itself: how the journal ends.
void judge_end(const ChainCheck& check, bool whole, JournalReport& report) {
  const SegmentWalk& walk = check.walk();
  const bool torn = walk.torn_bytes() > 0 || !walk.has_head();
  if (torn) {
    report.faults.push_back(walk.at(
        walk.has_head() ? walk.offset() : 0,
        "torn tail: the last " + std::to_string(walk.torn_bytes()) +
            " bytes are no whole record, as after a crash; all before them is valid. Opening the "
            "journal for writing cuts them"));
    return;
  }
  report.closed = walk.mark() == Mark::closed;
  if (walk.mark() == Mark::continued) {
    const std::string text = walk.at(walk.offset(), "says that another segment follows");
    (whole ? report.faults : report.notes).push_back(whole ? text + ", which is not there" : text);
    return;
  }
  if (walk.mark() == Mark::block) {
    const std::uint64_t open = walk.next_seq() - walk.block_first_seq();
    report.notes.push_back(
        walk.at(walk.offset(),
                "not closed yet: what was cut off at a seal is only seen by a published head"
                ", and " +
                    std::to_string(open) + " records are not sealed yet"));
  }
}

void check_segments(Segments& segments, ChainCheck& check) {
  for (std::size_t i = 0; i < segments.count(); ++i) {
    const bool last = i + 1 == segments.count();
    const auto bytes = segments.map(i);
    if (!bytes) {
      check.report.faults.push_back(bytes.error());
      return;
    }
    const bool good = check.segment(*bytes, segments.name(i), last);
    if (last && good) {
      judge_end(check, segments.is_directory(), check.report);
    }
    segments.unmap(i);
  }
}

}  // namespace

JournalReport verify_journal(const std::string& path, const std::optional<PublicKey>& public_key) {
  auto segments = Segments::find(path);
  if (!segments) {
    JournalReport report;
    report.faults.push_back(segments.error());
    return report;
  }
  ChainCheck check(segments->is_directory(), public_key);
  check_segments(*segments, check);
  JournalReport report = std::move(check.report);
  if (report.blocks > 0 && report.signed_blocks == 0) {
    report.notes.push_back(
        "not signed: whoever can write the files can also make a new chain over them");
  }
  if (!segments->is_directory() && check.walk().header().segment > 1) {
    report.notes.push_back("one segment of a journal: the segments before it were not checked");
  }
  report.ok = report.faults.empty();
  return report;
}

}  // namespace marktwacht
