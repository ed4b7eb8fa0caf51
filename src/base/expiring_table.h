// Small flat records by a 64-bit key, bounded in number and in age.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
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
    const auto place = places_.find(key);
    if (place == places_.end() || old(nodes_[place->second], now)) {
      return nullptr;
    }
    return &nodes_[place->second].value;
  }
  // The same, a new one (all zeros) if there is none; `on_evicted()` is called when another had to
  // go for it. `now` never goes back.
  template <class OnEvicted>
  T& touch(std::uint64_t key, Time now, OnEvicted&& on_evicted) {
    if (const auto place = places_.find(key); place != places_.end()) {
      Node& node = nodes_[place->second];
      if (!old(node, now)) {
        if ((now - node.stamp).ns > memory_max_.ns / 16) {
          unlink(place->second);
          node.stamp = now;
          append(place->second);
        }
        return node.value;
      }
    }
    while (first_ != none && old(nodes_[first_], now)) {
      erase(nodes_[first_].key);
    }
    if (size() >= entries_max_) {
      erase(nodes_[first_].key);
      on_evicted();
    }
    return add(key, now);
  }
  void erase(std::uint64_t key) {
    if (const auto place = places_.find(key); place != places_.end()) {
      unlink(place->second);
      free_.push_back(place->second);
      places_.erase(place);
    }
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(places_.size()); }

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
      if (!in.ok() || size() >= entries_max_ || places_.contains(key) || !in_order) {
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
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  // A list by age runs through the records, the oldest first.
  struct Node {
    std::uint64_t key = 0;
    Time stamp;
    std::uint32_t before = none, after = none;
    T value;
  };

  bool old(const Node& node, Time now) const { return (now - node.stamp).ns > memory_max_.ns; }

  T& add(std::uint64_t key, Time now) {
    std::uint32_t at = static_cast<std::uint32_t>(nodes_.size());
    if (free_.empty()) {
      nodes_.emplace_back();
    } else {
      at = free_.back();
      free_.pop_back();
    }
    nodes_[at].key = key;
    nodes_[at].stamp = now;
    nodes_[at].value = T{};
    append(at);
    places_.emplace(key, at);
    return nodes_[at].value;
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
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> free_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> places_;  // by key
  std::uint32_t first_ = none, last_ = none;
};

}  // namespace marktwacht
