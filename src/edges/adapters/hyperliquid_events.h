// Writes the events of one coin into a batch.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "edges/adapters/hyperliquid_rows.h"
#include "edges/adapters/input.h"
#include "events/batch.h"

namespace marktwacht {

// The line that events and refused rows come from.
struct LineOrigin {
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  std::string_view head;  // its first bytes, in the batch
};

// Two fill rows of one `tid`.
struct MatchedFill {
  const FillRow* maker = nullptr;
  const FillRow* taker = nullptr;
};

// Appends items to one batch; all texts are copied there.
class HyperliquidEvents {
 public:
  HyperliquidEvents(Batch& batch, const InstrumentOption& instrument, int quantity_scale);

  void come_from(const LineOrigin& origin) { origin_ = origin; }

  void instrument(Time ts);
  void book_reset(Time ts);
  void order(Time ts, const OrderTerms& terms);
  void book_order(Time ts, const OrderTerms& terms);
  void triggered(Time ts, std::uint64_t oid);
  // `quantity` is what remains from now on.
  void replace(Time ts, std::uint64_t oid, std::int64_t quantity);
  void cancel(Time ts, std::uint64_t oid, CancelReason reason);
  // `terms.quantity` may be 0: then it is not known.
  void reject(Time ts, const OrderTerms& terms, RejectedOrderReason reason);
  void trade(Time ts, const MatchedFill& fill);
  void refuse(const Fault& fault);

 private:
  Item& add_item();
  template <class T>
  T& add(Time ts);
  template <class T>
  void fill_order(T& event, const OrderTerms& terms);
  Text copy(std::string_view text) { return make_text(batch_.arena.copy(text)); }
  Text id(std::uint64_t number);
  Decimal quantity(std::int64_t units) const;

  Batch& batch_;
  const InstrumentOption& instrument_;
  int quantity_scale_;
  LineOrigin origin_;
};

}  // namespace marktwacht
