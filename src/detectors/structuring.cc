// structuring: payments that stay just below the amount that would be reported.
// docs/detectors/structuring.md.
#include <algorithm>

#include "detectors/catalogue.h"
#include "detectors/payments.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                              \
  P(payments_min, 3, 2, 16)                    \
  P(reporting_limit, 10'000, 1, 1'000'000'000) \
  P(below_share_max, 0.1, 0.001, 0.9)          \
  P(share_min, 0.5, 0, 1)                      \
  P(within_h, 24, 0.01, 168)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "structuring",
    .claim =
        "This hand paid in or out again and again within a day, each time an amount just below "
        "the one from which payments are reported.",
    .clause = "2.1",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::deposit, EventKind::withdrawal},
    .memory_max = {7 * day.ns},
    .quiet_max = {day.ns},
    .entries_max = 200'000,
    .params = Params::specs,
    .text_en =
        "{accounts} made {payments} payments of {amount} together within a day, each just below "
        "the reporting limit of {largest.limit}.",
    .text_de =
        "{accounts} zahlte an einem Tag {payments}-mal knapp unter der Meldegrenze von "
        "{largest.limit}, zusammen {amount}.",
};

// Payments just below the limit, the oldest first.
struct Payments {
  static constexpr std::size_t kept_max = 16;

  std::int64_t count = 0;
  std::int64_t others = 0;  // payments of other amounts there ever were
  struct One {
    std::int64_t worth = 0;  // below the limit
    Time at;
    std::uint64_t seq = 0;
    std::int64_t others_before = 0;
  } kept[kept_max];

  // Payments of any amount since the first.
  std::int64_t of_all() const { return count + others - kept[0].others_before; }
  void forget_first() {
    std::copy(kept + 1, kept + count, kept);
    kept[--count] = {};
  }
};

class Structuring final : public Detector {
 public:
  explicit Structuring(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), payments_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    const auto payment = payment_of(event, market, findings);
    if (!payment) {
      return;
    }
    const Owner owner = owner_of(market, payment->account);
    const Int128 below = params_.reporting_limit.units - payment->worth;
    if (below <= 0 || below * Param::one >
                          Int128{params_.reporting_limit.units} * params_.below_share_max.units) {
      if (Payments* all = payments_.find(owner.value, event.now())) {
        ++all->others;
      }
      return;
    }
    Payments& all = payments_.touch(owner.value, findings);
    const Duration within{params_.within_h.seconds().ns * 3'600};
    while (all.count > 0 && (event.now() - all.kept[0].at > within ||
                             all.count == static_cast<std::int64_t>(Payments::kept_max))) {
      all.forget_first();
    }
    all.kept[all.count++] = {static_cast<std::int64_t>(payment->worth), event.now(),
                             event.moment.seq, all.others};
    if (all.count >= params_.payments_min.whole() &&
        params_.share_min.reached(all.count, all.of_all())) {
      tell(all, payment->account, findings);
    }
  }

  void save(ByteWriter& out) const override { payments_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return payments_.load(in, [](auto, const Payments& all) {
      return all.count >= 0 && all.count <= static_cast<std::int64_t>(Payments::kept_max);
    });
  }

 private:
  void tell(const Payments& all, AccountIndex account, Findings& findings) const {
    const bool often = all.count >= 2 * params_.payments_min.whole();
    std::int64_t amount = 0, largest = 0;
    Report report;
    for (std::int64_t at = 0; at < all.count; ++at) {
      amount += all.kept[at].worth;
      largest = std::max(largest, all.kept[at].worth);
      report.evidence.push_back(all.kept[at].seq);
    }
    report.account = account;
    report.from = all.kept[0].at;
    report.facts = {{"payments", all.count, 0, &params_.payments_min},
                    ratio("share", all.count, all.of_all(), &params_.share_min),
                    {"amount", amount, Param::scale, nullptr},
                    {"largest", largest, Param::scale, &params_.reporting_limit}};
    report.score_parts = {{"payments", 50}, {"often", often ? 20 : 0}};
    findings.report(report);
  }

  Params params_;
  Entries<Payments> payments_;  // by owner
};

}  // namespace

MW_DETECTOR_IS(structuring, Structuring, spec)

}  // namespace marktwacht
