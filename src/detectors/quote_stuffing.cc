// quote_stuffing: messages meant to slow others down, not to trade.
// docs/detectors/quote_stuffing.md.
#include "detectors/catalogue.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                     \
  P(messages_min, 200, 20, 1'000'000) \
  P(own_factor, 5, 1, 1'000)          \
  P(market_factor, 3, 1, 1'000)       \
  P(reject_share_min, 0.5, 0.01, 1)   \
  P(brief_share_min, 0.8, 0.01, 1)    \
  P(brief_ms_max, 50, 1, 10'000)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr Duration own_memory{3'600 * second.ns};

constexpr DetectorSpec spec = {
    .id = "quote_stuffing",
    .claim =
        "Within one second one hand sent so many orders and cancels, almost all refused or "
        "taken back at once, that others' messages were held up and nothing was to be traded.",
    .clause = "2.8",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::message, EventKind::order_closed},
    .memory_max = own_memory,
    .quiet_max = {60 * second.ns},
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} sent {messages} messages in one second on {instrument}; {brief_share} of "
        "them were orders taken back at once, {reject_share} were refused.",
    .text_de =
        "{accounts} sandte in einer Sekunde {messages} Nachrichten in {instrument}; der "
        "Anteil sofort zurückgenommener Aufträge war {brief_share}, der abgelehnter "
        "{reject_share}.",
};

std::int64_t second_of(Time time) { return time.ns / second.ns; }

// A hand's messages on an instrument, in a second in which that is busy.
struct Own {
  std::int64_t at = 0;  // the second
  std::uint32_t messages = 0, rejects = 0;
  std::uint32_t brief = 0;  // orders taken back at once, untraded
  std::uint32_t told = 0;   // messages when this second was last reported; 0: it was not
  std::uint32_t usual = 0;  // per busy second, in sixteenths: a moving mean without bursts
  std::uint32_t unused = 0;
  std::uint64_t first_seq = 0;

  void begin(std::int64_t now, std::uint64_t seq) {
    if (told == 0) {
      usual = usual - usual / 16 + messages;
    }
    at = now;
    messages = rejects = brief = told = 0;
    first_seq = seq;
  }
};

// All messages on an instrument, without bursts.
struct Busy {
  std::int64_t at = 0, minute = 0;
  std::uint32_t in_second = 0, in_minute = 0, minute_before = 0;
  std::uint32_t unused = 0;

  void count(Time now) {
    const std::int64_t this_second = second_of(now), this_minute = this_second / 60;
    if (this_minute != minute) {
      minute_before = this_minute == minute + 1 ? in_minute : 0;
      in_minute = 0;
      minute = this_minute;
    }
    in_second = this_second == at ? in_second + 1 : 1;
    at = this_second;
    ++in_minute;
  }
};

class QuoteStuffing final : public Detector {
 public:
  explicit QuoteStuffing(const DetectorSetup& setup)
      : params_(Params::of(setup.params)), own_(setup, own_memory), busy_(setup, own_memory) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::message) {
      return take_message(event, market, findings);
    }
    const OrderClosed& closed = *event.order_closed;
    const bool taken_back = !closed.filled && closed.reason == CancelReason::user;
    if (taken_back && closed.order.filled.units == 0 &&
        closed.life_ms <= params_.brief_ms_max.whole()) {
      const std::uint64_t key = key_of(owner_of(market, event.account), event.instrument);
      if (Own* own = own_.find(key, event.now()); own && own->at == second_of(event.now())) {
        ++own->brief;
      }
    }
  }

  void save(ByteWriter& out) const override {
    own_.save(out);
    busy_.save(out);
  }
  bool load(ByteReader& in, const Market&) override {
    return own_.load(in, [](auto, const Own&) { return true; }) &&
           busy_.load(in, [](auto, const Busy&) { return true; });
  }

 private:
  // A hand is looked at only once its instrument is busy this second: then few have a record.
  void take_message(const Occurrence& event, const Market& market, Findings& findings) {
    Busy& busy = busy_.touch(event.instrument.value, findings);
    busy.count(event.now());
    if (busy.in_second < params_.messages_min.whole() / 4) {
      return;
    }
    Own& own = own_.touch(key_of(owner_of(market, event.account), event.instrument), findings);
    if (own.at != second_of(event.now())) {
      own.begin(second_of(event.now()), event.moment.seq);
    }
    ++own.messages;
    own.rejects += event.message->kind == MessageKind::reject ? 1 : 0;
    if (own.told > 0) {
      --busy.in_minute;
    }
    if (is_burst(own, busy)) {
      busy.in_minute -= own.told == 0 ? std::min(busy.in_minute, own.messages) : 0;
      tell(own, event, findings);
    }
  }

  bool is_burst(const Own& own, const Busy& busy) const {
    return own.messages >= params_.messages_min.whole() && own.messages >= 2 * own.told &&
           params_.own_factor.reached(16 * Int128{own.messages}, own.usual) &&
           params_.market_factor.reached(60 * Int128{own.messages}, busy.minute_before) &&
           (params_.reject_share_min.reached(own.rejects, own.messages) ||
            params_.brief_share_min.reached(2 * Int128{own.brief}, own.messages));
  }

  void tell(Own& own, const Occurrence& event, Findings& findings) {
    Report report;
    report.account = event.account;
    report.instrument = event.instrument;
    report.from = Time{own.at * second.ns};
    report.facts = {
        {"messages", own.messages, 0, &params_.messages_min},
        ratio("brief_share", 2 * Int128{own.brief}, own.messages, &params_.brief_share_min),
        ratio("reject_share", own.rejects, own.messages, &params_.reject_share_min)};
    const bool often = findings.reports(event.account, event.instrument) >= 2;
    report.score_parts = {{"messages", own.messages >= 2 * params_.messages_min.whole() ? 60 : 50},
                          {"again", often ? 20 : 0}};
    report.evidence = {own.first_seq, event.moment.seq};
    report.counted = own.messages - own.told;
    own.told = own.messages;
    findings.report(report);
  }

  Params params_;
  Entries<Own> own_;    // by owner and instrument
  Entries<Busy> busy_;  // by instrument
};

}  // namespace

MW_DETECTOR_IS(quote_stuffing, QuoteStuffing, spec)

}  // namespace marktwacht
