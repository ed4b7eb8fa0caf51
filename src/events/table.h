// The table of the event stream: every type and field, once. The structs, both codecs, the schema
// hash and the docs are made from it; docs/formats/events.md says what the fields mean.
//
// To add a field: append a row to its type's list (the row's place is its number in the journal:
// never insert, move or remove one), read it where it is needed, test that.
#pragma once

// F(field, kind, need): kinds stand in fields.h.
#define MW_ASSET(F) \
  F(asset, Id, required) \
  F(decimals, UpTo<30>, required)

#define MW_INSTRUMENT(F) \
  F(instrument_id, Id, required) \
  F(kind, InstrumentKind, required) \
  F(base, Id, required) \
  F(quote, Id, required) \
  F(tick_size, Positive, required) \
  F(lot_size, Positive, required) \
  F(contract_type, ContractType, optional) \
  F(contract_multiplier, Positive, optional) \
  F(settle_asset, Id, optional) \
  F(underlying, Id, optional) \
  F(max_order_quantity, Positive, optional) \
  F(large_order_quantity, Positive, optional) \
  F(daily_open_limit, Positive, optional) \
  F(daily_open_count_limit, Count, optional) \
  F(position_limit, Positive, optional) \
  F(hft_forbidden, Flag, optional) \
  F(leverage_max, Positive, optional) \
  F(settlement_times, Minutes, optional) \
  F(status, InstrumentStatus, optional)

#define MW_ACCOUNT(F) \
  F(account_id, Id, required) \
  F(person_id, Id, optional) \
  F(master_id, Id, optional) \
  F(referrer_id, Id, optional) \
  F(desk_id, Id, optional) \
  F(kyc_level, UpTo<3>, optional) \
  F(country, Id, optional) \
  F(opened_ts, Time, optional) \
  F(roles, WordSet<Role>, optional)

#define MW_CONTROL_GROUP(F) \
  F(group_id, Id, required) \
  F(account_ids, Ids, required) \
  F(status, GroupStatus, optional)

#define MW_EXEMPTION(F) \
  F(account_id, Id, required) \
  F(instrument_id, Id, optional) \
  F(kind, ExemptionKind, required) \
  F(until_ts, Time, required)

#define MW_ADDRESS_LABEL(F) \
  F(address, Id, required) \
  F(kind, AddressKind, required)

#define MW_PROGRAM(F) \
  F(program_id, Id, required) \
  F(volume_required, NonNegative, optional) \
  F(from_ts, Time, optional) \
  F(until_ts, Time, optional)

#define MW_LOGIN(F) \
  F(account_id, Id, required) \
  F(result, LoginResult, required) \
  F(ip, Id, optional) \
  F(ip_country, Id, optional) \
  F(ip_asn, Id, optional) \
  F(ip_kind, IpKind, optional) \
  F(device_id, Id, optional) \
  F(user_agent, Free, optional)

#define MW_CREDENTIAL(F) \
  F(account_id, Id, required) \
  F(kind, CredentialKind, required) \
  F(api_key_id, Id, optional)

#define MW_DEPOSIT(F) \
  F(account_id, Id, required) \
  F(asset, Id, required) \
  F(amount, Positive, required) \
  F(status, DepositStatus, optional) \
  F(source_address, Id, optional) \
  F(tx_id, Id, optional)

#define MW_WITHDRAWAL(F) \
  F(account_id, Id, required) \
  F(asset, Id, required) \
  F(amount, Positive, required) \
  F(status, WithdrawalStatus, required) \
  F(destination, Id, optional) \
  F(tx_id, Id, optional) \
  F(withdrawal_id, Id, optional)

#define MW_TRANSFER(F) \
  F(from_account_id, Id, required) \
  F(to_account_id, Id, required) \
  F(asset, Id, required) \
  F(amount, Positive, required)

#define MW_REWARD(F) \
  F(account_id, Id, required) \
  F(kind, RewardKind, required) \
  F(asset, Id, required) \
  F(amount, Positive, required) \
  F(status, RewardStatus, optional) \
  F(program_id, Id, optional) \
  F(source_account_id, Id, optional)

#define MW_LEDGER(F) \
  F(account_id, Id, required) \
  F(asset, Id, required) \
  F(amount, Decimal, required) \
  F(kind, LedgerKind, required) \
  F(ref, Id, optional)

#define MW_BALANCE(F) \
  F(account_id, Id, required) \
  F(asset, Id, required) \
  F(total, Decimal, required) \
  F(available, Decimal, required) \
  F(wallet, Id, optional)

#define MW_VALUATION(F) \
  F(asset, Id, required) \
  F(currency, Id, required) \
  F(price, Positive, required)

// `quantity` may be absent when `quote_quantity` stands in its place (see shape.h).
#define MW_ORDER(F) \
  F(order_id, Id, required) \
  F(account_id, Id, required) \
  F(instrument_id, Id, required) \
  F(side, Side, required) \
  F(price, Decimal, optional) \
  F(quantity, Positive, optional) \
  F(quote_quantity, Positive, optional) \
  F(display_quantity, Positive, optional) \
  F(time_in_force, TimeInForce, optional) \
  F(position_effect, PositionEffect, optional) \
  F(position_side, PositionSide, optional) \
  F(margin_mode, MarginMode, optional) \
  F(reduce_only, Flag, optional) \
  F(trigger_price, Decimal, optional) \
  F(channel, Channel, optional) \
  F(api_key_id, Id, optional) \
  F(copied_from, Id, optional) \
  F(ip, Id, optional) \
  F(leverage, Positive, optional)

#define MW_TRIGGERED(F) \
  F(order_id, Id, required) \
  F(instrument_id, Id, optional)

#define MW_REPLACE(F) \
  F(order_id, Id, required) \
  F(instrument_id, Id, optional) \
  F(new_order_id, Id, optional) \
  F(price, Decimal, optional) \
  F(quantity, Positive, optional)

#define MW_CANCEL(F) \
  F(order_id, Id, required) \
  F(instrument_id, Id, optional) \
  F(reason, CancelReason, required) \
  F(ip, Id, optional)

#define MW_REJECT(F) \
  F(order_id, Id, optional) \
  F(account_id, Id, required) \
  F(instrument_id, Id, required) \
  F(side, Side, optional) \
  F(price, Decimal, optional) \
  F(quantity, Positive, optional) \
  F(time_in_force, TimeInForce, optional) \
  F(reason, RejectedOrderReason, required)

#define MW_BOOK_RESET(F) F(instrument_id, Id, required)

// Parties: both order ids, or both account ids, or neither with `aggressor` (see shape.h).
#define MW_TRADE(F) \
  F(trade_id, Id, required) \
  F(instrument_id, Id, required) \
  F(price, Decimal, required) \
  F(quantity, Positive, required) \
  F(maker_order_id, Id, optional) \
  F(taker_order_id, Id, optional) \
  F(buyer_id, Id, optional) \
  F(seller_id, Id, optional) \
  F(aggressor, Side, optional) \
  F(kind, TradeKind, optional) \
  F(liquidated, Side, optional) \
  F(maker_fee, Decimal, optional) \
  F(taker_fee, Decimal, optional) \
  F(maker_fee_asset, Id, optional) \
  F(taker_fee_asset, Id, optional) \
  F(buyer_effect, PositionEffect, optional) \
  F(seller_effect, PositionEffect, optional)

#define MW_TRADE_VOID(F) F(trade_id, Id, required)

#define MW_POSITION(F) \
  F(account_id, Id, required) \
  F(instrument_id, Id, required) \
  F(quantity, Decimal, required) \
  F(position_side, PositionSide, optional) \
  F(entry_price, Decimal, optional) \
  F(leverage, Positive, optional)

#define MW_INDEX_PRICE(F) \
  F(instrument_id, Id, required) \
  F(price, Decimal, required) \
  F(status, IndexStatus, optional)

#define MW_MARK_PRICE(F) \
  F(instrument_id, Id, required) \
  F(price, Decimal, required)

#define MW_SETTLEMENT(F) \
  F(instrument_id, Id, required) \
  F(price, Decimal, required) \
  F(funding_rate, Decimal, optional)

#define MW_ANNOUNCEMENT(F) \
  F(instrument_id, Id, optional) \
  F(asset, Id, optional) \
  F(kind, AnnouncementKind, required) \
  F(text, Free, optional) \
  F(refutes_post_id, Id, optional)

#define MW_POST(F) \
  F(post_id, Id, required) \
  F(author, Id, required) \
  F(account_id, Id, optional) \
  F(channel, Id, required) \
  F(text, Free, required) \
  F(repost_of, Id, optional) \
  F(instrument_ids, Ids, optional)

#define MW_REPORT(F) \
  F(account_id, Id, required) \
  F(measure_id, Id, required) \
  F(text, Free, required)

#define MW_COMMAND_RESULT(F) \
  F(command_id, Id, required) \
  F(account_id, Id, optional) \
  F(instrument_id, Id, optional) \
  F(revision, Count, optional) \
  F(result, CommandOutcome, required) \
  F(detail, Free, optional) \
  F(amount, Decimal, optional)

#define MW_DECISION(F) \
  F(user_id, Id, required) \
  F(kind, DecisionKind, required) \
  F(reason, Free, optional) \
  F(measure_id, Id, optional) \
  F(alert_id, Id, optional) \
  F(alert_ids, Ids, optional) \
  F(case_id, Id, optional) \
  F(case_ids, Ids, optional) \
  F(change_id, Id, optional) \
  F(account_id, Id, optional) \
  F(group_id, Id, optional) \
  F(account_ids, Ids, optional) \
  F(instrument_id, Id, optional) \
  F(assignee_id, Id, optional) \
  F(clause, Id, optional) \
  F(rule, Id, optional) \
  F(step, Id, optional) \
  F(state, Id, optional) \
  F(outcome, Id, optional) \
  F(exemption_kind, ExemptionKind, optional) \
  F(from_ts, Time, optional) \
  F(to_ts, Time, optional) \
  F(until_ts, Time, optional) \
  F(amount, Decimal, optional) \
  F(reported, Flag, optional) \
  F(shadow, Flag, optional) \
  F(on, Flag, optional) \
  F(preview_seq, Count, optional) \
  F(preview_hash, Id, optional) \
  F(ref, Id, optional) \
  F(token, Free, optional) \
  F(text, Free, optional) \
  F(target, Json, optional) \
  F(measure, Json, optional)

#define MW_TICK(F)

#define MW_ALERT(F) \
  F(alert_id, Id, required) \
  F(revision, Count, required) \
  F(state, Id, required) \
  F(body, Json, optional) \
  F(is_rule, Flag, optional)

#define MW_PROPOSAL(F) \
  F(proposal_id, Id, required) \
  F(case_id, Id, optional) \
  F(measure, Json, optional)

#define MW_TIMER(F) \
  F(kind, Id, required) \
  F(key, Id, optional) \
  F(due_ts, Time, required)

#define MW_CONFIG(F) \
  F(name, Id, required) \
  F(text, Free, required)

// E(code, word, Struct, origin, LIST): codes stand in the journal: never renumber. Origins say who
// may send the type (events.md, "Who may send what"): see Origin in event.h.
#define MW_EVENTS(E) \
  E(1, asset, Asset, feed, MW_ASSET) \
  E(2, instrument, Instrument, feed, MW_INSTRUMENT) \
  E(3, account, Account, feed, MW_ACCOUNT) \
  E(4, control_group, ControlGroup, trusted, MW_CONTROL_GROUP) \
  E(5, exemption, Exemption, trusted, MW_EXEMPTION) \
  E(6, address_label, AddressLabel, trusted, MW_ADDRESS_LABEL) \
  E(7, program, Program, feed, MW_PROGRAM) \
  E(8, login, Login, feed, MW_LOGIN) \
  E(9, credential, Credential, feed, MW_CREDENTIAL) \
  E(10, deposit, Deposit, feed, MW_DEPOSIT) \
  E(11, withdrawal, Withdrawal, feed, MW_WITHDRAWAL) \
  E(12, transfer, Transfer, feed, MW_TRANSFER) \
  E(13, reward, Reward, feed, MW_REWARD) \
  E(14, ledger, Ledger, feed, MW_LEDGER) \
  E(15, balance, Balance, feed, MW_BALANCE) \
  E(16, valuation, Valuation, feed, MW_VALUATION) \
  E(17, order, Order, feed, MW_ORDER) \
  E(18, triggered, Triggered, feed, MW_TRIGGERED) \
  E(19, replace, Replace, feed, MW_REPLACE) \
  E(20, cancel, Cancel, feed, MW_CANCEL) \
  E(21, reject, Reject, feed, MW_REJECT) \
  E(22, book_order, BookOrder, feed, MW_ORDER) \
  E(23, book_reset, BookReset, feed, MW_BOOK_RESET) \
  E(24, trade, Trade, feed, MW_TRADE) \
  E(25, trade_void, TradeVoid, feed, MW_TRADE_VOID) \
  E(26, position, Position, feed, MW_POSITION) \
  E(27, index_price, IndexPrice, feed, MW_INDEX_PRICE) \
  E(28, mark_price, MarkPrice, feed, MW_MARK_PRICE) \
  E(29, settlement, Settlement, feed, MW_SETTLEMENT) \
  E(30, announcement, Announcement, feed, MW_ANNOUNCEMENT) \
  E(31, post, Post, feed, MW_POST) \
  E(32, report, Report, feed, MW_REPORT) \
  E(33, appeal, Appeal, feed, MW_REPORT) \
  E(34, command_result, CommandResult, command, MW_COMMAND_RESULT) \
  E(35, decision, Decision, person, MW_DECISION) \
  E(36, tick, Tick, feed, MW_TICK) \
  E(37, alert, Alert, engine, MW_ALERT) \
  E(38, proposal, Proposal, engine, MW_PROPOSAL) \
  E(39, timer, Timer, engine, MW_TIMER) \
  E(40, config, Config, engine, MW_CONFIG)
