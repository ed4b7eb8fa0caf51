// Walks levels and queues.
#include "edges/itch/book_text_twin.h"

namespace marktwacht {
namespace {

std::string side_text(const Market& market, InstrumentIndex at, Side side) {
  const Instrument& instrument = market.directory().instrument(at);
  const Books& books = market.books();
  std::string text;
  books.visit_levels(at, side, [&](const LevelView& level) {
    text += (text.empty() ? "" : ", ") + std::to_string(level.price.units / instrument.tick) + ":";
    books.visit_queue(at, side, level.price, [&](OrderSlot slot) {
      text += " " + std::to_string(books.visible(slot).units / instrument.lot);
      return true;
    });
    return true;
  });
  return text;
}

}  // namespace

std::string difference(const ItchTwin& twin, const Market& market) {
  for (std::uint32_t at = 0; at < market.directory().instruments(); ++at) {
    const std::string ours =
        side_text(market, {at}, Side::buy) + " | " + side_text(market, {at}, Side::sell);
    const std::string read = twin.book(static_cast<std::uint16_t>(at + 1));
    if (read != ours) {
      return market.directory().instrument_id({at}) + ":\n" + read + "\nand not\n" + ours;
    }
  }
  return "";
}

}  // namespace marktwacht
