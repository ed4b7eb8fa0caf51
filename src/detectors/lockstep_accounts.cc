// lockstep_accounts: accounts that nothing else joins do the same in the same seconds.
// docs/detectors/lockstep_accounts.md.
#include <algorithm>
#include <span>
#include <vector>

#include "detectors/catalogue.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                  \
  P(accounts_min, 3, 2, 1'000)     \
  P(shared_min, 30, 30, 1'000'000) \
  P(likeness_min, 0.8, 0.8, 1)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "lockstep_accounts",
    .claim =
        "These accounts, which are not known to be one hand, did the same thing in the same second "
        "again and again, now one first and now another, and little else.",
    .clause = "2.1",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::order, EventKind::replace, EventKind::cancel},
    .asks_lockstep = true,
    .memory_max = day,
    .quiet_max = {3'600 * second.ns},
    .entries_max = 1,  // of its own it has none: those of Lockstep are bounded by themselves
    .params = Params::specs,
    .text_en =
        "{accounts} did the same {shared} times in the same second, now one first and now another; "
        "{likeness} of what they did, by weight, was the same. They are not known to be one hand.",
    .text_de =
        "{accounts} taten {shared}-mal in derselben Sekunde dasselbe, mal der eine zuerst, mal der "
        "andere; {likeness} dessen, was sie taten, war nach Gewicht dasselbe. Dass sie eine Hand "
        "sind, ist nicht bekannt.",
};

class LockstepAccounts final : public Detector {
 public:
  explicit LockstepAccounts(const DetectorSetup& setup) : params_(Params::of(setup.params)) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    const Lockstep& lockstep = market.links().lockstep();
    for (; forgotten_ < lockstep.forgotten(); ++forgotten_) {
      findings.forgot();
    }
    if (lockstep.found(event.moment.seq).empty()) {
      return;
    }
    std::vector<LockstepPair> pairs;
    for (const LockstepPair& pair : lockstep.found(event.moment.seq)) {
      if (pair.shared >= params_.shared_min.whole() &&
          params_.likeness_min.reached(pair.likeness, 1000)) {
        pairs.push_back(pair);
      }
    }
    while (!pairs.empty()) {
      const auto crew = crew_of(pairs.front().accounts.a, event.now(), lockstep);
      const auto others = std::ranges::stable_partition(pairs, [&](const LockstepPair& pair) {
        return std::ranges::binary_search(crew, pair.accounts.a);
      });
      judge(crew, {pairs.begin(), others.begin()}, market, findings);
      pairs.erase(pairs.begin(), others.begin());
    }
  }

  void save(ByteWriter& out) const override { out.varint(forgotten_); }
  bool load(ByteReader& in, const Market&) override {
    forgotten_ = in.varint();
    return in.ok();
  }

 private:
  static constexpr std::size_t crew_max = 200;

  // All that hang together by lockstep of the last day, ascending.
  static std::vector<AccountIndex> crew_of(AccountIndex first, Time now, const Lockstep& lockstep) {
    std::vector<AccountIndex> crew{first};
    for (std::size_t at = 0; at < crew.size() && crew.size() < crew_max; ++at) {
      for (const AccountIndex partner : lockstep.partners(crew[at], now)) {
        if (std::ranges::find(crew, partner) == crew.end()) {
          crew.push_back(partner);
        }
      }
    }
    std::ranges::sort(crew);
    return crew;
  }

  void judge(const std::vector<AccountIndex>& crew, std::span<const LockstepPair> pairs,
             const Market& market, Findings& findings) const {
    const bool one_hand = std::ranges::all_of(crew, [&](AccountIndex member) {
      return owner_of(market, member) == owner_of(market, crew.front());
    });
    if (std::ssize(crew) < params_.accounts_min.whole() || one_hand) {
      return;
    }
    const LockstepPair& most = *std::ranges::max_element(pairs, {}, &LockstepPair::shared);
    const bool one_market = std::ranges::all_of(
        pairs, [&](const LockstepPair& pair) { return pair.instrument == most.instrument; });
    Report report;
    report.account = crew.front();
    report.parties = crew;
    report.instrument = one_market ? most.instrument : InstrumentIndex::none();
    report.from = std::ranges::min_element(pairs, {}, &LockstepPair::since)->since;
    report.facts = {{"shared", most.shared, 0, &params_.shared_min},
                    {"members", std::ssize(crew), 0, &params_.accounts_min},
                    ratio("likeness", most.likeness, 1000, &params_.likeness_min)};
    report.score_parts = {{"lockstep", 50},
                          {"often", most.shared >= 2 * params_.shared_min.whole() ? 20 : 0},
                          {"alike", most.likeness >= 950 ? 20 : 0}};
    report.evidence = {most.first_seq, most.last_seq};
    findings.report(report);
  }

  Params params_;
  std::uint64_t forgotten_ = 0;  // of Lockstep's, told so far
};

}  // namespace

MW_DETECTOR_IS(lockstep_accounts, LockstepAccounts, spec)

}  // namespace marktwacht
