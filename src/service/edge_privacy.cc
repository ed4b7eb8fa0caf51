// The vault has a value before the journal has its token.
#include "service/edge_privacy.h"

#include <algorithm>
#include <utility>

#include "edges/journal/format.h"
#include "events/record.h"

namespace marktwacht {
namespace {

// `"x",` in a line becomes 67 bytes; `""`, with what stands around it, not more than that.
constexpr std::size_t token_growth_max = 67 / 3 + 1;

}  // namespace

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

// A list of short values grows: what the journal would not take is refused before the engine has
// it.
void EdgePrivacy::apply(Item& item, Arena& arena, std::vector<PersonalValue>& kept) {
  const std::size_t before = kept.size();
  item.event = tokens_.tokenize(*item.event, arena, kept);
  if (item.text.size() < payload_bytes_max / token_growth_max) {
    return;
  }
  record_.clear();
  write_record(*item.event, record_);
  if (record_.size() > payload_bytes_max) {
    kept.resize(before);
    item.event = nullptr;
    item.fault = {RejectReason::too_large, {}};
  }
}

std::expected<void, std::string> EdgePrivacy::apply(Batch& batch, Time now,
                                                    std::span<const std::size_t> repeated) {
  std::vector<PersonalValue> kept;
  {
    const std::lock_guard lock(mutex_);
    for (std::size_t at = 0; at < batch.items.size(); ++at) {
      const std::size_t before = kept.size();
      if (batch.items[at].event != nullptr) {
        apply(batch.items[at], batch.arena, kept);
      }
      if (std::ranges::binary_search(repeated, at)) {
        kept.resize(before);
      }
    }
  }
  return kept.empty() ? std::expected<void, std::string>{} : vault_->keep(kept, now);
}

}  // namespace marktwacht
