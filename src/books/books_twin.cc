// The slow and clear twin of Books.
#include "books/books_twin.h"

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

namespace marktwacht {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

Quantity capped(Int128 sum) { return {static_cast<std::int64_t>(std::min(sum, Int128{largest}))}; }

// Also where less would be enough.
bool gives_depth(const Books& books, InstrumentIndex instrument, Side side, Price price,
                 Quantity depth) {
  const Quantity enough{1 + depth.units / 2};
  const Quantity found = books.depth(instrument, side, price, enough);
  return books.depth(instrument, side, price) == depth && found <= depth &&
         (found >= enough || found == depth);
}

}  // namespace

BooksTwin::Queue& BooksTwin::queue(const Entry& entry) {
  Book& book = books_[entry.instrument.value];
  return entry.rests ? book.sides[static_cast<std::size_t>(entry.side)][entry.price.units]
                     : book.beside;
}

void BooksTwin::leave(const std::string& id, const Entry& entry) {
  queue(entry).remove(id);
  if (entry.rests && queue(entry).empty()) {
    books_[entry.instrument.value].sides[static_cast<std::size_t>(entry.side)].erase(
        entry.price.units);
  }
}

void BooksTwin::add(const NewOrder& order) {
  const std::string id(order.order_id.view());
  const Entry entry{order.account,
                    order.instrument,
                    order.side,
                    order.has_price,
                    order.rests,
                    order.tags,
                    order.has_price ? order.price : Price{},
                    order.quantity,
                    Quantity{},
                    order.display,
                    order.placed};
  orders_.emplace(id, entry);
  queue(entry).push_back(id);
}

bool BooksTwin::fill(const std::string& id, Quantity quantity) {
  Entry& entry = orders_.at(id);
  entry.remaining = entry.remaining - quantity;
  entry.filled = capped(Int128{entry.filled.units} + quantity.units);
  if (entry.remaining.units == 0) {
    remove(id);
    return true;
  }
  return false;
}

void BooksTwin::remove(const std::string& id) {
  leave(id, orders_.at(id));
  orders_.erase(id);
}

void BooksTwin::change(const std::string& id, std::optional<Price> price, Quantity quantity) {
  Entry& entry = orders_.at(id);
  const bool keeps = quantity < entry.remaining && (!price || *price == entry.price);
  const bool moves = entry.rests && !keeps;
  if (moves) {
    leave(id, entry);
  }
  if (price) {
    entry.price = *price;
    entry.has_price = true;
  }
  entry.remaining = quantity;
  if (moves) {
    queue(entry).push_back(id);
  }
}

void BooksTwin::rename(const std::string& id, const std::string& to) {
  Entry entry = orders_.at(id);
  Queue& all = queue(entry);
  std::replace(all.begin(), all.end(), id, to);
  orders_.erase(id);
  orders_.emplace(to, entry);
}

void BooksTwin::rest(const std::string& id) {
  Entry& entry = orders_.at(id);
  leave(id, entry);
  entry.rests = true;
  queue(entry).push_back(id);
}

void BooksTwin::clear(InstrumentIndex instrument) {
  std::erase_if(orders_, [&](const auto& at) { return at.second.instrument == instrument; });
  books_.erase(instrument.value);
}

Quantity BooksTwin::visible(const std::string& id) const {
  const Entry& entry = orders_.at(id);
  return entry.display.units > 0 ? min(entry.display, entry.remaining) : entry.remaining;
}

std::string BooksTwin::difference(const Books& books, OrderSlot slot, const std::string& id) const {
  const Entry& entry = orders_.at(id);
  const Order& order = books.order(slot);
  const bool same = books.order_id(slot) == id && order.account == entry.account &&
                    order.instrument == entry.instrument && order.side == entry.side &&
                    order.has_price == entry.has_price && order.rests == entry.rests &&
                    order.tags == entry.tags && order.price == entry.price &&
                    order.remaining == entry.remaining && order.filled == entry.filled &&
                    books.display(slot) == entry.display && order.placed == entry.placed &&
                    books.visible(slot) == visible(id) && books.find(text_of_(id)) == slot;
  return same ? std::string() : "order " + id;
}

std::string BooksTwin::difference(const Books& books, InstrumentIndex instrument, Side side) const {
  static const Book empty;
  const auto found = books_.find(instrument.value);
  const Book& book = found == books_.end() ? empty : found->second;
  const auto& levels = book.sides[static_cast<std::size_t>(side)];
  std::vector<std::int64_t> prices;
  for (const auto& [price, queue] : levels) {
    prices.push_back(price);
  }
  if (side == Side::buy) {
    std::reverse(prices.begin(), prices.end());
  }
  std::size_t at = 0;
  Int128 depth = 0;
  std::string found_difference;
  const auto differs = [&](const char* what) {
    found_difference = what;
    return false;
  };
  books.visit_levels(instrument, side, [&](const LevelView& view) {
    if (at == prices.size() || view.price.units != prices[at]) {
      return differs("prices of levels");
    }
    const Queue& queue = levels.at(prices[at]);
    Int128 total = 0;
    Int128 shown = 0;
    auto next = queue.begin();
    books.visit_queue(instrument, side, view.price, [&](OrderSlot slot) {
      if (next == queue.end()) {
        return differs("length of a queue");
      }
      found_difference = difference(books, slot, *next);
      total += orders_.at(*next).remaining.units;
      shown += visible(*next).units;
      ++next;
      return found_difference.empty();
    });
    depth += shown;
    const LevelView level = books.level(instrument, side, view.price);
    const bool same = next == queue.end() && view.orders == queue.size() &&
                      view.total == capped(total) && view.visible == capped(shown) &&
                      level.price == view.price && level.orders == view.orders &&
                      level.total == view.total && level.visible == view.visible;
    if (found_difference.empty() && !same) {
      return differs("a level");
    }
    if (at % 7 == 0 && !gives_depth(books, instrument, side, view.price, capped(depth))) {
      return differs("depth");
    }
    ++at;
    return found_difference.empty();
  });
  const std::optional<Price> best = books.best(instrument, side);
  if (found_difference.empty() &&
      (at != prices.size() || books.levels(instrument, side) != prices.size() ||
       best.has_value() == prices.empty() || (best && best->units != prices.front()))) {
    return "number of levels or the best price";
  }
  return found_difference;
}

std::string BooksTwin::difference_of_owned(const Books& books) const {
  std::map<std::array<std::uint32_t, 3>, std::set<std::string>> owned;
  for (const auto& [id, entry] : orders_) {
    if (entry.rests) {
      owned[{entry.account.value, entry.instrument.value, static_cast<std::uint32_t>(entry.side)}]
          .insert(id);
    }
  }
  for (const auto& [key, ids] : owned) {
    const auto [account, instrument, side] = key;
    std::set<std::string> seen;
    books.visit_owned({account}, {instrument}, static_cast<Side>(side),
                      [&](OrderSlot slot) { seen.emplace(books.order_id(slot)); });
    if (seen != ids ||
        books.owned({account}, {instrument}, static_cast<Side>(side)) != ids.size()) {
      return "orders owned by " + std::to_string(account);
    }
  }
  return books.owned_lists() == owned.size() ? "" : "number of owned lists";
}

std::string BooksTwin::difference(const Books& books, std::uint32_t instruments) const {
  if (books.live_orders() != orders_.size()) {
    return "number of live orders";
  }
  if (std::string found = difference_of_owned(books); !found.empty()) {
    return found;
  }
  for (std::uint32_t at = 0; at < instruments; ++at) {
    for (const Side side : {Side::buy, Side::sell}) {
      if (std::string found = difference(books, {at}, side); !found.empty()) {
        return found + " of instrument " + std::to_string(at);
      }
    }
    static const Queue empty;
    const auto found = books_.find(at);
    const Queue& queue = found == books_.end() ? empty : found->second.beside;
    auto next = queue.begin();
    std::string beside;
    books.visit_beside({at}, [&](OrderSlot slot) {
      beside = next == queue.end() ? "length of a list beside" : difference(books, slot, *next++);
      return beside.empty();
    });
    if (!beside.empty() || next != queue.end()) {
      return "beside: " + beside;
    }
    const auto bid = books.best({at}, Side::buy);
    const auto ask = books.best({at}, Side::sell);
    if (books.crossed({at}) != (bid && ask && *bid >= *ask)) {
      return "crossed";
    }
  }
  return {};
}

}  // namespace marktwacht
