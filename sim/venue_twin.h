// The matching engine once more, slow and clear: one list of orders for each instrument, sorted
// anew for every meeting. What venue.h is compared with.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/order.h"
#include "sim/population.h"

namespace marktwacht::sim {

// Without liquidations: those are compared by hand. Writes what happens as words.
class VenueTwin {
 public:
  explicit VenueTwin(const Population& population) : population_(population) {}

  // The number of the order, from 1; 0 when it was refused.
  std::uint64_t place(const OrderRequest& request);
  void cancel(std::uint64_t id);
  // The id afterwards; 0 when it was gone.
  std::uint64_t replace(std::uint64_t id, std::int32_t price, std::int64_t quantity);
  void expire(Time until);
  // Prices, queues and quantities of one side, best first.
  std::string side(std::uint32_t instrument, Side side) const;

  // The last trade's price, for triggers.
  void set_last_price(std::uint32_t instrument, std::int32_t price) { last_[instrument] = price; }

  std::vector<std::string> happened;

 private:
  struct Entry {
    OrderRequest request;
    std::uint64_t id = 0;
    std::uint64_t place = 0;  // in time
    std::int64_t remaining = 0;
    bool resting = false;
  };
  std::vector<std::uint64_t> queue(std::uint32_t instrument, Side side) const;
  bool meets(const Entry& entry, const Entry& other) const;
  bool same_person(const Entry& a, const Entry& b) const;
  bool fills(const Entry& entry) const;
  void execute(std::uint64_t id);
  bool prevented(std::uint64_t id, std::uint64_t maker);
  void trade(std::uint64_t id, std::uint64_t maker);
  void end(std::uint64_t id, CancelReason reason);
  void fire(std::uint32_t instrument);

  const Population& population_;
  std::map<std::uint64_t, Entry> orders_;
  std::map<std::uint32_t, std::int32_t> last_;
  std::uint64_t ids_ = 1'000'000'000;
  std::uint64_t places_ = 0;
};

}  // namespace marktwacht::sim
