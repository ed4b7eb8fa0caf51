// Packing: each lot as how it differs from the one before.
#include "accounts/lots.h"

#include <algorithm>

namespace marktwacht {
namespace {

// Over all 64 bits: what leaves them comes round again when it is added back.
std::int64_t minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t plus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// A string would double, and most of what a busy position holds is here.
void make_room(std::string& packed) {
  constexpr std::size_t lot_bytes_max = 49, grows_by_itself = 128;
  if (packed.size() < grows_by_itself || packed.capacity() - packed.size() >= lot_bytes_max) {
    return;
  }
  std::string wider;
  wider.reserve(packed.size() + std::max(lot_bytes_max, packed.size() / 4));
  wider += packed;
  packed.swap(wider);
}

}  // namespace

void LotQueue::pack(const Lot& lot, const Lot& before, std::string& out) {
  ByteWriter writer(out);
  writer.varint(static_cast<std::uint64_t>(lot.quantity.units) << 1 | (lot.price_known ? 1 : 0));
  writer.zigzag(minus(lot.price.units, before.price.units));
  writer.zigzag(minus(lot.opened.ns, before.opened.ns));
  writer.zigzag128(lot.fee.units);
}

Lot LotQueue::unpack(ByteReader& in, const Lot& before) {
  const std::uint64_t quantity = in.varint();
  const Price price{plus(before.price.units, in.zigzag())};
  const Time opened{plus(before.opened.ns, in.zigzag())};
  return {{static_cast<std::int64_t>(quantity >> 1)},
          price,
          (quantity & 1) != 0,
          opened,
          {in.zigzag128()}};
}

void LotQueue::push(const Lot& lot) {
  if (size_++ == 0) {
    front_ = lot;
    return;
  }
  const Lot before = size_ == 2 ? front_ : rest_->last;
  if (rest_ == nullptr) {
    rest_ = std::make_unique<Rest>();
  }
  rest_->last_at = rest_->packed.size();
  rest_->before_last = before;
  rest_->last = lot;
  make_room(rest_->packed);
  pack(lot, before, rest_->packed);
}

void LotQueue::grow_back(Quantity quantity, Money fee) {
  Lot& lot = rest_ == nullptr ? front_ : rest_->last;
  lot.quantity = lot.quantity + quantity;
  lot.fee = lot.fee + fee;
  if (rest_ != nullptr) {
    rest_->packed.resize(rest_->last_at);
    pack(lot, rest_->before_last, rest_->packed);
  }
}

void LotQueue::shrink_front(Quantity quantity, Money fee) {
  front_.quantity = front_.quantity - quantity;
  front_.fee.units -= fee.units;
}

void LotQueue::pop(std::size_t count) {
  size_ -= std::min(count, size_);
  if (size_ <= 1) {
    front_ = back();
    rest_.reset();
    return;
  }
  ByteReader in(packed());
  for (; count > 0; --count) {
    front_ = unpack(in, front_);
  }
  rest_->taken = rest_->packed.size() - in.left();
  drop_taken();
}

void LotQueue::drop_taken() {
  Rest& rest = *rest_;
  if (rest.taken * 4 < rest.packed.size()) {
    return;
  }
  rest.packed.erase(0, rest.taken);
  rest.last_at -= rest.taken;
  rest.taken = 0;
  if (rest.packed.size() * 2 < rest.packed.capacity()) {
    rest.packed.shrink_to_fit();
  }
}

}  // namespace marktwacht
