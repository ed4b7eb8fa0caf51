// Why a person's decision was refused; it changed nothing but is on record.
#pragma once

#include <cstdint>

#include "events/words.h"

namespace marktwacht {

MW_WORDS(Refusal,
         none,           // accepted
         missing_field,  // of the kind's own fields, or the reason
         bad_value,      // a field's value, or a measure that cannot be
         unknown_user,   // users are known, and this is none of them
         not_allowed,    // the role does not allow this kind
         unknown_alert, unknown_case, unknown_measure, unknown_change,
         wrong_state,     // not in what state it is now
         own_proposal,    // nobody approves what they proposed or shaped
         own_decision,    // an appeal against it is for somebody else
         not_adopted,     // a proposal of the system: a person must adopt it first
         stale,           // the preview no longer holds: look again
         needs_two,       // never by one person alone: propose it
         too_long,        // one person alone may impose up to impose_max
         not_reversible,  // nothing undoes this kind
         banned,          // policy forbids the kind in a country of one of the accounts
         locked,          // the case is assigned to somebody else
         no_case,         // no measure without a case and an alert
         measures_open)   // the case's proposals or measures are not settled

}  // namespace marktwacht
