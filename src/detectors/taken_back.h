// What a hand has lately taken back of its visible interest in one book, less what it quoted again.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "detectors/detector.h"

namespace marktwacht {

// Of one order.
struct TakenBack {
  Time placed, at;
  std::int64_t quantity = 0;  // that was not quoted again; 0: nothing stands here
  Price price;
  std::uint64_t seq = 0;
  std::int64_t side = 0;
};

// What counts as quoted again: soon, and as near as the larger of the two.
struct Requoting {
  Duration within;
  std::int64_t ticks = 0, bp_hundredths = 0;
};

// A record for Entries. Of more than twelve at once the smallest are passed over. Most hold one or
// two: the mask says where, so that the others' memory is not touched.
struct TakenBackLately {
  static constexpr unsigned places = 12;

  // Those places where something stands.
  class Standing {
   public:
    using value_type = TakenBack;
    using difference_type = std::ptrdiff_t;

    Standing() = default;
    Standing(const TakenBack* orders, std::uint64_t used) : orders_(orders), left_(used) {}
    Standing begin() const { return *this; }
    std::default_sentinel_t end() const { return {}; }
    const TakenBack& operator*() const { return orders_[std::countr_zero(left_)]; }
    Standing& operator++() {
      left_ &= left_ - 1;
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return left_ == 0; }

   private:
    const TakenBack* orders_ = nullptr;
    std::uint64_t left_ = 0;
  };

  std::uint64_t used = 0;  // by place: its quantity is more than 0
  TakenBack orders[places];

  Standing standing() const { return {orders, used}; }
  Int128 sum_of(Side side) const;

  // From a `withdrawn`. Those of before `since` are forgotten. A replace quotes again at once,
  // where its order stands now.
  void add(const Occurrence& withdrawn, const Market& market, const Requoting& requoting,
           Time since);
  // From an `order`: what it quotes again was not taken back.
  void requote(const Occurrence& order, const Market& market, const Requoting& requoting);
  bool sound() const;

 private:
  void requote(Side side, Price price, std::int64_t quantity, Time now,
               const Instrument& instrument, const Requoting& requoting);
  unsigned place_for_new() const;
};

// Such records by owner and instrument. Most orders quote nothing again: for those no record is
// looked for, since it is known when something was last added to those whose keys meet in one
// place.
class TakenBackEntries {
 public:
  TakenBackEntries(const DetectorSetup& setup, Duration memory_max) : entries_(setup, memory_max) {}

  TakenBackLately* find(std::uint64_t key, Time now) { return entries_.find(key, now); }
  // To add to it what was taken back now.
  TakenBackLately& touch(std::uint64_t key, Findings& findings) {
    added_[place(key)] = findings.now();
    return entries_.touch(key, findings);
  }
  // Mostly the first one or two of the twelve places are used.
  void look_ahead(Ahead ahead, std::uint64_t key) const {
    entries_.look_ahead(ahead, key, sizeof(std::uint64_t) + 2 * sizeof(TakenBack));
  }
  // An `order` of the key's.
  void requote(std::uint64_t key, const Occurrence& order, const Market& market,
               const Requoting& requoting) {
    if (added_[place(key)] < Time{order.now().ns - requoting.within.ns}) {
      return;
    }
    if (TakenBackLately* record = entries_.find(key, order.now())) {
      record->requote(order, market, requoting);
    }
  }

  void save(ByteWriter& out) const { entries_.save(out); }
  bool load(ByteReader& in);

 private:
  static constexpr unsigned places_bits = 12;
  static std::size_t place(std::uint64_t key) {
    return key * 0x9E37'79B9'7F4A'7C15 >> (64 - places_bits);
  }

  Entries<TakenBackLately> entries_;
  std::vector<Time> added_ = std::vector(std::size_t{1} << places_bits, Time{INT64_MIN});
};

// Where the order of a `withdrawn` stands now; none when it is gone.
OrderSlot stands_now(const Occurrence& withdrawn, const Market& market);

}  // namespace marktwacht
