// Brokers: their clients are accounts of the crowd below one master, strangers to each other.
#include "sim/catalogue.h"

namespace marktwacht::sim {

void add_brokers(Cast& cast) {
  for (const std::uint32_t broker : cast.take_accounts(3)) {
    cast.declare(broker, {.roles = {Role::broker}, .kyc_level = 3});
    for (std::uint32_t client = cast.population().crowd_size() / 50; client > 0; --client) {
      cast.population().set_broker(cast.draw_from_crowd(), broker);
    }
  }
}

}  // namespace marktwacht::sim
