// The vault has a value before the journal has its token.
#include "service/edge_privacy.h"

#include <utility>
#include <vector>

namespace marktwacht {

std::expected<std::unique_ptr<EdgePrivacy>, std::string> EdgePrivacy::open(
    const std::string& data_dir, const std::string& deployment_key, const VaultTerms& terms) {
  std::unique_ptr<EdgePrivacy> made(new EdgePrivacy(deployment_key));
  auto vault = Vault::open(data_dir, deployment_key, terms);
  if (!vault) {
    return std::unexpected(vault.error());
  }
  made->vault_ = *std::move(vault);
  return made;
}

std::expected<void, std::string> EdgePrivacy::apply(Batch& batch, Time now) {
  std::vector<PersonalValue> kept;
  {
    const std::lock_guard lock(mutex_);
    for (Item& item : batch.items) {
      if (item.event != nullptr) {
        item.event = tokens_.tokenize(*item.event, batch.arena, kept);
      }
    }
  }
  return kept.empty() ? std::expected<void, std::string>{} : vault_->keep(kept, now);
}

}  // namespace marktwacht
