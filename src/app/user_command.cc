// `marktwacht user`: the people of a service that is stopped. docs/users.md.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/commands.h"
#include "app/data_dir.h"
#include "app/password_input.h"
#include "app/session.h"
#include "app/table.h"
#include "app/wall_clock.h"
#include "edges/auth/auth.h"

namespace marktwacht {
namespace {

struct UserOptions {
  std::string name, role, data;
};

constexpr const char* command_name = "user";

template <class Error>
Exit refused(const Error& error) {
  if constexpr (std::is_same_v<Error, AuthFault>) {
    const bool world = error.why == AuthRefusal::unavailable;
    return complain(command_name, world ? Exit::fault : Exit::usage, error.text);
  } else {
    return complain(command_name, Exit::fault, error);
  }
}

UserRole role_of(const std::string& word) {  // which was checked
  const auto& words = Words<UserRole>::list;
  return static_cast<UserRole>(std::ranges::find(words, word) - words.begin());
}

// Before anything is written: a running service has the journal, in which roles are.
std::expected<std::unique_ptr<Auth>, std::string> open_auth(const UserOptions& options) {
  auto made = make_data_dir(options.data);
  made =
      made ? is_stopped(options.data,
                        "Then an administrator changes users, in the console or by POST /v1/users")
           : made;
  return made ? Auth::open(options.data)
              : std::expected<std::unique_ptr<Auth>, std::string>(std::unexpected(made.error()));
}

Exit add_one(const UserOptions& options) {
  auto password = read_password();
  if (!password) {
    return complain(command_name, Exit::usage, password.error());
  }
  const auto auth = open_auth(options);
  if (!auth) {
    return refused(auth.error());
  }
  // First here: somebody without a role may do nothing, and `user role` mends it.
  if (auto added = (*auth)->add_user(options.name, *password, wall_clock()); !added) {
    return refused(added.error());
  }
  auto recorded = record_user(options.data, {options.name, role_of(options.role), false});
  return recorded ? Exit::done
                  : refused(recorded.error() + "; " + options.name +
                            " has no role yet: `user role` gives one");
}

Exit set_password(const UserOptions& options) {
  auto password = read_password();
  if (!password) {
    return complain(command_name, Exit::usage, password.error());
  }
  const auto auth = open_auth(options);
  if (!auth) {
    return refused(auth.error());
  }
  auto done = (*auth)->set_password(options.name, *password, wall_clock());
  return done ? Exit::done : refused(done.error());
}

// The user as recorded, changed by `change`, is recorded anew.
template <class Change>
Exit change_user(const UserOptions& options, Change&& change) {
  const auto auth = open_auth(options);
  if (!auth) {
    return refused(auth.error());
  }
  const auto known = (*auth)->user(options.name);
  if (!known) {
    return refused(known.error());
  }
  const auto users = recorded_users(options.data);
  if (!users) {
    return refused(users.error());
  }
  const auto found = std::ranges::find(*users, options.name, &RecordedUser::user_id);
  RecordedUser user = found == users->end()
                          ? RecordedUser{options.name, UserRole::viewer, known->disabled}
                          : *found;
  if (auto changed = change(**auth, user); !changed) {
    return refused(changed.error());
  }
  auto recorded = record_user(options.data, user);
  return recorded ? Exit::done : refused(recorded.error());
}

Exit set_role(const UserOptions& options) {
  return change_user(options, [&](Auth& auth, RecordedUser& user) {
    user.role = role_of(options.role);
    return auth.end_sessions(options.name);
  });
}

Exit set_disabled(const UserOptions& options, bool disabled) {
  return change_user(options, [&](Auth& auth, RecordedUser& user) {
    user.disabled = disabled;
    return auth.set_disabled(options.name, disabled, wall_clock());
  });
}

Exit list(const UserOptions& options) {
  const auto auth = Auth::open(options.data);
  if (!auth) {
    return refused(auth.error());
  }
  const auto known = (*auth)->users();
  const auto recorded = recorded_users(options.data);
  if (!known) {
    return refused(known.error());
  }
  if (!recorded) {
    return refused(recorded.error());
  }
  std::vector<std::vector<std::string>> lines{{"user", "role", "state", "second factor", "since"}};
  for (const UserEntry& user : *known) {
    const auto found = std::ranges::find(*recorded, user.user_id, &RecordedUser::user_id);
    const bool off = user.disabled || (found != recorded->end() && found->disabled);
    lines.push_back({user.user_id,
                     found == recorded->end() ? "none" : std::string(word_of(found->role)),
                     off ? "disabled" : "active", user.totp ? "yes" : "no",
                     format_rfc3339(user.created_ts).substr(0, 10)});
  }
  const std::string text = aligned(lines, "l");
  return std::fputs(text.c_str(), stdout) < 0 ? refused(std::string("cannot write")) : Exit::done;
}

CLI::App* add_part(CLI::App& user, const char* name, const char* what,
                   const std::shared_ptr<UserOptions>& options, bool asks_role) {
  CLI::App* part = user.add_subcommand(name, what);
  if (std::string_view(name) != "list") {
    part->add_option("NAME", options->name, "the user")->required();
  }
  if (asks_role) {
    std::vector<std::string> roles(Words<UserRole>::list.begin(), Words<UserRole>::list.end());
    part->add_option("--role", options->role, "what the user may do: docs/users.md")
        ->required()
        ->check(CLI::IsMember(roles));
  }
  add_data_option(*part, options->data, std::string_view(name) == "add");  // the first makes it
  return part;
}

}  // namespace

void add_user(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<UserOptions>();
  CLI::App* user = app.add_subcommand(
      "user", "The users of a service that is stopped; a password is the first line of stdin.");
  user->require_subcommand(1);
  const auto part = [&](const char* name, const char* what, bool asks_role, auto run) {
    add_part(*user, name, what, options, asks_role)->callback([options, &chosen, run] {
      chosen = [options, run] { return run(*options); };
    });
  };
  part("add", "Add a user with a role.", true, add_one);
  part("role", "Give a user another role.", true, set_role);
  part("password", "Give a user another password; ends all sessions.", false, set_password);
  part("disable", "A user who left: ends all sessions.", false,
       [](const UserOptions& of) { return set_disabled(of, true); });
  part("enable", "Take `disable` back.", false,
       [](const UserOptions& of) { return set_disabled(of, false); });
  part("list", "All users.", false, list);
}

}  // namespace marktwacht
