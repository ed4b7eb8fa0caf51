// bonus_hunting: accounts of one hand that each harvest the same programme and leave.
// docs/detectors/bonus_hunting.md.
#include <algorithm>
#include <span>

#include "algorithms/stable_hash.h"
#include "detectors/amounts.h"
#include "detectors/catalogue.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)             \
  P(hunters_min, 3, 2, 1'000) \
  P(each_min, 0.5, 0.1, 1)    \
  P(volume_min, 0.9, 0, 1)    \
  P(volume_max, 1.25, 1, 10)  \
  P(within_h, 24, 0.1, 720)   \
  P(star_max, 1'000, 9, 10'000)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "bonus_hunting",
    .claim =
        "Several accounts of one hand, or that are paid from or pay out to one place, each claimed "
        "the same programme, traded its volume and hardly more, and withdrew soon after the reward "
        "was released.",
    .clause = "2.3",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::reward, EventKind::withdrawal, EventKind::fill},
    .memory_max = {30 * day.ns},
    .quiet_max = day,
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts}: {hunters} of {members} accounts that belong together each claimed the same "
        "programme, traded its volume and hardly more, and withdrew soon after the release; "
        "together they were given {bonus}.",
    .text_de =
        "{accounts}: {hunters} von {members} zusammengehörigen Konten nahmen dasselbe Programm in "
        "Anspruch, handelten kaum mehr als das verlangte Volumen und zahlten bald nach der "
        "Freigabe aus; zusammen erhielten sie {bonus}.",
};

// What an account has of a programme. Amounts in ten-thousandths.
struct Claim {
  Int128 bonus = 0, required = 0;
  Int128 traded = 0;                         // since it was granted
  std::uint64_t program = 0;                 // the hash of its id; 0: no claim
  Time granted, released, withdrawn;         // of 0: not yet
  std::uint64_t granted_seq = 0, asset = 0;  // asset: of the bonus
};

struct Claims {
  static constexpr std::size_t kept = 4;

  Claim claims[kept];

  Claim* find(std::uint64_t program) {
    const auto place = std::ranges::find(claims, program, &Claim::program);
    return place == std::end(claims) ? nullptr : &*place;
  }
};

// What they were given together: in its asset, of several what they are worth.
struct Bonus {
  Int128 sum = 0, worth = 0;
  std::optional<std::uint64_t> asset;
  bool mixed = false, worth_known = true;

  void add(const Claim& claim, const Market& market) {
    const AssetIndex of{static_cast<std::uint32_t>(claim.asset)};
    const auto one = market.worth_of(of, Scaled{claim.bonus, Param::scale});
    mixed = mixed || (asset && *asset != claim.asset);
    asset = claim.asset;
    sum += claim.bonus;
    worth += one.value_or(0);
    worth_known = worth_known && one;
  }
};

class BonusHunting final : public Detector {
 public:
  explicit BonusHunting(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), claims_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::fill) {
      take_fill(event, market);
    } else if (event.kind == EventKind::reward) {
      take_reward(event, market, findings);
    } else {
      take_withdrawal(event, market, findings);
    }
  }

  void save(ByteWriter& out) const override { claims_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return claims_.load(in, [](auto, const Claims&) { return true; });
  }

 private:
  using Accounts = std::span<const AccountIndex>;

  void take_reward(const Occurrence& event, const Market& market, Findings& findings) {
    const auto& line = as<event::Reward>(*event.line);
    const Program* program =
        line.has_program_id() ? market.directory().program(line.program_id) : nullptr;
    if (program == nullptr || line.kind == RewardKind::commission ||
        line.kind == RewardKind::fee_rebate) {
      return;
    }
    const std::uint64_t id = stable_hash(line.program_id.view());
    const std::uint64_t key = market.directory().find_account(line.account_id).value;
    if (line.status == RewardStatus::granted) {
      Claim& claim = place_for(claims_.touch(key, findings), id, findings);
      claim = {};
      claim.required = ten_thousandths(program->volume_required);
      claim.program = id;
      claim.bonus = ten_thousandths(line.amount);
      claim.asset = market.directory().find_asset(line.asset).value;
      claim.granted = event.now();
      claim.granted_seq = event.moment.seq;
      return;
    }
    Claims* claims = claims_.find(key, event.now());
    if (Claim* claim = claims == nullptr ? nullptr : claims->find(id); claim != nullptr) {
      if (line.status == RewardStatus::revoked) {
        *claim = {};
      } else if (claim->released == Time{}) {
        claim->released = event.now();
      }
    }
  }

  // The oldest makes room.
  static Claim& place_for(Claims& claims, std::uint64_t id, Findings& findings) {
    if (Claim* same = claims.find(id); same != nullptr) {
      return *same;
    }
    Claim& oldest = *std::ranges::min_element(claims.claims, {}, &Claim::granted);
    if (oldest.program != 0) {
      findings.forgot();
    }
    return oldest;
  }

  void take_fill(const Occurrence& event, const Market& market) {
    Claims* claims = claims_.find(event.account.value, event.now());
    if (claims == nullptr) {
      return;
    }
    const int scale = market.directory().instrument(event.instrument).terms.notional_scale;
    const Int128 worth = ten_thousandths(event.fill->notional.units, scale);
    for (Claim& claim : claims->claims) {
      claim.traded = std::min(claim.traded + worth, amount_most);
    }
  }

  void take_withdrawal(const Occurrence& event, const Market& market, Findings& findings) {
    const auto& line = as<event::Withdrawal>(*event.line);
    const AccountIndex account = market.directory().find_account(line.account_id);
    Claims* claims = claims_.find(account.value, event.now());
    if (claims == nullptr || line.status == WithdrawalStatus::rejected) {
      return;
    }
    std::uint64_t programs[Claims::kept];
    std::size_t count = 0;
    for (Claim& claim : claims->claims) {
      if (claim.released != Time{} && claim.withdrawn == Time{} && just_enough(claim) &&
          event.now() - claim.released <= hours()) {
        claim.withdrawn = event.now();
        programs[count++] = claim.program;
      }
    }
    for (const std::uint64_t program : std::span(programs, count)) {
      judge(account, program, event, market, findings);
    }
  }

  Duration hours() const { return {params_.within_h.seconds().ns * 3'600}; }

  bool just_enough(const Claim& claim) const {
    return params_.volume_min.reached(claim.traded, claim.required) &&
           claim.traded * Param::one <= claim.required * params_.volume_max.units;
  }

  // The account's group, and each place of its funds that too many share for a link.
  void judge(AccountIndex account, std::uint64_t program, const Occurrence& event,
             const Market& market, Findings& findings) {
    judge(accounts_of(market, account), program, event, market, findings);
    const EvidenceStore& evidence = market.links().evidence();
    for (const SharedStar& star : evidence.stars_of(account)) {
      if (kind_of(star.what) == EvidenceKind::funds && star.degree <= params_.star_max.whole()) {
        judge(evidence.star_accounts(star), program, event, market, findings);
      }
    }
  }

  void judge(Accounts accounts, std::uint64_t program, const Occurrence& event,
             const Market& market, Findings& findings) {
    if (std::ssize(accounts) < params_.hunters_min.whole()) {
      return;
    }
    Report report;
    report.from = event.now();
    std::int64_t hunters = 0;
    Bonus bonus;
    for (const AccountIndex account : accounts) {
      Claims* claims = claims_.find(account.value, event.now());
      const Claim* claim = claims == nullptr ? nullptr : claims->find(program);
      if (claim != nullptr && claim->withdrawn != Time{} && just_enough(*claim)) {
        ++hunters;
        bonus.add(*claim, market);
        report.from = std::min(report.from, claim->granted);
        report.account = report.account.exists() ? report.account : account;
        report.parties.push_back(account);
        report.evidence.push_back(claim->granted_seq);
      }
    }
    if (hunters >= params_.hunters_min.whole() &&
        params_.each_min.reached(hunters, std::ssize(accounts))) {
      if (bonus.mixed && !bonus.worth_known) {
        findings.unjudged();
      }
      tell(hunters, std::ssize(accounts), bonus.mixed ? bonus.worth : bonus.sum, event, report,
           findings);
    }
  }

  void tell(std::int64_t hunters, std::int64_t members, Int128 bonus, const Occurrence& event,
            Report& report, Findings& findings) const {
    std::ranges::sort(report.evidence);
    report.evidence.push_back(event.moment.seq);
    report.facts = {{"hunters", hunters, 0, &params_.hunters_min},
                    ratio("each", hunters, members, &params_.each_min),
                    {"members", members, 0, nullptr},
                    {"bonus", bonus, Param::scale, nullptr}};
    const bool many = hunters >= 2 * params_.hunters_min.whole();
    report.score_parts = {
        {"harvest", 50}, {"many", many ? 20 : 0}, {"all", hunters == members ? 10 : 0}};
    findings.report(report);
  }

  Params params_;
  Entries<Claims> claims_;  // by account
};

}  // namespace

MW_DETECTOR_IS(bonus_hunting, BonusHunting, spec)

}  // namespace marktwacht
