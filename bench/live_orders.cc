// The live orders of a stream: see live_orders.h.
#include "bench/live_orders.h"

#include "base/free_places.h"

namespace marktwacht::bench {

LiveOrders::LiveOrders(std::uint32_t instruments) {
  for (std::uint32_t at = 0; at < 2 * instruments; ++at) {
    books_.emplace_back(&memory_);
  }
}

std::uint32_t LiveOrders::add(const LiveOrder& order) {
  const std::uint32_t place = take_place(nodes_, free_);
  Node& node = nodes_[place];
  node.order = order;
  node.number = ++placed_;
  node.live_at = size();
  live_.push_back(place);
  young_[placed_ % young_size] = {place, placed_};
  enqueue(place);
  return place;
}

void LiveOrders::remove(std::uint32_t place) {
  dequeue(place);
  Node& node = nodes_[place];
  nodes_[live_.back()].live_at = node.live_at;
  live_[node.live_at] = live_.back();
  live_.pop_back();
  node.live_at = none;
  node.number = 0;
  free_.push_back(place);
}

void LiveOrders::move(std::uint32_t place, std::int32_t price, std::uint32_t quantity) {
  dequeue(place);
  nodes_[place].order.price = price;
  nodes_[place].order.quantity = quantity;
  enqueue(place);
}

std::uint32_t LiveOrders::young(Random& random) const {
  for (int tries = 0; tries < 32; ++tries) {
    const Young& young = young_[random.below(young_size)];
    if (young.number != 0 && nodes_[young.place].number == young.number) {
      return young.place;
    }
  }
  return any(random);
}

void LiveOrders::enqueue(std::uint32_t place) {
  Node& node = nodes_[place];
  const auto [level, fresh] =
      levels(node.order.instrument, node.order.side).try_emplace(key(node.order));
  level_count_ += fresh ? 1 : 0;
  Queue& queue = level->second;
  node.prev = queue.tail;
  node.next = none;
  (queue.tail == none ? queue.head : nodes_[queue.tail].next) = place;
  queue.tail = place;
}

void LiveOrders::dequeue(std::uint32_t place) {
  const Node& node = nodes_[place];
  Levels& side = levels(node.order.instrument, node.order.side);
  const auto level = side.find(key(node.order));
  Queue& queue = level->second;
  (node.prev == none ? queue.head : nodes_[node.prev].next) = node.next;
  (node.next == none ? queue.tail : nodes_[node.next].prev) = node.prev;
  if (queue.head == none) {
    side.erase(level);
    --level_count_;
  }
}

}  // namespace marktwacht::bench
