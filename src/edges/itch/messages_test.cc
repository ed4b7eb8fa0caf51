// One message of each type against bytes written down by hand from Nasdaq's specification.
#include "edges/itch/messages.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace marktwacht {
namespace {

// 2026-11-28, 09:30:00.123456789 UTC: 34,200,123,456,789 ns since midnight are 1F 1A D6 35 BD 15.
constexpr Time at{1'795'858'200'123'456'789};
constexpr ItchHead head{0x0102, at};
constexpr ItchSymbol symbol{'B', 'T', 'C', '-', 'U', 'S', 'D', ' '};

template <class Message>
std::string hex(const ItchHead& of, const Message& message) {
  std::string bytes, text;
  append(bytes, of, message);
  for (const char byte : bytes) {
    char two[4];
    std::snprintf(two, sizeof two, "%02X ",
                  static_cast<unsigned>(static_cast<unsigned char>(byte)));
    text += two;
  }
  text.pop_back();
  return text;
}

TEST(ItchMessagesTest, SystemEvent) {
  EXPECT_EQ(hex({0, at}, ItchSystemEvent{'O'}), "00 0C 53 00 00 00 00 1F 1A D6 35 BD 15 4F");
  EXPECT_EQ(hex({0, at}, ItchSystemEvent{'C'}), "00 0C 53 00 00 00 00 1F 1A D6 35 BD 15 43");
}

TEST(ItchMessagesTest, StockDirectory) {
  EXPECT_EQ(hex(head, ItchDirectory{symbol}),
            "00 27 52 01 02 00 00 1F 1A D6 35 BD 15 42 54 43 2D 55 53 44 20 "
            "20 20 00 00 00 01 4E 51 5A 20 50 20 20 20 4E 00 00 00 00 4E");
}

TEST(ItchMessagesTest, AddOrder) {
  EXPECT_EQ(hex(head, ItchAdd{0x0102030405060708, Side::buy, 100, symbol, 0xFFFFFFFF}),
            "00 24 41 01 02 00 00 1F 1A D6 35 BD 15 01 02 03 04 05 06 07 08 42 00 00 00 64 "
            "42 54 43 2D 55 53 44 20 FF FF FF FF");
  EXPECT_EQ(hex(head, ItchAdd{1, Side::sell, 0x01020304, symbol, 7}),
            "00 24 41 01 02 00 00 1F 1A D6 35 BD 15 00 00 00 00 00 00 00 01 53 01 02 03 04 "
            "42 54 43 2D 55 53 44 20 00 00 00 07");
}

TEST(ItchMessagesTest, OrderExecuted) {
  EXPECT_EQ(hex(head, ItchExecuted{5, 100, 0x0A0B}),
            "00 1F 45 01 02 00 00 1F 1A D6 35 BD 15 00 00 00 00 00 00 00 05 00 00 00 64 "
            "00 00 00 00 00 00 0A 0B");
}

TEST(ItchMessagesTest, OrderExecutedWithPrice) {
  EXPECT_EQ(hex(head, ItchExecutedAt{5, 100, 0x0A0B, true, 0x0123}),
            "00 24 43 01 02 00 00 1F 1A D6 35 BD 15 00 00 00 00 00 00 00 05 00 00 00 64 "
            "00 00 00 00 00 00 0A 0B 59 00 00 01 23");
  EXPECT_EQ(hex(head, ItchExecutedAt{5, 100, 0x0A0B, false, 0x0123}),
            "00 24 43 01 02 00 00 1F 1A D6 35 BD 15 00 00 00 00 00 00 00 05 00 00 00 64 "
            "00 00 00 00 00 00 0A 0B 4E 00 00 01 23");
}

TEST(ItchMessagesTest, OrderCancel) {
  EXPECT_EQ(hex(head, ItchCancel{5, 100}),
            "00 17 58 01 02 00 00 1F 1A D6 35 BD 15 00 00 00 00 00 00 00 05 00 00 00 64");
}

TEST(ItchMessagesTest, OrderDelete) {
  EXPECT_EQ(hex(head, ItchDelete{5}),
            "00 13 44 01 02 00 00 1F 1A D6 35 BD 15 00 00 00 00 00 00 00 05");
}

TEST(ItchMessagesTest, OrderReplace) {
  EXPECT_EQ(hex(head, ItchReplace{5, 6, 100, 0x0123}),
            "00 23 55 01 02 00 00 1F 1A D6 35 BD 15 00 00 00 00 00 00 00 05 "
            "00 00 00 00 00 00 00 06 00 00 00 64 00 00 01 23");
}

TEST(ItchMessagesTest, Trade) {
  EXPECT_EQ(hex(head, ItchTrade{100, symbol, 0x0123, 0x0A0B}),
            "00 2C 50 01 02 00 00 1F 1A D6 35 BD 15 00 00 00 00 00 00 00 00 42 00 00 00 64 "
            "42 54 43 2D 55 53 44 20 00 00 01 23 00 00 00 00 00 00 0A 0B");
}

}  // namespace
}  // namespace marktwacht
