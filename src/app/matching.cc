// Augmenting paths, breadth first.
#include "app/matching.h"

namespace marktwacht {
namespace {

constexpr std::size_t nobody = static_cast<std::size_t>(-1);

class Matching {
 public:
  Matching(const std::vector<std::vector<std::size_t>>& choices, std::size_t right_count)
      : choices_(choices),
        right_of_(choices.size(), nobody),
        left_of_(right_count, nobody),
        reached_from_(right_count, nobody) {}

  // Pairs `left` if that is possible without leaving anyone out who has a partner.
  void pair(std::size_t left) {
    queue_.assign(1, left);
    reached_.clear();
    for (std::size_t at = 0; at < queue_.size(); ++at) {
      for (const std::size_t right : choices_[queue_[at]]) {
        if (reached_from_[right] != nobody) {
          continue;
        }
        reached_from_[right] = queue_[at];
        reached_.push_back(right);
        if (left_of_[right] == nobody) {
          hand_on(right, left);
          for (const std::size_t each : reached_) {
            reached_from_[each] = nobody;
          }
          return;
        }
        queue_.push_back(left_of_[right]);
      }
    }
    // Nobody reached from here will ever be free again: they stay marked, so that all failures
    // together look at each choice once.
  }

  std::size_t right_of(std::size_t left) const { return right_of_[left]; }

 private:
  // Everyone on the path to the free `right` moves on by one; `root` gets its first partner.
  void hand_on(std::size_t right, std::size_t root) {
    for (std::size_t left = nobody; left != root;) {
      left = reached_from_[right];
      const std::size_t given_up = right_of_[left];
      right_of_[left] = right;
      left_of_[right] = left;
      right = given_up;
    }
  }

  const std::vector<std::vector<std::size_t>>& choices_;
  std::vector<std::size_t> right_of_, left_of_;
  std::vector<std::size_t> reached_from_;  // by right: who on the left led here
  std::vector<std::size_t> queue_, reached_;
};

}  // namespace

std::vector<std::optional<std::size_t>> match_most(
    const std::vector<std::vector<std::size_t>>& choices, std::size_t right_count) {
  Matching matching(choices, right_count);
  for (std::size_t left = 0; left < choices.size(); ++left) {
    matching.pair(left);
  }
  std::vector<std::optional<std::size_t>> partners(choices.size());
  for (std::size_t left = 0; left < choices.size(); ++left) {
    if (matching.right_of(left) != nobody) {
      partners[left] = matching.right_of(left);
    }
  }
  return partners;
}

}  // namespace marktwacht
