// The sentences of an alert in English and German: made on output, never stored.
#pragma once

#include "alerts/alert.h"

namespace marktwacht {

// The source's templates with their placeholders replaced: {fact} by a fact's value, {fact.limit}
// by its limit, {accounts}, {instrument}; a fact of that name comes first, and a placeholder that
// means nothing stays as it is. Where a template is empty, a general sentence: detector, clause,
// subject, window, leading fact. What the facts `warming`, `superseded_by` and `closed_by` say
// follows as a sentence of its own. Numbers are grouped as the language does; every digit stays.
AlertText render_text(const Alert& alert);

}  // namespace marktwacht
