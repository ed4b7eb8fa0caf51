// Rumours (clause 2.6): a crew takes a position, posts the same untruth under several names, gets
// out while others act on it; later it is corrected.
#include "sim/abuse/episode.h"
#include "sim/agents/posts.h"
#include "sim/catalogue.h"

namespace marktwacht::sim {
namespace {

class Rumour : public Episode {
 public:
  using Episode::Episode;

 private:
  Script act() override {
    if (!open_market()) {
      co_return;
    }
    const bool good = !listing().perpetual() || random().chance(50);
    const Side side = good ? Side::buy : Side::sell;
    const std::int64_t sign = good ? 1 : -1, lots = usual_lots() * random().between(5, 20);
    for (std::size_t part = 0; part < 8; ++part) {
      take(account(part), side, lots / 8 + 1);
      co_await pause(8'000);
    }
    const std::int32_t before = desk().last_price(instrument());
    const std::int64_t move = before * (is(Manner::skirting) ? 5 : by_severity(8, 25)) / 1'000;
    const std::string text = rumour_text(listing().base, good, random());
    const std::int64_t posts = random().between(4, by_severity(5, 12));
    std::string first;
    for (std::int64_t number = 0; number < posts; ++number) {
      const std::string id = post(number, text, first);
      if (number == 0) {
        first = id;
      }
      nudge(sign * move / posts);
      const std::int32_t reach = within_band(before + sign * move * (number + 1) / posts);
      for (int follower = 0; follower < 4; ++follower) {
        const std::int64_t there = book().depth(opposite(side), reach) / 2;
        take(desk().population().draw(random()), side, there + draw_lots(listing(), random()),
             reach, 2);
      }
      co_await pause(12'000);
    }
    const std::int64_t moved = (desk().last_price(instrument()) - before) * sign;
    for (std::size_t part = 0; part < 20 && filled_lots(1) < filled_lots(); ++part) {
      const std::int64_t left = filled_lots() - filled_lots(1);
      take(account(part), opposite(side), std::min(left, lots / 8 + 1), no_price, 1);
      co_await pause(4'000);
    }
    co_await pause(90'000);
    correct(first);
    nudge(-sign * move);
    // It had an effect: half of what was meant, or more than a price goes by itself.
    if (moved * 2 > move || moved >= 4 * usual_move(120)) {
      succeed("2.6", "rumour");
    }
  }

  // One of the crew's posts, a repost of the first or the same in other words; its id. Not part of
  // the script: g++ 12 loses temporary strings within a coroutine.
  std::string post(std::int64_t number, const std::string& text, const std::string& first) {
    const bool repost = number > 0 && random().chance(40);
    const std::string words = repost ? text : reworded(text, random());
    // The first may be the crew's own name, the others are names made for it.
    PostFacts facts{.account = number == 0 ? account(0) : no_account,
                    .instrument = instrument(),
                    .text = words};
    if (repost) {
      facts.repost_of = first;
    }
    return publish_post(desk(), facts);
  }

  void correct(const std::string& post) {
    event::Announcement correction;
    correction.type = EventType::announcement;
    MW_SET(correction, instrument_id, desk().instrument_id(instrument()));
    MW_SET(correction, kind, AnnouncementKind::correction);
    MW_SET(correction, text, make_text("What is being told about the project is not true."));
    MW_SET(correction, refutes_post_id, make_text(post));
    desk().publish(correction);
  }
};

}  // namespace

void add_rumour(Cast& cast) { add_episodes<Rumour>(cast, {.lasts = {600 * second.ns}}); }

}  // namespace marktwacht::sim
