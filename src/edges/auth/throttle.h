// Slows down who guesses passwords: by the address that asks and by the user asked for, growing
// with each failure and forgotten with time. Says nothing of whether the user exists.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace marktwacht {

// One thread at a time. After `free` failures each further one doubles the wait, from a second up
// to `wait_max`; one failure is forgotten every `forget_every`.
struct ThrottleTerms {
  std::int64_t free = 5;
  Duration wait_max{900 * second.ns};
  Duration forget_every{300 * second.ns};
};

class Throttle {
 public:
  static constexpr std::size_t entries_max = 10'000;  // what is quiet longest goes first
  // Short, for whoever wants to keep somebody out may fail as often as he likes.
  static constexpr ThrottleTerms of_user_usual{.free = 10, .wait_max{30 * second.ns}};

  explicit Throttle(const ThrottleTerms& of_address = {},
                    const ThrottleTerms& of_user = of_user_usual)
      : of_address_(of_address), of_user_(of_user) {}

  // An attempt begins, and counts as failed until `forgive`: so that many at once are counted.
  // A time: it is too early, and did not count. An address (of IPv6 its /48) from which the user
  // has come in before is not slowed down by what strangers do to the user's name.
  std::optional<Time> begin(std::string_view user_id, std::string_view remote, Time now);
  // The attempt was right. In part, a password without its code: nobody has come in by it.
  enum class Right : std::uint8_t { in_part, wholly };
  void forgive(std::string_view user_id, std::string_view remote, Time now,
               Right right = Right::wholly);

  std::size_t entries() const { return entries_.size(); }

 private:
  struct Entry {
    std::int64_t failures = 0;
    Time forgotten_up_to, until, last;
    bool came_in = false;  // of a user from an address
  };

  Entry* find(const std::string& key, const ThrottleTerms& terms, Time now);
  Entry& touch(const std::string& key, Time now);
  void count(const std::string& key, const ThrottleTerms& terms, Time now);

  ThrottleTerms of_address_, of_user_;
  std::map<std::string, Entry> entries_;
};

}  // namespace marktwacht
