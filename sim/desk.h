// What an agent sees of the exchange, and what it can do there.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "events/event.h"
#include "sim/hands.h"
#include "sim/labels.h"
#include "sim/listing.h"
#include "sim/order.h"
#include "sim/random.h"
#include "sim/set_field.h"
#include "sim/values.h"
#include "sim/venue.h"

namespace marktwacht::sim {

class Simulation;

struct RewardFacts {
  RewardKind kind = RewardKind::bonus;
  RewardStatus status = RewardStatus::granted;
  std::string_view program_id{};              // empty: of none
  std::uint32_t source_account = no_account;  // whose trading earned it
};

class Desk {
 public:
  explicit Desk(Simulation& simulation) : simulation_(simulation) {}

  // Looking.
  Time now() const;
  Random& random();  // the agent's own
  std::uint32_t instruments() const;
  const Listing& listing(std::uint32_t instrument) const;
  const Book& book(std::uint32_t instrument) const;
  // Between the best prices, rounded down; the last trade's price where a side is empty.
  std::int32_t mid(std::uint32_t instrument) const;
  std::int32_t last_price(std::uint32_t instrument) const;
  // What the instrument is really worth, in ticks: the honest do not know, the informed do.
  std::int32_t value(std::uint32_t instrument);
  // Nothing when it is gone: filled, cancelled, expired.
  const Order* find(OrderRef order) const;
  // In a perpetual, signed lots.
  std::int64_t position(std::uint32_t account, std::uint32_t instrument) const;
  const Population& population() const;
  // The mean time between things that make `per_mille` of all events expected in the instrument, at
  // this hour and in its present heat. For waits: now() + random().wait(pace(…)).
  Duration pace(std::uint32_t instrument, std::int64_t per_mille);

  // One more wake-up, besides the one that `wake` returns; each of them ends with its own `never`.
  void ask(Time due);

  // Trading. Whoever acts for the first time is declared, logs in and pays in before.
  Placed place(const OrderRequest& request);
  // What shall remain; see Venue::replace.
  Placed replace(OrderRef order, std::int32_t price, std::int64_t quantity);
  bool cancel(OrderRef order, CancelReason reason = CancelReason::user);
  // The venue refuses the request for this reason.
  void refuse(const OrderRequest& request, RejectedOrderReason reason);

  // What else accounts do and what happens to them. Declares who is not yet.
  void login(std::uint32_t account, LoginResult result = LoginResult::ok);
  void login(std::uint32_t account, const Place& from, LoginResult result);
  void deposit(std::uint32_t account, std::string_view asset, Decimal amount,
               std::string_view source_address = {});
  void withdraw(std::uint32_t account, std::string_view asset, Decimal amount,
                std::string_view destination);
  void transfer(std::uint32_t from, std::uint32_t to, std::string_view asset, Decimal amount);
  void reward(std::uint32_t account, RewardKind kind, std::string_view asset, Decimal amount) {
    reward(account, {.kind = kind}, asset, amount);
  }
  void reward(std::uint32_t account, const RewardFacts& facts, std::string_view asset,
              Decimal amount);
  // News: what is published, and by how much the value jumps.
  void announce(std::uint32_t instrument, AnnouncementKind kind, std::string_view text,
                std::int64_t basis_points);
  // Any other event: fill one in with MW_SET. Its texts must live until this returns.
  void publish(Event& event);
  Text account_id(std::uint32_t account) const;
  Text instrument_id(std::uint32_t instrument) const;
  // Amounts in the venue's terms, for texts and funds.
  Decimal notional(std::uint32_t instrument, std::int64_t ticks, std::int64_t lots) const;

  // The venue's own doings, for the agents that act for it.
  Venue& venue();
  Tape& tape();
  Values& values();

  // What really happens: see LabelBook. Only abuse is labelled.
  std::size_t open_label(LabelFacts facts) { return open_label(std::move(facts), now()); }
  std::size_t open_label(LabelFacts facts, Time from);
  void close_label(std::size_t label);
  void drop_label(std::size_t label);
  // Who is one hand, and who only looks like it: see HandBook.
  HandBook& hands();

 private:
  Simulation& simulation_;
};

}  // namespace marktwacht::sim
