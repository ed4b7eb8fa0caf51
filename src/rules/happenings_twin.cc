// From the market's derived events to what rules count.
#include "rules/rules_twin.h"

namespace marktwacht::twin {
namespace {

constexpr Int128 basis_points = 10'000;

class Maker {
 public:
  Maker(const Market& market, Time now, std::uint64_t seq)
      : market_(market), now_(now), seq_(seq) {}

  void line(const Event& event) {
    if (event.type == EventType::reject) {
      const auto& reject = as<event::Reject>(event);
      made_.push_back(head("reject", market_.directory().find_account(reject.account_id),
                           market_.directory().find_instrument(reject.instrument_id)));
    }
    const auto& touched = market_.touched();
    if (!touched || !touched->counts || event.type == EventType::book_order) {
      return;
    }
    const bool placed = event.type == EventType::order || event.type == EventType::triggered;
    Happening h =
        head(placed ? "order" : event_info(event.type).word, touched->account, touched->instrument);
    take_order(h, touched->order);
    if (event.type == EventType::cancel) {
      h.reason = as<event::Cancel>(event).reason;
    }
    if (placed && touched->order.sized) {
      h.quantity = quantity(h, touched->order.quantity);
      if (touched->order.has_price) {
        h.notional = money(
            h, notional(terms(h), touched->order.price, touched->order.quantity).value_or(Money{}));
      }
    }
    made_.push_back(h);
  }

  void derived(const Fill& fill) {
    Happening h = head("fill", fill.account, fill.instrument);
    take_order(h, fill.order);
    if (fill.counterparty_order.known) {
      h.counterparty_order = fill.counterparty_order;
    }
    h.maker = fill.maker;
    h.first_opening = fill.first_opening;
    h.same_group = fill.same_group;
    h.counterparty_exempt =
        fill.counterparty.exists() &&
        market_.exemptions().find(fill.counterparty, fill.instrument, now_).has_value();
    h.quantity = quantity(h, fill.quantity);
    h.notional = money(h, fill.notional);
    h.opened = quantity(h, fill.opened);
    made_.push_back(h);
  }

  void derived(const Withdrawn& withdrawn) {
    Happening h = head("withdrawn", withdrawn.account, withdrawn.instrument);
    take_order(h, withdrawn.order);
    h.by_replace = withdrawn.by_replace;
    h.quantity = quantity(h, withdrawn.quantity);
    h.notional = money(h, withdrawn.notional);
    h.large = withdrawn.large;
    take_standing(h, withdrawn.standing, withdrawn.quantity);
    made_.push_back(h);
  }

  void derived(const OrderClosed& closed) {
    Happening h = head("order_closed", closed.account, closed.instrument);
    take_order(h, closed.order);
    if (!closed.filled) {
      h.reason = closed.reason;
    }
    h.notional = money(h, closed.notional);
    h.large = closed.large;
    take_standing(h, closed.standing, closed.standing.own);
    made_.push_back(h);
  }

  void derived(const Message& message) {
    Happening h = head("message", message.account, message.instrument);
    h.message = message.kind;
    made_.push_back(h);
  }

  std::vector<Happening> take() { return std::move(made_); }

 private:
  Happening head(std::string_view word, AccountIndex account, InstrumentIndex instrument) const {
    Happening h;
    h.event = word;
    h.at = now_;
    h.seq = seq_;
    h.account = account;
    h.instrument = instrument;
    const Instrument& of = market_.directory().instrument(instrument);
    h.hft_forbidden = of.hft_forbidden;
    if (of.large_order_quantity.units > 0) {
      h.large_order_quantity = quantity(h, of.large_order_quantity);
    }
    for (const ExemptionKind kind : {ExemptionKind::market_making, ExemptionKind::hedging}) {
      if (market_.exemptions().has(account, instrument, kind, now_)) {
        h.exemption = kind;
      }
    }
    return h;
  }

  const Terms& terms(const Happening& h) const {
    return market_.directory().instrument(h.instrument).terms;
  }
  Fraction quantity(const Happening& h, Quantity of) const {
    return scaled(of.units, terms(h).quantity_scale);
  }
  Fraction money(const Happening& h, Money of) const {
    return scaled(of.units, terms(h).notional_scale);
  }

  void take_order(Happening& h, const OrderFacts& order) const {
    if (!order.known) {
      return;
    }
    h.order = order;
    h.age_ms = fraction((now_ - order.placed).ns / millisecond.ns);
    if (order.sized) {
      h.remaining = quantity(h, order.remaining());
    }
  }

  void take_standing(Happening& h, const Standing& standing, Quantity taken) const {
    if (!standing.rested) {
      return;
    }
    const Instrument& of = market_.directory().instrument(h.instrument);
    h.touch_distance_ticks = fraction(standing.touch_units, of.tick);
    h.touch_distance_bp = fraction(standing.touch_units * basis_points, standing.touch.units);
    h.depth_share = fraction(taken.units, market_.depth_before(h.instrument, standing).units);
  }

  const Market& market_;
  Time now_;
  std::uint64_t seq_;
  std::vector<Happening> made_;
};

}  // namespace

std::vector<Happening> happenings_of(const Market& market, const Event& event, Time now,
                                     std::uint64_t seq) {
  Maker maker(market, now, seq);
  maker.line(event);
  for (const Derived& one : market.derived()) {
    std::visit([&](const auto& derived) { maker.derived(derived); }, one);
  }
  return maker.take();
}

}  // namespace marktwacht::twin
