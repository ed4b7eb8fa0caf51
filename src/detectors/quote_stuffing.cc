// quote_stuffing: messages meant to slow others down, not to trade.
// docs/detectors/quote_stuffing.md.
#include <algorithm>

#include "base/stable_hash.h"
#include "detectors/catalogue.h"
#include "market/owner.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                     \
  P(messages_min, 100, 20, 1'000'000) \
  P(window_s, 2, 0.1, 60)             \
  P(own_factor, 5, 1, 1'000)          \
  P(market_factor, 1, 0.1, 1'000)     \
  P(idle_share_min, 0.8, 0.01, 1)     \
  P(brief_ms_max, 50, 1, 10'000)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr Duration own_memory{3'600 * second.ns};
constexpr Duration moved_memory{10 * second.ns};  // the most that brief_ms_max can be
constexpr std::int64_t minute_ns = 60 * second.ns;

constexpr DetectorSpec spec = {
    .id = "quote_stuffing",
    .claim =
        "Within moments one hand sent so many orders and cancels, almost all refused or taken "
        "back at once, that others' messages were held up and nothing was to be traded.",
    .clause = "2.8",
    .severity = Severity::medium,
    .maturity = Maturity::incubating,
    .hears = {EventKind::message, EventKind::withdrawn, EventKind::order_closed},
    .looks_ahead = {EventKind::order, EventKind::cancel, EventKind::replace},
    .memory_max = own_memory,
    .quiet_max = {60 * second.ns},
    .entries_max = 100'000,
    .params = Params::specs,
    .text_en =
        "{accounts} sent {messages} messages within moments on {instrument}; {idle_share} of "
        "them were refused or orders taken back at once.",
    .text_de =
        "{accounts} sandte binnen Augenblicken {messages} Nachrichten in {instrument}; der "
        "Anteil abgelehnter und sofort zurückgenommener Aufträge war {idle_share}.",
};

// A hand's messages on an instrument, from the first of them for window_s, while that is busy.
struct Own {
  Time from;
  std::uint32_t messages = 0, rejects = 0;
  std::uint32_t brief = 0;  // orders taken back at once, untraded
  std::uint32_t told = 0;   // messages when this window was last reported; 0: it was not
  std::uint32_t usual = 0;  // per window, in sixteenths: a moving mean without bursts
  std::uint32_t moved = 0;  // replaces of orders that had just come to where they stood, untraded
  std::uint64_t first_seq = 0;

  void begin(Time now, std::uint64_t seq) {
    if (told == 0) {
      usual = usual - usual / 16 + messages;
    }
    from = now;
    messages = rejects = brief = moved = told = 0;
    first_seq = seq;
  }
  // Some brief orders were sent just before `from`.
  std::uint64_t idle() const {
    return std::min<std::uint64_t>(rejects + 2 * std::uint64_t{brief} + moved, messages);
  }
};

// All messages on an instrument, without bursts.
struct Busy {
  std::int64_t window = 0, minute = 0;  // their numbers
  std::uint32_t in_window = 0, in_minute = 0, minute_before = 0;
  std::uint32_t unused = 0;

  void count(Time now, Duration window_length) {
    if (!is_in(minute, now, minute_ns)) {
      const std::int64_t this_minute = now.ns / minute_ns;
      minute_before = this_minute == minute + 1 ? in_minute : 0;
      in_minute = 0;
      minute = this_minute;
    }
    if (!is_in(window, now, window_length.ns)) {
      window = now.ns / window_length.ns;
      in_window = 0;
    }
    ++in_window;
    ++in_minute;
  }
  // Whether `now` is in the stretch of that number. It mostly is, and a division takes long.
  static bool is_in(std::int64_t number, Time now, std::int64_t length) {
    const auto stretch = static_cast<std::uint64_t>(length);
    return static_cast<std::uint64_t>(now.ns) - static_cast<std::uint64_t>(number) * stretch <
           stretch;
  }
};

// An order that a hand in a busy market moved by a replace.
struct Moved {
  Time at;
  Quantity filled;  // until then
};

class QuoteStuffing final : public Detector {
 public:
  explicit QuoteStuffing(const DetectorSetup& setup)
      : params_(Params::of(setup.params)),
        own_(setup, own_memory),
        busy_(setup, own_memory),
        moved_(setup, moved_memory) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::message) {
      take_message(event, market, findings);
    } else if (event.kind == EventKind::withdrawn) {
      take_moved(event, market, findings);
    } else {
      take_closed(event, market);
    }
  }

  void look_ahead(Ahead ahead, AccountIndex account, InstrumentIndex instrument,
                  const Market& market) const override {
    own_.look_ahead(ahead, key_of(owner_of(market, account), instrument));
  }
  void save(ByteWriter& out) const override {
    own_.save(out);
    busy_.save(out);
    moved_.save(out);
  }
  bool load(ByteReader& in, const Market&) override {
    return own_.load(in, [](auto, const Own&) { return true; }) &&
           busy_.load(in, [](auto, const Busy&) { return true; }) &&
           moved_.load(in, [](auto, const Moved&) { return true; });
  }

 private:
  bool current(const Own& own, Time now) const {
    return own.messages > 0 && now - own.from < params_.window_s.seconds();
  }

  // Of the hand whose event it is, if it is being looked at.
  Own* current_own(const Occurrence& event, const Market& market) {
    const std::uint64_t key = key_of(owner_of(market, event.account), event.instrument);
    Own* const own = own_.find(key, event.now());
    return own != nullptr && current(*own, event.now()) ? own : nullptr;
  }

  // Whether the order stood where it stands for a moment only, and nothing of it traded there.
  bool was_idle(std::uint64_t id, const OrderFacts& order, Time now) {
    const Moved* const moved = moved_.find(id, now);
    const bool came_by_move = moved != nullptr && moved->at >= order.placed;  // ids are used again
    const Duration stood = now - (came_by_move ? moved->at : order.placed);
    const Quantity filled_before = came_by_move ? moved->filled : Quantity{};
    return order.filled == filled_before &&
           stood.ns / millisecond.ns <= params_.brief_ms_max.whole();
  }

  void take_moved(const Occurrence& event, const Market& market, Findings& findings) {
    const Withdrawn& withdrawn = *event.withdrawn;
    Own* const own = withdrawn.by_replace ? current_own(event, market) : nullptr;
    if (own == nullptr) {
      return;
    }
    const auto& replace = as<event::Replace>(*event.line);
    const std::uint64_t id = stable_hash(replace.order_id.view());
    const bool cuts = withdrawn.quantity < withdrawn.standing.own;  // and grew by another replace
    if (was_idle(id, withdrawn.order, event.now())) {
      own->moved += cuts ? 2 : 1;
    }
    moved_.erase(id);
    const bool renamed = replace.has_new_order_id();
    moved_.touch(renamed ? stable_hash(replace.new_order_id.view()) : id, findings) = {
        event.now(), withdrawn.order.filled};
  }

  void take_closed(const Occurrence& event, const Market& market) {
    const OrderClosed& closed = *event.order_closed;
    const bool taken_back = !closed.filled && closed.reason == CancelReason::user;
    Own* const own = taken_back ? current_own(event, market) : nullptr;
    if (own == nullptr) {
      return;
    }
    const std::uint64_t id = stable_hash(as<event::Cancel>(*event.line).order_id.view());
    if (was_idle(id, closed.order, event.now())) {
      ++own->brief;
    }
  }

  // A hand is looked at only while its instrument is busy: then few have a record.
  void take_message(const Occurrence& event, const Market& market, Findings& findings) {
    Busy& busy = busy_.touch(event.instrument.value, findings);
    busy.count(event.now(), params_.window_s.seconds());
    if (busy.in_window < params_.messages_min.whole() / 8) {
      return;
    }
    Own& own = own_.touch(key_of(owner_of(market, event.account), event.instrument), findings);
    if (!current(own, event.now())) {
      own.begin(event.now(), event.moment.seq);
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
           params_.market_factor.reached(minute_ns * Int128{own.messages},
                                         busy.minute_before * params_.window_s.seconds().ns) &&
           params_.idle_share_min.reached(own.idle(), own.messages);
  }

  void tell(Own& own, const Occurrence& event, Findings& findings) {
    Report report;
    report.account = event.account;
    report.instrument = event.instrument;
    report.from = own.from;
    report.facts = {{"messages", own.messages, 0, &params_.messages_min},
                    ratio("idle_share", own.idle(), own.messages, &params_.idle_share_min),
                    {"refused", own.rejects, 0, nullptr}};
    const bool often = findings.reports(event.account, event.instrument) >= 2;
    report.score_parts = {{"messages", own.messages >= 2 * params_.messages_min.whole() ? 60 : 50},
                          {"again", often ? 20 : 0}};
    report.evidence = {own.first_seq, event.moment.seq};
    report.counted = own.messages - own.told;
    own.told = own.messages;
    findings.report(report);
  }

  Params params_;
  Entries<Own> own_;      // by owner and instrument
  Entries<Busy> busy_;    // by instrument
  Entries<Moved> moved_;  // by what the order's id comes to
};

}  // namespace

MW_DETECTOR_IS(quote_stuffing, QuoteStuffing, spec)

}  // namespace marktwacht
