// Lines in, readable state out.
#include "market/lines_twin.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "events/ndjson.h"

namespace marktwacht {

struct LineDecoder::Reader {
  NdjsonReader reader;
};

LineDecoder::LineDecoder() : reader_(std::make_unique<Reader>()) {}
LineDecoder::~LineDecoder() = default;

const Event* LineDecoder::decode(std::string_view line) {
  padded_.assign(line);
  padded_.append(NdjsonReader::padding, ' ');
  batch_.reset();
  item_ = {};
  reader_->reader.read(std::string_view(padded_).substr(0, line.size()), batch_, item_);
  return item_.event;
}

std::string fault_text(const Fault& fault) {
  std::string text(word_of(fault.reason));
  return fault.field.empty() ? text : text + " " + std::string(fault.field);
}

std::string MarketLines::feed(std::string_view line) {
  const Event* event = decoder_.decode(line);
  if (event == nullptr) {
    return fault_text(decoder_.fault());
  }
  if (const auto fault = market.prepare(*event)) {
    return fault_text(*fault);
  }
  clock_ = std::max(clock_, event->ts);
  market.commit(*event, {clock_, ++seq_, clock_.ns / day.ns});
  return "";
}

void MarketLines::feed_all(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    if (const auto line = lines.substr(0, end); line.find('{') != line.npos) {
      EXPECT_EQ(feed(line), "") << line;
    }
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

std::string MarketLines::state() const {
  std::string bytes;
  ByteWriter out(bytes);
  market.save(out);
  return bytes;
}

AccountIndex MarketLines::account(std::string_view id) const {
  return market.directory().find_account(make_text(id));
}

InstrumentIndex MarketLines::instrument(std::string_view id) const {
  return market.directory().find_instrument(make_text(id));
}

std::string MarketLines::position(std::string_view account_id, std::string_view instrument_id,
                                  Leg leg) const {
  const InstrumentIndex in = instrument(instrument_id);
  const Quantity held = market.accounts().position({account(account_id), in, leg});
  return format_scaled(held.units, market.directory().instrument(in).terms.quantity_scale);
}

std::string MarketLines::balance(std::string_view account_id, std::string_view asset) const {
  const AssetIndex of = market.directory().find_asset(make_text(asset));
  const Balance balance = market.accounts().balance(account(account_id), of);
  return format_scaled(balance.total.units, market.directory().asset(of).decimals);
}

std::string MarketLines::book(std::string_view instrument_id) const {
  const InstrumentIndex in = instrument(instrument_id);
  const Terms& terms = market.directory().instrument(in).terms;
  std::string text;
  for (const Side side : {Side::buy, Side::sell}) {
    text += side == Side::sell ? "|" : "";
    market.books().visit_levels(in, side, [&](const LevelView& level) {
      text += " " + format_scaled(level.price.units, terms.price_scale) + ":" +
              format_scaled(level.visible.units, terms.quantity_scale) + "/" +
              std::to_string(level.orders) + " ";
      return true;
    });
  }
  return text;
}

}  // namespace marktwacht
