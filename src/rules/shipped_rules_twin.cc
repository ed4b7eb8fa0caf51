// The shipped rulebooks, each rule by hand (rulebooks/*.toml say the same to the engine).
#include <algorithm>

#include "base/check.h"
#include "rules/rules_twin.h"

namespace marktwacht::twin {
namespace {

using Where = std::function<bool(const Happening&)>;

// --- what lets are made of

Number count_if(const Entries& entries, const Where& where) {
  return fraction(std::ranges::count_if(entries, [&](const Happening* h) { return where(*h); }));
}

Number sum_if(const Entries& entries, Number Happening::* member, const Where& where) {
  Number sum = fraction(0);
  for (const Happening* h : entries) {
    if (where(*h) && h->*member) {
      sum = plus(sum, h->*member);
    }
  }
  return sum;
}

LetTwin count_of(std::string name) {
  return {std::move(name), [](const Entries& entries, const View&) {
            return Number(fraction(static_cast<Int128>(entries.size())));
          }};
}

LetTwin count_of(std::string name, Where where) {
  return {std::move(name),
          [where](const Entries& entries, const View&) { return count_if(entries, where); }};
}

LetTwin sum_of(std::string name, Number Happening::* member, Where where) {
  return {std::move(name), [member, where](const Entries& entries, const View&) {
            return sum_if(entries, member, where);
          }};
}

FactTwin against_param(std::string let, std::string param) {
  return {std::move(let), [param](const View& view) { return view.param(param); }};
}

Where is(std::string_view event) {
  return [event](const Happening& h) { return h.event == event; };
}

// --- what `where` asks

bool time_in_force_in(const std::optional<OrderFacts>& order,
                      std::initializer_list<TimeInForce> list) {
  return order && std::ranges::find(list, order->time_in_force) != list.end();
}

bool at_once(const std::optional<OrderFacts>& order) {
  return time_in_force_in(order, {TimeInForce::ioc, TimeInForce::fok});
}

bool may_wait(const std::optional<OrderFacts>& order) {
  return time_in_force_in(order, {TimeInForce::gtc, TimeInForce::gtx, TimeInForce::gtd});
}

bool by_user(const Happening& h) { return h.reason == CancelReason::user; }
// Placed in the present window.
bool in_window(const Happening& h) { return h.order && h.order->placed >= h.window_start; }

// --- rules

RuleTwin rule(std::string rulebook_id, std::string id, std::string clause) {
  RuleTwin made;
  made.rulebook_id = std::move(rulebook_id);
  made.id = std::move(id);
  made.clause = std::move(clause);
  return made;
}

RuleTwin by_group_and_instrument(std::string rulebook_id, std::string id, std::string clause) {
  RuleTwin made = rule(std::move(rulebook_id), std::move(id), std::move(clause));
  made.by_group = made.by_instrument = true;
  return made;
}

// A count of everything it listens to, against `limit`.
void count_against_limit(RuleTwin& made, const std::string& let, int limit) {
  made.params["limit"] = fraction(limit);
  made.lets = {count_of(let)};
  made.when = [let](const View& v) { return at_least(v[let], v.param("limit")); };
  made.facts = {against_param(let, "limit")};
}

RuleTwin self_trade_of_futures(const std::string& book) {
  RuleTwin made = by_group_and_instrument(book, "self_trade", "2.7");
  made.counts = [](const Happening& h, const RuleTwin&) {
    return h.event == "fill" && h.maker && h.same_group && !h.exemption && !h.counterparty_exempt &&
           !at_once(h.order) && !at_once(h.counterparty_order);
  };
  count_against_limit(made, "trades", 5);
  return made;
}

bool counted_cancel(const Happening& h) {
  return h.event == "cancel" && by_user(h) && may_wait(h.order) && !h.exemption;
}

RuleTwin cancels_of_futures(const std::string& book, int limit) {
  RuleTwin made = by_group_and_instrument(book, "frequent_cancel", "2.8");
  made.counts = [](const Happening& h, const RuleTwin&) { return counted_cancel(h); };
  count_against_limit(made, "cancels", limit);
  return made;
}

RuleTwin large_cancels_of_futures(const std::string& book, int limit) {
  RuleTwin made = by_group_and_instrument(book, "large_order_cancel", "2.9");
  made.counts = [](const Happening& h, const RuleTwin&) {
    return counted_cancel(h) && at_least(h.remaining, h.large_order_quantity);
  };
  count_against_limit(made, "cancels", limit);
  return made;
}

RuleTwin daily_open_limit(const std::string& book) {
  RuleTwin made = by_group_and_instrument(book, "daily_open_limit", "2.10");
  made.counts = [](const Happening& h, const RuleTwin&) {
    return h.event == "fill" && h.exemption != ExemptionKind::hedging;
  };
  made.lets = {sum_of("opened", &Happening::opened, is("fill"))};
  const auto limit = [](const View& v) {
    const Quantity of = v.instrument->daily_open_limit;
    return of.units > 0 ? Number(scaled(of.units, v.instrument->terms.quantity_scale)) : Number();
  };
  made.when = [limit](const View& v) { return more(v["opened"], limit(v)); };
  made.facts = {{"opened", limit}};
  return made;
}

RuleTwin daily_open_count_limit(const std::string& book) {
  RuleTwin made = by_group_and_instrument(book, "daily_open_count_limit", "2.10");
  made.counts = [](const Happening& h, const RuleTwin&) { return h.event == "fill"; };
  made.lets = {count_of("orders", [](const Happening& h) { return h.first_opening; })};
  const auto limit = [](const View& v) {
    const std::int64_t of = v.instrument->daily_open_count_limit;
    return of > 0 ? Number(fraction(of)) : Number();
  };
  made.when = [limit](const View& v) { return more(v["orders"], limit(v)); };
  made.facts = {{"orders", limit}};
  return made;
}

std::vector<RuleTwin> cn_futures() {
  const std::string book = "cn-futures";
  return {self_trade_of_futures(book), cancels_of_futures(book, 500),
          large_cancels_of_futures(book, 50), daily_open_limit(book), daily_open_count_limit(book)};
}

std::vector<RuleTwin> cn_futures_index() {
  const std::string book = "cn-futures-index";
  return {self_trade_of_futures(book), cancels_of_futures(book, 400),
          large_cancels_of_futures(book, 100), daily_open_limit(book),
          daily_open_count_limit(book)};
}

// --- binance-quant: ratios of the orders placed in the cycle

RuleTwin cycle_rule(const std::string& book, std::string id, const LetTwin& ratio, Fraction share,
                    int floor) {
  RuleTwin made = rule(book, std::move(id), "2.11");
  made.by_instrument = true;
  made.window = RuleTwin::Window::cycle;
  made.length = {600 * second.ns};
  made.params = {{"ratio_min", share}, {"orders_min", fraction(floor)}};
  made.lets = {ratio, count_of("orders", is("order"))};
  const std::string name = ratio.name;
  made.when = [name](const View& v) {
    return at_least(v[name], v.param("ratio_min")) && at_least(v["orders"], v.param("orders_min"));
  };
  made.facts = {against_param(name, "ratio_min"), against_param("orders", "orders_min")};
  return made;
}

// What share of the orders something else happened to.
LetTwin share_of_orders(std::string name, Where what) {
  return {std::move(name), [what](const Entries& entries, const View&) {
            return over(count_if(entries, what), count_if(entries, is("order")));
          }};
}

RuleTwin unfilled_ratio(const std::string& book) {
  const LetTwin unfilled{"unfilled", [](const Entries& entries, const View&) {
                           return minus(fraction(1),
                                        over(sum_if(entries, &Happening::quantity, is("fill")),
                                             sum_if(entries, &Happening::quantity, is("order"))));
                         }};
  RuleTwin made = cycle_rule(book, "unfilled_ratio", unfilled, fraction(99, 100), 10'000);
  made.counts = [](const Happening& h, const RuleTwin&) {
    return h.event == "order" || (h.event == "fill" && in_window(h));
  };
  return made;
}

RuleTwin invalid_cancel_ratio(const std::string& book) {
  RuleTwin made = cycle_rule(book, "invalid_cancel_ratio", share_of_orders("invalid", is("cancel")),
                             fraction(99, 100), 5'000);
  made.counts = [](const Happening& h, const RuleTwin&) {
    return may_wait(h.order) &&
           (h.event == "order" ||
            (h.event == "cancel" && by_user(h) && in_window(h) && less(h.age_ms, fraction(5'000))));
  };
  return made;
}

RuleTwin expire_ratio(const std::string& book) {
  RuleTwin made = cycle_rule(book, "expire_ratio", share_of_orders("expired", is("cancel")),
                             fraction(99, 100), 5'000);
  made.counts = [](const Happening& h, const RuleTwin&) {
    const bool ended = h.reason == CancelReason::ioc || h.reason == CancelReason::fok;
    return at_once(h.order) &&
           (h.event == "order" || (h.event == "cancel" && ended && in_window(h)));
  };
  return made;
}

RuleTwin dust_ratio(const std::string& book) {
  const auto dust = [](const Happening& h) { return less(h.notional, fraction(50)); };
  RuleTwin made =
      cycle_rule(book, "dust_ratio", share_of_orders("dust", dust), fraction(9, 10), 10'000);
  made.counts = [](const Happening& h, const RuleTwin&) { return h.event == "order"; };
  return made;
}

RuleTwin ban_count(const std::string& book) {
  RuleTwin made = rule(book, "ban_count", "2.11");
  made.window = RuleTwin::Window::sliding;
  made.length = day;
  made.counts = [](const Happening& h, const RuleTwin&) {
    return h.event == "alert" && h.rulebook_id == "binance-quant" &&
           (h.detector == "unfilled_ratio" || h.detector == "invalid_cancel_ratio" ||
            h.detector == "expire_ratio" || h.detector == "dust_ratio");
  };
  count_against_limit(made, "bans", 10);
  return made;
}

std::vector<RuleTwin> binance_quant() {
  const std::string book = "binance-quant";
  return {unfilled_ratio(book), invalid_cancel_ratio(book), expire_ratio(book), dust_ratio(book),
          ban_count(book)};
}

// --- mifid-hft, cn-program

RuleTwin hft(std::string id, bool by_instrument, int limit) {
  RuleTwin made = rule("mifid-hft", std::move(id), "2.4");
  made.by_group = true;
  made.by_instrument = by_instrument;
  made.counts = [](const Happening& h, const RuleTwin&) {
    return h.event == "order" || h.event == "replace" || h.event == "cancel";
  };
  count_against_limit(made, "messages", limit);
  return made;
}

std::vector<RuleTwin> mifid_hft() {
  return {hft("hft_instrument", true, 172'800), hft("hft_all", false, 345'600)};
}

RuleTwin program(std::string id, int limit) {
  RuleTwin made = rule("cn-program", std::move(id), "2.4");
  made.by_group = true;
  made.counts = [](const Happening& h, const RuleTwin&) {
    return h.event == "order" || (h.event == "cancel" && by_user(h));
  };
  count_against_limit(made, "messages", limit);
  return made;
}

std::vector<RuleTwin> cn_program() {
  RuleTwin fast = program("program_second", 300);
  fast.window = RuleTwin::Window::sliding;
  fast.length = second;
  return {fast, program("program_day", 20'000)};
}

// --- default

RuleTwin self_trade(const std::string& book) {
  RuleTwin made = by_group_and_instrument(book, "self_trade", "2.7");
  made.counts = [](const Happening& h, const RuleTwin&) {
    return h.event == "fill" && h.maker && h.same_group;
  };
  made.params = {{"limit", fraction(5)}, {"notional_min", fraction(100'000)}};
  made.lets = {count_of("trades"), sum_of("notional", &Happening::notional, is("fill"))};
  made.when = [](const View& v) {
    return at_least(v["trades"], v.param("limit")) ||
           at_least(v["notional"], v.param("notional_min"));
  };
  made.facts = {against_param("trades", "limit"), against_param("notional", "notional_min")};
  return made;
}

bool near_with_weight(const Happening& h) {
  return h.event == "withdrawn" && at_least(h.depth_share, fraction(10, 100)) &&
         (at_most(h.touch_distance_ticks, fraction(3)) ||
          at_most(h.touch_distance_bp, fraction(5)));
}

// Interest shown near the touch and taken back, hardly ever filled.
RuleTwin withdrawals(const std::string& book, std::string id, std::string clause, int limit) {
  RuleTwin made = by_group_and_instrument(book, std::move(id), std::move(clause));
  made.params = {{"limit", fraction(limit)},
                 {"filled_share_max", fraction(2, 100)},
                 {"near_share_min", fraction(20, 100)}};
  made.lets = {count_of("withdrawals", is("withdrawn")),
               {"filled_share",
                [](const Entries& entries, const View&) {
                  const Number filled = sum_if(entries, &Happening::notional, is("fill"));
                  return over(filled,
                              plus(filled, sum_if(entries, &Happening::notional, is("withdrawn"))));
                }},
               {"near_share", [](const Entries& entries, const View&) {
                  return over(sum_if(entries, &Happening::notional, near_with_weight),
                              sum_if(entries, &Happening::notional, is("withdrawn")));
                }}};
  made.uses_baseline = true;
  made.when = [](const View& v) {
    return at_least(v["withdrawals"], v.param("limit")) &&
           at_least(v["withdrawals"], v.baseline("withdrawals")) &&
           at_most(v["filled_share"], v.param("filled_share_max")) &&
           at_least(v["near_share"], v.param("near_share_min"));
  };
  const auto stricter = [](const View& v) {
    const Number usual = v.baseline("withdrawals");
    return more(usual, v.param("limit")) ? usual : v.param("limit");
  };
  made.facts = {{"withdrawals", stricter},
                against_param("filled_share", "filled_share_max"),
                against_param("near_share", "near_share_min")};
  return made;
}

RuleTwin frequent_withdrawals(const std::string& book) {
  RuleTwin made = withdrawals(book, "frequent_cancel", "2.8", 500);
  made.counts = [](const Happening& h, const RuleTwin&) {
    return (h.event == "withdrawn" || h.event == "fill") && !h.exemption;
  };
  return made;
}

RuleTwin large_withdrawals(const std::string& book) {
  RuleTwin made = withdrawals(book, "large_order_cancel", "2.9", 20);
  made.counts = [](const Happening& h, const RuleTwin&) {
    return (h.event == "fill" || (h.event == "withdrawn" && h.large)) && !h.exemption;
  };
  return made;
}

RuleTwin hft_forbidden(std::string id, int limit) {
  RuleTwin made = by_group_and_instrument("default", std::move(id), "2.4");
  made.counts = [](const Happening& h, const RuleTwin&) {
    return h.event == "message" && h.hft_forbidden;
  };
  count_against_limit(made, "messages", limit);
  return made;
}

RuleTwin message_burst(const std::string& book) {
  RuleTwin made = rule(book, "message_burst", "2.11");
  made.by_group = true;
  made.window = RuleTwin::Window::sliding;
  made.length = second;
  made.params = {{"limit", fraction(200)},
                 {"reject_share_min", fraction(50, 100)},
                 {"fill_share_max", fraction(1, 100)}};
  made.counts = [](const Happening& h, const RuleTwin&) {
    return h.event == "message" || h.event == "fill";
  };
  const auto refused = [](const Happening& h) { return h.message == MessageKind::reject; };
  made.lets = {count_of("messages", is("message")),
               {"reject_share",
                [refused](const Entries& entries, const View& v) {
                  return over(count_if(entries, refused), v["messages"]);
                }},
               {"fill_share", [](const Entries& entries, const View& v) {
                  return over(count_if(entries, is("fill")), v["messages"]);
                }}};
  made.when = [](const View& v) {
    return at_least(v["messages"], v.param("limit")) &&
           (at_least(v["reject_share"], v.param("reject_share_min")) ||
            less(v["fill_share"], v.param("fill_share_max")));
  };
  made.facts = {against_param("messages", "limit"),
                against_param("reject_share", "reject_share_min"),
                against_param("fill_share", "fill_share_max")};
  return made;
}

std::vector<RuleTwin> default_rules() {
  const std::string book = "default";
  RuleTwin fast = hft_forbidden("hft_forbidden", 50);
  fast.window = RuleTwin::Window::sliding;
  fast.length = {10 * second.ns};
  return {self_trade(book),
          frequent_withdrawals(book),
          large_withdrawals(book),
          daily_open_limit(book),
          daily_open_count_limit(book),
          fast,
          hft_forbidden("hft_forbidden_day", 5'000),
          message_burst(book),
          unfilled_ratio(book),
          invalid_cancel_ratio(book),
          expire_ratio(book),
          dust_ratio(book)};
}

}  // namespace

std::vector<RuleTwin> shipped_rules(std::string_view rulebook_id) {
  if (rulebook_id == "cn-futures") return cn_futures();
  if (rulebook_id == "cn-futures-index") return cn_futures_index();
  if (rulebook_id == "binance-quant") return binance_quant();
  if (rulebook_id == "mifid-hft") return mifid_hft();
  if (rulebook_id == "cn-program") return cn_program();
  check(rulebook_id == "default", "a shipped rulebook");
  return default_rules();
}

}  // namespace marktwacht::twin
