// Small flat records by a 64-bit key, bounded in number and in age.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/free_places.h"
#include "base/huge_pages.h"
#include "base/id_index.h"
#include "base/prefetch.h"
#include "base/time.h"

namespace marktwacht {

// One thread. A record is gone `memory_max` after it was last touched, at the latest: it may go up
// to a sixteenth earlier, so that a busy record is not moved in the order of ages at each touch. A
// new one beyond `entries_max` takes the place of the one untouched for longest. What goes, and
// when, follows from the calls alone. O(1), amortised; no memory is asked for below the largest
// number of records there was.
template <class T>
class ExpiringTable {
  static_assert(std::has_unique_object_representations_v<T> && std::is_trivially_copyable_v<T>,
                "a record is saved as it stands: no padding, no pointers, no floating point");

 public:
  // entries_max > 0, memory_max > 0.
  ExpiringTable(std::uint32_t entries_max, Duration memory_max)
      : entries_max_(entries_max), memory_max_(memory_max) {
    check(entries_max > 0 && memory_max.ns > 0, "a table has room and memory");
  }

  // The record of `key`, nullptr when there is none. Valid until the next touch or erase.
  T* find(std::uint64_t key, Time now) {
    const std::uint32_t at = place_of(key);
    return at == IdIndex::none || old(nodes_[at], now) ? nullptr : &nodes_[at].value;
  }
  // Starts fetching what `find` and `touch` will look at first, and, called some time later, what
  // they will look at then: the record, of its value the first `bytes`.
  void prefetch(std::uint64_t key) const { places_.prefetch(hash_of_key(key)); }
  void prefetch_record(std::uint64_t key, std::size_t bytes) const {
    const std::uint32_t at = places_.likely(hash_of_key(key));
    if (at != IdIndex::none) {
      prefetch_lines(&nodes_[at], sizeof(Node) - sizeof(T) + bytes);
    }
  }
  // The same, a new one (all zeros) if there is none; `on_evicted()` is called when another had to
  // go for it. `now` never goes back.
  template <class OnEvicted>
  T& touch(std::uint64_t key, Time now, OnEvicted&& on_evicted) {
    if (const std::uint32_t at = place_of(key); at != IdIndex::none && !old(nodes_[at], now)) {
      Node& node = nodes_[at];
      if ((now - node.stamp).ns > memory_max_.ns / 16) {
        unlink(at);
        node.stamp = now;
        append(at);
      }
      return node.value;
    }
    while (first_ != none && old(nodes_[first_], now)) {
      erase_oldest();
    }
    if (size() >= entries_max_) {
      erase_oldest();
      on_evicted();
    }
    return add(key, now);
  }
  void erase(std::uint64_t key) {
    if (const std::uint32_t at = place_of(key); at != IdIndex::none) {
      erase_at(at);
    }
  }

  std::uint32_t size() const { return places_.size(); }

  // In the order of ages.
  void save(ByteWriter& out) const {
    out.varint(size());
    for (std::uint32_t at = first_; at != none; at = nodes_[at].after) {
      out.fixed(nodes_[at].key);
      out.zigzag(nodes_[at].stamp.ns);
      out.raw({reinterpret_cast<const char*>(&nodes_[at].value), sizeof(T)});
    }
  }
  // Into a fresh table; false when the bytes are malformed. What a record holds, its owner checks:
  // `sound(key, record)`.
  template <class Sound>
  bool load(ByteReader& in, Sound&& sound) {
    for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
      const auto key = in.fixed<std::uint64_t>();
      const Time stamp{in.zigzag()};
      const std::string_view bytes = in.raw(sizeof(T));
      const bool in_order = last_ == none || nodes_[last_].stamp <= stamp;
      if (!in.ok() || size() >= entries_max_ || place_of(key) != IdIndex::none || !in_order) {
        return false;
      }
      T& value = add(key, stamp);
      std::memcpy(&value, bytes.data(), sizeof(T));
      if (!sound(key, value)) {
        return false;
      }
    }
    return in.ok();
  }

 private:
  static constexpr std::uint32_t none = IdIndex::none;

  // A list by age runs through the records, the oldest first.
  struct Node {
    std::uint64_t key = 0;
    Time stamp;
    std::uint32_t before = none, after = none;
    T value;
  };

  std::uint32_t place_of(std::uint64_t key) const {
    return places_.find(hash_of_key(key), [&](std::uint32_t at) { return nodes_[at].key == key; });
  }
  bool old(const Node& node, Time now) const { return (now - node.stamp).ns > memory_max_.ns; }

  T& add(std::uint64_t key, Time now) {
    const std::uint32_t at = take_place(nodes_, free_);
    nodes_[at].key = key;
    nodes_[at].stamp = now;
    nodes_[at].value = T{};
    append(at);
    places_.insert(hash_of_key(key), at, [](std::uint32_t) { return false; });
    return nodes_[at].value;
  }
  void erase_at(std::uint32_t at) {
    unlink(at);
    free_.push_back(at);
    places_.erase(hash_of_key(nodes_[at].key), at);
  }
  // Nobody has looked at it for long, nor at those that will be the oldest then.
  void erase_oldest() {
    erase_at(first_);
    if (first_ != none) {
      const Node& next = nodes_[first_];
      places_.prefetch(hash_of_key(next.key));
      if (next.after != none) {
        prefetch_line(&nodes_[next.after]);
      }
    }
  }
  void append(std::uint32_t at) {
    nodes_[at].before = last_;
    nodes_[at].after = none;
    (last_ == none ? first_ : nodes_[last_].after) = at;
    last_ = at;
  }
  void unlink(std::uint32_t at) {
    const Node& node = nodes_[at];
    (node.before == none ? first_ : nodes_[node.before].after) = node.after;
    (node.after == none ? last_ : nodes_[node.after].before) = node.before;
  }

  std::uint32_t entries_max_;
  Duration memory_max_;
  BigVector<Node> nodes_;
  std::vector<std::uint32_t> free_;
  IdIndex places_;  // by key
  std::uint32_t first_ = none, last_ = none;
};

}  // namespace marktwacht
