// What people decide about personal data, carried out in the vault: erasing, legal holds.
// docs/privacy.md.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "edges/sqlite/store_reader.h"
#include "edges/vault/vault.h"
#include "events/json_members.h"

namespace marktwacht {

// Whose data `decision` is about, as the vault calls it; empty where it does not say.
std::string vault_subject(const JsonMembers& decision);

// An accepted decision on the vault. One that waits for a second approver, and one that was carried
// out already, does nothing; one that a hold forbids is settled so.
std::expected<void, std::string> carry_out(Vault& vault, DecisionKind kind,
                                           const JsonMembers& decision, const JsonMembers& outcome);

// All that the store lists and the vault does not know of: a process may have stopped in between,
// or the vault may come from a backup.
std::expected<void, std::string> catch_up(Vault& vault, StoreReader& store);

}  // namespace marktwacht
