// `marktwacht canary`.
#pragma once

#include "app/commands.h"

namespace marktwacht {

void add_canary(CLI::App& app, Command& chosen);

}  // namespace marktwacht
