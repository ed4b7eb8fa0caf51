// Records by a 64-bit key, which can be looked ahead at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/free_places.h"
#include "base/huge_pages.h"
#include "base/id_index.h"
#include "base/prefetch.h"

namespace marktwacht {

// One thread. Addresses of records change when another comes. Its order means nothing: sort the
// keys of what is saved or visited. All ones is no key.
template <class Value>
class KeyTable {
 public:
  Value* find(std::uint64_t key) {
    const std::uint32_t at = place_of(key);
    return at == IdIndex::none ? nullptr : &nodes_[at].value;
  }
  const Value* find(std::uint64_t key) const {
    const std::uint32_t at = place_of(key);
    return at == IdIndex::none ? nullptr : &nodes_[at].value;
  }
  // A fresh record where there is none.
  Value& operator[](std::uint64_t key) {
    Value* const found = find(key);
    return found != nullptr ? *found : add(key);
  }
  // Whether there was one.
  bool erase(std::uint64_t key) {
    const std::uint32_t at = place_of(key);
    if (at == IdIndex::none) {
      return false;
    }
    nodes_[at] = Node{};
    free_.push_back(at);
    places_.erase(hash_of_key(key), at);
    return true;
  }
  void clear() { *this = KeyTable(); }

  // Starts fetching what `find` will look at.
  void look_ahead(Ahead which, std::uint64_t key) const {
    if (which == Ahead::place) {
      return places_.prefetch(hash_of_key(key));
    }
    const std::uint32_t at = places_.likely(hash_of_key(key));
    if (at != IdIndex::none) {
      prefetch_lines(&nodes_[at], sizeof(Node));
    }
  }

  std::uint32_t size() const { return places_.size(); }
  template <class Visitor>
  void visit(Visitor&& visitor) const {  // (key, value)
    for (const Node& node : nodes_) {
      if (node.key != no_key) {
        visitor(node.key, node.value);
      }
    }
  }
  template <class Visitor>
  void visit(Visitor&& visitor) {
    for (Node& node : nodes_) {
      if (node.key != no_key) {
        visitor(node.key, node.value);
      }
    }
  }

 private:
  static constexpr std::uint64_t no_key = UINT64_MAX;

  struct Node {
    std::uint64_t key = no_key;
    Value value{};
  };

  std::uint32_t place_of(std::uint64_t key) const {
    return places_.find(hash_of_key(key), [&](std::uint32_t at) { return nodes_[at].key == key; });
  }
  Value& add(std::uint64_t key) {
    check(key != no_key, "all ones is no key");
    const std::uint32_t at = take_place(nodes_, free_);
    nodes_[at].key = key;
    places_.insert(hash_of_key(key), at, [](std::uint32_t) { return false; });
    return nodes_[at].value;
  }

  BigVector<Node> nodes_;
  std::vector<std::uint32_t> free_;
  IdIndex places_;  // by key
};

}  // namespace marktwacht
