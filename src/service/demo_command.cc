// `marktwacht demo`: an exchange's simulated day in a fresh data directory, and the service on it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/data_dir.h"
#include "app/session.h"
#include "edges/auth/auth.h"
#include "edges/secrets/random.h"
#include "service/child.h"
#include "service/clocks.h"
#include "service/serve_command.h"

namespace marktwacht {
namespace {

namespace fs = std::filesystem;
using Done = std::expected<void, std::string>;

struct DemoOptions {
  std::string data_dir, listen = "127.0.0.1:8080";
  std::uint64_t seed = 1, events = 100'000;
};

struct DemoUser {
  const char* user_id;
  UserRole role;
  std::string password;
};

// This program once more, with `what` said meanwhile.
Done step(const char* what, const std::vector<std::string>& arguments) {
  std::printf("%s …\n", what);
  std::fflush(stdout);
  const auto ended = run_child(arguments);
  if (!ended) {
    return std::unexpected(ended.error());
  }
  return ended->exit_code == 0 ? Done() : std::unexpected(ended->errors);
}

// The simulated day, with labels of what was abuse, and what surveillance makes of it.
Done make_day(const DemoOptions& options) {
  const std::string day = options.data_dir + "/day.mwj";
  auto done = step("An exchange's day is simulated",
                   {"simulate", "--seed", std::to_string(options.seed), "--events",
                    std::to_string(options.events), "--accounts", "1000", "--instruments", "8",
                    "--abuse", "all", "--severity", "0.7", "--analysts", "--out", day, "--labels",
                    options.data_dir + "/labels.ndjson"});
  if (!done) {
    return done;
  }
  return step("It is watched", {"run", day, "--trust", "--no-close", "--data", options.data_dir,
                                "--alerts", "/dev/null"});
}

Done add_people(const std::string& data_dir, std::vector<DemoUser>& users) {
  auto auth = Auth::open(data_dir);
  if (!auth) {
    return std::unexpected(auth.error());
  }
  for (DemoUser& user : users) {
    user.password = random_hex(8);
    if (auto recorded = record_user(data_dir, {user.user_id, user.role, false}); !recorded) {
      return recorded;
    }
    if (auto added = (*auth)->add_user(user.user_id, user.password, wall_time()); !added) {
      return std::unexpected(added.error().text);
    }
  }
  return {};
}

// The alert of the highest score, for the things to try.
std::optional<Alert> first_alert(Serving& serving) {
  const auto store = serving.api().store();
  if (!store) {
    return std::nullopt;
  }
  const auto page = (*store)->alerts({.part = {.sort = "-score", .limit = 1}});
  return page && !page->items.empty() ? serving.api().alert_lines().alert(page->items.front().line)
                                      : std::nullopt;
}

void say_what_to_try(Serving& serving, const std::string& data_dir,
                     const std::vector<DemoUser>& users) {
  for (const DemoUser& user : users) {
    std::printf("  log in as %-6s (%s), password %s\n", user.user_id,
                std::string(word_of(user.role)).c_str(), user.password.c_str());
  }
  const auto alert = first_alert(serving);
  const std::string id = alert ? alert->alert_id : "a-1";
  const std::string account = alert && !alert->account_ids.empty() ? alert->account_ids[0] : "a1";
  std::printf(
      "Three things to try from another terminal:\n"
      "  marktwacht explain %s --data %s\n"
      "  marktwacht backtest %s --trust --rulebook default --set "
      "frequent_cancel.limit=300\n"
      "  marktwacht gate %s open_position --data %s   # after anna has imposed close_only on it,"
      " and after its release\n"
      "Ctrl-C ends it; %s stays.\n",
      id.c_str(), data_dir.c_str(), data_dir.c_str(), account.c_str(), data_dir.c_str(),
      data_dir.c_str());
  std::fflush(stdout);
}

Exit demo(const DemoOptions& given) {
  DemoOptions options = given;
  if (options.data_dir.empty()) {
    std::string name = (fs::temp_directory_path() / "marktwacht-demo-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      return complain("demo", Exit::fault, "cannot make " + name);
    }
    options.data_dir = name;
  } else if (fs::exists(options.data_dir + "/journal")) {
    return complain("demo", Exit::usage, options.data_dir + " already holds a journal");
  }
  if (auto made = make_data_dir(options.data_dir); !made) {
    return complain("demo", Exit::fault, made.error());
  }
  std::vector<DemoUser> users{{"anna", UserRole::analyst, {}}, {"boris", UserRole::approver, {}}};
  auto done = make_day(options);
  done = done ? add_people(options.data_dir, users) : done;
  if (!done) {
    return complain("demo", Exit::fault, done.error());
  }
  auto serving = serving_options(options.data_dir, options.listen);
  if (!serving) {
    return complain("demo", Exit::usage, serving.error());
  }
  serving->sources.silence_max = {};  // its day is over: nothing more comes
  return serve(*serving,
               [&](Serving& running) { say_what_to_try(running, options.data_dir, users); });
}

}  // namespace

void add_demo(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<DemoOptions>();
  CLI::App* command = app.add_subcommand(
      "demo", "A simulated day with labelled abuse, and the service on it: to look around.");
  command->add_option("--data", options->data_dir, "a fresh directory; default: a temporary one");
  command->add_option("--listen", options->listen, "ADDRESS:PORT; default 127.0.0.1:8080");
  command->add_option("--seed", options->seed, "of the simulated day");
  command->add_option("--events", options->events, "how many it has")
      ->check(CLI::Range(std::uint64_t{1'000}, std::uint64_t{100'000'000}));
  command->callback([options, &chosen] { chosen = [options] { return demo(*options); }; });
}

}  // namespace marktwacht
