// Who trades: accounts, the people behind them, and where they log in from.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "events/words.h"
#include "sim/order.h"
#include "sim/random.h"

namespace marktwacht::sim {

// Where an account logs in from. Numbers stand for addresses and devices; equal numbers are equal
// texts.
struct Place {
  std::uint32_t ip = 0;
  std::uint32_t device = 0;
  IpKind kind = IpKind::residential;
};

// Strangers who share an address, and in some cases devices.
struct Neighbours {
  std::string_view what;
  std::vector<std::uint32_t> accounts;
};

// Accounts are numbers from 0. The first eighth, in shuffled order, is for agents with accounts of
// their own (`take`); the others are the crowd, drawn by Zipf's law.
class Population {
 public:
  Population(std::uint32_t accounts, std::uint64_t seed);

  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  Text account_id(std::uint32_t account) const {
    const Name& name = names_[account];
    return {name.bytes, sizeof name.bytes, name.hash};
  }
  // An account that nobody else acts for. No more than `left` may be taken.
  std::uint32_t take();
  std::uint32_t left() const { return reserved_ - taken_; }
  // One for an episode of abuse: of the crowd's quieter half, or one who has not acted yet. Nobody
  // twice while there are others.
  std::uint32_t recruit(Random& random);
  // One of the crowd, the busiest most often.
  std::uint32_t draw(Random& random) const { return order_[reserved_ + crowd_.draw(random)]; }
  // The k-th busiest of the crowd.
  std::uint32_t ranked(std::uint32_t rank) const { return order_[reserved_ + rank]; }
  std::uint32_t crowd_size() const { return size() - reserved_; }

  // Self-match prevention knows people: accounts of one person share this number.
  std::uint32_t person(std::uint32_t account) const { return person_[account]; }
  // The other account of its person, if there is one, comes along.
  void set_person(std::uint32_t account, std::uint32_t of);

  // Who brought the account, or no_account; and when it was opened, before the stream's start. What
  // is not set follows from the account: one in five was brought by somebody.
  std::uint32_t referrer(std::uint32_t account) const;
  Duration age(std::uint32_t account) const;
  void set_origin(std::uint32_t account, std::uint32_t referrer, Duration age) {
    origins_[account] = {referrer, age};
  }

  Place place(std::uint32_t account) const { return places_[account]; }
  void set_place(std::uint32_t account, Place place) { places_[account] = place; }
  // Marks the account as seen; whether it was before.
  bool see(std::uint32_t account) {
    const bool before = seen_[account] != 0;
    seen_[account] = 1;
    return before;
  }
  bool declared(std::uint32_t account) const { return declared_[account] != 0; }
  void declare(std::uint32_t account) { declared_[account] = 1; }
  // The broker whose client it is, or no_account.
  std::uint32_t broker(std::uint32_t account) const { return broker_[account]; }
  void set_broker(std::uint32_t account, std::uint32_t broker) { broker_[account] = broker; }

  // Who is behind one carrier, in one office, family or café, below one broker: two accounts or
  // more of different people each.
  std::vector<Neighbours> neighbours() const;

 private:
  // Of an address.
  enum class House : std::uint8_t { none, carrier, office, family, cafe };
  struct Name {
    char bytes[12];
    std::uint32_t hash;
  };
  struct Origin {
    std::uint32_t referrer = no_account;
    Duration age;
  };
  void house(Random& random);
  void pair(Random& random);

  std::vector<Name> names_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> person_;
  std::vector<std::uint32_t> broker_;
  std::vector<Place> places_;
  std::vector<std::uint8_t> seen_, declared_;
  std::map<std::uint32_t, Origin> origins_;      // that were set
  std::map<std::uint32_t, House> houses_;        // by address
  std::map<std::uint32_t, std::uint32_t> twin_;  // the other account of its person
  std::set<std::uint32_t> recruited_;
  std::uint32_t reserved_ = 0;
  std::uint32_t taken_ = 0;
  Weighted crowd_;
};

// Texts of a Place's numbers.
std::string ip_text(std::uint32_t ip);
std::string device_text(std::uint32_t device);
// Where an address is, and whose network it belongs to.
std::string_view country_text(std::uint32_t ip);
std::string network_text(std::uint32_t ip);
// An address on a chain.
std::string address_text(std::uint64_t number);

}  // namespace marktwacht::sim
