// Books: single cases, then random streams against the twin.
#include "books/books.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "books/books_twin.h"

namespace marktwacht {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
constexpr InstrumentIndex first{0};

std::string saved(const Books& books) {
  std::string bytes;
  ByteWriter out(bytes);
  books.save(out);
  return bytes;
}

bool load(Books& books, const std::string& bytes) {
  ByteReader in(bytes);
  return books.load(in) && in.done();
}

NewOrder resting(std::string_view id, Side side, std::int64_t price, std::int64_t quantity) {
  return {.order_id = make_text(id),
          .account = {7},
          .instrument = first,
          .side = side,
          .has_price = true,
          .rests = true,
          .price = {price},
          .quantity = {quantity}};
}

std::vector<std::string> queue(const Books& books, Side side, std::int64_t price) {
  std::vector<std::string> ids;
  books.visit_queue(first, side, {price}, [&](OrderSlot slot) {
    ids.emplace_back(books.order_id(slot));
    return true;
  });
  return ids;
}

using Ids = std::vector<std::string>;

TEST(BooksTest, QueueKeepsPriorityOnlyWhenTheQuantityFalls) {
  Books books;
  books.set_tick(first, 10);
  const OrderSlot a = books.add(resting("a", Side::buy, 100, 5));
  const OrderSlot b = books.add(resting("b", Side::buy, 100, 5));
  books.add(resting("c", Side::buy, 100, 5));
  books.change(a, std::nullopt, {4});
  books.change(a, Price{100}, {3});
  EXPECT_EQ(queue(books, Side::buy, 100), (Ids{"a", "b", "c"}));
  books.change(a, Price{100}, {3});  // nothing fell
  EXPECT_EQ(queue(books, Side::buy, 100), (Ids{"b", "c", "a"}));
  books.change(b, std::nullopt, {6});
  EXPECT_EQ(queue(books, Side::buy, 100), (Ids{"c", "a", "b"}));
  books.change(b, Price{110}, {1});
  EXPECT_EQ(books.best(first, Side::buy), Price{110});
  EXPECT_EQ(books.level(first, Side::buy, {100}).total, Quantity{8});
  EXPECT_EQ(books.fault(), "");
}

TEST(BooksTest, AFillKeepsThePlaceAndTheLastOneRemoves) {
  Books books;
  books.set_tick(first, 1);
  const OrderSlot a = books.add(resting("a", Side::sell, 5, 5));
  books.add(resting("b", Side::sell, 5, 5));
  EXPECT_FALSE(books.fill(a, {2}));
  EXPECT_EQ(books.order(a).filled, Quantity{2});
  EXPECT_EQ(books.order(a).remaining, Quantity{3});
  EXPECT_EQ(queue(books, Side::sell, 5), (Ids{"a", "b"}));
  EXPECT_TRUE(books.fill(a, {3}));
  EXPECT_FALSE(books.find(make_text("a")).exists());
  EXPECT_EQ(queue(books, Side::sell, 5), (Ids{"b"}));
}

TEST(BooksTest, ADisplayHidesTheRest) {
  Books books;
  books.set_tick(first, 1);
  NewOrder iceberg = resting("ice", Side::sell, 5, 100);
  iceberg.display = {10};
  const OrderSlot ice = books.add(iceberg);
  books.add(resting("b", Side::sell, 5, 7));
  EXPECT_EQ(books.level(first, Side::sell, {5}).visible, Quantity{17});
  EXPECT_EQ(books.level(first, Side::sell, {5}).total, Quantity{107});
  books.fill(ice, {95});
  EXPECT_EQ(books.visible(ice), Quantity{5});
  EXPECT_EQ(books.level(first, Side::sell, {5}).visible, Quantity{12});
  EXPECT_EQ(books.depth(first, Side::sell, {5}), Quantity{12});
  books.remove(ice);
  EXPECT_EQ(books.level(first, Side::sell, {5}).visible, Quantity{7});
  EXPECT_EQ(books.fault(), "");
}

TEST(BooksTest, BesideTheBookUntilItRests) {
  Books books;
  books.set_tick(first, 1);
  NewOrder stop = resting("stop", Side::buy, 50, 5);
  stop.rests = false;
  NewOrder market = resting("market", Side::buy, 0, 5);
  market.rests = market.has_price = false;
  const OrderSlot a = books.add(stop);
  const OrderSlot b = books.add(market);
  EXPECT_FALSE(books.best(first, Side::buy).has_value());
  books.change(b, Price{40}, {9});
  Ids beside;
  books.visit_beside(first, [&](OrderSlot slot) {
    beside.emplace_back(books.order_id(slot));
    return true;
  });
  EXPECT_EQ(beside, (Ids{"stop", "market"}));
  books.rest(a);
  books.rest(b);
  EXPECT_EQ(books.best(first, Side::buy), Price{50});
  EXPECT_EQ(books.level(first, Side::buy, {40}).total, Quantity{9});
  EXPECT_EQ(books.fault(), "");
}

TEST(BooksTest, SumsBeyondInt64AreExactAndViewsStop) {
  Books books;
  books.set_tick(first, 1);
  std::vector<OrderSlot> slots;
  for (int i = 0; i < 5; ++i) {
    slots.push_back(books.add(resting("x" + std::to_string(i), Side::buy, 5, largest)));
  }
  books.add(resting("small", Side::buy, 5, 3));
  EXPECT_EQ(books.level(first, Side::buy, {5}).total, Quantity{largest});
  EXPECT_EQ(books.depth(first, Side::buy, {5}), Quantity{largest});
  EXPECT_EQ(books.fault(), "");
  for (const OrderSlot slot : slots) {
    books.remove(slot);
  }
  EXPECT_EQ(books.level(first, Side::buy, {5}).total, Quantity{3});
}

TEST(BooksTest, AnUnknownInstrumentIsEmpty) {
  Books books;
  EXPECT_FALSE(books.best({3}, Side::buy).has_value());
  EXPECT_FALSE(books.crossed({3}));
  EXPECT_EQ(books.levels({3}, Side::sell), 0U);
  EXPECT_EQ(books.level({3}, Side::sell, {1}).orders, 0U);
  EXPECT_EQ(books.depth({3}, Side::sell, {1}), Quantity{0});
  books.clear({3});
  EXPECT_EQ(saved(books).size(), 1U);
}

TEST(BooksTest, ExtremePricesAreSortedLikeAnyOther) {
  Books books;
  books.set_tick(first, 7);
  const std::vector<std::int64_t> prices = {0,       7,          -7,          largest, smallest,
                                            1 << 30, -(1 << 30), largest - 1, 8,       -1};
  for (const Side side : {Side::buy, Side::sell}) {
    for (const std::int64_t price : prices) {
      books.add(resting("p" + std::to_string(static_cast<int>(side)) + std::to_string(price), side,
                        price, 1));
      EXPECT_EQ(books.fault(), "");
    }
  }
  EXPECT_EQ(books.best(first, Side::buy), Price{largest});
  EXPECT_EQ(books.best(first, Side::sell), Price{smallest});
  EXPECT_TRUE(books.crossed(first));
  books.clear(first);
  EXPECT_EQ(books.live_orders(), 0U);
  EXPECT_EQ(books.fault(), "");
}

TEST(BooksTest, MalformedBytesAreRefused) {
  Books books;
  books.set_tick(first, 10);
  books.add(resting("a", Side::buy, 100, 5));
  books.add(resting("long-order-id-1", Side::sell, 200, 5));
  NewOrder market = resting("market", Side::buy, 0, 5);
  market.rests = market.has_price = false;
  books.add(market);
  const std::string bytes = saved(books);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Books other;
    EXPECT_FALSE(load(other, bytes.substr(0, size))) << size;
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string wrong = bytes;
      wrong[at] = static_cast<char>(wrong[at] ^ 1 << bit);
      Books other;
      if (load(other, wrong)) {  // other data, then, but sound
        EXPECT_EQ(other.fault(), "") << at << " " << bit;
      }
    }
  }
}

// One random stream over all operations, on the books and on their twin.
class Stream {
 public:
  struct Shape {
    std::uint32_t instruments = 2;
    std::size_t orders = 40;  // about so many live ones
    int wild = 10;            // percent of prices that are off the grid or far away
    std::int64_t width = 40;  // ticks on both sides of the middle
    std::int64_t drift = 0;   // ticks the middle moves each step
    bool same_hash = false;
  };

  Stream(std::uint64_t seed, const Shape& shape)
      : shape_(shape), random_(seed), twin_(text_of(shape)) {
    for (std::uint32_t at = 0; at < shape.instruments; ++at) {
      ticks_.push_back(tick());
      books_->set_tick({at}, ticks_.back());
    }
    books_->keep_owned(true);
  }

  void step() {
    middle_ += shape_.drift;
    const std::uint64_t dice = below(1000);
    if (live_.empty() || dice < (live_.size() < shape_.orders ? 480 : 300)) {
      add();
    } else if (dice < 730) {
      remove();
    } else if (dice < 830) {
      fill();
    } else if (dice < 930) {
      change();
    } else if (dice < 960) {
      rename();
    } else if (dice < 994) {
      rest();
    } else if (dice < 997) {
      set_tick();
    } else {
      clear();
    }
  }

  std::string difference() const { return twin_.difference(*books_, shape_.instruments); }
  const Books& books() const { return *books_; }

  // Goes on with books loaded from these.
  void reload() {
    const std::string bytes = saved(*books_);
    books_ = std::make_unique<Books>();
    books_->keep_owned(percent(50));
    ASSERT_TRUE(load(*books_, bytes));
    books_->keep_owned(true);
    ASSERT_EQ(saved(*books_), bytes);
  }

 private:
  static Text (*text_of(const Shape& shape))(const std::string&) {
    return shape.same_hash ? [](const std::string& id) {
      Text text = make_text(id);
      text.hash &= 3;
      return text;
    } : BooksTwin::hashed;
  }
  Text text(const std::string& id) const { return text_of(shape_)(id); }

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool percent(std::uint64_t of) { return below(100) < of; }

  std::int64_t tick() {
    static constexpr std::int64_t ticks[] = {1, 1, 10, 25, 64, 1'000, 96'000'000};
    return ticks[below(std::size(ticks))];
  }
  std::int64_t signed_bits(std::uint64_t bits) {
    return static_cast<std::int64_t>(random_()) >> (63 - bits);
  }

  Price price(std::uint32_t instrument) {
    const std::int64_t tick = ticks_[instrument];
    const std::int64_t ticks = static_cast<std::int64_t>(below(2 * shape_.width + 1));
    const std::int64_t near = (middle_ + ticks - shape_.width) * tick;
    if (!percent(shape_.wild)) {
      return {near};
    }
    switch (below(6)) {
      case 0:
        return {near + static_cast<std::int64_t>(below(tick))};
      case 1:
        return {(signed_bits(30) / tick) * tick};  // far, on the grid
      case 2:
        return {signed_bits(below(63))};
      case 3:
        return {(std::int64_t{1} << 62) - static_cast<std::int64_t>(below(4))};
      case 4:
        return {-(std::int64_t{1} << 62) + static_cast<std::int64_t>(below(4))};
      default:
        return {percent(50) ? largest - static_cast<std::int64_t>(below(3))
                            : smallest + static_cast<std::int64_t>(below(3))};
    }
  }

  Quantity quantity() {
    return {percent(3) ? largest - static_cast<std::int64_t>(below(3))
                       : 1 + static_cast<std::int64_t>(below(50))};
  }

  std::string some_id() {
    switch (below(8)) {
      case 0:
        return std::to_string(++number_);
      case 1:
        return std::to_string(random_() >> below(64));
      case 2:
        return "0" + std::to_string(below(100));
      case 3:
        return "x" + std::to_string(below(1'000));
      case 4:
        return std::string(below(8), 'z') + "-" + std::to_string(below(10));
      case 5:
        return std::string(1 + below(IdStore::size_max), static_cast<char>(below(256)));
      case 6:
        return "order-" + std::to_string(++number_);
      default:
        return std::to_string((std::uint64_t{1} << 62) + below(20) - 10);
    }
  }
  std::string new_id() {
    std::string id = some_id();
    while (twin_.orders().contains(id)) {
      EXPECT_TRUE(books_->find(text(id)).exists());
      id = some_id();
    }
    EXPECT_FALSE(books_->find(text(id)).exists());
    return id;
  }
  const std::string& some_live() { return live_[below(live_.size())]; }
  void forget(const std::string& id) { live_.erase(std::find(live_.begin(), live_.end(), id)); }

  void add() {
    const std::string id = new_id();
    const auto instrument = static_cast<std::uint32_t>(below(shape_.instruments));
    NewOrder order;
    order.order_id = text(id);
    order.account = {static_cast<std::uint32_t>(below(10))};
    order.instrument = {instrument};
    order.side = percent(50) ? Side::buy : Side::sell;
    order.has_price = percent(95);
    order.rests = order.has_price && percent(90);
    order.tags = static_cast<std::uint16_t>(below(65'536));
    order.price = order.has_price ? price(instrument) : Price{};
    order.quantity = quantity();
    order.display = {percent(20) ? static_cast<std::int64_t>(below(60)) : 0};
    order.placed = {signed_bits(50)};
    books_->add(order);
    twin_.add(order);
    live_.push_back(id);
  }
  void remove() {
    const std::string id = some_live();
    books_->remove(books_->find(text(id)));
    twin_.remove(id);
    forget(id);
  }
  void fill() {
    const std::string id = some_live();
    const std::int64_t remaining = twin_.orders().at(id).remaining.units;
    const Quantity part{percent(40) ? remaining : 1 + static_cast<std::int64_t>(below(remaining))};
    const bool gone = twin_.fill(id, part);
    ASSERT_EQ(books_->fill(books_->find(text(id)), part), gone);
    if (gone) {
      forget(id);
    }
  }
  void change() {
    const std::string& id = some_live();
    const auto& entry = twin_.orders().at(id);
    std::optional<Price> to;
    if (percent(60)) {
      to = entry.has_price && percent(30) ? entry.price : price(entry.instrument.value);
    }
    const Quantity part =
        percent(30) && entry.remaining.units > 1 ? Quantity{entry.remaining.units - 1} : quantity();
    books_->change(books_->find(text(id)), to, part);
    twin_.change(id, to, part);
  }
  void rename() {
    std::string& id = live_[below(live_.size())];
    const std::string to = new_id();
    books_->rename(books_->find(text(id)), text(to));
    twin_.rename(id, to);
    id = to;
  }
  void rest() {
    for (const auto& [id, entry] : twin_.orders()) {
      if (!entry.rests && entry.has_price) {
        books_->rest(books_->find(text(id)));
        twin_.rest(std::string(id));
        return;
      }
    }
  }
  void set_tick() {
    const auto instrument = static_cast<std::uint32_t>(below(shape_.instruments));
    ticks_[instrument] = tick();
    books_->set_tick({instrument}, ticks_[instrument]);
  }
  void clear() {
    if (!percent(20)) {
      return;
    }
    const InstrumentIndex instrument{static_cast<std::uint32_t>(below(shape_.instruments))};
    std::erase_if(live_, [&](const std::string& id) {
      return twin_.orders().at(id).instrument == instrument;
    });
    books_->clear(instrument);
    twin_.clear(instrument);
  }

  Shape shape_;
  std::mt19937_64 random_;
  std::unique_ptr<Books> books_ = std::make_unique<Books>();
  BooksTwin twin_;
  std::vector<std::int64_t> ticks_;
  std::vector<std::string> live_;
  std::int64_t middle_ = 1'000;
  std::uint64_t number_ = 0;
};

void run(std::uint64_t seed, const Stream::Shape& shape, int steps, int interval, int reload) {
  Stream stream(seed, shape);
  for (int at = 1; at <= steps; ++at) {
    stream.step();
    if (at % interval == 0) {
      ASSERT_EQ(stream.difference(), "") << "seed " << seed << " step " << at;
      ASSERT_EQ(stream.books().fault(), "") << "seed " << seed << " step " << at;
    }
    if (reload > 0 && at % reload == 0) {
      stream.reload();
    }
  }
}

TEST(BooksStreamTest, SmallBooksEqualTheirTwinAfterEveryStep) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    run(seed, {}, 1'500, 1, 0);
  }
}

TEST(BooksStreamTest, WildPricesEqualTheirTwin) {
  run(11, {.orders = 300, .wild = 60}, 20'000, 97, 5'003);
  run(12, {.instruments = 1, .orders = 600, .wild = 100}, 20'000, 211, 0);
}

TEST(BooksStreamTest, WideAndDriftingBooksEqualTheirTwin) {
  run(21, {.orders = 3'000, .wild = 1, .width = 200'000}, 30'000, 1'501, 10'001);
  run(22, {.instruments = 1, .orders = 500, .wild = 0, .width = 3'000, .drift = 10'007}, 30'000,
      499, 0);
  run(23, {.instruments = 1, .orders = 500, .wild = 2, .width = 30'000'000}, 30'000, 1'499, 7'001);
}

TEST(BooksStreamTest, LoadedBooksGoOnAlike) {
  for (std::uint64_t seed = 31; seed <= 34; ++seed) {
    run(seed, {.instruments = 4}, 4'000, 13, 101);
  }
}

TEST(BooksStreamTest, EqualHashesDoNotMix) { run(41, {.same_hash = true}, 6'000, 7, 0); }

// The same end state by another way: saved bytes do not show the history.
TEST(BooksTest, HistoryLeavesNoTrace) {
  Books direct;
  Books roundabout;
  direct.set_tick(first, 5);
  roundabout.set_tick(first, 3);
  for (int i = 0; i < 3'000; ++i) {
    roundabout.add(resting("gone" + std::to_string(i), Side::buy, std::int64_t{i} * 1'000'003, 1));
  }
  roundabout.clear(first);
  roundabout.set_tick(first, 5);
  for (int i = 0; i < 200; ++i) {
    const std::string id = "stays" + std::to_string(i);
    direct.add(resting(id, Side::sell, i % 17 * 5, 9));
    const OrderSlot slot = roundabout.add(resting("x" + id, Side::sell, i % 17 * 5, 10));
    roundabout.change(slot, std::nullopt, {9});
    roundabout.rename(slot, make_text(id));
  }
  EXPECT_EQ(saved(direct), saved(roundabout));
  direct.fill(direct.find(make_text("stays3")), {1});
  EXPECT_NE(saved(direct), saved(roundabout));
}

// When nearly all levels lie beyond the window, it moves there; and the sum of work stays small.
TEST(BooksTest, TheWindowFollowsTheLevels) {
  Books books;
  books.set_tick(first, 1);
  books.add(resting("anchor", Side::sell, 0, 1));
  constexpr std::int64_t far_away = std::int64_t{1} << 40;
  for (int i = 0; i < 2'000; ++i) {
    books.add(resting("o" + std::to_string(i), Side::sell, far_away + i, 1));
  }
  EXPECT_EQ(books.fault(), "");
  EXPECT_EQ(books.levels(first, Side::sell), 2'001U);
  EXPECT_LT(books.far_levels(first, Side::sell), 10U);
}

}  // namespace
}  // namespace marktwacht
