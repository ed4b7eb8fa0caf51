// `marktwacht checkpoint`: drops what the journal no longer has to keep.
#pragma once

#include "app/commands.h"

namespace marktwacht {

void add_checkpoint(CLI::App& app, Command& chosen);

}  // namespace marktwacht
