// What evidence for links knows of an address, asked the other way round.
#include "market/new_address.h"

namespace marktwacht {
namespace {

constexpr std::uint32_t few = 3;  // an exchange's wallet has more users before it is labelled

}  // namespace

bool is_new_address(const Market& market, AccountIndex account, Text address, Time since) {
  if (address.empty()) {
    return false;
  }
  if (const auto kind = market.directory().address_kind(address)) {
    return *kind == AddressKind::mixer || *kind == AddressKind::contract;
  }
  const EvidenceStore& seen = market.links().evidence();
  const auto first = seen.since(SharedKind::address, address.view(), account);
  return first && *first >= since && seen.degree(SharedKind::address, address.view()) <= few;
}

}  // namespace marktwacht
