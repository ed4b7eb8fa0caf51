// The enumerations of the event stream and their words. Values are stored in the journal: never
// renumber, append at the end. The first word of each is its default.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "base/fixed.h"

namespace marktwacht {

namespace detail {

// The names of a macro's argument list, one by one. A trailing underscore keeps a word apart from a
// C++ keyword; it is no part of the word.
template <std::size_t count>
constexpr std::array<std::string_view, count> split_words(std::string_view names) {
  std::array<std::string_view, count> words;
  for (std::string_view& word : words) {
    const std::size_t comma = names.find(',');
    word = names.substr(0, comma);
    word = word.substr(word.find_first_not_of(' '));
    word = word.ends_with('_') ? word.substr(0, word.size() - 1) : word;
    names = comma == names.npos ? std::string_view{} : names.substr(comma + 1);
  }
  return words;
}

constexpr std::size_t count_words(std::string_view names) {
  return 1 + static_cast<std::size_t>(std::ranges::count(names, ','));
}

}  // namespace detail

// Words<E>::list[i] is the word of the enumerator with value i.
template <class E>
struct Words;

// The words of an enumeration defined elsewhere.
#define MW_WORDS_OF(Name, ...)                                                \
  template <>                                                                 \
  struct Words<Name> {                                                        \
    static constexpr auto list =                                              \
        detail::split_words<detail::count_words(#__VA_ARGS__)>(#__VA_ARGS__); \
  };
// An enumeration with its words.
#define MW_WORDS(Name, ...)                       \
  enum class Name : std::uint8_t { __VA_ARGS__ }; \
  MW_WORDS_OF(Name, __VA_ARGS__)

template <class E>
constexpr std::string_view word_of(E value) {
  return Words<E>::list[static_cast<std::size_t>(value)];
}

MW_WORDS_OF(Side, buy, sell)
MW_WORDS(InstrumentKind, spot, perpetual, future)
MW_WORDS(ContractType, linear, inverse)
MW_WORDS(InstrumentStatus, trading, suspended, delisted)
MW_WORDS(Role, market_maker, hedger, copy_leader, broker, omnibus, liquidator, internal)
MW_WORDS(GroupStatus, active, withdrawn)
MW_WORDS(ExemptionKind, market_making, hedging)
MW_WORDS(AddressKind, exchange, custodian, mixer, contract, own)
MW_WORDS(LoginResult, ok, failed)
MW_WORDS(IpKind, residential, mobile, hosting, vpn)
MW_WORDS(CredentialKind, password, two_factor, email, phone, api_key, address_book)
MW_WORDS(DepositStatus, completed, pending)
MW_WORDS(WithdrawalStatus, requested, completed, rejected)
MW_WORDS(RewardKind, bonus, commission, fee_rebate, voucher, airdrop)
MW_WORDS(RewardStatus, granted, released, revoked)
MW_WORDS(LedgerKind, funding, fee, conversion, interest, loan, adjustment, insurance, deduction,
         claim)
MW_WORDS(TimeInForce, gtc, ioc, fok, gtx, gtd)
MW_WORDS(PositionEffect, none, open, close)
MW_WORDS(PositionSide, long_, short_)
MW_WORDS(MarginMode, cross, isolated)
MW_WORDS(Channel, web, app, api, fix, copy, liquidation, system)
MW_WORDS(CancelReason, user, ioc, fok, expired, post_only, reduce_only, oco, self_match, disconnect,
         mmp, liquidation, admin, system)
MW_WORDS(RejectedOrderReason, post_only, margin, limit, rate, self_match, other)
MW_WORDS(TradeKind, book, block, rfq, liquidation, adl)
MW_WORDS(IndexStatus, ok, stale, disturbed)
MW_WORDS(AnnouncementKind, listing, delisting, parameter, news, correction)
MW_WORDS(CommandOutcome, applied, failed)
MW_WORDS(DecisionKind, adopt_proposal, propose, impose, withdraw_proposal, approve, refuse, lift,
         extend, set_amount, appeal_decide, assign, note, close_alert, attach_alert, detach_alert,
         merge_cases, close_case, reopen_case, snooze, unsnooze, link_confirm, link_refuse,
         raise_alert, grant_exemption, watch, publish_rulebook, publish_policy, set_automatic,
         reveal, mark_reported, approve_change, refuse_change, erase, hold, lift_hold, change_user,
         change_token, change_key)

// Why a line was refused (events.md, "Bad input").
MW_WORDS(RejectReason, json, missing_field, bad_value, unknown_type, unknown_instrument,
         unknown_order, duplicate_order, mismatch, overfill, off_tick, off_lot, scale, too_large,
         too_deep, forbidden_type, skew)

}  // namespace marktwacht
