// Evidence of a large venue into the link graph: see measure.h.
#include <algorithm>
#include <array>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bench/measure.h"
#include "bench/stopwatch.h"
#include "links/links.h"

namespace marktwacht::bench {
namespace {

constexpr Time start{1'700'000'000'000'000'000};
constexpr std::int64_t days = 45;  // longer than networks are remembered
constexpr double bytes_per_account = 200, bytes_per_piece = 64;  // docs/links.md

// An act with its texts made, so that only the links are timed.
struct Seen {
  AccountIndex account, other;
  std::string ip, device, address;
  Time at;
};

// Most log in from home with a device of their own; some on the move, through a carrier's gateway;
// a few share a device or a wallet. One act in ten moves funds.
class Venue {
 public:
  Venue(std::uint32_t accounts, std::uint32_t events, std::uint64_t seed)
      : random_(seed), accounts_(accounts), step_{days * day.ns / events} {}

  Seen next() {
    Seen seen;
    seen.at = now_ = now_ + step_;
    seen.account = AccountIndex{below(accounts_)};
    const std::uint32_t of = seen.account.value;
    if (below(10) != 0) {
      const std::uint32_t from = below(10);
      seen.ip = from < 7   ? ip(10, of)
                : from < 9 ? ip(172, below(2'000))
                           : ip(192, below(0x00FF'FFFF));
      seen.device = "device-" + std::to_string(below(50) == 0 ? of / 2 : of + accounts_) +
                    (below(10) == 0 ? "-phone" : "-browser");
    } else if (below(10) != 0) {
      seen.address = "0x00112233445566778899aabb" +
                     std::to_string(below(20) == 0 ? of % 1'000 : of + accounts_);
    } else {
      seen.other = AccountIndex{below(20) == 0 ? below(accounts_) : of ^ 1U};
    }
    return seen;
  }

 private:
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }
  static std::string ip(unsigned first, std::uint32_t rest) {
    return std::to_string(first) + "." + std::to_string(rest >> 16U & 0xFFU) + "." +
           std::to_string(rest >> 8U & 0xFFU) + "." + std::to_string(rest & 0xFFU);
  }

  std::mt19937_64 random_;
  std::uint32_t accounts_;
  Duration step_;
  Time now_ = start;
};

Links::Login login_of(const Seen& seen) {
  return {seen.account, seen.ip, seen.device, "", seen.at};
}

// As the engine does, at the same distances but for the account's name, which it looks up first.
void look_ahead(const Links& links, const std::vector<Seen>& all, std::size_t at,
                std::array<Links::Coming, 32>& coming) {
  constexpr std::pair<Links::Look, std::size_t> looks[] = {{Links::Look::row, 16},
                                                           {Links::Look::usual, 8},
                                                           {Links::Look::values, 4},
                                                           {Links::Look::pieces, 2}};
  for (const auto& [look, distance] : looks) {
    const std::size_t ahead = at + distance;
    if (ahead < all.size() && !all[ahead].device.empty()) {
      links.look_ahead(look, login_of(all[ahead]), coming[ahead % coming.size()]);
    }
  }
}

void take(Links& links, const Seen& seen) {
  for (Time due = links.next_due(); is_due(due, seen.at); due = links.next_due()) {
    links.expire(due);
  }
  if (!seen.device.empty()) {
    links.log_in(login_of(seen));
  } else if (!seen.address.empty()) {
    links.see_address(seen.account, seen.address, seen.at);
  } else {
    links.transfer(seen.account, seen.other, seen.at);
  }
  links.remember(seen.at, 1);
  links.take_changes();
}

// Bytes of this process that are in memory.
double resident() {
  constexpr double page = 4'096;
  double program = 0, pages = 0;
  std::ifstream("/proc/self/statm") >> program >> pages;
  return pages * page;
}

}  // namespace

void measure_links(std::uint32_t events, std::uint64_t seed, Results& results) {
  const std::uint32_t accounts = std::max(events / 10, 2U) & ~1U;
  const double before = resident();
  Links links;
  Venue venue(accounts, events, seed);
  std::vector<Seen> ready;
  std::array<Links::Coming, 32> coming{};
  std::int64_t ns = 0;
  for (std::uint32_t done = 0; done < events; done += static_cast<std::uint32_t>(batch_size)) {
    ready.clear();
    for (std::size_t i = 0; i < batch_size; ++i) {
      ready.push_back(venue.next());
    }
    const Stopwatch watch(Stopwatch::Clock::processor);
    for (std::size_t at = 0; at < ready.size(); ++at) {
      look_ahead(links, ready, at, coming);
      take(links, ready[at]);
    }
    ns += watch.ns();
  }
  ready = {};
  const double used = std::max(resident() - before, 1.0);
  const double allowed = bytes_per_account * accounts +
                         bytes_per_piece * static_cast<double>(links.evidence().pieces());
  results.add("links_evidence", ns_per_event, static_cast<double>(ns) / events,
              Goal{Goal::Kind::at_most, 1'000});
  results.add("links_memory_over_allowed", ratio, used / allowed, Goal{Goal::Kind::at_most, 1});
}

}  // namespace marktwacht::bench
