// `marktwacht token`: what programs send to a service that is stopped. docs/users.md.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/commands.h"
#include "app/data_dir.h"
#include "app/session.h"
#include "app/table.h"
#include "app/wall_clock.h"
#include "edges/auth/auth.h"
#include "events/config_names.h"
#include "events/json_object.h"

namespace marktwacht {
namespace {

struct TokenOptions {
  std::string data, token_id, source, expires;
  std::vector<std::string> scopes, types;
  bool trusted = false;
};

constexpr const char* command_name = "token";
constexpr const char* asked_there =
    "Then an administrator makes and ends tokens, in the console or by POST /v1/tokens";

Exit refused(const AuthFault& fault) {
  const bool world = fault.why == AuthRefusal::unavailable;
  return complain(command_name, world ? Exit::fault : Exit::usage, fault.text);
}

std::string scopes_text(TokenScopes scopes) {
  std::string text;
  for (std::size_t at = 0; at < Words<TokenScope>::list.size(); ++at) {
    if ((scopes & bit(static_cast<TokenScope>(at))) != 0) {
      text += (text.empty() ? "" : ",") + std::string(Words<TokenScope>::list[at]);
    }
  }
  return text;
}

// The token itself is nobody's but its holder's.
std::expected<void, std::string> record_token(const std::string& data, const std::string& token_id,
                                              const TokenTerms* terms) {
  std::string text;
  ObjectWriter object(text);
  object.text("token_id", token_id);
  if (terms != nullptr) {
    object.text("scopes", scopes_text(terms->scopes));
    object.text_unless_empty("source", terms->source);
    object.boolean("trusted", terms->trusted);
  }
  object.boolean("revoked", terms == nullptr);
  object.end();
  return record_config(data, token_config, text);
}

std::expected<TokenTerms, std::string> terms_of(const TokenOptions& options) {
  TokenTerms terms;
  for (const std::string& scope : options.scopes) {
    const auto& words = Words<TokenScope>::list;
    terms.scopes |= bit(static_cast<TokenScope>(std::ranges::find(words, scope) - words.begin()));
  }
  terms.source = options.source;
  terms.trusted = options.trusted;
  terms.types = options.types;
  if (!options.expires.empty()) {
    terms.expires_ts = parse_rfc3339(options.expires);
    if (!terms.expires_ts) {
      return std::unexpected("--expires " + options.expires +
                             ": a time is written as 2026-04-30T20:46:43Z");
    }
  }
  return terms;
}

Exit make(const TokenOptions& options) {
  const auto terms = terms_of(options);
  if (!terms) {
    return complain(command_name, Exit::usage, terms.error());
  }
  if (auto made = make_data_dir(options.data); !made) {
    return complain(command_name, Exit::fault, made.error());
  }
  if (auto stopped = is_stopped(options.data, asked_there); !stopped) {
    return complain(command_name, Exit::fault, stopped.error());
  }
  const auto auth = Auth::open(options.data);
  if (!auth) {
    return complain(command_name, Exit::fault, auth.error());
  }
  const auto made = (*auth)->new_token(*terms, wall_clock());
  if (!made) {
    return refused(made.error());
  }
  if (auto recorded = record_token(options.data, made->token_id, &*terms); !recorded) {
    static_cast<void>((*auth)->revoke_token(made->token_id, wall_clock()));
    return complain(command_name, Exit::fault, recorded.error());
  }
  std::fprintf(stderr, "%s: shown this once\n", made->token_id.c_str());
  return std::printf("%s\n", made->token.c_str()) < 0
             ? complain(command_name, Exit::fault, "cannot write to standard output")
             : Exit::done;
}

Exit revoke(const TokenOptions& options) {
  if (auto stopped = is_stopped(options.data, asked_there); !stopped) {
    return complain(command_name, Exit::fault, stopped.error());
  }
  const auto auth = Auth::open(options.data);
  if (!auth) {
    return complain(command_name, Exit::fault, auth.error());
  }
  if (auto revoked = (*auth)->revoke_token(options.token_id, wall_clock()); !revoked) {
    return refused(revoked.error());
  }
  auto recorded = record_token(options.data, options.token_id, nullptr);
  return recorded ? Exit::done : complain(command_name, Exit::fault, recorded.error());
}

std::string date_of(const std::optional<Time>& time) {
  return time ? format_rfc3339(*time).substr(0, 10) : "-";
}

std::string types_text(const std::vector<std::string>& types) {
  std::string text;
  for (const std::string& type : types) {
    text += (text.empty() ? "" : ",") + type;
  }
  return text.empty() ? "all" : text;
}

Exit list(const TokenOptions& options) {
  const auto auth = Auth::open(options.data);
  if (!auth) {
    return complain(command_name, Exit::fault, auth.error());
  }
  const auto tokens = (*auth)->tokens();
  if (!tokens) {
    return refused(tokens.error());
  }
  std::vector<std::vector<std::string>> lines{{"token", "scopes", "source", "trusted", "types",
                                               "since", "expires", "revoked", "last used"}};
  for (const TokenEntry& token : *tokens) {
    lines.push_back({token.token_id, scopes_text(token.scopes),
                     token.source.empty() ? "-" : token.source, token.trusted ? "yes" : "no",
                     types_text(token.types), date_of(token.created_ts), date_of(token.expires_ts),
                     date_of(token.revoked_ts), date_of(token.used_ts)});
  }
  return std::fputs(aligned(lines, "l").c_str(), stdout) < 0
             ? complain(command_name, Exit::fault, "cannot write to standard output")
             : Exit::done;
}

void add_new(CLI::App& token, const std::shared_ptr<TokenOptions>& options, Command& chosen) {
  CLI::App* part = token.add_subcommand("new", "Make a token and print it, this once.");
  const auto& words = Words<TokenScope>::list;
  part->add_option("--scope", options->scopes, "ingest, commands or read; repeatable")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(words.begin(), words.end())));
  part->add_option("--source", options->source, "what its events are marked with");
  part->add_flag("--trusted", options->trusted,
                 "may send exemptions, control groups, roles and address labels");
  part->add_option("--type", options->types,
                   "a type of event it may send, of no others; repeatable");
  part->add_option("--expires", options->expires, "when, as 2026-04-30T20:46:43Z");
  part->callback([options, &chosen] { chosen = [options] { return make(*options); }; });
}

}  // namespace

void add_token(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<TokenOptions>();
  CLI::App* token = app.add_subcommand("token", "API tokens of a service that is stopped.");
  token->require_subcommand(1);
  add_new(*token, options, chosen);
  CLI::App* gone = token->add_subcommand("revoke", "End a token.");
  gone->add_option("ID", options->token_id, "as `token list` has it")->required();
  gone->callback([options, &chosen] { chosen = [options] { return revoke(*options); }; });
  token->add_subcommand("list", "All tokens.")->callback([options, &chosen] {
    chosen = [options] { return list(*options); };
  });
  for (CLI::App* part : token->get_subcommands({})) {
    add_data_option(*part, options->data, part->get_name() == "new");  // the first one makes it
  }
}

}  // namespace marktwacht
