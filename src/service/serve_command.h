// Starting the service from the command line.
#pragma once

#include <functional>

#include "app/commands.h"
#include "service/serving.h"

namespace marktwacht {

void add_serve(CLI::App& app, Command& chosen);
void add_demo(CLI::App& app, Command& chosen);

// With the keys that lie in the data directory, the default rulebook and configuration.
std::expected<ServingOptions, std::string> serving_options(const std::string& data_dir,
                                                           const std::string& listen);

// Serves until SIGINT or SIGTERM. Prints the URL, and the set-up link where there is no user yet.
// `started` is called once it listens; `read` at each SIGHUP, for what is configured then (without
// one SIGHUP ends it, as it does any program).
using ReadAnew = std::function<std::expected<ServingOptions, std::string>()>;
Exit serve(const ServingOptions& options, const std::function<void(Serving&)>& started,
           const ReadAnew& read = {});

}  // namespace marktwacht
