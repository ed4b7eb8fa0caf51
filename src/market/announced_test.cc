// Which instruments an announcement is about.
#include "market/announced.h"

#include <gtest/gtest.h>

#include "market/lines_twin.h"

namespace marktwacht {
namespace {

TEST(Announced, names_an_instrument_or_the_base_of_several) {
  MarketLines lines;
  lines.feed_all(R"(
{"type":"instrument","ts":1,"instrument_id":"A-U","kind":"spot","base":"A","quote":"U","tick_size":1,"lot_size":1}
{"type":"instrument","ts":1,"instrument_id":"B-U","kind":"spot","base":"B","quote":"U","tick_size":1,"lot_size":1}
{"type":"instrument","ts":1,"instrument_id":"A-P","kind":"perpetual","base":"A","quote":"U","tick_size":1,"lot_size":1}
)");
  LineDecoder decoder;
  const auto about = [&](std::string_view said) {
    const Event* event = decoder.decode(
        std::string(R"({"type":"announcement","ts":1,"kind":"news")") + std::string(said) + "}");
    std::string ids;
    for (const InstrumentIndex one : announced(lines.market, as<event::Announcement>(*event))) {
      ids += lines.market.directory().instrument_id(one) + " ";
    }
    return ids;
  };
  EXPECT_EQ(about(R"(,"instrument_id":"B-U")"), "B-U ");
  EXPECT_EQ(about(R"(,"asset":"A")"), "A-U A-P ");
  EXPECT_EQ(about(R"(,"asset":"U")"), "");
  EXPECT_EQ(about(R"(,"instrument_id":"C-U")"), "");
  EXPECT_EQ(about(R"(,"asset":"Z")"), "");
}

}  // namespace
}  // namespace marktwacht
