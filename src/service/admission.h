// At the edge: who may send what, marked with whom it came from, and not from the future.
#pragma once

#include <string>
#include <vector>

#include "events/batch.h"
#include "events/trust.h"

namespace marktwacht {

// Who sends, as authentication knows it.
struct Sender {
  std::string source = {};              // written over whatever the lines say
  Permissions may = {};                 // what its events may be
  bool only_results = false;            // of scope `commands`: command_result and nothing else
  std::vector<std::string> types = {};  // and of these alone; empty: of all
  Duration skew_max{5 * second.ns};
  Time received = {};  // wall clock
};

// Turns what may not come in into faults: `forbidden_type`, `skew`.
void admit(const Sender& sender, Batch& batch);

// Lines as they come in one body, decoded. The batch owns its memory.
Batch decode_lines(std::string body);

}  // namespace marktwacht
