// The slow engine: see venue_twin.h.
#include "sim/venue_twin.h"

#include <algorithm>

namespace marktwacht::sim {
namespace {

std::string words(const char* what, std::uint64_t id, std::int64_t a, std::int64_t b) {
  return std::string(what) + " " + std::to_string(id) + " " + std::to_string(a) + " " +
         std::to_string(b);
}

}  // namespace

std::vector<std::uint64_t> VenueTwin::queue(std::uint32_t instrument, Side side) const {
  std::vector<const Entry*> found;
  for (const auto& [id, entry] : orders_) {
    if (entry.resting && entry.request.instrument == instrument && entry.request.side == side) {
      found.push_back(&entry);
    }
  }
  std::ranges::sort(found, [&](const Entry* a, const Entry* b) {
    if (a->request.price != b->request.price) {
      return side == Side::buy ? a->request.price > b->request.price
                               : a->request.price < b->request.price;
    }
    return a->place < b->place;
  });
  std::vector<std::uint64_t> ids;
  for (const Entry* entry : found) {
    ids.push_back(entry->id);
  }
  return ids;
}

std::string VenueTwin::side(std::uint32_t instrument, Side side) const {
  std::string text;
  for (const std::uint64_t id : queue(instrument, side)) {
    const Entry& entry = orders_.at(id);
    text += words("", id, entry.request.price, entry.remaining) + ";";
  }
  return text;
}

bool VenueTwin::meets(const Entry& entry, const Entry& other) const {
  return entry.request.price == no_price ||
         (entry.request.side == Side::buy ? other.request.price <= entry.request.price
                                          : other.request.price >= entry.request.price);
}

bool VenueTwin::same_person(const Entry& a, const Entry& b) const {
  return a.request.self_match != SelfMatch::none &&
         population_.person(a.request.account) == population_.person(b.request.account);
}

bool VenueTwin::fills(const Entry& entry) const {
  std::int64_t found = 0;
  for (const std::uint64_t id : queue(entry.request.instrument, opposite(entry.request.side))) {
    const Entry& maker = orders_.at(id);
    if (!meets(entry, maker) || found >= entry.remaining) {
      break;
    }
    if (same_person(entry, maker)) {
      if (entry.request.self_match != SelfMatch::cancel_maker) {
        return false;
      }
      continue;
    }
    found += maker.remaining;
  }
  return found >= entry.remaining;
}

void VenueTwin::end(std::uint64_t id, CancelReason reason) {
  happened.push_back("cancel " + std::to_string(id) + " " + std::string(word_of(reason)));
  orders_.erase(id);
}

std::uint64_t VenueTwin::place(const OrderRequest& request) {
  if (request.price != no_price && (request.price <= 0 || request.price >= price_end)) {
    happened.push_back("reject limit");
    return 0;
  }
  Entry entry{request, 0, 0, request.quantity, false};
  const auto others = queue(request.instrument, opposite(request.side));
  if (request.time_in_force == TimeInForce::gtx && request.trigger == no_price && !others.empty() &&
      meets(entry, orders_.at(others[0]))) {
    happened.push_back("reject post_only");
    return 0;
  }
  entry.id = ++ids_;
  happened.push_back(words("order", entry.id, request.price, request.quantity));
  orders_[entry.id] = entry;
  if (request.trigger == no_price) {
    execute(entry.id);
    fire(request.instrument);
  }
  return entry.id;
}

void VenueTwin::cancel(std::uint64_t id) {
  if (orders_.contains(id)) {
    end(id, CancelReason::user);
  }
}

std::uint64_t VenueTwin::replace(std::uint64_t id, std::int32_t price, std::int64_t quantity) {
  if (!orders_.contains(id) || !orders_.at(id).resting) {
    return 0;
  }
  Entry entry = orders_.at(id);
  if (price <= 0 || price >= price_end) {
    happened.push_back("reject limit");
    return id;
  }
  if (price == entry.request.price && quantity < entry.remaining) {
    happened.push_back(words("replace", id, price, quantity));
    orders_.at(id).remaining = quantity;
    return id;
  }
  Entry moved = entry;
  moved.request.price = price;
  const auto others = queue(entry.request.instrument, opposite(entry.request.side));
  if (entry.request.time_in_force == TimeInForce::gtx && !others.empty() &&
      meets(moved, orders_.at(others[0]))) {
    happened.push_back("reject post_only");
    return id;
  }
  orders_.erase(id);
  moved.id = ++ids_;
  moved.remaining = quantity;
  moved.resting = false;
  happened.push_back(words("replace", moved.id, price, quantity));
  orders_[moved.id] = moved;
  execute(moved.id);
  fire(entry.request.instrument);
  return moved.id;
}

void VenueTwin::expire(Time until) {
  while (true) {
    const Entry* next = nullptr;
    for (const auto& [id, entry] : orders_) {
      if (entry.request.time_in_force == TimeInForce::gtd && entry.request.expires <= until &&
          (next == nullptr || entry.request.expires < next->request.expires)) {
        next = &entry;
      }
    }
    if (next == nullptr) {
      return;
    }
    end(next->id, CancelReason::expired);
  }
}

void VenueTwin::execute(std::uint64_t id) {
  const OrderRequest request = orders_.at(id).request;
  if (request.time_in_force == TimeInForce::fok && !fills(orders_.at(id))) {
    return end(id, CancelReason::fok);
  }
  while (true) {
    const auto makers = queue(request.instrument, opposite(request.side));
    if (makers.empty() || !meets(orders_.at(id), orders_.at(makers[0]))) {
      break;
    }
    if (request.time_in_force == TimeInForce::gtx) {
      return end(id, CancelReason::post_only);
    }
    if (same_person(orders_.at(id), orders_.at(makers[0]))) {
      if (prevented(id, makers[0])) {
        return;
      }
      continue;
    }
    trade(id, makers[0]);
    if (!orders_.contains(id)) {
      return;
    }
  }
  if (request.price == no_price || request.time_in_force == TimeInForce::ioc) {
    return end(id, CancelReason::ioc);
  }
  orders_.at(id).resting = true;
  orders_.at(id).place = ++places_;
}

// Whether the taker is gone.
bool VenueTwin::prevented(std::uint64_t id, std::uint64_t maker) {
  const SelfMatch mode = orders_.at(id).request.self_match;
  if (mode != SelfMatch::decrement) {
    if (mode != SelfMatch::cancel_taker) {
      end(maker, CancelReason::self_match);
    }
    if (mode != SelfMatch::cancel_maker) {
      end(id, CancelReason::self_match);
    }
    return mode != SelfMatch::cancel_maker;
  }
  const std::int64_t own = orders_.at(id).remaining, other = orders_.at(maker).remaining;
  for (const auto& [which, left] : {std::pair{maker, other - own}, std::pair{id, own - other}}) {
    if (left > 0) {
      happened.push_back(words("replace", which, orders_.at(which).request.price, left));
      orders_.at(which).remaining = left;
    } else {
      end(which, CancelReason::self_match);
    }
  }
  return own <= other;
}

void VenueTwin::trade(std::uint64_t id, std::uint64_t maker) {
  Entry& takes = orders_.at(id);
  Entry& makes = orders_.at(maker);
  const std::int64_t quantity = std::min(takes.remaining, makes.remaining);
  happened.push_back(words("trade", maker, makes.request.price, quantity));
  last_[takes.request.instrument] = makes.request.price;
  takes.remaining -= quantity;
  makes.remaining -= quantity;
  if (makes.remaining == 0) {
    orders_.erase(maker);
  }
  if (orders_.at(id).remaining == 0) {
    orders_.erase(id);
  }
}

void VenueTwin::fire(std::uint32_t instrument) {
  while (last_.contains(instrument)) {
    const std::int32_t last = last_[instrument];
    std::vector<const Entry*> due;
    for (const auto& [id, entry] : orders_) {
      const OrderRequest& request = entry.request;
      if (request.instrument == instrument && request.trigger != no_price &&
          (request.side == Side::buy ? request.trigger <= last : request.trigger >= last)) {
        due.push_back(&entry);
      }
    }
    // Buys first; of a side the nearest trigger, then the oldest.
    std::ranges::sort(due, [](const Entry* a, const Entry* b) {
      if (a->request.side != b->request.side) {
        return a->request.side == Side::buy;
      }
      if (a->request.trigger != b->request.trigger) {
        return (a->request.side == Side::buy) == (a->request.trigger < b->request.trigger);
      }
      return a->id < b->id;
    });
    if (due.empty()) {
      return;
    }
    const std::uint64_t id = due[0]->id;
    happened.push_back("triggered " + std::to_string(id));
    orders_.at(id).request.trigger = no_price;
    execute(id);
  }
}

}  // namespace marktwacht::sim
