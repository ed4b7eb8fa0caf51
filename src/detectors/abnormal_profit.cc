// abnormal_profit: always in before the news and on the right side, or gains that nobody else
// makes. docs/detectors/abnormal_profit.md.
#include <algorithm>
#include <array>
#include <span>

#include "detectors/amounts.h"
#include "detectors/catalogue.h"
#include "market/announced.h"
#include "market/book_questions.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                  \
  P(times_min, 3, 2, 1'000)        \
  P(profitable_min, 0.8, 0.5, 1)   \
  P(before_s, 1'800, 1, 86'400)    \
  P(moves_min, 1, 0, 100)          \
  P(share_min, 0.75, 0, 1)         \
  P(trips_min, 50, 10, 100'000)    \
  P(deviations_min, 60, 2, 10'000) \
  P(peers_min, 20, 8, 256)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "abnormal_profit",
    .claim =
        "One hand took positions shortly before announcements again and again and nearly always "
        "gained, or gained more from what it traded than others ever do.",
    .clause = "2.1",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::fill, EventKind::announcement},
    .asks_tape = true,
    .memory_max = {30 * day.ns},
    .quiet_max = day,
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts}: positions taken shortly before an announcement {entries}, share of these that "
        "gained {profitable}; or round trips compared with those of others {trips}, whose gain per "
        "traded value lay {deviations} median deviations above theirs.",
    .text_de =
        "{accounts}: Positionen kurz vor einer Bekanntgabe {entries}, davon mit Gewinn ein Anteil "
        "von {profitable}; oder mit anderen verglichene Positionen {trips}, deren Gewinn je "
        "gehandeltem Wert um {deviations} mediane Abweichungen über dem anderer lag.",
};

// A position that a hand takes, until it is as good as closed.
struct Entry {
  Int128 in_value = 0, out_value = 0;  // price × quantity units
  std::int64_t in = 0, out = 0;
  Time from;
  std::uint64_t first_seq = 0, buys = 0;
  std::uint64_t unused = 0;
};

// What became of a hand's positions.
struct Tally {
  Int128 gain = 0;  // of those before announcements, in ten-thousandths
  std::int64_t entries = 0, before = 0, profitable = 0;
  std::uint64_t first_seq = 0, last_seq = 0;
  Time from;  // of the first before an announcement
};

struct News {
  static constexpr std::size_t kept = 8;

  Time at[kept];
  std::uint64_t next = 0;
};

// A hand's round trips of a day.
struct Trips {
  Int128 gain = 0, worth = 0;  // in ten-thousandths; worth: of what closed
  std::int64_t day = 0, trips = 0;
  std::uint64_t first_seq = 0;
  Time from;
};

// What hands gained per traded value, in hundred-millionths: the last so many.
struct Peers {
  static constexpr std::size_t kept = 256;

  std::int64_t gains[kept] = {};
  std::uint64_t held = 0, next = 0;

  void push(std::int64_t gain) {
    gains[next] = gain;
    next = (next + 1) % kept;
    held = std::min<std::uint64_t>(held + 1, kept);
  }
};

std::int64_t median_of(std::span<std::int64_t> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

class AbnormalProfit final : public Detector {
 public:
  explicit AbnormalProfit(const DetectorSetup& setup)
      : params_(Params::of(setup.params)),
        news_(setup, spec.memory_max),
        entries_(setup, day),
        tallies_(setup, spec.memory_max),
        trips_(setup, day) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::announcement) {
      for (const InstrumentIndex one : announced(market, as<event::Announcement>(*event.line))) {
        News& news = news_.touch(one.value, findings);
        news.at[news.next] = event.now();
        news.next = (news.next + 1) % News::kept;
      }
    } else if (!event.fill->same_group && !event.fill->same_account &&
               !market.exemptions().find(event.account, event.instrument, event.now())) {
      take_entry(event, market, findings);
      take_trip(event, market, findings);
    }
  }

  void save(ByteWriter& out) const override {
    news_.save(out);
    entries_.save(out);
    tallies_.save(out);
    trips_.save(out);
    out.raw({reinterpret_cast<const char*>(&peers_), sizeof peers_});
  }
  bool load(ByteReader& in, const Market&) override {
    const bool tables = news_.load(in, [](auto, const News& news) {
      return news.next < News::kept;
    }) && entries_.load(in, [](auto, const Entry& entry) {
      return entry.in > 0 && entry.out >= 0;
    }) && tallies_.load(in, [](auto, const Tally& tally) {
      return tally.entries >= tally.before && tally.before >= tally.profitable;
    }) && trips_.load(in, [](auto, const Trips& trips) { return trips.trips >= 0; });
    const std::string_view bytes = in.raw(sizeof peers_);
    if (!tables || !in.ok()) {
      return false;
    }
    std::ranges::copy(bytes, reinterpret_cast<char*>(&peers_));
    return peers_.held <= Peers::kept && peers_.next < Peers::kept;
  }

 private:
  // --- in before the news

  void take_entry(const Occurrence& event, const Market& market, Findings& findings) {
    const Fill& fill = *event.fill;
    const std::uint64_t key = key_of(owner_of(market, event.account), event.instrument);
    Entry& entry = entries_.touch(key, findings);
    const std::uint64_t buys = fill.side == Side::buy ? 1 : 0;
    if (entry.in == 0) {
      entry.from = event.now();
      entry.first_seq = event.moment.seq;
      entry.buys = buys;
    }
    const Int128 value = Int128{fill.price.units} * fill.quantity.units;
    const bool adds = entry.buys == buys;
    Int128& to = adds ? entry.in_value : entry.out_value;
    std::int64_t& count = adds ? entry.in : entry.out;
    if (value > most || value < -most || to > most - value || to < -most - value ||
        count > INT64_MAX - fill.quantity.units) {
      entries_.erase(key);
      findings.unjudged();
      return;
    }
    to += value;
    count += fill.quantity.units;
    if (Int128{entry.out} * 10 >= Int128{entry.in} * 9) {
      const Entry closed = entry;
      entries_.erase(key);
      close(closed, event, market, findings);
    }
  }

  // Whether something was announced after it began, within `before_s` and before it was over.
  bool before_news(const Entry& entry, const Occurrence& event) {
    const News* news = news_.find(event.instrument.value, event.now());
    return news != nullptr && std::ranges::any_of(news->at, [&](Time at) {
             return entry.from < at && at - entry.from <= params_.before_s.seconds();
           });
  }

  void close(const Entry& entry, const Occurrence& event, const Market& market,
             Findings& findings) {
    Tally& tally = tallies_.touch(owner_of(market, event.account).value, findings);
    ++tally.entries;
    if (!before_news(entry, event)) {
      return;
    }
    const Price in{static_cast<std::int64_t>(entry.in_value / entry.in)};
    const Price out{static_cast<std::int64_t>(entry.out_value / entry.out)};
    const std::int64_t gone = entry.buys != 0 ? out.units - in.units : in.units - out.units;
    const Duration over =
        std::clamp(event.now() - entry.from, Tape::step, Duration{3'600 * second.ns});
    const auto usual = market.tape().calm_move(event.instrument, over, entry.from);
    if (tally.before == 0) {
      tally.from = entry.from;
      tally.first_seq = entry.first_seq;
    }
    ++tally.before;
    tally.last_seq = event.moment.seq;
    tally.gain += gain_from(market.directory().instrument(event.instrument),
                            entry.buys != 0 ? Side::buy : Side::sell, in, out,
                            Quantity{std::min(entry.in, entry.out)});
    tally.gain = std::clamp(tally.gain, -amount_most, amount_most);
    if (gone > 0 && params_.moves_min.reached(gone, usual.value_or(0))) {
      ++tally.profitable;
    }
    if (tally.before >= params_.times_min.whole() && tally.gain > 0 &&
        params_.profitable_min.reached(tally.profitable, tally.before) &&
        params_.share_min.reached(tally.before, tally.entries)) {
      tell(tally, event, findings);
    }
  }

  void tell(const Tally& tally, const Occurrence& event, Findings& findings) const {
    Report report;
    report.account = event.account;
    report.from = tally.from;
    report.facts = {{"entries", tally.before, 0, &params_.times_min},
                    ratio("profitable", tally.profitable, tally.before, &params_.profitable_min),
                    ratio("share", tally.before, tally.entries, &params_.share_min),
                    {"gain", tally.gain, Param::scale, nullptr},
                    {"trips", 0, 0, nullptr},
                    {"deviations", 0, 0, nullptr}};
    const bool often = tally.before >= 2 * params_.times_min.whole();
    const bool all = tally.profitable == tally.before;
    report.score_parts = {{"before", 50}, {"often", often ? 20 : 0}, {"all", all ? 10 : 0}};
    report.evidence = {tally.first_seq, tally.last_seq};
    report.counted = static_cast<std::uint64_t>(tally.before);
    findings.report(report);
  }

  // --- gains beyond those of others

  void take_trip(const Occurrence& event, const Market& market, Findings& findings) {
    const Fill& fill = *event.fill;
    const Terms& terms = market.directory().instrument(event.instrument).terms;
    if (fill.closed.units == 0 || terms.inverse) {
      return;
    }
    Trips& trips =
        trips_.touch(key_of(owner_of(market, event.account), event.instrument), findings);
    if (trips.trips == 0 || trips.day != event.moment.day) {
      trips = {};
      trips.day = event.moment.day;
      trips.from = event.now();
      trips.first_seq = event.moment.seq;
    }
    trips.gain =
        std::clamp(trips.gain + ten_thousandths(fill.realised_gain.units, terms.gain_scale),
                   -amount_most, amount_most);
    trips.worth = std::min(trips.worth + ten_thousandths(fill.notional.units, terms.notional_scale),
                           amount_most);
    // Further fills of one order are the same round trip.
    if (fill.order.known && fill.order.filled != fill.quantity) {
      return;
    }
    if (++trips.trips % params_.trips_min.whole() == 0 && trips.worth > 0) {
      compare(trips, event, findings);
    }
  }

  void compare(const Trips& trips, const Occurrence& event, Findings& findings) {
    constexpr std::int64_t one = 100'000'000;
    const auto gain = static_cast<std::int64_t>(
        std::clamp(trips.gain * one / trips.worth, -Int128{INT32_MAX}, Int128{INT32_MAX}));
    std::array<std::int64_t, Peers::kept> others;
    const auto held = static_cast<std::ptrdiff_t>(peers_.held);
    std::copy_n(peers_.gains, held, others.begin());
    peers_.push(gain);
    if (held < params_.peers_min.whole()) {
      return;
    }
    const std::span<std::int64_t> known{others.data(), static_cast<std::size_t>(held)};
    const std::int64_t median = median_of(known);
    for (std::int64_t& value : known) {
      value = value < median ? median - value : value - median;
    }
    const std::int64_t deviation = std::max<std::int64_t>(1, median_of(known));
    if (gain <= 0 || !params_.deviations_min.reached(gain - median, deviation)) {
      return;
    }
    Report report;
    report.account = event.account;
    report.instrument = event.instrument;
    report.from = trips.from;
    report.facts = {ratio("deviations", gain - median, deviation, &params_.deviations_min),
                    {"gain", trips.gain, Param::scale, nullptr},
                    {"trips", trips.trips, 0, &params_.trips_min},
                    {"entries", 0, 0, nullptr},
                    {"profitable", 0, 0, nullptr}};
    const bool far = gain - median >= 2 * params_.deviations_min.whole() * deviation;
    report.score_parts = {{"gain", 40}, {"far", far ? 20 : 0}};
    report.evidence = {trips.first_seq, event.moment.seq};
    report.counted = static_cast<std::uint64_t>(trips.trips);
    findings.report(report);
  }

  static constexpr Int128 most = Int128{1} << 120;

  Params params_;
  Entries<News> news_;      // by instrument
  Entries<Entry> entries_;  // by owner and instrument
  Entries<Tally> tallies_;  // by owner
  Entries<Trips> trips_;    // by owner and instrument
  Peers peers_;
};

}  // namespace

MW_DETECTOR_IS(abnormal_profit, AbnormalProfit, spec)

}  // namespace marktwacht
