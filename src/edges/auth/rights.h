// What each role may do: the one table of it. docs/users.md shows it.
#pragma once

#include "events/words.h"
#include "measures/users.h"

namespace marktwacht {

// What somebody may do. `changes` are decided by administrators: users, keys, policy, automatic.
MW_WORDS(Right, read, audit, ingest, rulebooks, alerts, cases, links, propose, impose, approve,
         refuse, appeal_decide, reveal, users, keys, policy, automatic, changes)

bool has_right(UserRole role, Right right);

// Which right a decision of this kind needs. The engine judges again, whoever asks: Users::may.
Right right_for(DecisionKind kind);

}  // namespace marktwacht
