// Any bytes as a snapshot: refused, or restored to accounts that write what they read.
#include <cstddef>
#include <cstdint>
#include <string>

#include "accounts/accounts.h"
#include "base/check.h"

using namespace marktwacht;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader in({reinterpret_cast<const char*>(data), size});
  Accounts accounts;
  if (!accounts.load(in)) {
    return 0;
  }
  std::string bytes, copied;
  ByteWriter out(bytes);
  accounts.save(out);
  Accounts copy;
  ByteReader again(bytes);
  check(copy.load(again) && again.done(), "what was saved loads");
  ByteWriter out_again(copied);
  copy.save(out_again);
  check(bytes == copied, "equal accounts write equal bytes");

  Terms terms;
  terms.inverse = size % 2 != 0;
  copy.visit_positions([&](const PositionKey& key, Quantity quantity) {
    const Side side = quantity.units < 0 ? Side::buy : Side::sell;
    check(!copy.lots(key).empty(), "a position has holdings");
    accounts.execute(terms, {key, side, Price{3}, Quantity{5}, Money{7}, Time{1}});
  });
  return 0;
}
