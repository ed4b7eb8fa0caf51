// One row a field: its name and the function that reads it.
#include "rules/field_tables.h"

#include <array>

#include "rules/field_rows.h"

namespace marktwacht {
namespace {

using Rows = std::span<const FieldRow>;

template <class E>
int code(E value) {
  return static_cast<int>(value);
}

// --- scales

const Instrument& of(const Scope& s) { return s.market->directory().instrument(s.instrument); }
const Terms& terms(const Scope& s) { return of(s).terms; }
// N: Number, or SmallNumber.
template <class N>
N price(const Scope& s, Price value) {
  return N::of(value.units, terms(s).price_scale);
}
template <class N>
N quantity(const Scope& s, Quantity value) {
  return N::of(value.units, terms(s).quantity_scale);
}
template <class N>
N money(const Scope& s, Money value) {
  return N::of(value.units, terms(s).notional_scale);
}

// --- orders

template <const OrderFacts* Scope::* which>
const OrderFacts* known(const Scope& s) {
  const OrderFacts* order = s.*which;
  return order != nullptr && order->known ? order : nullptr;
}
template <const OrderFacts* Scope::* which>
const OrderFacts* sized(const Scope& s) {
  const OrderFacts* order = known<which>(s);
  return order != nullptr && order->sized ? order : nullptr;
}
template <const OrderFacts* Scope::* which>
const OrderFacts* priced(const Scope& s) {
  const OrderFacts* order = known<which>(s);
  return order != nullptr && order->has_price ? order : nullptr;
}

bool in_window(const Scope& s, Time at) {
  return at > s.window_start || (s.window_start_counts && at == s.window_start);
}

template <const OrderFacts* Scope::* which>
int order_in_window(const Scope& s) {
  const OrderFacts* order = known<which>(s);
  return order == nullptr ? -1 : in_window(s, order->placed) ? 1 : 0;
}
Field window_field(int (*read)(const Scope&)) {
  Field field = truth_field(read);
  field.of_window = true;
  return field;
}
template <class N, const OrderFacts* Scope::* which>
N order_price(const Scope& s) {
  const OrderFacts* order = priced<which>(s);
  return order == nullptr ? N::absent() : price<N>(s, order->price);
}
template <class N, const OrderFacts* Scope::* which>
N order_quantity(const Scope& s) {
  const OrderFacts* order = sized<which>(s);
  return order == nullptr ? N::absent() : quantity<N>(s, order->quantity);
}
template <class N, const OrderFacts* Scope::* which>
N order_remaining(const Scope& s) {
  const OrderFacts* order = sized<which>(s);
  return order == nullptr ? N::absent() : quantity<N>(s, order->remaining());
}
template <class N, const OrderFacts* Scope::* which>
N order_notional(const Scope& s) {
  const OrderFacts* order = priced<which>(s);
  if (order == nullptr || !order->sized) {
    return N::absent();
  }
  const auto worth = notional(terms(s), order->price, order->quantity);
  return worth ? money<N>(s, *worth) : N::faulty();
}
template <class N, const OrderFacts* Scope::* which>
N order_filled(const Scope& s) {
  const OrderFacts* order = known<which>(s);
  return order == nullptr ? N::absent() : quantity<N>(s, order->filled);
}
template <class N, const OrderFacts* Scope::* which>
N order_age(const Scope& s) {
  const OrderFacts* order = known<which>(s);
  return order == nullptr ? N::absent() : N::of((s.now - order->placed).ns / millisecond.ns);
}
template <const OrderFacts* Scope::* which, auto OrderFacts::* member>
int order_code(const Scope& s) {
  const OrderFacts* order = known<which>(s);
  return order == nullptr ? -1 : static_cast<int>(order->*member);
}

// A field's number, of type N, in a scope `s`.
#define MW_NUMBER(expression) \
  number_field_of([]<class N>(const Scope& s) -> N { return expression; })

#define MW_ORDER_ROWS(prefix, which)                                                    \
  {prefix "side", word_field<Side>(order_code<which, &OrderFacts::side>)},              \
      {prefix "price", MW_NUMBER((order_price<N, which>(s)))},                          \
      {prefix "quantity", MW_NUMBER((order_quantity<N, which>(s)))},                    \
      {prefix "filled", MW_NUMBER((order_filled<N, which>(s)))},                        \
      {prefix "remaining", MW_NUMBER((order_remaining<N, which>(s)))},                  \
      {prefix "notional", MW_NUMBER((order_notional<N, which>(s)))},                    \
      {prefix "time_in_force",                                                          \
       word_field<TimeInForce>(order_code<which, &OrderFacts::time_in_force>)},         \
      {prefix "position_effect",                                                        \
       word_field<PositionEffect>(order_code<which, &OrderFacts::position_effect>)},    \
      {prefix "reduce_only", truth_field(order_code<which, &OrderFacts::reduce_only>)}, \
      {prefix "copied", truth_field(order_code<which, &OrderFacts::copied>)},           \
      {prefix "age_ms", MW_NUMBER((order_age<N, which>(s)))}, {                         \
    prefix "in_window", window_field(order_in_window<which>)                            \
  }

const std::vector<FieldRow>& order_rows() {
  static const std::vector<FieldRow> rows = {MW_ORDER_ROWS("order.", &Scope::order)};
  return rows;
}

// An order as accepted: its own terms under their own names.
const std::vector<FieldRow>& accepted_rows() {
  static const std::vector<FieldRow> rows = {
      {"side", word_field<Side>(order_code<&Scope::order, &OrderFacts::side>)},
      {"price", MW_NUMBER((order_price<N, &Scope::order>(s)))},
      {"quantity", MW_NUMBER((order_quantity<N, &Scope::order>(s)))},
      {"notional", MW_NUMBER((order_notional<N, &Scope::order>(s)))},
      {"time_in_force",
       word_field<TimeInForce>(order_code<&Scope::order, &OrderFacts::time_in_force>)},
      {"position_effect",
       word_field<PositionEffect>(order_code<&Scope::order, &OrderFacts::position_effect>)},
      {"reduce_only", truth_field(order_code<&Scope::order, &OrderFacts::reduce_only>)},
  };
  return rows;
}

// --- derived events

int counterparty_exempt(const Scope& s) {
  const auto& exemptions = s.market->exemptions();
  return s.fill->counterparty.exists() &&
                 exemptions.find(s.fill->counterparty, s.instrument, s.now).has_value()
             ? 1
             : 0;
}

std::optional<std::string_view> counterparty(const Scope& s) {
  return s.fill->counterparty.exists() ? std::optional<std::string_view>(
                                             s.market->directory().account_id(s.fill->counterparty))
                                       : std::nullopt;
}

const std::vector<FieldRow>& fill_rows() {
  static const std::vector<FieldRow> rows = {
      {"counterparty", text_field(counterparty)},
      {"side", word_field<Side>([](const Scope& s) { return code(s.fill->side); })},
      {"price", MW_NUMBER(price<N>(s, s.fill->price))},
      {"quantity", MW_NUMBER(quantity<N>(s, s.fill->quantity))},
      {"notional", MW_NUMBER(money<N>(s, s.fill->notional))},
      {"maker", truth_field([](const Scope& s) { return code(s.fill->maker); })},
      {"kind", word_field<TradeKind>([](const Scope& s) { return code(s.fill->kind); })},
      {"opened", MW_NUMBER(quantity<N>(s, s.fill->opened))},
      {"closed", MW_NUMBER(quantity<N>(s, s.fill->closed))},
      {"held_ms", MW_NUMBER(N::of(s.fill->held_ms))},
      {"realised_gain", number_field([](const Scope& s) {
         return Number::of(s.fill->realised_gain.units, terms(s).gain_scale);
       })},
      {"fee", number_field([](const Scope& s) {
         return Number::of(s.fill->fee.units,
                           s.market->directory().asset(s.fill->fee_asset).decimals);
       })},
      {"same_account", truth_field([](const Scope& s) { return code(s.fill->same_account); })},
      {"same_group", truth_field([](const Scope& s) { return code(s.fill->same_group); })},
      {"first_opening", truth_field([](const Scope& s) { return code(s.fill->first_opening); })},
      {"counterparty_exempt", truth_field(counterparty_exempt)},
      MW_ORDER_ROWS("counterparty_order.", &Scope::counterparty_order),
  };
  return rows;
}

template <class N>
N distance_ticks(const Scope& s, const Standing& standing) {
  return standing.rested ? N::fraction(standing.touch_units, of(s).tick) : N::absent();
}
template <class N>
N distance_bp(const Standing& standing) {
  return standing.rested && standing.touch.units > 0
             ? N::fraction(Int128{standing.touch_units} * 10'000, standing.touch.units)
             : N::absent();
}

Number share(const Scope& s, const Standing& standing, Quantity taken) {
  if (!standing.rested) {
    return Number::absent();
  }
  const Quantity depth = s.market->depth_before(s.instrument, standing);
  return depth.units > 0 ? Number::fraction(taken.units, depth.units) : Number::absent();
}

// As many price levels are walked as it takes to know.
Against share_at_least(const Scope& s, const Standing& standing, Quantity taken,
                       const SmallNumber& least) {
  if (!standing.rested) {
    return Against::absent;
  }
  // taken ÷ depth >= least, exactly when depth <= taken × 10^scale ÷ numerator.
  const std::int64_t power = narrow_powers_of_ten[static_cast<std::size_t>(least.scale)];
  std::int64_t finer = 0;  // taken × 10^scale, where that fits
  const Int128 most = __builtin_mul_overflow(taken.units, power, &finer)
                          ? Int128{taken.units} * power / least.numerator
                          : Int128{finer / least.numerator};
  const Quantity more{static_cast<std::int64_t>(std::min<Int128>(most, INT64_MAX - 1) + 1)};
  const Quantity depth = s.market->depth_before(s.instrument, standing, more);
  return depth.units <= 0 ? Against::absent : depth.units <= most ? Against::more : Against::less;
}

template <auto Scope::* which, auto taken>
Field depth_share_field() {
  Field field = number_field(
      [](const Scope& s) { return share(s, (s.*which)->standing, taken(*(s.*which))); });
  field.at_least = [](const Scope& s, const SmallNumber& least) {
    return share_at_least(s, (s.*which)->standing, taken(*(s.*which)), least);
  };
  return field;
}

const std::vector<FieldRow>& withdrawn_rows() {
  static constexpr std::array<std::string_view, 2> reasons = {"cancel", "replace"};
  static const std::vector<FieldRow> rows = {
      {"reason", word_field(reasons, [](const Scope& s) { return code(s.withdrawn->by_replace); })},
      {"quantity", MW_NUMBER(quantity<N>(s, s.withdrawn->quantity))},
      {"notional", MW_NUMBER(money<N>(s, s.withdrawn->notional))},
      {"age_ms", MW_NUMBER(N::of(s.withdrawn->age_ms))},
      {"touch_distance_ticks", MW_NUMBER(distance_ticks<N>(s, s.withdrawn->standing))},
      {"touch_distance_bp", MW_NUMBER(distance_bp<N>(s.withdrawn->standing))},
      {"depth_share",
       depth_share_field<&Scope::withdrawn, [](const Withdrawn& one) { return one.quantity; }>()},
      {"large", truth_field([](const Scope& s) { return code(s.withdrawn->large); })},
  };
  return rows;
}

// The reasons of a cancel, and behind them "filled".
std::span<const std::string_view> ways_to_end() {
  static const auto words = [] {
    std::vector<std::string_view> list(Words<CancelReason>::list.begin(),
                                       Words<CancelReason>::list.end());
    list.push_back("filled");
    return list;
  }();
  return words;
}

const std::vector<FieldRow>& order_closed_rows() {
  static const std::vector<FieldRow> rows = {
      {"how", word_field(ways_to_end(),
                         [](const Scope& s) {
                           return s.order_closed->filled
                                      ? static_cast<int>(Words<CancelReason>::list.size())
                                      : code(s.order_closed->reason);
                         })},
      {"quantity", MW_NUMBER((order_quantity<N, &Scope::order>(s)))},
      {"filled", MW_NUMBER((order_filled<N, &Scope::order>(s)))},
      {"notional", MW_NUMBER(money<N>(s, s.order_closed->notional))},
      {"filled_notional", MW_NUMBER(money<N>(s, s.order_closed->filled_notional))},
      {"life_ms", MW_NUMBER(N::of(s.order_closed->life_ms))},
      {"time_in_force",
       word_field<TimeInForce>(order_code<&Scope::order, &OrderFacts::time_in_force>)},
      {"touch_distance_ticks", MW_NUMBER(distance_ticks<N>(s, s.order_closed->standing))},
      {"touch_distance_bp", MW_NUMBER(distance_bp<N>(s.order_closed->standing))},
      {"depth_share", depth_share_field<&Scope::order_closed,
                                        [](const OrderClosed& one) { return one.standing.own; }>()},
      {"large", truth_field([](const Scope& s) { return code(s.order_closed->large); })},
  };
  return rows;
}

const std::vector<FieldRow>& message_rows() {
  static constexpr std::array<std::string_view, 4> kinds = {"order", "replace", "cancel", "reject"};
  static const std::vector<FieldRow> rows = {
      {"kind", word_field(kinds, [](const Scope& s) { return code(s.message->kind); })},
  };
  return rows;
}

const std::vector<FieldRow>& alert_rows() {
  using Read = std::optional<std::string_view>;
  static const std::vector<FieldRow> rows = {
      {"detector", text_field([](const Scope& s) { return Read(s.alert->detector); })},
      {"rulebook_id", text_field([](const Scope& s) { return Read(s.alert->rulebook_id); })},
      {"clause", text_field([](const Scope& s) { return Read(s.alert->clause); })},
      {"severity", word_field<Severity>([](const Scope& s) { return code(s.alert->severity); })},
      {"maturity", word_field<Maturity>([](const Scope& s) { return code(s.alert->maturity); })},
      {"score", MW_NUMBER(N::of(s.alert->score))},
  };
  return rows;
}

Rows own_rows(RuleEvent event) {
  switch (event) {
    case RuleEvent::order:
      return accepted_rows();
    case RuleEvent::fill:
      return fill_rows();
    case RuleEvent::withdrawn:
      return withdrawn_rows();
    case RuleEvent::order_closed:
      return order_closed_rows();
    case RuleEvent::message:
      return message_rows();
    case RuleEvent::alert:
      return alert_rows();
    default:
      return {};
  }
}

}  // namespace

const Field* find_own_field(RuleEvent event, std::string_view name) {
  return find_row(own_rows(event), name);
}

const Field* find_order_field(std::string_view name) { return find_row(order_rows(), name); }

std::vector<std::string_view> table_names(RuleEvent event) {
  std::vector<std::string_view> names;
  for (const FieldRow& row : own_rows(event)) {
    names.push_back(row.name);
  }
  for (const FieldRow& row : order_rows()) {
    names.push_back(row.name);
  }
  for (const std::string_view name : market_field_names()) {
    names.push_back(name);
  }
  return names;
}

}  // namespace marktwacht
