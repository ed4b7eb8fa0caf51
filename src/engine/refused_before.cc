// One question for each thing that an account did, as docs/gate.md wants it asked.
#include "engine/refused_before.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/check.h"

namespace marktwacht {
namespace {

constexpr NameKey names_key{0x6d61'726b'7477'6163, 0x6874'2d70'7265'7669};  // nobody else sees it

GateQuestion question_of(GateAction action, Text account, Time now) {
  GateQuestion question;
  question.action = action;
  question.account_id = account.view();
  question.now = now;
  return question;
}

// A transfer takes from the same amount as a withdrawal.
GateAction counted_as(GateAction action) {
  return action == GateAction::transfer ? GateAction::withdraw : action;
}

}  // namespace

RefusalCount::RefusalCount(const Market& market, std::vector<SubjectRestrictions> denied, Time to)
    : market_(market), denied_(std::move(denied)) {
  counted_.to = to;
  counted_.from = Time{std::max<std::int64_t>(0, to.ns - RefusedBefore::span.ns)};
  std::uint64_t slots = 1;
  for (const SubjectRestrictions& subject : denied_) {
    slots += 1 + GateTableWriter::slots_for(subject.restrictions);
  }
  // Twice as much room as is used at any time: a subject's new entries are written before its old
  // ones are given back.
  const auto heads =
      static_cast<std::uint32_t>(std::bit_ceil(std::max<std::uint64_t>(64, 4 * slots)));
  words_ = std::make_unique<GateWordCell[]>(GateMemory::bytes_for(heads) / 8);
  memory_ = {words_.get(), heads};
  writer_ = std::make_unique<GateTableWriter>(memory_, names_key);
  reader_ = GateTableReader(memory_);
  for (std::size_t at = 0; at < denied_.size(); ++at) {
    put(denied_[at]);
    if (denied_[at].subject.kind == SubjectKind::account &&
        has_day_limit(denied_[at].restrictions)) {
      limited_[denied_[at].subject.id] = at;
    }
  }
}

// With what is left of the day's amounts.
void RefusalCount::put(const SubjectRestrictions& subject) {
  std::vector<Restriction> left = subject.restrictions;
  for (Restriction& one : left) {
    if (one.limit && !one.asset.empty() && subject.subject.kind == SubjectKind::account) {
      one.limit =
          day_limits_.left(counted_as(one.action), subject.subject.id, one.asset, *one.limit);
    }
  }
  check(writer_->put(subject.subject, left), "the table was made large enough");
}

GateAnswer RefusalCount::ask(const GateQuestion& question) const {
  Judgement judgement(question);
  if (judgement.needs_entries()) {
    const AskedNames names(question, names_key, reader_);
    check(reader_.read(names, judgement), "nobody else writes this table");
  }
  return judgement.answer(false);
}

void RefusalCount::judge(const GateQuestion& question, std::uint64_t seq, bool only_reduces) {
  const GateAnswer answer = ask(question);
  const bool reduce_only = answer.word == GateWord::allow_reduce_only;
  if (answer.word == GateWord::allow || (reduce_only && only_reduces)) {
    return;
  }
  ++counted_.count;
  if (counted_.actions.size() == RefusedBefore::listed_max) {
    counted_.actions.erase(counted_.actions.begin());
  }
  counted_.actions.push_back({seq, question.now, std::string(question.account_id), question.action,
                              std::string(question.instrument_id), std::string(question.asset),
                              reduce_only, std::string(word_of(answer.reason))});
}

void RefusalCount::take(const Event& event, const Moment& moment) {
  if (moment.now <= counted_.from || moment.now > counted_.to) {
    return;
  }
  if (moment.day != day_) {
    day_ = moment.day;
    day_limits_.start_day();
    for (const auto& [account, at] : limited_) {
      put(denied_[at]);
    }
  }
  switch (event.type) {
    case EventType::order:
      return order(as<event::Order>(event), moment);
    case EventType::login:
      return login(as<event::Login>(event), moment);
    case EventType::withdrawal:
      return withdrawal(as<event::Withdrawal>(event), moment);
    case EventType::transfer: {
      const auto& transfer = as<event::Transfer>(event);
      GateQuestion question =
          question_of(GateAction::transfer, transfer.from_account_id, moment.now);
      return funds(question, transfer.from_account_id, transfer.asset, transfer.amount, moment);
    }
    case EventType::deposit: {
      const auto& deposit = as<event::Deposit>(event);
      GateQuestion question = question_of(GateAction::deposit, deposit.account_id, moment.now);
      if (deposit.status != DepositStatus::completed) {
        return;
      }
      if (has_position(deposit.account_id)) {
        question.position = Decimal{1, 0};  // it may be margin
      }
      return funds(question, deposit.account_id, deposit.asset, deposit.amount, moment);
    }
    default:
      return;
  }
}

// The same things are asked that a gateway asks: a program by `api`, an order, its leverage. One
// refusal is enough.
void RefusalCount::order(const event::Order& order, const Moment& moment) {
  GateQuestion question = question_of(GateAction::place_order, order.account_id, moment.now);
  question.instrument_id = order.instrument_id.view();
  question.ip = order.has_ip() ? order.ip.view() : std::string_view();
  const std::uint64_t before = counted_.count;
  if (order.has_api_key_id() || order.channel == Channel::api) {
    GateQuestion program = question;
    program.action = GateAction::api;
    judge(program, moment.seq);
  }
  question.side = order.side;
  if (order.has_quantity()) {
    question.quantity = order.quantity;
  }
  question.liquidation = order.channel == Channel::liquidation;
  state_position(question, order);
  if (counted_.count == before) {
    judge(question, moment.seq, order.reduce_only);
  }
  if (counted_.count == before && order.has_leverage()) {
    question.action = GateAction::use_leverage;
    question.leverage = order.leverage;
    judge(question, moment.seq);
  }
}

void RefusalCount::state_position(GateQuestion& question, const event::Order& order) const {
  const Directory& directory = market_.directory();
  const AccountIndex account = directory.find_account(order.account_id);
  const InstrumentIndex index = directory.find_instrument(order.instrument_id);
  if (!account.exists() || !index.exists()) {
    return;
  }
  const Instrument& instrument = directory.instrument(index);
  question.spot = instrument.kind == InstrumentKind::spot;
  if (question.spot) {
    return;
  }
  PositionKey key{account, index, Leg::net};
  if (order.has_position_side()) {
    question.position_side = order.position_side;
    key.leg = leg_of(order.position_side);
  }
  const Quantity held = market_.accounts().position(key);
  question.position = make_decimal(held.units, -instrument.terms.quantity_scale);
  question.position_opened = market_.accounts().position_opened(key);
}

bool RefusalCount::has_position(Text account) const {
  const Directory& directory = market_.directory();
  const AccountIndex holder = directory.find_account(account);
  for (std::uint32_t i = 0; holder.exists() && i < directory.instruments(); ++i) {
    for (const Leg leg : {Leg::net, Leg::long_leg, Leg::short_leg}) {
      const InstrumentIndex instrument{i};
      if (directory.instrument(instrument).kind != InstrumentKind::spot &&
          market_.accounts().position({holder, instrument, leg}).units != 0) {
        return true;
      }
    }
  }
  return false;
}

void RefusalCount::login(const event::Login& login, const Moment& moment) {
  if (login.result != LoginResult::ok) {
    return;
  }
  GateQuestion question = question_of(GateAction::login, login.account_id, moment.now);
  question.device_id = login.has_device_id() ? login.device_id.view() : std::string_view();
  question.ip = login.has_ip() ? login.ip.view() : std::string_view();
  judge(question, moment.seq);
}

// Once each: when it was asked for, or when it was made and nobody had said that it was.
void RefusalCount::withdrawal(const event::Withdrawal& withdrawal, const Moment& moment) {
  GateQuestion question = question_of(GateAction::withdraw, withdrawal.account_id, moment.now);
  question.address =
      withdrawal.has_destination() ? withdrawal.destination.view() : std::string_view();
  if (!takes_amount(withdrawal) || allows(question, withdrawal.asset, withdrawal.amount, moment)) {
    count(withdrawal.account_id,
          [&](const std::string& account_id) { day_limits_.take(account_id, withdrawal); });
  }
}

void RefusalCount::funds(GateQuestion& question, Text account, Text asset, const Decimal& amount,
                         const Moment& moment) {
  if (allows(question, asset, amount, moment)) {
    count(account, [&](const std::string& account_id) {
      day_limits_.use(counted_as(question.action), account_id, std::string(asset.view()), amount);
    });
  }
}

// What would have been refused uses nothing up.
bool RefusalCount::allows(GateQuestion& question, Text asset, const Decimal& amount,
                          const Moment& moment) {
  question.asset = asset.view();
  question.amount = amount;
  const std::uint64_t before = counted_.count;
  judge(question, moment.seq);
  return counted_.count == before;
}

template <class Change>
void RefusalCount::count(Text account, Change&& change) {
  if (const auto found = limited_.find(account.view()); found != limited_.end()) {
    change(found->first);
    put(denied_[found->second]);
  }
}

}  // namespace marktwacht
