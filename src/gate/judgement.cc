// The rules of the gate: see judgement.h.
#include "gate/judgement.h"

#include "base/decimal_order.h"

namespace marktwacht {
namespace {

using Denial = SubjectFindings::Denial;

constexpr std::size_t as_place_order = 0, as_open = 1, as_reduce = 2;

// What an order would do to the position.
enum class GateEffect : std::uint8_t { opens, reduces, reduces_and_more, unknown };

GateEffect effect_on(const GateQuestion& question, const Decimal& size) {
  return question.quantity && order(*question.quantity, size) <= 0 ? GateEffect::reduces
                                                                   : GateEffect::reduces_and_more;
}

Decimal size_of(const Decimal& position) {
  return {position.negative() ? -position.mantissa : position.mantissa, position.exponent};
}

// Each side of the instrument has a position of its own.
GateEffect effect_two_sided(const GateQuestion& question) {
  const bool is_long = *question.position_side == PositionSide::long_;
  if ((*question.side == Side::buy) == is_long) {
    return GateEffect::opens;
  }
  if (!question.position || (is_long && question.position->negative())) {
    return GateEffect::unknown;
  }
  return question.position->zero() ? GateEffect::opens
                                   : effect_on(question, size_of(*question.position));
}

GateEffect effect_of(const GateQuestion& question) {
  if (question.liquidation) {
    return GateEffect::reduces;
  }
  if (!question.side) {
    return GateEffect::unknown;
  }
  if (question.position_side && !question.spot) {
    return effect_two_sided(question);
  }
  if (question.spot && !question.position) {
    return *question.side == Side::sell ? GateEffect::reduces : GateEffect::opens;
  }
  if (!question.position) {
    return GateEffect::unknown;
  }
  const bool sells = *question.side == Side::sell;
  if (question.position->zero() || question.position->negative() == sells) {
    return GateEffect::opens;
  }
  return effect_on(question, size_of(*question.position));
}

bool is_bad(const GateQuestion& question) {
  const auto negative = [](const std::optional<Decimal>& value) {
    return value && value->negative();
  };
  return question.now.ns <= 0 ||
         (question.account_id.empty() && question.action != GateAction::register_) ||
         negative(question.quantity) || (question.quantity && question.quantity->zero()) ||
         negative(question.amount) || negative(question.leverage) ||
         (question.spot && negative(question.position));
}

bool is_margin(const GateQuestion& question) {
  return question.action == GateAction::deposit && question.position && !question.position->zero();
}

bool beyond(const std::optional<Decimal>& asked, const std::optional<Decimal>& limit) {
  return !limit || !asked || order(*asked, *limit) > 0;
}

bool held_too_short(const GateQuestion& question, Duration held_min) {
  if (question.liquidation) {
    return false;
  }
  return held_min.ns <= 0 || !question.position_opened ||
         Int128{question.now.ns} < Int128{question.position_opened->ns} + held_min.ns;
}

GateAnswer deny(const Denial& denial) {
  return {GateWord::deny, reason_of(denial.reason), denial.measure};
}
GateAnswer deny(GateReason reason) { return {GateWord::deny, reason, 0}; }

}  // namespace

std::optional<std::size_t> place_asked(const GateQuestion& question, GateAction action) {
  if (action == question.action) {
    return as_place_order;
  }
  if (question.action == GateAction::place_order) {
    if (action == GateAction::open_position) {
      return as_open;
    }
    if (action == GateAction::reduce_position) {
      return as_reduce;
    }
  }
  return std::nullopt;
}

bool SubjectFindings::denies(const GateEntry& entry) const {
  switch (entry.action) {
    case GateAction::withdraw:
    case GateAction::deposit:
    case GateAction::transfer:
      return beyond(question_->amount, entry.limit);
    case GateAction::use_leverage:
      return beyond(question_->leverage, entry.limit);
    case GateAction::reduce_position:
      return held_too_short(*question_, entry.held_min);
    case GateAction::login:
      return !entry.device_allowed;
    default:
      return true;
  }
}

void SubjectFindings::take(const GateEntry& entry) {
  const auto place = place_asked(*question_, entry.action);
  if (!place) {
    return;
  }
  known_ = true;
  const bool of_funds = entry.action == GateAction::withdraw ||
                        entry.action == GateAction::deposit || entry.action == GateAction::transfer;
  const bool limits = of_funds && entry.limit && !question_->asset.empty();
  own_limit_ = own_limit_ || (limits && entry.of_asset);
  if (!denies(entry)) {
    return;
  }
  auto& denial = limits && !entry.of_asset ? others_ : denials_[*place];
  if (!denial) {
    denial = Denial{entry.reason, entry.measure};
  }
}

std::optional<SubjectFindings::Denial> SubjectFindings::denial(std::size_t place) const {
  if (denials_[place] || place != as_place_order || own_limit_) {
    return denials_[place];
  }
  return others_;
}

bool Judgement::needs_entries() const {
  return question_->action != GateAction::cancel_order && !is_bad(*question_) &&
         !is_margin(*question_);
}

void Judgement::take(const SubjectFindings& findings) {
  known_ = known_ || findings.known();
  for (std::size_t place = 0; place < asked_actions_max; ++place) {
    if (!denials_[place]) {
      denials_[place] = findings.denial(place);
    }
  }
}

GateAnswer Judgement::order() const {
  const auto& opening = denials_[as_place_order] ? denials_[as_place_order] : denials_[as_open];
  const auto& reducing = denials_[as_reduce];
  switch (effect_of(*question_)) {
    case GateEffect::opens:
      return opening ? deny(*opening) : GateAnswer{};
    case GateEffect::reduces:
      return reducing ? deny(*reducing) : GateAnswer{};
    case GateEffect::reduces_and_more:
      if (reducing) {
        return deny(*reducing);
      }
      return opening ? GateAnswer{GateWord::allow_reduce_only, reason_of(opening->reason),
                                  opening->measure}
                     : GateAnswer{};
    case GateEffect::unknown:
      break;
  }
  const auto& either = opening ? opening : reducing;
  return either ? GateAnswer{GateWord::deny, GateReason::unknown_position, either->measure}
                : GateAnswer{};
}

GateAnswer Judgement::answer(bool blind) const {
  if (question_->action == GateAction::cancel_order) {
    return {};
  }
  if (is_bad(*question_)) {
    return deny(GateReason::bad_question);
  }
  if (is_margin(*question_)) {
    return {};
  }
  if (question_->action == GateAction::place_order) {
    return order();
  }
  if (denials_[as_place_order]) {
    return deny(*denials_[as_place_order]);
  }
  const bool closes =
      question_->action == GateAction::withdraw || question_->action == GateAction::register_;
  return blind && closes && !known_ ? deny(GateReason::when_blind) : GateAnswer{};
}

}  // namespace marktwacht
