// One alert as a line of an expectation: docs/scenarios.md.
#pragma once

#include <string>

#include "alerts/alert.h"

namespace marktwacht {

// "frequent_cancel alice, bob in IF2606: cancels 500/500; ended; revisions 1; FROM to TO; score 60;
// evidence 500".
std::string scenario_alert(const Alert& alert);

}  // namespace marktwacht
