// What became durable and may leave: for the store, the gate, the exchange, those who listen.
#pragma once

#include <string>
#include <vector>

#include "edges/sqlite/store.h"
#include "engine/engine.h"

namespace marktwacht {

struct Published {
  StoreBatch shown;                       // up to shown.applied_seq
  std::vector<ExchangeCommand> commands;  // none of a time before this process
  std::vector<SubjectRestrictions> gate;
  std::vector<std::string> rulebooks;  // texts that came into force
};

}  // namespace marktwacht
