// pass_through_funds: money that comes in, hardly trades and goes out again.
// docs/detectors/pass_through_funds.md.
#include <algorithm>

#include "detectors/catalogue.h"
#include "detectors/payments.h"
#include "market/new_address.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                             \
  P(passes_min, 2, 1, 1'000)                  \
  P(new_destinations_min, 2, 0, 1'000)        \
  P(share_min, 0.5, 0, 1)                     \
  P(passed_share_min, 0.8, 0.1, 1)            \
  P(passed_share_max, 1.05, 1, 1'000)         \
  P(traded_share_max, 0.5, 0, 1'000)          \
  P(amount_min, 1'000, 0.0001, 1'000'000'000) \
  P(within_h, 24, 0.01, 168)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "pass_through_funds",
    .claim =
        "Most of what this hand paid in left the venue again within a day without having been "
        "traded to speak of, more than once and to destinations that it had not used before.",
    .clause = "2.1",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::deposit, EventKind::withdrawal, EventKind::fill},
    .memory_max = {7 * day.ns},
    .quiet_max = {day.ns},
    .entries_max = 200'000,
    .params = Params::specs,
    .text_en =
        "{accounts} paid in and out again {passed_amount} in {passes} passes, the last with "
        "{passed_share} of what had come in; {new_destinations} went to new destinations.",
    .text_de =
        "{accounts} zahlte in {passes} Durchgängen {passed_amount} ein und wieder aus, zuletzt "
        "{passed_share} des Eingezahlten; {new_destinations} gingen an neue Ziele.",
};

// A deposit that has not passed on yet.
struct Deposited {
  std::int64_t worth = 0, traded_before = 0;  // in ten-thousandths
  Time at;
  std::uint64_t seq = 0;
};

// Deposits that a withdrawal passes on.
struct Pass {
  std::int64_t first = 0, end = 0;  // from the one to before the other
  Int128 in = 0;
};

// What a hand paid in of late, the oldest first, and what it passed on.
struct Passing {
  static constexpr std::int64_t kept_max = 8;

  std::int64_t count = 0;
  Deposited kept[kept_max];
  std::int64_t traded = 0;  // ever; in ten-thousandths, as `passed`
  std::int64_t passed = 0, passes = 0, new_destinations = 0;
  std::int64_t others = 0;  // withdrawals since the first pass that were none
  Time from;                // of the first pass
  std::uint64_t first_seq = 0;

  void forget(const Pass& pass) {
    std::copy(kept + pass.end, kept + count, kept + pass.first);
    const std::int64_t left = count - (pass.end - pass.first);
    std::fill(kept + left, kept + count, Deposited{});
    count = left;
  }
};

class PassThroughFunds final : public Detector {
 public:
  explicit PassThroughFunds(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), passings_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::fill) {
      take_fill(event, market);
      return;
    }
    const auto payment = payment_of(event, market, findings);
    if (payment && payment->worth < worth_max) {
      const Owner owner = owner_of(market, payment->account);
      payment->in ? take_in(*payment, owner, event, findings)
                  : take_out(*payment, owner, event, market, findings);
    }
  }

  void save(ByteWriter& out) const override { passings_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return passings_.load(in, [](auto, const Passing& of) {
      return of.passes >= 0 && of.count >= 0 && of.count <= Passing::kept_max;
    });
  }

 private:
  static constexpr std::int64_t worth_max = std::int64_t{1} << 58;  // 28,000 billion

  Duration within() const { return {params_.within_h.seconds().ns * 3'600}; }

  // An order's own match changes nobody's money.
  void take_fill(const Occurrence& event, const Market& market) {
    Passing* of = passings_.find(owner_of(market, event.account).value, event.now());
    if (of == nullptr || of->count == 0 || event.fill->same_account) {
      return;
    }
    const Instrument& place = market.directory().instrument(event.instrument);
    const auto units = rescale(event.fill->notional.units, place.terms.notional_scale,
                               market.directory().asset(place.quote).decimals);
    const Int128 worth = units ? market.worth(place.quote, *units).value_or(0) : 0;
    of->traded += static_cast<std::int64_t>(std::clamp<Int128>(worth, 0, worth_max - of->traded));
  }

  void take_in(const Payment& payment, Owner owner, const Occurrence& event, Findings& findings) {
    Passing& of = passings_.touch(owner.value, findings);
    if (of.count == Passing::kept_max) {
      of.forget({0, 1, 0});
    }
    of.kept[of.count++] = {static_cast<std::int64_t>(payment.worth), of.traded, event.now(),
                           event.moment.seq};
  }

  // The deposit that the withdrawal passes on, the last one of several; else the last deposits, as
  // few as explain it.
  std::optional<Pass> passed_by(const Passing& of, Int128 out) const {
    for (std::int64_t at = of.count - 1; at >= 0; --at) {
      if (const Pass one{at, at + 1, of.kept[at].worth}; passes(of, one, out)) {
        return one;
      }
    }
    Pass pass{of.count, of.count, 0};
    while (pass.first > 0) {
      pass.in += of.kept[--pass.first].worth;
      if (passes(of, pass, out)) {
        return pass;
      }
    }
    return std::nullopt;
  }

  bool passes(const Passing& of, const Pass& pass, Int128 out) const {
    return pass.in >= params_.amount_min.units && params_.passed_share_min.reached(out, pass.in) &&
           out * Param::one <= pass.in * params_.passed_share_max.units &&
           traded_since(of, pass) * Param::one <= pass.in * params_.traded_share_max.units;
  }
  static Int128 traded_since(const Passing& of, const Pass& pass) {
    return of.traded - of.kept[pass.first].traded_before;
  }

  void take_out(const Payment& payment, Owner owner, const Occurrence& event, const Market& market,
                Findings& findings) {
    Passing* of = passings_.find(owner.value, event.now());
    while (of != nullptr && of->count > 0 && event.now() - of->kept[0].at > within()) {
      of->forget({0, 1, 0});
    }
    if (of == nullptr) {
      return;
    }
    const auto pass = passed_by(*of, payment.worth);
    if (!pass) {
      ++of->others;
      return;
    }
    const Deposited& first = of->kept[pass->first];
    if (of->passes == 0) {
      of->from = first.at;
      of->first_seq = first.seq;
      of->others = 0;
    }
    ++of->passes;
    of->passed += std::min(static_cast<std::int64_t>(payment.worth), worth_max - of->passed);
    of->new_destinations +=
        is_new_address(market, payment.account, payment.address, first.at) ? 1 : 0;
    if (of->passes >= params_.passes_min.whole() &&
        of->new_destinations >= params_.new_destinations_min.whole() &&
        params_.share_min.reached(of->passes, of->passes + of->others)) {
      tell(*of, *pass, payment, event, findings);
    }
    of->forget(*pass);
  }

  void tell(const Passing& of, const Pass& pass, const Payment& payment, const Occurrence& event,
            Findings& findings) const {
    const bool often = of.passes >= 2 * params_.passes_min.whole();
    const bool all_new = of.new_destinations == of.passes;
    Report report;
    report.account = payment.account;
    report.from = of.from;
    report.severity = often && all_new ? Severity::high : Severity::medium;
    report.facts = {
        {"passes", of.passes, 0, &params_.passes_min},
        {"new_destinations", of.new_destinations, 0, &params_.new_destinations_min},
        ratio("share", of.passes, of.passes + of.others, &params_.share_min),
        ratio("passed_share", payment.worth, pass.in, &params_.passed_share_min),
        ratio("traded_share", traded_since(of, pass), pass.in, &params_.traded_share_max),
        {"passed_amount", of.passed, Param::scale, nullptr}};
    report.score_parts = {{"passes", 40}, {"often", often ? 20 : 0}, {"new", all_new ? 20 : 0}};
    report.evidence = {of.first_seq};
    if (of.kept[pass.first].seq != of.first_seq) {
      report.evidence.push_back(of.kept[pass.first].seq);
    }
    report.evidence.push_back(event.moment.seq);
    report.counted = 2;
    findings.report(report);
  }

  Params params_;
  Entries<Passing> passings_;  // by owner
};

}  // namespace

MW_DETECTOR_IS(pass_through_funds, PassThroughFunds, spec)

}  // namespace marktwacht
