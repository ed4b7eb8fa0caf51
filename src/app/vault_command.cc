// `marktwacht vault`: personal data of a service that is stopped: shown, held, destroyed.
// docs/privacy.md.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/commands.h"
#include "app/data_dir.h"
#include "app/session.h"
#include "app/wall_clock.h"
#include "edges/vault/vault.h"
#include "events/config_names.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

struct VaultOptions {
  std::string data, reason, token, account_id, case_id;
};

constexpr const char* command_name = "vault";

template <class T>
using Result = Vault::Result<T>;

Result<std::unique_ptr<Vault>> open_vault(const VaultOptions& options) {
  if (auto stopped = is_stopped(options.data,
                                "Then an approver decides it, in the console or by POST "
                                "/v1/decisions");
      !stopped) {
    return std::unexpected(stopped.error());
  }
  const auto key = deployment_key_of(options.data);
  if (!key || key->empty()) {
    return std::unexpected(key ? "there is no deployment key, so there is no vault" : key.error());
  }
  return Vault::open(options.data, *key);
}

// As the vault calls it; empty where none or several are named.
std::string subject_of(const VaultOptions& options) {
  const bool account = !options.account_id.empty(), of_case = !options.case_id.empty(),
             token = !options.token.empty();
  if (account + of_case + token != 1) {
    return "";
  }
  return account   ? account_subject(options.account_id)
         : of_case ? case_subject(options.case_id)
                   : "token:" + options.token;
}

// In the journal before it is done: what is done is on record.
Result<void> record(const VaultOptions& options, std::string_view act) {
  std::string text;
  ObjectWriter object(text);
  object.text("act", act);
  object.text_unless_empty("account_id", options.account_id);
  object.text_unless_empty("case_id", options.case_id);
  object.text_unless_empty("token", options.token);
  object.text("reason", options.reason);
  object.end();
  return record_config(options.data, vault_config, text);
}

Exit refused(const std::string& why) { return complain(command_name, Exit::usage, why); }

Exit said(const std::string& text) {
  return std::printf("%s\n", text.c_str()) < 0
             ? complain(command_name, Exit::fault, "cannot write to standard output")
             : Exit::done;
}

Exit reveal(const VaultOptions& options) {
  const auto vault = open_vault(options);
  if (!vault) {
    return refused(vault.error());
  }
  if (auto recorded = record(options, "reveal"); !recorded) {
    return refused(recorded.error());
  }
  const auto found = (*vault)->reveal(options.token);
  if (!found || !*found) {
    return refused(found ? "it stands for nothing that is kept" : found.error());
  }
  return said((*found)->plain);
}

// `act(vault, subject)`, which answers for the rest.
template <class Act>
Exit on_subject(const VaultOptions& options, Act&& act) {
  const std::string subject = subject_of(options);
  const auto vault = open_vault(options);
  if (!vault || subject.empty()) {
    return refused(vault ? "one of --account, --case and --token" : vault.error());
  }
  return act(**vault, subject);
}

Exit hold(const VaultOptions& options) {
  return on_subject(options, [&](Vault& vault, const std::string& subject) {
    auto done = record(options, "hold");
    done = done ? vault.hold(subject, options.reason, wall_clock()) : done;
    return done ? Exit::done : refused(done.error());
  });
}

Exit lift_hold(const VaultOptions& options) {
  return on_subject(options, [&](Vault& vault, const std::string& subject) {
    if (auto done = record(options, "lift_hold"); !done) {
      return refused(done.error());
    }
    const auto lifted = vault.lift_hold(subject);
    return !lifted   ? refused(lifted.error())
           : *lifted ? Exit::done
                     : refused("there is no such hold");
  });
}

Exit erase(const VaultOptions& options) {
  return on_subject(options, [&](Vault& vault, const std::string& subject) {
    const auto held = vault.is_held(subject);
    if (!held || *held) {
      return refused(held ? "a legal hold forbids it: `vault lift-hold` ends one" : held.error());
    }
    if (auto done = record(options, "erase"); !done) {
      return refused(done.error());
    }
    const auto erased = vault.erase(subject);
    return erased ? said(*erased ? "erased" : "nothing was kept") : refused(erased.error());
  });
}

Exit holds(const VaultOptions& options) {
  const auto vault = open_vault(options);
  const auto held =
      vault ? (*vault)->holds() : Result<std::vector<LegalHold>>(std::unexpected(vault.error()));
  if (!held) {
    return refused(held.error());
  }
  for (const LegalHold& each : *held) {
    std::string line;
    ObjectWriter object(line);
    object.text("subject", each.subject);
    object.text("reason", each.reason);
    object.number("since_ts", each.since_ts.ns);
    object.end();
    if (const Exit exit = said(line); exit != Exit::done) {
      return exit;
    }
  }
  return Exit::done;
}

}  // namespace

void add_vault(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<VaultOptions>();
  CLI::App* vault = app.add_subcommand(
      "vault", "Personal data of a service that is stopped: shown, held, destroyed.");
  vault->require_subcommand(1);
  const auto part = [&](const char* name, const char* what, bool of_subject, auto run) {
    CLI::App* one = vault->add_subcommand(name, what);
    one->add_option("--data", options->data, "the data directory; its service must be stopped")
        ->required();
    if (of_subject) {
      one->add_option("--account", options->account_id, "all that is kept of an account");
      one->add_option("--case", options->case_id, "all that is kept of a case: its notes");
      one->add_option("--token", options->token, "a value that is no account's");
      one->add_option("--reason", options->reason, "goes on record")->required();
    }
    one->callback([options, &chosen, run] { chosen = [options, run] { return run(*options); }; });
    return one;
  };
  CLI::App* shown = part("reveal", "Print what a token or a commitment stands for.", false, reveal);
  shown->add_option("TOKEN", options->token, "as it stands in the journal")->required();
  shown->add_option("--reason", options->reason, "goes on record")->required();
  part("erase", "Destroy all that is kept of a subject, and its key.", true, erase);
  part("hold", "A legal hold: nothing of the subject is erased.", true, hold);
  part("lift-hold", "End a legal hold.", true, lift_hold);
  part("holds", "All legal holds.", false, holds);
}

}  // namespace marktwacht
