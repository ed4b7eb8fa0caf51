// referral_ring: commissions for referred accounts that are the referrer's own.
// docs/detectors/referral_ring.md.
#include <algorithm>

#include "base/sort_unique.h"
#include "detectors/amounts.h"
#include "detectors/catalogue.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                    \
  P(commissions_min, 3, 1, 1'000)    \
  P(amount_min, 0, 0, 1'000'000'000) \
  P(members_max, 200, 2, 10'000)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "referral_ring",
    .claim =
        "One hand was paid commissions for having referred accounts that are its own, so that what "
        "they paid in fees came back to it.",
    .clause = "2.3",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::reward, EventKind::transfer},
    .memory_max = {30 * day.ns},
    .quiet_max = day,
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} are one hand, and were paid {commissions} commissions, {amount} in all, for "
        "trades of {referred} accounts that are among them; {returned} times money went on to "
        "those.",
    .text_de =
        "{accounts} sind eine Hand und erhielten {commissions} Provisionen, zusammen {amount}, für "
        "Geschäfte von {referred} Konten, die selbst dazugehören; {returned}-mal ging Geld an "
        "diese weiter.",
};

// What a referred account brought to who referred it.
struct Brought {
  Int128 amount = 0;  // in ten-thousandths
  std::int64_t commissions = 0;
  std::int64_t returned = 0;  // payments of the referrer to it since the first of them
  std::uint64_t first_seq = 0, last_seq = 0;
  std::uint64_t referrer = 0;
  Time from;
};

class ReferralRing final : public Detector {
 public:
  explicit ReferralRing(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), brought_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::reward) {
      take_reward(event, market, findings);
    } else {
      take_transfer(event, market, findings);
    }
  }

  void save(ByteWriter& out) const override { brought_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return brought_.load(in, [](auto, const Brought& one) { return one.commissions > 0; });
  }

 private:
  void take_reward(const Occurrence& event, const Market& market, Findings& findings) {
    const auto& line = as<event::Reward>(*event.line);
    if (line.kind != RewardKind::commission || line.status != RewardStatus::granted ||
        !line.has_source_account_id()) {
      return;
    }
    const Directory& directory = market.directory();
    const AccountIndex referrer = directory.find_account(line.account_id);
    const AccountIndex referred = directory.find_account(line.source_account_id);
    if (!referred.exists() || directory.account(referred).referrer != referrer) {
      return;
    }
    Brought& brought = brought_.touch(referred.value, findings);
    if (brought.commissions == 0 || brought.referrer != referrer.value) {
      brought = {};
      brought.referrer = referrer.value;
      brought.first_seq = event.moment.seq;
      brought.from = event.now();
    }
    ++brought.commissions;
    brought.amount = std::min(brought.amount + ten_thousandths(line.amount), amount_most);
    brought.last_seq = event.moment.seq;
    judge(referrer, event, market, findings);
  }

  // What the referrer pays to those whom he referred: it may be what shows that they are one hand.
  void take_transfer(const Occurrence& event, const Market& market, Findings& findings) {
    const auto& line = as<event::Transfer>(*event.line);
    const AccountIndex from = market.directory().find_account(line.from_account_id);
    const AccountIndex to = market.directory().find_account(line.to_account_id);
    Brought* brought = brought_.find(to.value, event.now());
    if (brought != nullptr && brought->referrer == from.value) {
      ++brought->returned;
      judge(from, event, market, findings);
    }
  }

  // All that members of the referrer's group brought to others of it: counted by account, so that
  // what came before they were known to be one hand counts too.
  void judge(AccountIndex referrer, const Occurrence& event, const Market& market,
             Findings& findings) {
    const GroupIndex group = market.group(referrer);
    if (!group.exists()) {
      return;
    }
    const auto members = market.groups().members(group);
    if (std::ssize(members) > params_.members_max.whole()) {
      findings.unjudged();
      return;
    }
    Brought all;
    std::int64_t referred = 0;
    Report report;
    report.from = event.now();
    for (const AccountIndex member : members) {
      const Brought* one = brought_.find(member.value, event.now());
      const AccountIndex by{one == nullptr ? AccountIndex::none_value
                                           : static_cast<std::uint32_t>(one->referrer)};
      if (by.exists() && market.group(by) == group) {
        ++referred;
        all.amount += one->amount;
        all.commissions += one->commissions;
        all.returned += one->returned;
        report.from = std::min(report.from, one->from);
        report.evidence.push_back(one->first_seq);
        report.evidence.push_back(one->last_seq);
      }
    }
    if (all.commissions >= params_.commissions_min.whole() &&
        all.amount >= params_.amount_min.units) {
      report.account = referrer;
      tell(all, referred, event, report, findings);
    }
  }

  void tell(const Brought& all, std::int64_t referred, const Occurrence& event, Report& report,
            Findings& findings) const {
    report.evidence.push_back(event.moment.seq);
    sort_unique(report.evidence);
    report.facts = {{"commissions", all.commissions, 0, &params_.commissions_min},
                    {"amount", all.amount, Param::scale, &params_.amount_min},
                    {"referred", referred, 0, nullptr},
                    {"returned", all.returned, 0, nullptr}};
    const bool often = all.commissions >= 4 * params_.commissions_min.whole();
    report.score_parts = {{"ring", 40},
                          {"referred", referred > 1 ? 20 : 0},
                          {"returned", all.returned > 0 ? 10 : 0},
                          {"often", often ? 10 : 0}};
    findings.report(report);
  }

  Params params_;
  Entries<Brought> brought_;  // by who was referred
};

}  // namespace

MW_DETECTOR_IS(referral_ring, ReferralRing, spec)

}  // namespace marktwacht
