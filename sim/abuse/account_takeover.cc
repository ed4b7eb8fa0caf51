// Account takeover (clause 2.1): somebody else gets in from elsewhere after failed attempts,
// changes the keys and withdraws to an address of his own. The label names the victim's account.
#include "sim/abuse/episode.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class AccountTakeover : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    // The owner, as ever, with what is his.
    const std::uint32_t victim = account(0);
    desk().login(victim);
    const std::int64_t amount = random().between(20, 400) * 50;
    desk().deposit(victim, "USDT", decimal(amount, 0));
    co_await pause(120'000);
    begin();
    const Place elsewhere{.ip = random().below(1U << 30) + (1U << 30),
                          .device = random().below(1U << 30) + (1U << 30),
                          .kind = random().chance(50) ? IpKind::vpn : IpKind::hosting};
    const std::int64_t failures =
        is(Manner::skirting) ? 1 : random().between(2, by_severity(4, 12));
    for (std::int64_t failure = 0; failure < failures; ++failure) {
      desk().login(victim, elsewhere, LoginResult::failed);
      co_await pause(6'000);
    }
    desk().login(victim, elsewhere, LoginResult::ok);
    co_await pause(60'000);
    event::Credential change;
    change.type = EventType::credential;
    MW_SET(change, account_id, desk().account_id(victim));
    static constexpr CredentialKind kinds[] = {CredentialKind::password, CredentialKind::two_factor,
                                               CredentialKind::email, CredentialKind::address_book};
    MW_SET(change, kind, kinds[random().below(4)]);
    desk().publish(change);
    co_await pause(120'000);
    desk().withdraw(victim, "USDT", decimal(amount * random().between(85, 99) / 100, 0),
                    address_text(random().next()));
    succeed("2.1", "account_takeover", {victim}, false);
  }
};

}  // namespace

void add_account_takeover(Cast& cast) {
  add_episodes<AccountTakeover>(cast, {.split_accounts = 0, .lasts = {900 * second.ns}});
}

}  // namespace marktwacht::sim
