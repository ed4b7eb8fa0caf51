// The market as the stream shows it: books, accounts and groups, and the only thing that changes
// them. Read-only to everything below it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.h"
#include "base/bytes.h"
#include "base/key_table.h"
#include "books/books.h"
#include "events/batch.h"
#include "events/event.h"
#include "links/links.h"
#include "market/derived.h"
#include "market/directory.h"
#include "market/exemptions.h"
#include "market/feeds.h"
#include "market/gains.h"
#include "market/parsed.h"
#include "market/tape.h"
#include "market/whom.h"

namespace marktwacht {

// When an accepted event happens: its applied time, its seq, and the number of its trading day.
struct Moment {
  Time now;
  std::uint64_t seq = 0;
  std::int64_t day = 0;
};

// Seen and passed on, but no part of the state.
struct MarketCounts {
  std::uint64_t unannounced_accounts = 0;
  std::uint64_t unannounced_assets = 0;
  std::uint64_t unknown_orders = 0;  // named after a gap or before a snapshot was filled
  std::uint64_t uncounted_sums = 0;  // left out because a sum would have left its range
};

// What an order keeps beside its record, when it needs it.
struct OrderExtra {
  static constexpr std::int64_t no_day = INT64_MIN;

  std::int64_t opened_day = no_day;  // the day on which it last opened something
  Int128 filled_notional = 0;
  Int128 quote_remaining = 0;  // of an order by quote_quantity
  Price trigger_price;
};

// One side of a trade, as far as it is known.
struct Party {
  AccountIndex account;  // none where neither order nor party is known
  OrderSlot order;       // none where the order is not known
  Side side{};
  bool maker = false;
  PositionEffect stated_effect{};
  Int128 fee = 0;  // in the fee asset's decimals
  AssetIndex fee_asset;
};

// One thread. Each event goes through `prepare`, which checks and changes nothing that shows, and
// then, if it had no fault, through `commit`, which cannot fail.
class Market {
 public:
  // The fault that refuses `event`, or nothing. Checks run in the order of events.md: references,
  // grid, overfill. `whom`: what was found ahead of it, until it is committed; or nullptr.
  std::optional<Fault> prepare(const Event& event, const Whom* whom = nullptr);
  // Applies the event that was prepared last. Between the two, nothing but `expire_exemption`.
  void commit(const Event& event, const Moment& moment);
  // What the last committed event gave rise to, in order; only kinds that somebody listens to.
  const std::vector<Derived>& derived() const { return derived_; }
  // The order that the last committed order, triggered, replace or cancel is about; nothing for
  // other events, where that order is not known, or when nobody listens.
  const std::optional<OrderTouched>& touched() const { return touched_; }
  // Visible quantity at the price and better, itself in it, before the withdrawal or end that
  // `standing` comes from; until the next event. Looks no further once there is `enough` (> 0):
  // then it is that or more.
  Quantity depth_before(InstrumentIndex instrument, const Standing& standing,
                        Quantity enough = {INT64_MAX}) const;
  void listen(const Listening& listening) {
    listening_ = listening;
    books_.keep_owned(listening.owned);
  }
  // Fetching what `event` will touch, in three steps some events apart: where its names and order
  // ids are looked up, then what is found there, then where that stands in books. Fills `whom`.
  void prefetch_names(const Event& event, Whom& whom) const;
  void prefetch_found(Whom& whom) const;
  void prefetch_places(Whom& whom) const;
  // Of an order or replace further: the level at its price, then who is last there.
  void prefetch_level(Ahead which, Whom& whom) const;
  // Of a trade further: what it changes of those who traded.
  void prefetch_holdings(Ahead which, const event::Trade& event, const Whom& whom) const;
  // Of a login further, behind its row, which `prefetch_places` fetches.
  void prefetch_login(Links::Look look, const event::Login& event, Whom& whom) const;

  // What has happened to the groups since this was asked last.
  std::vector<GroupChange> take_group_changes() { return links_.take_changes(); }
  bool has_group_changes() const { return links_.has_changes(); }

  // When the next piece of evidence for a link expires, and that its time has come; `seq` is that
  // of the last event.
  Time evidence_due() const { return links_.next_due(); }
  void expire_evidence(Time due, std::uint64_t seq);
  // What evidence says from now on.
  void set_link_table(const LinkTable& table, const Moment& moment);

  // An exemption's end has come.
  void expire_exemption(AccountIndex account, InstrumentIndex instrument, Time now) {
    exemptions_.expire(account, instrument, now);
  }

  const Directory& directory() const { return directory_; }
  const Books& books() const { return books_; }
  const Accounts& accounts() const { return accounts_; }
  const Groups& groups() const { return links_.groups(); }
  const Links& links() const { return links_; }
  const Feeds& feeds() const { return feeds_; }
  const Exemptions& exemptions() const { return exemptions_; }
  const Tape& tape() const { return tape_; }
  const Gains& gains() const { return gains_; }
  const MarketCounts& counts() const { return counts_; }

  // What amounts of different assets are compared in: the currency of the first valuation, before
  // it the quote of the first instrument. None while there is neither.
  AssetIndex valued_in() const;
  // What an amount is worth in that by its last `valuation`, in 10^-worth_scale, half-even; nothing
  // where there is none, or it leaves 128 bits.
  std::optional<Int128> worth(AssetIndex asset, Int128 units) const;
  // The same of an amount at a scale that is not the asset's.
  std::optional<Int128> worth_of(AssetIndex asset, Scaled amount) const;
  static constexpr int worth_scale = 4;

  // The account's control group, none when it is alone. O(1).
  GroupIndex group(AccountIndex account) const { return links_.groups().group(account); }
  // "g-" and the id of the member it is named after.
  std::string group_id(GroupIndex group) const;
  OrderFacts facts(OrderSlot slot) const;
  Standing standing(OrderSlot slot) const;

  void save(ByteWriter& out) const;
  // Into a fresh Market; false when the bytes are malformed.
  bool load(ByteReader& in);

 private:
  static Links::Login login_of(const event::Login& event, AccountIndex account, Time now);
  // Two for each event type; declared for all, so that a new type is a link error until it is read.
  // That `parse` is const is the proof that a refused line changes no state.
#define MW_TAKE(code, word, Name, origin, LIST)                                    \
  std::expected<Parsed<event::Name>, Fault> parse(const event::Name& event) const; \
  void commit(const event::Name& event, const Parsed<event::Name>& parsed, const Moment& moment);
  MW_EVENTS(MW_TAKE)
#undef MW_TAKE

  // look_ahead.cc
  void prefetch_price(Whom& whom) const;

  // market.cc
  template <class Visitor>
  void visit_orders(Visitor&& visitor) const;
  void save_extras(ByteWriter& out) const;
  void load_extras(ByteReader& in);
  void save_valuations(ByteWriter& out) const;
  void load_valuations(ByteReader& in);

  // Of what the event in hand names: as it was found ahead, or found now.
  Whom::NamedOrder order_named(const Text& id) const {
    const Whom::NamedOrder* const ahead = whom_ != nullptr ? whom_->order_of(id) : nullptr;
    return ahead != nullptr ? *ahead : Whom::NamedOrder{Books::key(id), OrderSlot::none()};
  }
  OrderSlot live_order(const Text& id) const {
    const Whom::NamedOrder named = order_named(id);
    return books_.find(named.key, named.likely);
  }
  AccountIndex account(const Text& id) {
    if (whom_ != nullptr) {
      if (const AccountIndex ahead = whom_->account_of(id); ahead.exists()) {
        return ahead;
      }
    }
    const AccountIndex known = directory_.find_account(id);
    return known.exists() ? known : unannounced_account(id);
  }

  // declarations.cc
  AccountIndex unannounced_account(Text id);
  AssetIndex asset(Text id);
  std::expected<InstrumentIndex, Fault> instrument(const Text& id, std::string_view field) const {
    if (whom_ != nullptr && whom_->instrument_id.is_same(id) && whom_->instrument.exists()) {
      return whom_->instrument;
    }
    const InstrumentIndex index = directory_.find_instrument(id);
    if (!index.exists()) [[unlikely]] {
      return std::unexpected(Fault{RejectReason::unknown_instrument, field});
    }
    return index;
  }

  // evidence.cc
  void see_address(AccountIndex account, Text address, const Moment& moment);
  void see_referral(AccountIndex account);

  // funds.cc
  std::expected<ParsedAmount, Fault> amount(Text asset, const Decimal& value,
                                            std::string_view field) const;
  void change_balance(AccountIndex account, AssetIndex asset, Int128 units);

  // notices.cc
  std::expected<ParsedPrice, Fault> stated_price(Text instrument_id, const Decimal& price) const;

  // orders.cc
  template <class OrderEvent>
  std::optional<Fault> parse_order(const OrderEvent& event, ParsedOrder& parsed) const;
  template <class OrderEvent>
  std::expected<ParsedOrder, Fault> parsed_order(const OrderEvent& event) const;
  template <class OrderEvent>
  OrderSlot place(const OrderEvent& event, const ParsedOrder& parsed, OrderTags tags,
                  const Moment& moment);
  void withdraw_by_replace(const ParsedReplace& parsed, const Moment& moment);
  void note_what_is_left(OrderSlot slot);
  void forget(OrderSlot slot);

  // book_state.cc
  std::expected<ParsedFound, Fault> find_order(const Event& event, const Text& order_id,
                                               const Text* instrument_id) const;
  bool may_be_unknown(const Event& event, InstrumentIndex instrument) const;
  bool may_be_unknown(const Event& event) const;
  void book_moved(InstrumentIndex instrument, const Moment& moment);

  // trades.cc
  std::optional<Fault> find_trade_orders(const event::Trade& event, ParsedTrade& trade) const;
  std::expected<OrderSlot, Fault> trade_order(const event::Trade& event, InstrumentIndex instrument,
                                              const Text& order_id, std::string_view field) const;
  std::optional<Fault> parse_fees(const event::Trade& event, ParsedTrade& trade) const;
  std::optional<Fault> check_fill(OrderSlot slot, const ParsedTrade& trade) const;
  Party party_of(const event::Trade& event, const ParsedTrade& trade, bool maker);
  void fill_order(const ParsedTrade& trade, OrderSlot slot, bool opened, const Moment& moment);

  // lockstep.cc
  bool keeps_lockstep() const { return listening_.lockstep || links_.weighs_lockstep(); }
  void note_action(OrderSlot slot, BookAct act, const Moment& moment) {
    if (keeps_lockstep()) {
      act_in_lockstep(slot, act, moment);
    }
  }
  void act_in_lockstep(OrderSlot slot, BookAct act, const Moment& moment);

  // tape.cc
  void note_on_tape(const ParsedTrade& trade, const Moment& moment);

  // gains.cc
  void note_gain(const ParsedTrade& trade, const Party& party, const Effect& effect,
                 const Moment& moment);
  void note_reward(const event::Reward& event, Int128 units, const Moment& moment);
  void value_gain(GainEntry& entry) const;

  // settlement.cc
  Money fee_in_gain(const ParsedTrade& trade, const Party& party) const;
  // Whether the party opened something.
  bool settle(const ParsedTrade& trade, const Party& party, const Party& other,
              const Moment& moment);
  void settle_funds(const ParsedTrade& trade, const Party& party, Money gross_gain);
  void derive_fill(const ParsedTrade& trade, const Party& party, const Party& other,
                   const Effect& effect, const Moment& moment);
  bool first_opening(const Party& party, const Moment& moment) const;

  // derive.cc
  // Orders from a snapshot and untriggered ones count as nothing.
  bool counts(OrderSlot slot) const {
    const OrderTags tags = OrderTags::unpack(books_.order(slot).tags);
    return !tags.from_snapshot && !tags.untriggered;
  }
  // Makes it where it is kept: such events are large.
  template <class T>
  T& derive() {
    return std::get<T>(derived_.emplace_back(std::in_place_type<T>));
  }
  void touch(OrderSlot slot);
  void take_facts(OrderSlot slot, OrderFacts& facts) const;
  OrderFacts known_facts(OrderSlot slot) const {  // as it was touched, if the event is about it
    return touched_ ? touched_->order : facts(slot);
  }
  bool is_large(const Order& order, Quantity quantity) const;
  void derive_message(AccountIndex account, InstrumentIndex instrument, MessageKind kind) {
    if (listening_.message) {
      derived_.emplace_back(Message{account, instrument, kind});
    }
  }
  struct Taking {
    Quantity quantity;
    bool by_replace = false;
  };
  void derive_withdrawn(OrderSlot slot, const Taking& taking, const Standing& standing,
                        const Moment& moment);
  OrderClosed& close(OrderSlot slot, const Standing& standing, const Moment& moment);
  void derive_closed(OrderSlot slot, CancelReason reason, const Standing& standing,
                     const Moment& moment);
  void derive_filled(OrderSlot slot, const ParsedTrade& trade, const Moment& moment);

  Directory directory_;
  Books books_;
  Accounts accounts_;
  Links links_;
  Feeds feeds_;
  Exemptions exemptions_;
  Tape tape_;
  Gains gains_;
  KeyTable<OrderExtra> extras_;                                   // by order slot
  boost::unordered_flat_map<std::uint64_t, Decimal> valuations_;  // by asset and currency
  AssetIndex first_currency_;                                     // of valuations
  std::uint32_t unfilled_books_ = 0;  // instruments whose BookState is not `whole`
  MarketCounts counts_;
  Listening listening_;
  ParsedEvent prepared_;
  const Whom* whom_ = nullptr;  // that of the event in hand
  std::vector<Derived> derived_;
  std::optional<OrderTouched> touched_;
};

}  // namespace marktwacht
