// Personal data leaves the stream before anything else sees it. docs/privacy.md.
#pragma once

#include <expected>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "edges/vault/privacy_tokens.h"
#include "edges/vault/vault.h"
#include "events/batch.h"

namespace marktwacht {

// Where a deployment has a key. Any thread; calls wait for the disk.
class EdgePrivacy {
 public:
  static std::expected<std::unique_ptr<EdgePrivacy>, std::string> open(
      const std::string& data_dir, const std::string& deployment_key, const VaultTerms& terms = {});

  // Puts tokens in place of personal values; what they stand for is in the vault when this returns.
  // What becomes longer by it than a record may be is `too_large`. `repeated`: items, ascending, of
  // which the vault has all already.
  std::expected<void, std::string> apply(Batch& batch, Time now,
                                         std::span<const std::size_t> repeated = {});
  Vault& vault() { return *vault_; }

 private:
  explicit EdgePrivacy(const std::string& deployment_key) : tokens_(deployment_key) {}

  void apply(Item& item, Arena& arena, std::vector<PersonalValue>& kept);

  std::mutex mutex_;
  std::string record_;  // of one that may be too large
  PrivacyTokens tokens_;
  std::unique_ptr<Vault> vault_;
};

}  // namespace marktwacht
