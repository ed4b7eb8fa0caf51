// What the stream declares: assets, instruments, accounts, groups, exemptions, programmes.
#include "market/market.h"

namespace marktwacht {

AccountIndex Market::unannounced_account(Text id) {
  ++counts_.unannounced_accounts;
  return directory_.intern_account(id);
}

AssetIndex Market::asset(Text id) {
  const AssetIndex known = directory_.find_asset(id);
  if (known.exists()) {
    return known;
  }
  ++counts_.unannounced_assets;
  return directory_.intern_asset(id);
}

// Decimals that become known late move the balances there are, if none loses a digit.
std::expected<ParsedNothing, Fault> Market::parse(const event::Asset& event) const {
  const AssetIndex known = directory_.find_asset(event.asset);
  if (known.exists() && !accounts_.can_rescale(known, directory_.asset(known).decimals,
                                               static_cast<int>(event.decimals))) {
    return std::unexpected(Fault{RejectReason::scale, "decimals"});
  }
  return {};
}

void Market::commit(const event::Asset& event, const ParsedNothing&, const Moment&) {
  const AssetIndex index = directory_.intern_asset(event.asset);
  Asset& asset = directory_.asset(index);
  accounts_.rescale_asset(index, asset.decimals, static_cast<int>(event.decimals));
  asset.decimals = static_cast<int>(event.decimals);
  asset.announced = true;
}

std::expected<ParsedInstrument, Fault> Market::parse(const event::Instrument& event) const {
  const auto terms = directory_.terms_of(event);
  if (!terms) {
    return std::unexpected(terms.error());
  }
  const auto grid = Directory::grid_of(event, *terms);
  if (!grid) {
    return std::unexpected(grid.error());
  }
  return ParsedInstrument{*terms, *grid};
}

void Market::commit(const event::Instrument& event, const ParsedInstrument& parsed, const Moment&) {
  for (const Text& id : {event.base, event.quote}) {
    asset(id);
  }
  const InstrumentIndex index = directory_.take(event, parsed.terms, parsed.grid);
  books_.set_tick(index, directory_.instrument(index).tick);
}

std::expected<ParsedNothing, Fault> Market::parse(const event::Account&) const { return {}; }

// Fields that are absent keep what was stated before, so that a feed may send changes only.
void Market::commit(const event::Account& event, const ParsedNothing&, const Moment& moment) {
  const AccountIndex index = directory_.intern_account(event.account_id);
  directory_.restate(index, event);
  if (event.has_referrer_id()) {
    const AccountIndex referrer = account(event.referrer_id);
    directory_.account(index).referrer = referrer;
  }
  if (event.has_master_id()) {
    const AccountIndex master = account(event.master_id);
    directory_.account(index).master = master;
    links_.set_master(index, master);
  }
  if (event.has_person_id()) {
    links_.set_person(index, event.person_id);
  }
  if (event.has_roles()) {
    const Account& stated = directory_.account(index);
    // They act for others, or for the exchange itself.
    links_.set_links_nobody(index, stated.has(Role::broker) || stated.has(Role::omnibus) ||
                                       stated.has(Role::internal) || stated.has(Role::liquidator));
  }
  if (event.has_referrer_id() || event.has_opened_ts()) {
    see_referral(index);
  }
  links_.remember(moment.now, moment.seq);
}

std::expected<ParsedNothing, Fault> Market::parse(const event::ControlGroup&) const { return {}; }

void Market::commit(const event::ControlGroup& event, const ParsedNothing&, const Moment& moment) {
  if (event.status == GroupStatus::withdrawn) {
    links_.withdraw(event.group_id);
    return links_.remember(moment.now, moment.seq);
  }
  std::vector<AccountIndex> members;
  members.reserve(event.account_ids.size());
  for (const Text& id : event.account_ids) {
    members.push_back(account(id));
  }
  links_.declare(event.group_id, members);
  links_.remember(moment.now, moment.seq);
}

void Market::commit(const event::Exemption& event, const ParsedPlace& parsed, const Moment&) {
  exemptions_.grant(account(event.account_id), parsed.instrument, {event.kind, event.until_ts});
}

std::expected<ParsedNothing, Fault> Market::parse(const event::Program&) const { return {}; }

void Market::commit(const event::Program& event, const ParsedNothing&, const Moment&) {
  directory_.take(event);
}

std::string Market::group_id(GroupIndex group) const {
  return "g-" + directory_.account_id(groups().named_after(group));
}

}  // namespace marktwacht
