// Events that say who may be one hand: logins, addresses, referrals, and people's word on a link.
#include "market/market.h"

namespace marktwacht {

Links::Login Market::login_of(const event::Login& event, AccountIndex account, Time now) {
  return {account, event.ip.view(), event.device_id.view(), event.user_agent.view(), now};
}

// Only a login that succeeded shows who uses the account.
std::expected<ParsedNothing, Fault> Market::parse(const event::Login&) const { return {}; }

void Market::commit(const event::Login& event, const ParsedNothing&, const Moment& moment) {
  const AccountIndex of = account(event.account_id);
  if (event.result == LoginResult::ok) {
    links_.log_in(login_of(event, of, moment.now));
    links_.remember(moment.now, moment.seq);
  }
}

std::expected<ParsedNothing, Fault> Market::parse(const event::AddressLabel&) const { return {}; }

// Whatever its kind: what belongs to an exchange, a contract or the venue itself is no one's own.
void Market::commit(const event::AddressLabel& event, const ParsedNothing&, const Moment& moment) {
  directory_.label(event.address, event.kind);
  links_.label_address(event.address.view());
  links_.remember(moment.now, moment.seq);
}

void Market::see_address(AccountIndex account, Text address, const Moment& moment) {
  if (!address.empty() && !directory_.address_kind(address)) {
    links_.see_address(account, address.view(), moment.now);
  }
}

void Market::see_referral(AccountIndex account) {
  const Account& stated = directory_.account(account);
  if (stated.referrer.exists() && stated.opened) {
    links_.set_referral(account, stated.referrer, *stated.opened);
  }
}

// A person's word on a link names two accounts and says why.
std::expected<ParsedPlace, Fault> Market::parse(const event::Decision& event) const {
  ParsedPlace place;
  if (event.has_instrument_id()) {
    const auto index = instrument(event.instrument_id, "instrument_id");
    if (!index) {
      return std::unexpected(index.error());
    }
    place.instrument = *index;
  }
  if (event.kind != DecisionKind::link_confirm && event.kind != DecisionKind::link_refuse) {
    return place;
  }
  if (!event.has_reason() || !event.has_account_ids()) {
    return std::unexpected(
        Fault{RejectReason::missing_field, event.has_reason() ? "account_ids" : "reason"});
  }
  if (event.account_ids.size() != 2 || event.account_ids[0] == event.account_ids[1]) {
    return std::unexpected(Fault{RejectReason::bad_value, "account_ids"});
  }
  return place;
}

void Market::commit(const event::Decision& event, const ParsedPlace&, const Moment& moment) {
  if (event.kind != DecisionKind::link_confirm && event.kind != DecisionKind::link_refuse) {
    return;
  }
  const AccountIndex first = account(event.account_ids[0]);
  const AccountPair pair = AccountPair::of(first, account(event.account_ids[1]));
  event.kind == DecisionKind::link_confirm ? links_.confirm(pair) : links_.refuse(pair);
  links_.remember(moment.now, moment.seq);
}

void Market::expire_evidence(Time due, std::uint64_t seq) {
  links_.expire(due);
  links_.remember(due, seq);
}

void Market::set_link_table(const LinkTable& table, const Moment& moment) {
  links_.set_table(table, moment.now);
  links_.remember(moment.now, moment.seq);
}

}  // namespace marktwacht
