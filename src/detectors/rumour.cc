// rumour: posts that say the same under several names, or that were refuted, and what they did.
// docs/detectors/rumour.md.
#include <algorithm>
#include <array>

#include "algorithms/sim_hash.h"
#include "algorithms/stable_hash.h"
#include "detectors/catalogue.h"
#include "detectors/usual_count.h"
#include "events/commitment.h"
#include "market/announced.h"
#include "market/book_questions.h"

namespace marktwacht {
namespace {

// name, default, least, most
#define PARAMS(P)                    \
  P(authors_min, 3, 2, 8)            \
  P(distance_max, 3, 0, 16)          \
  P(alike_s, 3'600, 60, 86'400)      \
  P(pause_s, 600, 10, 86'400)        \
  P(moves_min, 6, 1, 1'000)          \
  P(times_min, 3, 1.1, 1'000)        \
  P(withdrawals_min, 20, 1, 100'000) \
  P(news_s, 3'600, 0, 86'400)
MW_PARAMS(PARAMS)
#undef PARAMS

constexpr DetectorSpec spec = {
    .id = "rumour",
    .claim =
        "Posts that say the same were spread under several names or over several channels, or a "
        "post was refuted later, and the price or the withdrawals moved as they usually do not.",
    .clause = "2.6",
    .severity = Severity::low,
    .maturity = Maturity::sandbox,
    .hears = {EventKind::post, EventKind::announcement, EventKind::withdrawal},
    .asks_tape = true,
    .memory_max = {7 * day.ns},
    .quiet_max = {6 * 3'600 * second.ns},
    .entries_max = 20'000,
    .params = Params::specs,
    .text_en =
        "{posts} posts of {authors} authors on {channels} channels said nearly the same of "
        "{instrument}; the price, or the withdrawals, went {effect} times as far as usual. Refuted "
        "later: {refuted}; a position before, on the right side: {position} (1 = yes). Known "
        "accounts: {accounts}.",
    .text_de =
        "{posts} Beiträge von {authors} Verfassern auf {channels} Kanälen sagten nahezu dasselbe "
        "über {instrument}; der Preis oder die Auszahlungen gingen {effect}-mal so weit wie "
        "üblich. Später widerlegt: {refuted}; vorher eine Position auf der richtigen Seite: "
        "{position} (1 = ja). Bekannte Konten: {accounts}.",
};

// When the effect of what was said is looked at, besides at each further post.
constexpr std::array looks = {Duration{60 * second.ns}, Duration{300 * second.ns},
                              Duration{900 * second.ns}, Duration{3'600 * second.ns}};
constexpr std::uint64_t the_platform = InstrumentIndex::none_value;

// Different ones of what was named, by their hashes; beyond `kept` they are not told apart.
struct Names {
  static constexpr std::size_t kept = 8;

  std::uint64_t hashes[kept] = {};
  std::int64_t count = 0;

  // Whether it is new.
  bool add(std::uint64_t hash) {
    const auto end = hashes + count;
    if (count == static_cast<std::int64_t>(kept) || std::find(hashes, end, hash) != end) {
      return false;
    }
    hashes[count++] = hash;
    return true;
  }
  bool sound() const { return count >= 0 && count <= static_cast<std::int64_t>(kept); }
};

// What was said of one subject, by one post or by several that say nearly the same.
struct Saying {
  Names authors, channels, accounts;  // accounts: 1 + their numbers
  Time from, last, refuted;           // last: post; refuted of 0: it was not
  std::uint64_t subject = 0, first_seq = 0, last_seq = 0;
  std::int64_t posts = 0;
  std::int64_t before = 0;  // the last price, or how many withdrawals there had ever been
  std::int64_t usual = 0;   // of the platform: withdrawals in ten minutes, in ten-thousandths
  std::int64_t effect = 0;  // the largest, in ten-thousandths of what is usual
  std::int64_t held[Names::kept] = {};  // by account, when it posted: 1, short -1, else 0
  std::int64_t sign = 0;                // of the effect
  std::int64_t told = 0;                // 1: reported
};

// The last of what was said of a subject, and when the venue last told news of it.
struct Subject {
  static constexpr std::size_t kept = 64;
  struct Said {
    std::uint64_t text = 0, saying = 0;
    Time at;
  };

  Said recent[kept];
  std::uint64_t next = 0;
  Time news;
};

// A post, and what it said: of several instruments, so many sayings.
struct Post {
  static constexpr std::size_t kept = 4;

  std::uint64_t sayings[kept] = {};  // 0: none
};

class Rumour final : public Detector {
 public:
  explicit Rumour(const DetectorSetup& setup)
      : params_(Params::of(setup.params)),
        subjects_(setup, day),
        posts_(setup, spec.memory_max),
        sayings_(setup, spec.memory_max) {}

  void on(const Occurrence& event, const Market& market, Findings& findings) override {
    if (event.kind == EventKind::post) {
      take_post(event, market, findings);
    } else if (event.kind == EventKind::announcement) {
      take_announcement(event, market, findings);
    } else if (as<event::Withdrawal>(*event.line).status != WithdrawalStatus::rejected) {
      withdrawals_.add(event.now());
    }
  }

  // Some time after something was said first.
  void fire(std::uint64_t key, const Market& market, Findings& findings) override {
    Saying* saying = sayings_.find(key, findings.now());
    if (saying != nullptr && saying->told == 0) {
      judge(*saying, market, findings);
    }
  }

  void save(ByteWriter& out) const override {
    subjects_.save(out);
    posts_.save(out);
    sayings_.save(out);
    out.raw({reinterpret_cast<const char*>(&withdrawals_), sizeof withdrawals_});
  }
  bool load(ByteReader& in, const Market& market) override {
    const std::uint64_t accounts = market.directory().accounts();
    const bool tables = subjects_.load(in, [](auto, const Subject& subject) {
      return subject.next < Subject::kept;
    }) && posts_.load(in, [](auto, const Post&) {
      return true;
    }) && sayings_.load(in, [&](auto, const Saying& saying) {
      const auto known = [&](std::uint64_t account) { return account <= accounts; };
      return saying.authors.sound() && saying.channels.sound() && saying.accounts.sound() &&
             std::ranges::all_of(saying.accounts.hashes, known) &&
             (saying.subject == the_platform || saying.subject < market.directory().instruments());
    });
    const std::string_view bytes = in.raw(sizeof withdrawals_);
    if (!tables || !in.ok()) {
      return false;
    }
    std::ranges::copy(bytes, reinterpret_cast<char*>(&withdrawals_));
    return withdrawals_.sound();
  }

 private:
  void take_post(const Occurrence& event, const Market& market, Findings& findings) {
    const auto& line = as<event::Post>(*event.line);
    Post post;
    std::size_t count = 0;
    if (line.instrument_ids.empty()) {
      post.sayings[count++] = say(the_platform, event, 0, market, findings);
    }
    for (const Text& id : line.instrument_ids) {
      const InstrumentIndex instrument = market.directory().find_instrument(id);
      if (instrument.exists() && count < Post::kept) {
        post.sayings[count] = say(instrument.value, event, count, market, findings);
        ++count;
      }
    }
    posts_.touch(stable_hash(line.post_id.view()), findings) = post;
  }

  // The post as far as it is about this subject; the number of what it says.
  std::uint64_t say(std::uint64_t about, const Occurrence& event, std::size_t place,
                    const Market& market, Findings& findings) {
    const auto& line = as<event::Post>(*event.line);
    const auto kept = read_commitment(line.text.view());  // a live service's texts are elsewhere
    const std::uint64_t text = kept ? kept->sim_hash.value_or(0) : sim_hash(line.text.view());
    Subject& subject = subjects_.touch(about, findings);
    std::uint64_t number = said_before(line, about, text, subject, event.now());
    if (number == 0) {
      number = event.moment.seq * Post::kept + place;
      for (const Duration after : looks) {
        findings.wake(event.now() + after, number);
      }
    }
    subject.recent[subject.next] = {text, number, event.now()};
    subject.next = (subject.next + 1) % Subject::kept;
    Saying& saying = sayings_.touch(number, findings);
    const AccountIndex account = line.has_account_id()
                                     ? market.directory().find_account(line.account_id)
                                     : AccountIndex::none();
    if (saying.posts == 0) {
      begin(saying, about, event, market);
    }
    ++saying.posts;
    saying.last = event.now();
    saying.last_seq = event.moment.seq;
    saying.authors.add(stable_hash(line.author.view()));
    saying.channels.add(stable_hash(line.channel.view()));
    if (account.exists() && saying.accounts.add(account.value + 1ULL)) {
      saying.held[saying.accounts.count - 1] = side_of(account, about, market);
    }
    judge(saying, market, findings);
    return number;
  }

  // What it repeats, or says nearly the same as, while that goes on; 0: nothing.
  std::uint64_t said_before(const event::Post& line, std::uint64_t about, std::uint64_t text,
                            const Subject& subject, Time now) {
    const Post* first =
        line.has_repost_of() ? posts_.find(stable_hash(line.repost_of.view()), now) : nullptr;
    for (std::size_t at = 0; first != nullptr && at < Post::kept; ++at) {
      const Saying* saying = sayings_.find(first->sayings[at], now);
      if (saying != nullptr && saying->subject == about) {
        return first->sayings[at];
      }
    }
    const Subject::Said* nearest = nullptr;
    for (const Subject::Said& said : subject.recent) {
      if (said.saying != 0 && now - said.at <= params_.alike_s.seconds() &&
          distance(said.text, text) <= params_.distance_max.whole() &&
          (nearest == nullptr || distance(said.text, text) < distance(nearest->text, text))) {
        nearest = &said;
      }
    }
    const Saying* saying = nearest == nullptr ? nullptr : sayings_.find(nearest->saying, now);
    return saying != nullptr && now - saying->last <= params_.pause_s.seconds() ? nearest->saying
                                                                                : 0;
  }

  void begin(Saying& saying, std::uint64_t about, const Occurrence& event, const Market& market) {
    saying.subject = about;
    saying.from = event.now();
    saying.first_seq = event.moment.seq;
    if (about == the_platform) {
      saying.before = withdrawals_.all;
      saying.usual = withdrawals_.usual(event.now());
      return;
    }
    const InstrumentIndex instrument{static_cast<std::uint32_t>(about)};
    saying.before = market.tape().last_price(instrument).value_or(Price{}).units;
  }

  // On which side the account's hand is: 1, short -1.
  static std::int64_t side_of(AccountIndex account, std::uint64_t about, const Market& market) {
    if (about == the_platform) {
      return 0;
    }
    const Int128 held = position_of(market, owner_of(market, account),
                                    InstrumentIndex{static_cast<std::uint32_t>(about)});
    return held > 0 ? 1 : held < 0 ? -1 : 0;
  }

  void take_announcement(const Occurrence& event, const Market& market, Findings& findings) {
    const auto& line = as<event::Announcement>(*event.line);
    if (line.kind != AnnouncementKind::correction) {
      for (const InstrumentIndex instrument : announced(market, line)) {
        subjects_.touch(instrument.value, findings).news = event.now();
      }
      if (!line.has_instrument_id() && !line.has_asset()) {
        subjects_.touch(the_platform, findings).news = event.now();
      }
      return;
    }
    const Post* post = line.has_refutes_post_id()
                           ? posts_.find(stable_hash(line.refutes_post_id.view()), event.now())
                           : nullptr;
    for (std::size_t at = 0; post != nullptr && at < Post::kept; ++at) {
      Saying* saying = sayings_.find(post->sayings[at], event.now());
      if (saying != nullptr && saying->refuted == Time{}) {
        saying->refuted = event.now();
        saying->last_seq = event.moment.seq;
        judge(*saying, market, findings);
      }
    }
  }

  // How far what it is about has gone since, measured by what is usual.
  void measure(Saying& saying, const Market& market, Findings& findings) {
    const Duration passed = findings.now() - saying.from;
    if (passed > params_.alike_s.seconds()) {
      return;
    }
    Int128 gone = 0, usual = 0;
    if (saying.subject == the_platform) {
      gone = withdrawals_.all - saying.before;
      usual = Int128{saying.usual} * std::max(passed, UsualCount::span).ns / UsualCount::span.ns /
              Param::one;
      gone = saying.usual == 0 || gone < params_.withdrawals_min.whole() ? 0 : gone;
    } else {
      const InstrumentIndex instrument{static_cast<std::uint32_t>(saying.subject)};
      const auto last = market.tape().last_price(instrument);
      const Duration over = std::clamp(passed, Tape::step, Duration{3'600 * second.ns});
      const auto calm = market.tape().calm_move(instrument, over, saying.from);
      gone = last && calm && saying.before != 0 ? Int128{last->units} - saying.before : 0;
      usual = std::max(calm.value_or(0), market.directory().instrument(instrument).tick);
    }
    const Int128 size = (gone < 0 ? -gone : gone) * Param::one / std::max(usual, Int128{1});
    if (size > saying.effect) {
      saying.effect = static_cast<std::int64_t>(std::min(size, Int128{INT64_MAX}));
      saying.sign = gone < 0 ? -1 : 1;
    }
  }

  void judge(Saying& saying, const Market& market, Findings& findings) {
    measure(saying, market, findings);
    const bool platform = saying.subject == the_platform;
    const Param& limit = platform ? params_.times_min : params_.moves_min;
    const bool refuted = saying.refuted != Time{};
    const bool spread =
        std::max(saying.authors.count, saying.channels.count) >= params_.authors_min.whole();
    const Subject* subject = subjects_.find(saying.subject, findings.now());
    const bool news = subject != nullptr && subject->news != Time{} &&
                      saying.from - subject->news <= params_.news_s.seconds();
    if (saying.effect < limit.units || !(refuted || (spread && !news))) {
      return;
    }
    if (platform && saying.accounts.count == 0) {
      findings.unjudged();  // nobody and nothing that an alert could be about
    } else if (refuted || platform || favoured(saying).exists()) {
      saying.told = 1;
      tell(saying, limit, findings);
    }
  }

  static AccountIndex account_at(const Saying& saying, std::int64_t at) {
    return {static_cast<std::uint32_t>(saying.accounts.hashes[at] - 1)};
  }
  static AccountIndex first_known(const Saying& saying) {
    return saying.accounts.count == 0 ? AccountIndex::none() : account_at(saying, 0);
  }
  // The first who held a position on the side that the effect favours.
  static AccountIndex favoured(const Saying& saying) {
    for (std::int64_t at = 0; at < saying.accounts.count; ++at) {
      if (saying.held[at] != 0 && saying.held[at] == saying.sign) {
        return account_at(saying, at);
      }
    }
    return AccountIndex::none();
  }

  void tell(const Saying& saying, const Param& limit, Findings& findings) const {
    const bool refuted = saying.refuted != Time{};
    const bool spread = saying.authors.count >= params_.authors_min.whole();
    Report report;
    const AccountIndex holder = favoured(saying);
    const bool position = holder.exists();
    report.account = position ? holder : first_known(saying);
    report.instrument = InstrumentIndex{static_cast<std::uint32_t>(saying.subject)};
    for (std::int64_t at = 0; at < saying.accounts.count; ++at) {
      report.parties.push_back(account_at(saying, at));
    }
    report.from = saying.from;
    report.severity = refuted && position ? Severity::high
                      : refuted           ? Severity::medium
                                          : Severity::low;
    report.facts = {{"effect", saying.effect, Param::scale, &limit},
                    {"authors", saying.authors.count, 0, &params_.authors_min},
                    {"channels", saying.channels.count, 0, nullptr},
                    {"posts", saying.posts, 0, nullptr},
                    {"refuted", refuted ? 1 : 0, 0, nullptr},
                    {"position", position ? 1 : 0, 0, nullptr}};
    report.score_parts = {{"effect", 30},
                          {"spread", spread ? 10 : 0},
                          {"refuted", refuted ? 30 : 0},
                          {"position", position ? 20 : 0}};
    report.evidence = {saying.first_seq};
    if (saying.last_seq != saying.first_seq) {
      report.evidence.push_back(saying.last_seq);
    }
    report.counted = static_cast<std::uint64_t>(saying.posts);
    findings.report(report);
  }

  Params params_;
  Entries<Subject> subjects_;  // by instrument; of none: the platform
  Entries<Post> posts_;        // by the hash of its id
  Entries<Saying> sayings_;    // by the seq of the first post
  UsualCount withdrawals_;
};

}  // namespace

MW_DETECTOR_IS(rumour, Rumour, spec)

}  // namespace marktwacht
