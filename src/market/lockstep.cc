// What accounts do to books, for those who look for lockstep.
#include "market/market.h"

namespace marktwacht {

// An order's side and price are its action's. What does not count is no action.
void Market::act_in_lockstep(OrderSlot slot, BookAct act, const Moment& moment) {
  if (!counts(slot)) {
    return;
  }
  const Order& order = books_.order(slot);
  const OrderTags tags = OrderTags::unpack(order.tags);
  const Price price = order.has_price ? order.price : BookAction::no_price;
  const bool own_will = !tags.copied && !tags.liquidation;
  if (links_.act({order.account, order.instrument, order.side, act, price, own_will}, moment.now,
                 moment.seq)) {
    links_.remember(moment.now, moment.seq);
  }
}

}  // namespace marktwacht
