// The subcommands of `marktwacht`: each declares its options and runs (cli.md).
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace marktwacht {

// cli.md, "Exit codes".
enum class Exit : int {
  done = 0,
  fault = 1,         // internal, or the world failed: a file that cannot be read, a full disk
  usage = 2,         // wrong usage or configuration
  strict = 3,        // --strict, and input was rejected
  verification = 4,  // verification failed
};

// Runs the subcommand that was chosen.
using Command = std::function<Exit()>;

// Each adds its subcommand to `app`; when it is chosen, `chosen` is set.
void add_run(CLI::App& app, Command& chosen);
void add_convert(CLI::App& app, Command& chosen);
void add_verify(CLI::App& app, Command& chosen);
void add_explain(CLI::App& app, Command& chosen);
void add_backtest(CLI::App& app, Command& chosen);
void add_rules(CLI::App& app, Command& chosen);
void add_groups(CLI::App& app, Command& chosen);
void add_measures(CLI::App& app, Command& chosen);  // and `cases`
void add_score(CLI::App& app, Command& chosen);
void add_wash_trades(CLI::App& app, Command& chosen);
void add_simulate(CLI::App& app, Command& chosen);
void add_gate(CLI::App& app, Command& chosen);
void add_user(CLI::App& app, Command& chosen);
void add_token(CLI::App& app, Command& chosen);
void add_key(CLI::App& app, Command& chosen);
void add_export(CLI::App& app, Command& chosen);
void add_vault(CLI::App& app, Command& chosen);
void add_bench(CLI::App& app, Command& chosen);

}  // namespace marktwacht
