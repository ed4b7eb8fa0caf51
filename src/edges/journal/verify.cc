// verify_journal: every byte of every segment, and whether all of it is there.
#include <iterator>
#include <map>

#include "edges/journal/chain_check.h"
#include "edges/journal/head.h"
#include "edges/journal/hex_bytes.h"
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

// Who vouches for what was dropped.
void judge_checkpoint(const Checkpoint& checkpoint, const PublicKeys& keys, bool is_signed,
                      JournalReport& report) {
  const std::string what = "the checkpoint behind record " + std::to_string(checkpoint.seq) +
                           ", up to which all was dropped, ";
  PublicKey key{};
  if (checkpoint.signature.empty()) {
    (is_signed || !keys.empty() ? report.faults : report.notes).push_back(what + "is not signed");
  } else if (!read_hex(checkpoint.key, key) || !counts(key, keys)) {
    report.faults.push_back(what + "is signed with another key than those given");
  } else {
    report.notes.push_back(what + "is signed with key " + checkpoint.key);
  }
}

// A signed block vouches, by its chain, also for what was written before there was a key.
void judge_signatures(const PublicKeys& keys, bool is_signed, JournalReport& report) {
  if (report.blocks == 0) {
    return;
  }
  if (!keys.empty() && !is_signed) {
    report.faults.push_back("not signed, though a key was given");
  } else if (report.signed_blocks == 0) {
    report.notes.push_back(
        "not signed: whoever can write the files can also make a new chain over them");
  } else if (report.signed_blocks < report.blocks && report.faults.empty()) {
    report.notes.push_back("the first " + std::to_string(report.blocks - report.signed_blocks) +
                           " blocks are not signed: those behind them vouch for them");
  }
}

// Which of the heads was met at a seal.
class HeadsMet {
 public:
  explicit HeadsMet(std::span<const SignedHead> heads) {
    for (const SignedHead& head : heads) {
      waiting_.emplace(head.at.seq, head.at.chain);
    }
  }
  void seal(std::uint64_t seq, const Digest& chain) {
    const auto [begin, end] = waiting_.equal_range(seq);
    for (auto at = begin; at != end;) {
      at = at->second == chain ? waiting_.erase(at) : std::next(at);
    }
  }
  void judge(JournalReport& report) const {
    for (const auto& [seq, chain] : waiting_) {
      const std::string what = "the head published after record " + std::to_string(seq) + " (" +
                               hex(chain).substr(0, 16) + "…) ";
      if (seq < report.first_seq) {
        report.notes.push_back(what + "is older than the first record that is kept");
      } else {
        report.faults.push_back(what +
                                "is not in this journal: it was written anew, or cut off before");
      }
    }
  }

 private:
  std::multimap<std::uint64_t, Digest> waiting_;
};

}  // namespace

JournalReport verify_journal_holds(const std::string& path, const PublicKeys& keys,
                                   std::span<const SignedHead> heads) {
  auto segments = Segments::find(path);
  if (!segments) {
    JournalReport report;
    report.faults.push_back(segments.error());
    return report;
  }
  ChainCheck check(segments->is_directory(), keys, segments->begins_behind());
  HeadsMet met(heads);
  if (!heads.empty()) {
    check.on_seal([&](std::uint64_t seq, const Digest& chain) { met.seal(seq, chain); });
  }
  check_segments(*segments, check);
  JournalReport report = std::move(check.report);
  judge_signatures(keys, check.is_signed(), report);
  if (!segments->is_directory() && check.walk().header().segment > 1) {
    report.notes.push_back("one segment of a journal: the segments before it were not checked");
  }
  if (segments->checkpoint()) {
    judge_checkpoint(*segments->checkpoint(), keys, check.is_signed(), report);
  }
  met.judge(report);
  report.ok = report.faults.empty();
  return report;
}

JournalReport verify_journal(const std::string& path, const PublicKeys& keys) {
  return verify_journal_holds(path, keys, {});
}

}  // namespace marktwacht
