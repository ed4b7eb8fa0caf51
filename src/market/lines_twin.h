// Test support: a market fed with lines of text, the way a reader would write them down.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "events/batch.h"
#include "market/market.h"

namespace marktwacht {

// Decodes one line; keeps its memory until the next call.
class LineDecoder {
 public:
  LineDecoder();
  ~LineDecoder();
  // The event, or nullptr and the fault.
  const Event* decode(std::string_view line);
  Fault fault() const { return item_.fault; }

 private:
  struct Reader;
  std::unique_ptr<Reader> reader_;
  std::string padded_;
  Batch batch_;
  Item item_;
};

class MarketLines {
 public:
  Market market;

  // "" when the line was accepted, else "reason" or "reason field".
  std::string feed(std::string_view line);
  // Feeds several lines, one a row; all must be accepted.
  void feed_all(std::string_view lines);
  std::string state() const;

  AccountIndex account(std::string_view id) const;
  InstrumentIndex instrument(std::string_view id) const;
  // Decimal text at the right scale, "" when there is none.
  std::string position(std::string_view account_id, std::string_view instrument_id,
                       Leg leg = Leg::net) const;
  std::string balance(std::string_view account_id, std::string_view asset) const;
  // "bids | asks" as "price:visible/orders" from the best on.
  std::string book(std::string_view instrument_id) const;

 private:
  LineDecoder decoder_;
  std::uint64_t seq_ = 0;
  Time clock_;
};

std::string fault_text(const Fault& fault);

}  // namespace marktwacht
