// Episodes of abuse: one crew, one instrument, one script, and what evasion the seed chose. Each
// behaviour is a class derived from Episode; `add_episodes` spreads them over stream and market.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sim/abuse/script.h"
#include "sim/agents/draws.h"
#include "sim/cast.h"
#include "sim/desk.h"

namespace marktwacht::sim {

// How one tries not to be found. `plain` does not try.
enum class Manner : std::uint8_t {
  plain,
  slow,     // everything takes longer
  split,    // over more accounts
  noisy,    // with orders in between that mean nothing
  skirting  // just below what is published as a limit
};

// How it shows that the accounts of a crew are one hand.
enum class Bond : std::uint8_t { person, device, funds, none };

struct Plan {
  std::uint32_t instrument = 0;
  Manner manner = Manner::plain;
  Bond bond = Bond::none;
  std::int64_t severity = 500;  // per mille
  std::vector<std::uint32_t> accounts;
  Time start;
};

// Where something can happen.
inline bool anywhere(const Listing&) { return true; }
inline bool perpetuals(const Listing& listing) { return listing.perpetual(); }
inline bool spot(const Listing& listing) { return !listing.perpetual(); }

struct Episodes {
  std::int64_t per_million = 20;  // in a million events
  std::uint32_t accounts = 1;
  std::uint32_t split_accounts = 1;  // so many more in the manner `split`
  Duration lasts{120 * second.ns};   // about; none starts later than this before the end
  Duration history{};                // of trading that must come first: what is usual shows in it
  Duration apart{600 * second.ns};   // in one market they come no more often, about
  bool (*where)(const Listing&) = anywhere;
  std::uint64_t own_events = 0;  // of one episode, where they are many: at most a tenth of all
  bool linked = true;            // otherwise nothing shows that they are one hand
};

std::vector<Plan> plan_episodes(Cast& cast, const Episodes& episodes);

class Episode : public Agent {
 public:
  explicit Episode(Plan plan) : plan_(std::move(plan)) {}

  Time wake(Desk& desk) final;
  void filled(const Fill& fill, Desk& desk) final;

 protected:
  virtual Script act() = 0;

  struct Wait {
    Episode& episode;
    Duration length;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> script) {
      episode.script_ = script;
      episode.next_ = episode.now() + length;
    }
    void await_resume() const {}
  };
  // Exactly so long.
  Wait sleep(Duration length) { return {*this, length}; }
  // About so long, longer for the slow; the noisy make some noise.
  Wait pause(std::int64_t ms);

  Desk& desk() const { return *desk_; }
  Random& random() const { return desk_->random(); }
  Time now() const { return desk_->now(); }
  const Listing& listing() const { return desk_->listing(plan_.instrument); }
  const Book& book() const { return desk_->book(plan_.instrument); }
  std::uint32_t instrument() const { return plan_.instrument; }
  const std::vector<std::uint32_t>& crew() const { return plan_.accounts; }
  std::uint32_t account(std::size_t at) const { return crew()[at % crew().size()]; }
  Bond bond() const { return plan_.bond; }
  bool is(Manner manner) const { return plan_.manner == manner; }
  // From `low` at severity 0 to `high` at severity 1.
  std::int64_t by_severity(std::int64_t low, std::int64_t high) const {
    return low + (high - low) * plan_.severity / 1000;
  }
  std::int64_t usual_lots() const { return listing().usual_lots; }

  // Both sides are there.
  bool open_market() const { return book().has(Side::buy) && book().has(Side::sell); }
  // So many ticks worse than the best price of this side; negative is better, but never crossing.
  std::int32_t beside_best(Side side, std::int64_t ticks) const;
  // Visible lots within so many ticks of the best price.
  std::int64_t depth(Side side, std::int64_t ticks) const;
  // By how many ticks the price usually moves in so many seconds, one standard deviation.
  std::int64_t usual_move(std::int64_t seconds) const;

  // How long a passive order at the best price may have to wait here.
  Duration patience() const;

  // An order of one of the crew in this instrument; tag 0 to 7.
  OrderRequest request(std::uint32_t account, Side side, std::int32_t price, std::int64_t lots,
                       std::uint32_t tag = 0) const;
  Placed offer(std::uint32_t account, Side side, std::int32_t price, std::int64_t lots,
               std::uint32_t tag = 0);
  // Takes what there is up to `worst`, at once.
  Placed take(std::uint32_t account, Side side, std::int64_t lots, std::int32_t worst = no_price,
              std::uint32_t tag = 0);
  // A price at which the next two orders meet each other and nobody else; no_price where there is
  // none without taking more than `lots_most` from others.
  std::int32_t make_room(std::uint32_t taker_of_asks, std::uint32_t taker_of_bids,
                         std::int64_t lots_most);
  // One of the crew sells to the other, between the best prices, so that nobody else comes in;
  // false where there is no room.
  bool trade_between(std::uint32_t seller, std::uint32_t buyer, std::int64_t lots);
  // What others think gives way by so many ticks: they follow, without knowing why.
  void nudge(std::int64_t ticks);
  // Lots filled of orders with this tag, as far as the crew was told: what has just been placed is
  // told once time passes.
  std::int64_t filled_lots(std::uint32_t tag = 0) const { return filled_[tag % 8]; }

  // Ticks × lots that the crew's own fills earned so far, less what they cost; tag 2 is for others.
  std::int64_t earned() const { return earned_; }

  // The abuse begins here; without a call, at the first wake-up.
  void begin() { began_ = now(); }
  // It has come about (again): the label spans from its beginning to now.
  void succeed(std::string_view clause, std::string_view detector);
  void succeed(std::string_view clause, std::string_view detector,
               std::vector<std::uint32_t> accounts, bool with_instrument = true);

 private:
  // What the crew took on one side, and traded back since: so much and so fast may have driven the
  // price, whatever it was meant for.
  struct Burst {
    Time from, last;
    std::int64_t lots = 0, back = 0;
    std::int32_t first = 0, far = 0;
  };
  void watch_bursts(const Fill& fill);
  void show_bond();
  void make_noise();

  Plan plan_;
  Desk* desk_ = nullptr;
  Script root_;
  std::coroutine_handle<> script_;  // what goes on when it is woken
  Time next_ = never, began_;
  Channel channel_ = Channel::api;
  std::int64_t filled_[8] = {};
  std::int64_t earned_ = 0;
  OrderRef noise_;
  Burst bursts_[2];  // of buys, of sells
  struct Given {
    std::string_view detector;
    std::size_t label;
  };
  std::vector<Given> labels_;
};

// Whole units of the quote asset.
std::int64_t whole(const Decimal& amount);

// Lets all planned episodes of a behaviour join.
template <class Behaviour>
void add_episodes(Cast& cast, const Episodes& episodes) {
  for (Plan& plan : plan_episodes(cast, episodes)) {
    const Time start = plan.start;
    cast.join(std::make_unique<Behaviour>(std::move(plan)), start);
  }
}

}  // namespace marktwacht::sim
