// The desk's questions and acts: see desk.h.
#include "sim/desk.h"

#include <algorithm>

#include "sim/simulation.h"

namespace marktwacht::sim {

Time Desk::now() const { return simulation_.tape_.now(); }
Random& Desk::random() { return simulation_.members_[simulation_.acting_].random; }
std::uint32_t Desk::instruments() const {
  return static_cast<std::uint32_t>(simulation_.listings_.size());
}
const Listing& Desk::listing(std::uint32_t instrument) const {
  return simulation_.listings_[instrument];
}
const Book& Desk::book(std::uint32_t instrument) const {
  return simulation_.venue_.book(instrument);
}
std::int32_t Desk::last_price(std::uint32_t instrument) const {
  return simulation_.venue_.last_price(instrument);
}

std::int32_t Desk::mid(std::uint32_t instrument) const {
  const Book& at = book(instrument);
  return at.has(Side::buy) && at.has(Side::sell) ? (at.best_bid() + at.best_ask()) / 2
                                                 : last_price(instrument);
}

std::int32_t Desk::value(std::uint32_t instrument) {
  return simulation_.values_.ticks(listing(instrument).base_number, now());
}

const Order* Desk::find(OrderRef order) const { return simulation_.venue_.orders().find(order); }

std::int64_t Desk::position(std::uint32_t account, std::uint32_t instrument) const {
  return simulation_.venue_.position(account, instrument);
}

const Population& Desk::population() const { return simulation_.population_; }

Duration Desk::pace(std::uint32_t instrument, std::int64_t per_mille) {
  constexpr std::int64_t hour = 3600 * second.ns;
  constexpr std::int64_t longest = 30 * day.ns;
  const Listing& of = listing(instrument);
  const std::int64_t heat = simulation_.values_.heat(of.base_number, now());
  const std::int64_t speed = std::max<std::int64_t>(
      1, simulation_.options_.density_per_mille * (simulation_.season() * heat >> 8) >> 8);
  const Int128 interval = Int128{hour} * 1000 / (of.activity * per_mille) * 1000 / speed;
  return {static_cast<std::int64_t>(std::min<Int128>(interval, longest))};
}

void Desk::ask(Time due) { simulation_.scheduler_.ask(std::max(due, now()), simulation_.acting_); }

Placed Desk::place(const OrderRequest& request) {
  simulation_.introduce(request.account);
  return simulation_.venue_.place(request, simulation_.acting_);
}

Placed Desk::replace(OrderRef order, std::int32_t price, std::int64_t quantity) {
  return simulation_.venue_.replace(order, price, quantity);
}

bool Desk::cancel(OrderRef order, CancelReason reason) {
  return simulation_.venue_.cancel(order, reason);
}

void Desk::refuse(const OrderRequest& request, RejectedOrderReason reason) {
  simulation_.introduce(request.account);
  simulation_.venue_.refuse(request, reason);
}

void Desk::login(std::uint32_t account, LoginResult result) {
  simulation_.declare(account);
  login(account, population().place(account), result);
}

void Desk::login(std::uint32_t account, const Place& from, LoginResult result) {
  simulation_.declare(account);
  const std::string ip = ip_text(from.ip), device = device_text(from.device);
  const std::string network = network_text(from.ip);
  event::Login login;
  login.type = EventType::login;
  MW_SET(login, account_id, account_id(account));
  MW_SET(login, result, result);
  MW_SET(login, ip, make_text(ip));
  MW_SET(login, ip_country, make_text(country_text(from.ip)));
  MW_SET(login, ip_asn, make_text(network));
  MW_SET(login, ip_kind, from.kind);
  MW_SET(login, device_id, make_text(device));
  if (result == LoginResult::ok) {
    hands().logged_in(account);
  }
  publish(login);
}

void Desk::deposit(std::uint32_t account, std::string_view asset, Decimal amount,
                   std::string_view source_address) {
  simulation_.declare(account);
  event::Deposit deposit;
  deposit.type = EventType::deposit;
  MW_SET(deposit, account_id, account_id(account));
  MW_SET(deposit, asset, make_text(asset));
  MW_SET(deposit, amount, amount);
  if (!source_address.empty()) {
    MW_SET(deposit, source_address, make_text(source_address));
  }
  publish(deposit);
}

void Desk::withdraw(std::uint32_t account, std::string_view asset, Decimal amount,
                    std::string_view destination) {
  simulation_.declare(account);
  event::Withdrawal withdrawal;
  withdrawal.type = EventType::withdrawal;
  MW_SET(withdrawal, account_id, account_id(account));
  MW_SET(withdrawal, asset, make_text(asset));
  MW_SET(withdrawal, amount, amount);
  MW_SET(withdrawal, status, WithdrawalStatus::completed);
  MW_SET(withdrawal, destination, make_text(destination));
  publish(withdrawal);
}

void Desk::transfer(std::uint32_t from, std::uint32_t to, std::string_view asset, Decimal amount) {
  simulation_.declare(from);
  simulation_.declare(to);
  event::Transfer transfer;
  transfer.type = EventType::transfer;
  MW_SET(transfer, from_account_id, account_id(from));
  MW_SET(transfer, to_account_id, account_id(to));
  MW_SET(transfer, asset, make_text(asset));
  MW_SET(transfer, amount, amount);
  publish(transfer);
}

void Desk::reward(std::uint32_t account, const RewardFacts& facts, std::string_view asset,
                  Decimal amount) {
  simulation_.declare(account);
  if (facts.source_account != no_account) {
    simulation_.declare(facts.source_account);
  }
  event::Reward reward;
  reward.type = EventType::reward;
  MW_SET(reward, account_id, account_id(account));
  MW_SET(reward, kind, facts.kind);
  MW_SET(reward, asset, make_text(asset));
  MW_SET(reward, amount, amount);
  if (facts.status != RewardStatus::granted) {
    MW_SET(reward, status, facts.status);
  }
  if (!facts.program_id.empty()) {
    MW_SET(reward, program_id, make_text(facts.program_id));
  }
  if (facts.source_account != no_account) {
    MW_SET(reward, source_account_id, account_id(facts.source_account));
  }
  publish(reward);
}

void Desk::announce(std::uint32_t instrument, AnnouncementKind kind, std::string_view text,
                    std::int64_t basis_points) {
  event::Announcement announcement;
  announcement.type = EventType::announcement;
  MW_SET(announcement, instrument_id, instrument_id(instrument));
  MW_SET(announcement, kind, kind);
  MW_SET(announcement, text, make_text(text));
  publish(announcement);
  values().shock(listing(instrument).base_number, basis_points, now());
}

void Desk::publish(Event& event) { simulation_.tape_.publish(event); }
Text Desk::account_id(std::uint32_t account) const {
  return simulation_.population_.account_id(account);
}
Text Desk::instrument_id(std::uint32_t instrument) const {
  return simulation_.tape_.instrument_id(instrument);
}
Decimal Desk::notional(std::uint32_t instrument, std::int64_t ticks, std::int64_t lots) const {
  return simulation_.tape_.notional(instrument, ticks, lots);
}

Venue& Desk::venue() { return simulation_.venue_; }
Tape& Desk::tape() { return simulation_.tape_; }
Values& Desk::values() { return simulation_.values_; }

std::size_t Desk::open_label(LabelFacts facts, Time from) {
  return simulation_.labels_.open(std::move(facts), from);
}
void Desk::close_label(std::size_t label) { simulation_.labels_.close(label, now()); }
HandBook& Desk::hands() { return simulation_.hands_; }
void Desk::drop_label(std::size_t label) { simulation_.labels_.drop(label); }

}  // namespace marktwacht::sim
