// pump_and_dump: a crowd buys in a rush at one signal; who had gathered before sells to it.
// docs/detectors/pump_and_dump.md.
#include <algorithm>
#include <bit>

#include "detectors/catalogue.h"
#include "detectors/rush_orders.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                        \
  P(sigma_change_min, 0.3032, 0.01, 100) \
  P(rushes_min, 5, 2, 10'000)            \
  P(rise_min, 0.01, 0.001, 10)           \
  P(buyers_min, 3, 1, 60)                \
  P(others_max, 2, 0, 10'000)            \
  P(gathered_share_min, 0.05, 0.001, 1)  \
  P(sold_share_min, 0.5, 0.01, 1)        \
  P(dump_s, 3'600, 60, 43'200)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "pump_and_dump",
    .claim =
        "At one signal many bought in a rush and drove up the price of this instrument alone; "
        "who had gathered it before could sell to them.",
    .clause = "2.7",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::trade, EventKind::fill},
    .looks_ahead = {EventKind::trade},
    .memory_max = day,
    .quiet_max = {3'600 * second.ns},
    .entries_max = 20'000,
    .params = Params::specs,
    .text_en =
        "{instrument} rose by {rise} within 25 seconds in {rushes} rush orders; {accounts} sold "
        "{sold_share} of what had been gathered before.",
    .text_de =
        "{instrument} stieg binnen 25 Sekunden um {rise} in {rushes} Schüben von Käufen; "
        "{accounts} verkaufte {sold_share} des zuvor Angesammelten.",
};

constexpr std::uint32_t warm_chunks = 144;  // an hour
constexpr Duration half_day{day.ns / 2};

std::int64_t chunk_of(Time time) { return time.ns / rush_chunk.ns; }

// A sum over 12 to 24 hours.
struct Lately {
  std::int64_t half = 0, before = 0, current = 0;

  void add(std::int64_t quantity, Time now) {
    const std::int64_t this_half = now.ns / half_day.ns;
    if (this_half != half) {
      before = this_half == half + 1 ? current : 0;
      current = 0;
      half = this_half;
    }
    if (quantity < INT64_MAX / 4 && current < INT64_MAX / 4) {
      current += quantity;
    }
  }
  std::int64_t sum() const { return before + current; }
};

struct Pump {
  Time at;  // of 0: none
  std::int64_t base = 0, rise = 0, rushes = 0, sigma_change = 0;
  std::int64_t traded_before = 0;
  std::uint64_t seq = 0;
};

struct Chunks {
  RushWindow window;  // up to the chunk before
  std::uint32_t buys_in_ms = 0, rushes = 0;
  std::int64_t chunk = 0;
  std::int64_t ms = 0;    // of the last buy
  std::int64_t base = 0;  // the price when the chunk began
  std::int64_t highest = 0, last = 0;
  std::uint64_t buyers = 0;  // a bit for each, by number: those of one bit count as one
  std::uint64_t first_seq = 0, last_seq = 0;  // of its buys
  std::uint64_t moved = 0;                    // 1: counted among those that move
  Lately traded;
  Pump pump;
};

// What a hand holds of an instrument beyond what it had, and what it did in a pump.
struct Holder {
  Lately bought, sold;
  Time pump;  // the one that the rest is about
  std::int64_t gathered = 0, dumped = 0;
  std::int64_t chunk = 0, in_chunk = 0;  // the last one in which it bought, and how much
  std::uint64_t first_seq = 0;

  void buy(std::int64_t quantity, Time now) {
    bought.add(quantity, now);
    in_chunk = chunk == chunk_of(now) ? in_chunk : 0;
    chunk = chunk_of(now);
    if (quantity < INT64_MAX / 4 && in_chunk < INT64_MAX / 4) {
      in_chunk += quantity;
    }
  }
};

// Instruments that moved in a chunk.
struct Moved {
  std::int64_t instruments = 0;
};

class PumpAndDump final : public Detector {
 public:
  explicit PumpAndDump(const DetectorSetup& setup)
      : params_(Params::of(setup.params)),
        chunks_(setup, spec.memory_max),
        holders_(setup, spec.memory_max),
        moved_(setup, {4 * rush_chunk.ns}) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::trade) {
      take_trade(event, market, findings);
    } else if (event.fill->kind == TradeKind::book && !event.fill->same_group) {
      take_fill(event, market, findings);
    }
  }

  void look_ahead(Ahead ahead, AccountIndex account, InstrumentIndex instrument,
                  const Market& market) const override {
    holders_.look_ahead(ahead, key_of(owner_of(market, account), instrument));
  }

  // A chunk in which enough was bought is over.
  void fire(std::uint64_t key, const Market&, Findings& findings) override {
    Chunks* all = chunks_.find(key, findings.now());
    if (all == nullptr || all->chunk != chunk_of(findings.now()) - 1 || all->moved == 0 ||
        all->window.held < warm_chunks || moves_with_others(*all, findings.now())) {
      return;
    }
    const int buyers = std::popcount(all->buyers);
    RushWindow after = all->window;
    after.push(all->rushes);
    const SigmaChange change = sigma_change(all->window, after, params_.sigma_change_min);
    if (!change.reached || (buyers > 0 && buyers < params_.buyers_min.whole())) {
      return;
    }
    Pump& pump = all->pump;
    pump = {findings.now(),
            all->base,
            static_cast<std::int64_t>(Int128{all->highest - all->base} * Param::one / all->base),
            all->rushes,
            change.units,
            all->traded.sum(),
            all->first_seq};
    Report report = report_of(pump, InstrumentIndex{static_cast<std::uint32_t>(key)});
    report.from = Time{all->chunk * rush_chunk.ns};
    report.facts.push_back({"sold_share", 0, Param::scale, nullptr});
    report.score_parts = {{"rush", 40}, {"rise", pump.rise >= 2 * params_.rise_min.units ? 10 : 0}};
    report.evidence = {all->first_seq};
    if (all->last_seq != all->first_seq) {
      report.evidence.push_back(all->last_seq);
    }
    report.counted = all->rushes;
    findings.report(report);
  }

  void save(ByteWriter& out) const override {
    chunks_.save(out);
    holders_.save(out);
    moved_.save(out);
  }
  bool load(ByteReader& in, const Market&) override {
    return chunks_.load(in, [](auto, const Chunks& all) { return all.window.sound(); }) &&
           holders_.load(in, [](auto, const Holder&) { return true; }) &&
           moved_.load(in, [](auto, const Moved&) { return true; });
  }

 private:
  // Who took: of a trade that names nobody what it says, else the taker's side.
  static const Fill* taker_of(const Market& market) {
    for (const Derived& derived : market.derived()) {
      const Fill* fill = std::get_if<Fill>(&derived);
      if (fill != nullptr && !fill->maker) {
        return fill;
      }
    }
    return nullptr;
  }

  void take_trade(const Occurrence& event, const Market& market, Findings& findings) {
    const auto& trade = static_cast<const event::Trade&>(*event.line);
    const InstrumentIndex instrument = market.directory().find_instrument(trade.instrument_id);
    const auto& price = market.directory().instrument(instrument).trade_price;
    if (trade.kind != TradeKind::book || !price || price->units <= 0) {
      return;
    }
    Chunks& all = chunks_.touch(instrument.value, findings);
    go_on(all, event.now(), price->units);
    all.last = price->units;
    const Fill* taker = taker_of(market);
    if (taker != nullptr) {
      all.traded.add(taker->quantity.units, event.now());
    }
    const Side side = taker != nullptr ? taker->side : trade.aggressor;
    if (side == Side::buy) {
      take_buy(all, instrument, taker, event, market, findings);
    }
  }

  // To the chunk of now: those between were empty.
  static void go_on(Chunks& all, Time now, std::int64_t price) {
    const std::int64_t chunk = chunk_of(now);
    if (chunk == all.chunk) {
      return;
    }
    if (all.last == 0) {
      all.base = price;
    } else {
      all.base = all.last;
      all.window.push(all.rushes);
      const std::int64_t empty = std::min<std::int64_t>(chunk - all.chunk - 1, RushWindow::size);
      for (std::int64_t i = 0; i < empty; ++i) {
        all.window.push(0);
      }
    }
    all.chunk = chunk;
    all.highest = 0;
    all.rushes = 0;
    all.buyers = all.moved = 0;
    all.first_seq = 0;
  }

  void take_buy(Chunks& all, InstrumentIndex instrument, const Fill* taker, const Occurrence& event,
                const Market& market, Findings& findings) {
    const std::int64_t ms = event.now().ns / millisecond.ns;
    all.buys_in_ms = ms == all.ms ? all.buys_in_ms + 1 : 1;
    all.ms = ms;
    all.rushes += all.buys_in_ms == 2 ? 1 : 0;
    all.highest = std::max(all.highest, all.last);
    all.first_seq = all.first_seq == 0 ? event.moment.seq : all.first_seq;
    all.last_seq = event.moment.seq;
    if (taker != nullptr) {
      all.buyers |= std::uint64_t{1} << owner_of(market, taker->account).value % 64;
    }
    if (all.moved == 0 && all.rushes >= params_.rushes_min.whole() &&
        params_.rise_min.reached(all.highest - all.base, all.base)) {
      all.moved = 1;
      ++moved_.touch(static_cast<std::uint64_t>(all.chunk), findings).instruments;
      findings.wake(Time{(all.chunk + 1) * rush_chunk.ns}, instrument.value);
    }
  }

  bool moves_with_others(const Chunks& all, Time now) {
    std::int64_t others = -1;
    for (const std::int64_t chunk : {all.chunk - 1, all.chunk}) {
      const Moved* moved = moved_.find(static_cast<std::uint64_t>(chunk), now);
      others += moved == nullptr ? 0 : moved->instruments;
    }
    return others > params_.others_max.whole();
  }

  void take_fill(const Occurrence& event, const Market& market, Findings& findings) {
    const Fill& fill = *event.fill;
    const Owner owner = owner_of(market, fill.account);
    Holder& holder = holders_.touch(key_of(owner, fill.instrument), findings);
    holder.first_seq = holder.first_seq == 0 ? event.moment.seq : holder.first_seq;
    const Chunks* all = chunks_.find(fill.instrument.value, event.now());
    const bool pumped = all != nullptr && all->pump.at != Time{} &&
                        event.now() - all->pump.at <= params_.dump_s.seconds();
    if (pumped && holder.pump != all->pump.at) {
      holder.bought.add(0, event.now());
      holder.sold.add(0, event.now());
      holder.pump = all->pump.at;
      // Who bought in the rush was caught in it.
      const bool in_rush = holder.chunk == chunk_of(all->pump.at) - 1;
      holder.gathered = holder.bought.sum() - holder.sold.sum() - (in_rush ? holder.in_chunk : 0);
      holder.dumped = 0;
    }
    if (fill.side == Side::buy) {
      holder.buy(fill.quantity.units, event.now());
    } else {
      holder.sold.add(fill.quantity.units, event.now());
    }
    if (pumped && fill.side == Side::sell && fill.price.units > all->pump.base &&
        holder.dumped < holder.gathered) {
      holder.dumped += std::min(fill.quantity.units, holder.gathered - holder.dumped);
      judge_seller(holder, all->pump, event, findings);
    }
  }

  void judge_seller(const Holder& holder, const Pump& pump, const Occurrence& event,
                    Findings& findings) const {
    if (!params_.gathered_share_min.reached(holder.gathered, pump.traded_before) ||
        !params_.sold_share_min.reached(holder.dumped, holder.gathered)) {
      return;
    }
    Report report = report_of(pump, event.instrument);
    report.account = event.account;
    report.from = pump.at;
    report.severity = Severity::high;
    report.facts.push_back(
        ratio("sold_share", holder.dumped, holder.gathered, &params_.sold_share_min));
    report.facts.push_back(
        ratio("gathered_share", holder.gathered, pump.traded_before, &params_.gathered_share_min));
    report.score_parts = {{"rush", 40}, {"sold", 40}};
    report.evidence = {holder.first_seq, pump.seq, event.moment.seq};
    std::ranges::sort(report.evidence);
    findings.report(report);
  }

  Report report_of(const Pump& pump, InstrumentIndex instrument) const {
    Report report;
    report.instrument = instrument;
    report.facts = {{"rise", pump.rise, Param::scale, &params_.rise_min},
                    {"rushes", pump.rushes, 0, &params_.rushes_min},
                    {"sigma_change", pump.sigma_change, Param::scale, &params_.sigma_change_min}};
    return report;
  }

  Params params_;
  Entries<Chunks> chunks_;   // by instrument
  Entries<Holder> holders_;  // by owner and instrument
  Entries<Moved> moved_;     // by chunk
};

}  // namespace

MW_DETECTOR_IS(pump_and_dump, PumpAndDump, spec)

}  // namespace marktwacht
