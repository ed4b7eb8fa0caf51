// Whose the levels of a book are.
#include "market/owned_levels.h"

#include <gtest/gtest.h>

#include <string>

#include "market/lines_twin.h"

namespace marktwacht {
namespace {

std::string order(const std::string& id, const std::string& account, const std::string& side,
                  int price, int quantity, int display = 0) {
  return R"({"type":"order","ts":2,"order_id":")" + id + R"(","account_id":")" + account +
         R"(","instrument_id":"S","side":")" + side + R"(","price":)" + std::to_string(price) +
         R"(,"quantity":)" + std::to_string(quantity) +
         (display > 0 ? R"(,"display_quantity":)" + std::to_string(display) : "") + "}";
}

// "price:visible/total account visible/total …", a level after the other.
std::string shown(const MarketLines& lines, Side side, std::size_t levels_max) {
  const Terms& terms = lines.market.directory().instrument(lines.instrument("S")).terms;
  std::string text;
  for (const OwnedLevel& at : owned_levels(lines.market, lines.instrument("S"), side, levels_max)) {
    const auto pair = [&](Quantity visible, Quantity total) {
      return format_scaled(visible.units, terms.quantity_scale) + "/" +
             format_scaled(total.units, terms.quantity_scale);
    };
    text += (text.empty() ? "" : ", ") + format_scaled(at.level.price.units, terms.price_scale) +
            ":" + pair(at.level.visible, at.level.total);
    for (const LevelOwner& owner : at.owners) {
      text += " " + lines.market.directory().account_id(owner.account) + " " +
              pair(owner.visible, owner.total);
    }
  }
  return text;
}

TEST(OwnedLevels, NamesEachOwnerOnceByItsFirstPlaceInTheQueue) {
  MarketLines lines;
  ASSERT_EQ(
      lines.feed(R"({"type":"instrument","ts":1,"instrument_id":"S","kind":"spot","base":"B",)"
                 R"("quote":"Q","tick_size":1,"lot_size":1})"),
      "");
  for (const std::string& line :
       {order("1", "ann", "buy", 9, 5), order("2", "bob", "buy", 9, 8, 2),
        order("3", "ann", "buy", 9, 1), order("4", "cat", "buy", 8, 7),
        order("5", "bob", "sell", 11, 4), order("6", "cat", "buy", 7, 1)}) {
    ASSERT_EQ(lines.feed(line), "") << line;
  }
  EXPECT_EQ(shown(lines, Side::buy, 2), "9:8/14 ann 6/6 bob 2/8, 8:7/7 cat 7/7");
  EXPECT_EQ(shown(lines, Side::sell, 2), "11:4/4 bob 4/4");
  EXPECT_EQ(shown(lines, Side::sell, 0), "");
}

}  // namespace
}  // namespace marktwacht
