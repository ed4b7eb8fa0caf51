// The options by which every reading command says what to read and how.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/reading.h"
#include "edges/adapters/input.h"
#include "edges/journal/state_file.h"

namespace CLI {
class App;
}

namespace marktwacht {

struct SourceOptions {
  std::vector<std::string> files;
  std::string from = "auto";
  std::vector<std::string> instruments;  // ID:tick:lot
  std::string columns;
  std::string config_file;
  std::string rejected_file;
  int threads = 2;
  bool trust = false;
  bool strict = false;

  // Adds all but the files themselves to `command`.
  void add_to(CLI::App& command);
  std::expected<std::unique_ptr<Input>, std::string> open() const;
  std::expected<Config, std::string> load() const;
  // The engine's state before the first record, where a journal begins behind a checkpoint. An
  // error: there are other files beside it, or the state does not serve.
  std::expected<std::optional<EngineSnapshot>, std::string> first_state() const;
  // Whether every journal among the files verifies.
  bool journals_verify() const;
};

}  // namespace marktwacht
