// The words that a recorded alert does not carry: the templates of its rule or detector.
#pragma once

#include "alerts/alert.h"
#include "rules/rule.h"

namespace marktwacht {

// Gives the alert's source the templates, and says whether it is a rule. `book`: the rulebook that
// the alert cites; nullptr where it is not known, then a rule's sentence is the general one.
void add_words(Alert& alert, const Rulebook* book);

}  // namespace marktwacht
