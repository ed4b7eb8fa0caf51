// The one binary.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>

#include "app/canary_command.h"
#include "app/commands.h"
#include "service/checkpoint_command.h"
#include "service/serve_command.h"

// Read by jemalloc: what is free goes back to the system within a second, whichever thread had it.
// A snapshot's second engine takes as much memory as the first.
extern "C" {
const char* malloc_conf = "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";
}

namespace {

// CLI11 would only say that a subcommand is missing.
bool is_unknown_command(const CLI::App& app, const std::string& word) {
  const auto commands = app.get_subcommands({});
  if (word.starts_with('-') || std::ranges::any_of(commands, [&](const CLI::App* command) {
        return command->get_name() == word;
      })) {
    return false;
  }
  std::string allowed;
  for (const CLI::App* command : commands) {
    allowed += (allowed.empty() ? "" : ", ") + command->get_name();
  }
  std::fprintf(stderr, "marktwacht: unknown command %s; allowed: %s\n", word.c_str(),
               allowed.c_str());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace marktwacht;
  CLI::App app{"Market surveillance for crypto exchanges: every order, every account, every day."};
  app.name("marktwacht");
  app.require_subcommand(1);
  app.set_version_flag("--version", MARKTWACHT_VERSION);
  Command chosen;
  add_run(app, chosen);
  add_convert(app, chosen);
  add_verify(app, chosen);
  add_explain(app, chosen);
  add_backtest(app, chosen);
  add_rules(app, chosen);
  add_groups(app, chosen);
  add_measures(app, chosen);
  add_score(app, chosen);
  add_wash_trades(app, chosen);
  add_simulate(app, chosen);
  add_gate(app, chosen);
  add_user(app, chosen);
  add_token(app, chosen);
  add_key(app, chosen);
  add_canary(app, chosen);
  add_export(app, chosen);
  add_vault(app, chosen);
  add_bench(app, chosen);
  add_serve(app, chosen);
  add_checkpoint(app, chosen);
  add_demo(app, chosen);
  if (argc > 1 && is_unknown_command(app, argv[1])) {
    return static_cast<int>(Exit::usage);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? static_cast<int>(Exit::done) : static_cast<int>(Exit::usage);
  }
  return static_cast<int>(chosen());
}
