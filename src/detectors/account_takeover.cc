// account_takeover: somebody else gets into an account and empties it.
// docs/detectors/account_takeover.md.
#include <algorithm>

#include "base/crc32c.h"
#include "detectors/catalogue.h"
#include "detectors/payments.h"
#include "market/new_address.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)               \
  P(failures_min, 2, 1, 1'000)  \
  P(signs_min, 5, 2, 6)         \
  P(within_s, 3'600, 1, 86'400) \
  P(places_max, 3, 1, 1'000)    \
  P(quick_s, 900, 0, 86'400)    \
  P(amount_min, 10, 0, 1'000'000'000)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "account_takeover",
    .claim =
        "After failed logins or on a new device somebody logged in from a network or country that "
        "this account had never used, changed its credentials or named a new destination, and "
        "withdrew.",
    .clause = "2.1",
    .severity = Severity::high,
    .maturity = Maturity::incubating,
    .hears = {EventKind::login, EventKind::credential, EventKind::withdrawal},
    .memory_max = {90 * day.ns},
    .quiet_max = {3'600 * second.ns},
    .entries_max = 1'000'000,
    .params = Params::specs,
    .text_en =
        "{amount} left {accounts} {after_s} seconds after a login from an unknown place; "
        "{failures} logins had failed before, new device: {new_device}, credentials changed: "
        "{changed}, new destination: {new_destination}.",
    .text_de =
        "{after_s} Sekunden nach einer Anmeldung von einem unbekannten Ort flossen {amount} von "
        "{accounts} ab; {failures} Anmeldungen waren zuvor fehlgeschlagen, neues Gerät: "
        "{new_device}, Zugangsdaten geändert: {changed}, neues Ziel: {new_destination}.",
};

// Where an account was used from, and a login that does not fit.
struct Habits {
  static constexpr std::size_t kept_max = 8;

  std::uint32_t networks[kept_max] = {}, countries[kept_max] = {};  // checksums; 0: none
  std::int64_t networks_seen = 0, countries_seen = 0;               // ever
  Time failed_at, strange_at;
  std::int64_t failures = 0;                                       // in a row, up to `failed_at`
  std::uint64_t failed_seq = 0, strange_seq = 0, changed_seq = 0;  // 0: there was none
  std::int64_t strange_failures = 0, new_device = 0;
  Int128 gone = 0;  // since the strange login
};

class AccountTakeover final : public Detector {
 public:
  explicit AccountTakeover(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), habits_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::login) {
      const auto& login = as<event::Login>(*event.line);
      const AccountIndex account = market.directory().find_account(login.account_id);
      Habits& habits = habits_.touch(account.value, findings);
      login.result == LoginResult::ok ? take_login(login, account, habits, event, market)
                                      : take_failure(habits, event);
    } else if (event.kind == EventKind::credential) {
      const auto& change = as<event::Credential>(*event.line);
      Habits* habits = recent(market.directory().find_account(change.account_id), event.now());
      if (habits != nullptr) {
        habits->changed_seq = event.moment.seq;
      }
    } else if (const auto payment = payment_of(event, market, findings)) {
      take_withdrawal(*payment, event, market, findings);
    }
  }

  void save(ByteWriter& out) const override { habits_.save(out); }
  bool load(ByteReader& in, const Market&) override {
    return habits_.load(in, [](auto, const Habits& habits) {
      return habits.networks_seen >= 0 && habits.countries_seen >= 0;
    });
  }

 private:
  void take_failure(Habits& habits, const Occurrence& event) const {
    if (event.now() - habits.failed_at > params_.within_s.seconds()) {
      habits.failures = 0;
    }
    ++habits.failures;
    habits.failed_at = event.now();
    habits.failed_seq = event.moment.seq;
  }

  void take_login(const event::Login& login, AccountIndex account, Habits& habits,
                  const Occurrence& event, const Market& market) const {
    const bool is_first = habits.networks_seen == 0 && habits.countries_seen == 0;
    const bool travels =
        std::max(habits.networks_seen, habits.countries_seen) > params_.places_max.whole();
    const bool new_network = note(login.ip_asn, habits.networks, habits.networks_seen);
    const bool new_country = note(login.ip_country, habits.countries, habits.countries_seen);
    const auto device_since =
        market.links().evidence().since(SharedKind::device, login.device_id.view(), account);
    const bool new_device = device_since && *device_since == event.now();
    const bool failed = event.now() - habits.failed_at <= params_.within_s.seconds() &&
                        habits.failures >= params_.failures_min.whole();
    if (!is_first && !travels && (new_network || new_country) && (new_device || failed)) {
      habits.strange_at = event.now();
      habits.strange_seq = event.moment.seq;
      habits.strange_failures = failed ? habits.failures : 0;
      habits.new_device = new_device ? 1 : 0;
      habits.changed_seq = 0;
      habits.gone = 0;
    }
    habits.failures = 0;
  }

  // Whether it is the first time; the oldest of many is forgotten.
  static bool note(Text place, std::uint32_t (&known)[Habits::kept_max], std::int64_t& seen) {
    const std::uint32_t sum = crc32c(place.view());
    if (place.empty() || std::ranges::find(known, sum) != std::end(known)) {
      return false;
    }
    known[static_cast<std::size_t>(seen++) % Habits::kept_max] = sum;
    return true;
  }

  // With a strange login that is not too long ago.
  Habits* recent(AccountIndex account, Time now) {
    Habits* habits = habits_.find(account.value, now);
    return habits != nullptr && habits->strange_seq != 0 &&
                   now - habits->strange_at <= params_.within_s.seconds()
               ? habits
               : nullptr;
  }

  void take_withdrawal(const Payment& payment, const Occurrence& event, const Market& market,
                       Findings& findings) {
    Habits* habits = recent(payment.account, event.now());
    if (habits == nullptr) {
      return;
    }
    const bool new_destination =
        is_new_address(market, payment.account, payment.address, habits->strange_at);
    if (!new_destination && habits->changed_seq == 0) {
      return;
    }
    habits->gone += payment.worth;
    const bool quick = event.now() - habits->strange_at <= params_.quick_s.seconds();
    const std::int64_t signs = (habits->strange_failures > 0 ? 1 : 0) + habits->new_device +
                               (habits->changed_seq != 0 ? 1 : 0) + (new_destination ? 2 : 0) +
                               (quick ? 1 : 0);
    if (signs >= params_.signs_min.whole() && habits->gone >= params_.amount_min.units) {
      tell(*habits, payment.account, signs, new_destination, event, findings);
    }
  }

  void tell(const Habits& habits, AccountIndex account, std::int64_t signs, bool new_destination,
            const Occurrence& event, Findings& findings) const {
    const bool changed = habits.changed_seq != 0;
    const std::int64_t after_s = (event.now() - habits.strange_at).ns / second.ns;
    Report report;
    report.account = account;
    report.from = habits.strange_failures > 0 ? std::min(habits.failed_at, habits.strange_at)
                                              : habits.strange_at;
    report.severity = new_destination ? Severity::high : Severity::medium;
    report.facts = {{"amount", habits.gone, Param::scale, &params_.amount_min},
                    {"signs", signs, 0, &params_.signs_min},
                    {"failures", habits.strange_failures, 0, &params_.failures_min},
                    {"new_device", habits.new_device, 0, nullptr},
                    {"changed", changed ? 1 : 0, 0, nullptr},
                    {"new_destination", new_destination ? 1 : 0, 0, nullptr},
                    {"after_s", after_s, 0, &params_.within_s}};
    report.score_parts = {{"login", 40},
                          {"failures", habits.strange_failures > 0 ? 20 : 0},
                          {"changed", changed ? 20 : 0},
                          {"new_destination", new_destination ? 20 : 0}};
    if (habits.strange_failures > 0) {
      report.evidence.push_back(habits.failed_seq);
    }
    report.evidence.push_back(habits.strange_seq);
    if (changed) {
      report.evidence.push_back(habits.changed_seq);
    }
    report.evidence.push_back(event.moment.seq);
    findings.report(report);
  }

  Params params_;
  Entries<Habits> habits_;  // by account
};

}  // namespace

MW_DETECTOR_IS(account_takeover, AccountTakeover, spec)

}  // namespace marktwacht
