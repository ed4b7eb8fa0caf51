// News: announcements that move a price, and the rush that follows; the rush also comes with each
// funding and, smaller, with each full minute.
#include <algorithm>
#include <memory>

#include "sim/agents/draws.h"
#include "sim/catalogue.h"
#include "sim/desk.h"

namespace marktwacht::sim {
namespace {

// People who all act at one moment: `left` orders within seconds, none of them told by another.
class Rush {
 public:
  explicit Rush(std::string_view what) : what_(what) {}
  void begin(std::uint32_t instrument, std::int64_t orders, std::uint32_t buyers_percent) {
    ++number_;
    instrument_ = instrument;
    left_ = orders;
    buyers_ = buyers_percent;
  }
  bool over() const { return left_ <= 0; }

  void act(Desk& desk) {
    Random& random = desk.random();
    --left_;
    const std::uint32_t who = desk.population().draw(random);
    desk.hands().stranger(what_, number_, who);
    desk.place({.account = who,
                .instrument = instrument_,
                .side = random.chance(buyers_) ? Side::buy : Side::sell,
                .quantity = draw_lots(desk.listing(instrument_), random),
                .time_in_force = TimeInForce::ioc,
                .channel = Channel::app});
  }

 private:
  std::uint32_t instrument_ = 0, buyers_ = 50;
  std::int64_t left_ = 0;
  std::string_view what_;
  std::uint64_t number_ = 0;
};

class News : public Agent {
 public:
  explicit News(Duration every) : every_(every) {}

  Time wake(Desk& desk) override {
    Random& random = desk.random();
    if (!rush_.over()) {
      rush_.act(desk);
    } else {
      tell(desk);
    }
    return desk.now() + random.wait(rush_.over() ? every_ : Duration{40 * millisecond.ns});
  }

 private:
  void tell(Desk& desk) {
    Random& random = desk.random();
    // Busier instruments are in the news more often.
    const std::uint32_t at = random.below(random.below(desk.instruments()) + 1);
    const std::int64_t size = heavy_tail(random, 20, 4);  // basis points
    const bool good = random.chance(50);
    desk.announce(at, AnnouncementKind::news,
                  good ? "The project announces a partnership." : "The project delays its release.",
                  good ? size : -size);
    rush_.begin(at, 10 + size / 4, good ? 85 : 15);
  }

  Duration every_;
  Rush rush_{"announcement"};
};

// At each funding time and each full minute, on the dot.
class OnTheDot : public Agent {
 public:
  Time wake(Desk& desk) override {
    Random& random = desk.random();
    if (!rush_.over()) {
      rush_.act(desk);
    } else {
      const std::int64_t minute = desk.now().ns / second.ns / 60;
      const bool funding = minute % 480 == 0;
      const std::uint32_t at = random.below(random.below(desk.instruments()) + 1);
      rush_.begin(at, funding ? 60 : random.between(1, 4), 50);
    }
    if (!rush_.over()) {
      return desk.now() + random.wait(Duration{15 * millisecond.ns});
    }
    constexpr std::int64_t minute_ns = 60 * second.ns;
    return {(desk.now().ns / minute_ns + 1) * minute_ns};
  }

 private:
  Rush rush_{"on_the_dot"};
};

}  // namespace

void add_news(Cast& cast) {
  cast.join(std::make_unique<News>(Duration{1200 * second.ns}),
            cast.start() + Duration{300 * second.ns});
  cast.join(std::make_unique<OnTheDot>(), cast.start() + Duration{60 * second.ns});
}

}  // namespace marktwacht::sim
