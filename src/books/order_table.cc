// The records of all live orders: taking memory.
#include "books/order_table.h"

namespace marktwacht {

void OrderTable::grow() {
  check(slots_ < orders_max, "fewer than 2^30 live orders");
  orders_.reserve(std::size_t{slots_} + 1);
}

void OrderTable::reserve(std::uint32_t orders) {
  orders_.reserve(std::size_t{orders} + 1);
  index_.reserve(orders);
}

std::size_t OrderTable::bytes() const {
  constexpr std::size_t display_bytes = 40;  // node and bucket of the map
  return slots_ * sizeof(Order) + index_.bytes() + ids_.slab_bytes() +
         display_.size() * display_bytes;
}

}  // namespace marktwacht
