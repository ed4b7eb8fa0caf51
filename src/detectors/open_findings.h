// What detectors have reported and what is still open: one growing finding for each detector,
// owner, instrument and maturity; and what they wait for.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "detectors/catalogue.h"
#include "market/blind_spot.h"
#include "market/owner.h"

namespace marktwacht {

// A detector in force.
struct ActiveDetector {
  std::uint64_t id = 0;  // of one engine, never used twice; names it in timers and findings
  DetectorUse use;
  std::string rulebook_id, cited;
  std::unique_ptr<Detector> detector;
  BlindSpot forgot, unjudged;

  const DetectorSpec& spec() const { return *use.detector->spec; }
  // How it speaks: one source of each kind for all its findings.
  const std::shared_ptr<const FindingSource>& source(Severity severity, Maturity maturity);
  void cite(std::string_view rulebook);

 private:
  std::shared_ptr<const FindingSource> sources_[Words<Severity>::list.size()]
                                               [Words<Maturity>::list.size()];
};

// One thread. `market` must outlive it.
class OpenFindings final : public Findings {
 public:
  // Numbers of findings that detectors make have this bit, those of rules do not.
  static constexpr std::uint64_t number_bit = std::uint64_t{1} << 63;

  explicit OpenFindings(const Market& market) : market_(market) {}

  // Who speaks from here on, and when.
  void speak_for(ActiveDetector& detector, Time now, std::int64_t day) {
    speaker_ = &detector;
    now_ = now;
    day_ = day;
  }

  Time now() const override { return now_; }
  std::int64_t day() const override { return day_; }
  void report(const Report& report) override;
  std::uint64_t reports(AccountIndex account, InstrumentIndex instrument) const override;
  void wake(Time at, std::uint64_t key) override { timers_.insert({at, speaker_->id, key, false}); }
  void forgot() override { speaker_->forgot.add(now_); }
  void unjudged() override { speaker_->unjudged.add(now_); }

  struct Timer {
    Time at;
    std::uint64_t detector = 0;  // ActiveDetector::id
    std::uint64_t key = 0;       // of an end: the finding's number
    bool ends = false;           // else it wakes the detector

    auto operator<=>(const Timer&) const = default;
  };
  Time next_due() const { return timers_.empty() ? never : timers_.begin()->at; }
  // There must be one.
  Timer take_timer() { return timers_.extract(timers_.begin()).value(); }
  // The time has come at which a finding may be over.
  void may_end(std::uint64_t number, Time due);

  // Who is one hand has changed: of several findings that are now about one, the oldest goes on.
  void groups_changed(Time now);
  // Another rulebook cites it, with the same numbers.
  void recite(ActiveDetector& detector);
  // Ends what is open of a detector that goes, and forgets its timers.
  void end_all_of(const ActiveDetector& detector, std::string_view why);
  void close();

  std::vector<Finding> take_findings() { return std::exchange(findings_, {}); }
  bool has_findings() const { return !findings_.empty(); }

  void save(ByteWriter& out) const;
  // `detectors`: those in force.
  bool load(ByteReader& in, std::span<const std::unique_ptr<ActiveDetector>> detectors);

 private:
  struct Open {
    std::uint64_t detector = 0;
    AccountIndex anchor;  // the first account it was reported of: whose owner it is about
    InstrumentIndex instrument;
    std::vector<AccountIndex> parties;  // beside the anchor's group; by index, ascending
    std::shared_ptr<const FindingSource> source;
    Time from, last;  // last: of the last report
    std::uint64_t reports = 0;
    Int128 largest = 0, revised_at = 0;  // the leading number
    std::vector<Fact> facts;
    std::vector<ScorePart> score_parts;
    Evidence evidence;
  };
  // Detector first. What may be acted on and what is shown only are two things.
  using Subject = std::tuple<std::uint64_t, Owner, InstrumentIndex, Maturity>;
  using OpenMap = std::map<std::uint64_t, Open>;  // by number

  Subject subject_of(const Open& open) const {
    return {open.detector, owner_of(market_, open.anchor), open.instrument, open.source->maturity};
  }
  static void state(Open& open, const Report& report);
  std::vector<AccountIndex> accounts(const Open& open) const;
  void tell(std::uint64_t number, const Open& open, Finding::Act act, Time to,
            std::uint64_t successor = 0);
  OpenMap::iterator end(OpenMap::iterator place, Finding::Act act, std::uint64_t successor = 0);
  static void save(const Open& open, ByteWriter& out);
  bool load(Open& open, ByteReader& in,
            std::span<const std::unique_ptr<ActiveDetector>> detectors) const;

  const Market& market_;
  ActiveDetector* speaker_ = nullptr;
  Time now_;
  std::int64_t day_ = 0;
  std::uint64_t made_ = 0;
  OpenMap open_;
  std::map<Subject, std::uint64_t> by_subject_;
  std::set<Timer> timers_;
  std::vector<Finding> findings_;
};

}  // namespace marktwacht
