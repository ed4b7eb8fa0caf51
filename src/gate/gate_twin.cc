// See gate_twin.h. Nothing here is shared with the gate but the types of questions and answers.
#include "gate/gate_twin.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace marktwacht {
namespace {

constexpr SubjectKind all_kinds[] = {SubjectKind::account, SubjectKind::instrument,
                                     SubjectKind::device, SubjectKind::ip, SubjectKind::address};

std::string_view id_of(const GateQuestion& question, SubjectKind kind) {
  return kind == SubjectKind::account      ? question.account_id
         : kind == SubjectKind::instrument ? question.instrument_id
         : kind == SubjectKind::device     ? question.device_id
         : kind == SubjectKind::ip         ? question.ip
                                           : question.address;
}

// As multiples of 10^-20: what the twin is asked has few digits.
Int128 count(const Decimal& value) { return *scaled_int128(value, 20); }

bool is_of_funds(GateAction action) {
  return action == GateAction::withdraw || action == GateAction::deposit ||
         action == GateAction::transfer;
}

bool says_no(const Restriction& held, const GateQuestion& question) {
  if (is_of_funds(held.action) && held.limit) {
    return !question.amount || count(*question.amount) > count(*held.limit);
  }
  if (held.action == GateAction::use_leverage && held.limit) {
    return !question.leverage || count(*question.leverage) > count(*held.limit);
  }
  if (held.action == GateAction::login && !held.devices.empty()) {
    return std::ranges::find(held.devices, question.device_id) == held.devices.end();
  }
  if (held.action == GateAction::reduce_position) {
    if (question.liquidation) {
      return false;
    }
    if (held.held_min.ns > 0 && question.position_opened) {
      return question.now < *question.position_opened + held.held_min;
    }
  }
  return true;
}

}  // namespace

GateTwin::Held GateTwin::held(const GateQuestion& question, SubjectKind kind,
                              GateAction action) const {
  Held found;
  const auto subject = subjects_.find({kind, std::string(id_of(question, kind))});
  if (subject == subjects_.end() || id_of(question, kind).empty()) {
    return found;
  }
  for (const Restriction& one : subject->second) {
    const bool in_force = !one.until || question.now < *one.until;
    const bool same_instrument = one.instrument_id.empty() || question.instrument_id.empty() ||
                                 one.instrument_id == question.instrument_id;
    const bool same_asset =
        one.asset.empty() || question.asset.empty() || one.asset == question.asset;
    if (one.action == action && in_force && same_instrument && same_asset) {
      found.push_back(&one);
    }
  }
  // A limit of the asset itself takes the place of that of all others.
  const bool own = !question.asset.empty() && is_of_funds(action) &&
                   std::ranges::any_of(found, [](const Restriction* one) {
                     return one->limit && !one->asset.empty();
                   });
  if (own) {
    std::erase_if(found, [](const Restriction* one) { return one->limit && one->asset.empty(); });
  }
  // Of two that say no, the limit of all others is named last.
  std::ranges::stable_sort(found, {}, [&](const Restriction* one) {
    return is_of_funds(action) && one->limit && one->asset.empty() && !question.asset.empty();
  });
  return found;
}

const Restriction* GateTwin::denial(const GateQuestion& question, GateAction action) const {
  for (const SubjectKind kind : all_kinds) {
    for (const Restriction* one : held(question, kind, action)) {
      if (says_no(*one, question)) {
        return one;
      }
    }
  }
  return nullptr;
}

bool GateTwin::anything_held(const GateQuestion& question, GateAction action) const {
  return std::ranges::any_of(
      all_kinds, [&](SubjectKind kind) { return !held(question, kind, action).empty(); });
}

GateAnswer GateTwin::order(const GateQuestion& question) const {
  const Restriction* placing = denial(question, GateAction::place_order);
  const Restriction* opening = denial(question, GateAction::open_position);
  const Restriction* reducing = denial(question, GateAction::reduce_position);
  const Restriction* not_more = placing != nullptr ? placing : opening;

  // What is known to be there for this order to reduce; nothing where that is not known.
  std::optional<Int128> there;
  const bool buys = question.side == Side::buy;
  if (question.spot) {
    there = buys                ? Int128{0}
            : question.position ? count(*question.position)
                                : int128_max;  // nothing is sold that is not there
  } else if (question.position_side) {
    const bool adds = buys == (question.position_side == PositionSide::long_);
    const bool known = question.position && !(question.position_side == PositionSide::long_ &&
                                              question.position->negative());
    there = adds    ? std::optional(Int128{0})
            : known ? std::optional(count(*question.position))
                    : std::nullopt;
    there = there && *there < 0 ? -*there : there;
  } else if (question.position) {
    const Int128 position = count(*question.position);
    there = std::max(Int128{0}, buys ? -position : position);
  }
  if (!question.side) {
    there = std::nullopt;
  }
  if (question.liquidation || there == int128_max) {
    return reducing == nullptr
               ? GateAnswer{}
               : GateAnswer{GateWord::deny, reason_of(reducing->reason), reducing->measure};
  }
  if (!there) {
    const Restriction* any = not_more != nullptr ? not_more : reducing;
    return any == nullptr ? GateAnswer{}
                          : GateAnswer{GateWord::deny, GateReason::unknown_position, any->measure};
  }
  const bool reduces = *there > 0;
  const bool opens = !question.quantity || count(*question.quantity) > *there;
  if (reduces && reducing != nullptr) {
    return {GateWord::deny, reason_of(reducing->reason), reducing->measure};
  }
  if ((opens || !reduces) && not_more != nullptr) {
    return {reduces ? GateWord::allow_reduce_only : GateWord::deny, reason_of(not_more->reason),
            not_more->measure};
  }
  return {};
}

GateAnswer GateTwin::ask(const GateQuestion& question, bool blind) const {
  if (question.action == GateAction::cancel_order) {
    return {};
  }
  const bool lacks = question.now.ns <= 0 ||
                     (question.account_id.empty() && question.action != GateAction::register_);
  const bool odd = (question.quantity && count(*question.quantity) <= 0) ||
                   (question.amount && count(*question.amount) < 0) ||
                   (question.leverage && count(*question.leverage) < 0) ||
                   (question.spot && question.position && count(*question.position) < 0);
  if (lacks || odd) {
    return {GateWord::deny, GateReason::bad_question, 0};
  }
  if (question.action == GateAction::deposit && question.position &&
      count(*question.position) != 0) {
    return {};
  }
  if (question.action == GateAction::place_order) {
    return order(question);
  }
  if (const Restriction* held = denial(question, question.action)) {
    return {GateWord::deny, reason_of(held->reason), held->measure};
  }
  if (blind &&
      (question.action == GateAction::withdraw || question.action == GateAction::register_) &&
      !anything_held(question, question.action)) {
    return {GateWord::deny, GateReason::when_blind, 0};
  }
  return {};
}

namespace {

constexpr std::int64_t start_ns = 1'700'000'000'000'000'000;

using NameList = std::array<std::string_view, 6>;
// Lengths around the hash's words of eight bytes.
constexpr NameList accounts = {"a", "acc-007", "account-8", "u1234567", "0123456789abcdef", "z"};
constexpr NameList instruments = {"BTC-USDT", "ETH-USDT", "BTC-PERP", "a", "X", "SOL-USDT-241227"};
constexpr NameList others = {"d1", "d2", "a", "10.0.0.1", "0xabcdef0123456789", "f00"};
constexpr NameList assets = {"USDT", "BTC", "ETH", "USDT", "BTC", "ETH"};

}  // namespace

std::string_view RandomGate::name(SubjectKind kind, bool may_lack) {
  if (may_lack && one_in(4)) {
    return {};
  }
  const NameList& names = kind == SubjectKind::account      ? accounts
                          : kind == SubjectKind::instrument ? instruments
                                                            : others;
  return names[below(6)];
}

Decimal RandomGate::decimal(bool signed_too) {
  const auto units = static_cast<std::int64_t>(below(5)) - (signed_too ? 2 : 0);
  const Decimal value = *make_decimal(units, static_cast<int>(below(3)) - 1);
  // Now and then not in lowest terms, as a C caller may write it.
  return one_in(4) ? Decimal{value.mantissa * 100, value.exponent - 2} : value;
}

Restriction RandomGate::restriction() {
  Restriction one;
  one.action = static_cast<GateAction>(below(11));
  one.reason = static_cast<MeasureKind>(below(30));
  one.measure = 1 + below(1'000);
  const bool of_funds = is_of_funds(one.action);
  if (of_funds || one.action == GateAction::use_leverage) {
    one.limit = one_in(4) ? std::nullopt : std::optional(decimal(false));
  }
  if (of_funds) {
    one.asset = one_in(2) ? "" : assets[below(6)];
  } else if (one_in(2) && one.action >= GateAction::place_order) {
    one.instrument_id = name(SubjectKind::instrument, false);
  }
  if (one.action == GateAction::reduce_position && !one_in(3)) {
    one.held_min = {second.ns * (1 + below(20))};
  }
  if (one.action == GateAction::login) {
    for (std::uint32_t devices = below(7); devices > 0; --devices) {
      one.devices.emplace_back(name(SubjectKind::device, false));
    }
  }
  if (one_in(3)) {
    one.until = Time{start_ns + second.ns * below(21)};
  }
  return one;
}

SubjectRestrictions RandomGate::subject() {
  SubjectRestrictions subject;
  subject.subject.kind = one_in(2) ? SubjectKind::account : all_kinds[below(5)];
  subject.subject.id = name(subject.subject.kind, false);
  const auto key = [](const Restriction& one) {
    return std::tie(one.action, one.instrument_id, one.asset);
  };
  for (std::uint32_t many = one_in(4) ? 0 : 1 + below(12); many > 0; --many) {
    subject.restrictions.push_back(restriction());
  }
  std::ranges::stable_sort(subject.restrictions, {}, key);
  const auto [first, last] = std::ranges::unique(subject.restrictions, {}, key);
  subject.restrictions.erase(first, last);
  return subject;
}

GateQuestion RandomGate::question() {
  GateQuestion question;
  question.action = one_in(2) ? GateAction::place_order : static_cast<GateAction>(below(11));
  question.now = {one_in(200) ? 0 : start_ns + second.ns * below(21)};
  question.account_id = one_in(50) ? std::string_view{} : name(SubjectKind::account, false);
  question.instrument_id = name(SubjectKind::instrument, true);
  question.device_id = name(SubjectKind::device, true);
  question.ip = name(SubjectKind::ip, true);
  question.address = name(SubjectKind::address, true);
  question.asset = one_in(4) ? std::string_view{} : assets[below(6)];
  const auto maybe = [&](bool signed_too) {
    return one_in(4) ? std::nullopt : std::optional(decimal(signed_too && one_in(2)));
  };
  if (!one_in(8)) {
    question.side = one_in(2) ? Side::buy : Side::sell;
  }
  if (one_in(3)) {
    question.position_side = one_in(2) ? PositionSide::long_ : PositionSide::short_;
  }
  question.quantity =
      one_in(4) ? std::nullopt : std::optional(*make_decimal(1 + below(4), -int(below(2))));
  if (one_in(50)) {
    question.quantity = decimal(true);
  }
  if (!one_in(4)) {
    question.position = decimal(true);
  }
  question.amount = maybe(one_in(20));
  question.leverage = maybe(one_in(20));
  question.spot = one_in(5);
  question.liquidation = one_in(10);
  if (!one_in(3)) {
    question.position_opened = Time{start_ns + second.ns * (std::int64_t{below(21)} - 10)};
  }
  return question;
}

}  // namespace marktwacht
