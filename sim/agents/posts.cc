// Posts and their words: see posts.h.
#include "sim/agents/posts.h"

#include <span>

namespace marktwacht::sim {

std::string publish_post(Desk& desk, const PostFacts& facts) {
  static constexpr std::string_view channels[] = {"x", "telegram", "reddit", "discord", "chat"};
  Random& random = desk.random();
  const std::string id = "t" + std::to_string(700'000'000 + desk.tape().count());
  const std::string author = "@" + device_text(random.below(1U << 31)).substr(4, 8);
  const Text instruments[] = {desk.instrument_id(facts.instrument)};
  event::Post post;
  post.type = EventType::post;
  MW_SET(post, post_id, make_text(id));
  MW_SET(post, author, make_text(author));
  if (facts.account != no_account) {
    MW_SET(post, account_id, desk.account_id(facts.account));
  }
  MW_SET(post, channel, make_text(channels[random.below(5)]));
  MW_SET(post, text, make_text(facts.text));
  if (!facts.repost_of.empty()) {
    MW_SET(post, repost_of, make_text(facts.repost_of));
  }
  MW_SET(post, instrument_ids, std::span<const Text>(instruments));
  desk.publish(post);
  return id;
}

std::string rumour_text(std::string_view base, bool good, Random& random) {
  static constexpr std::string_view rises[] = {
      "will be listed by two of the largest exchanges next week, from a source inside the team",
      "has signed with a payment company that everybody knows, the announcement is ready",
      "is about to burn half of its supply, the vote is decided already"};
  static constexpr std::string_view falls[] = {
      "has lost the keys of its treasury and the team does not answer any more",
      "is under investigation and will be delisted within days, the letter is out",
      "has been drained through its bridge tonight and nobody says so yet"};
  return std::string(base) + " " + std::string((good ? rises : falls)[random.below(3)]);
}

std::string reworded(std::string_view text, Random& random) {
  static constexpr std::string_view before[] = {"", "Heard that ", "Just in: ", "Be careful, "};
  static constexpr std::string_view after[] = {"", "!", " - pass it on", "..."};
  return std::string(before[random.below(4)]) + std::string(text) +
         std::string(after[random.below(4)]);
}

}  // namespace marktwacht::sim
