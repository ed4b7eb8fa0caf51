// `marktwacht groups`: control groups, and why accounts are in them. docs/links.md.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/link_sum.h"
#include "app/session.h"
#include "app/show.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

struct GroupsOptions {
  SourceOptions source;
  std::string from, to;  // account ids
};

std::string account_text(const Market& market, AccountIndex account) {
  return market.directory().account_id(account);
}

std::string part_text(const LinkPart& part) {
  return part.what + (part.value.empty() ? "" : " " + part.value) + ", shared by " +
         std::to_string(part.accounts);
}

std::string declared_text(const Market& market, LinkValue value) {
  const Declarations& links = market.groups().links();
  switch (value.kind) {
    case LinkValue::Kind::person:
      return "person " + std::string(links.text(value));
    case LinkValue::Kind::list:
      return "control group " + std::string(links.text(value));
    case LinkValue::Kind::star:
      return "master " + account_text(market, AccountIndex{value.number});
    case LinkValue::Kind::pair:
      break;
  }
  return "evidence";
}

void print_row(std::string_view kind, const std::string& what, const std::string& weight) {
  std::printf("  %-9.*s %-52s %10s\n", static_cast<int>(kind.size()), kind.data(), what.c_str(),
              weight.c_str());
}

void print_verdict(const LinkSum& sum) {
  std::string kinds;
  for (const std::string& kind : sum.refused_kinds) {
    kinds += (kinds.empty() ? " on: " : ", ") + kind;
  }
  print_row("decision", sum.verdict + " by a person" + kinds,
            sum.verdict == "confirmed" ? "certain" : "");
}

// The pair's sum as a waterfall; what does not count is in brackets.
void print_why(const Market& market, AccountPair pair) {
  const Why why = market.links().why(pair);
  const LinkSum sum = link_sum(market, why);
  std::printf("%s and %s: %s\n", account_text(market, pair.a).c_str(),
              account_text(market, pair.b).c_str(), sum.state.c_str());
  for (const LinkValue value : why.declared) {
    print_row("declared", declared_text(market, value), "certain");
  }
  print_row("prior", "", sum.prior);
  for (const LinkPart& part : sum.parts) {
    print_row(part.kind, part_text(part), part.counts ? part.bits : "(" + part.bits + ")");
  }
  print_row("sum", sum.probability_percent + " %", sum.sum);
  print_row("", "linked from", sum.link_min);
  print_row("", "suspected from", sum.suspect_min);
  if (!sum.verdict.empty()) {
    print_verdict(sum);
  }
  for (const AccountIndex account : {pair.a, pair.b}) {
    const GroupIndex group = market.group(account);
    std::printf("  %s is in %s%s\n", account_text(market, account).c_str(),
                group.exists() ? market.group_id(group).c_str() : "no group",
                group.exists() && market.links().fragile(group) ? ", which is fragile" : "");
  }
}

void print_path(const Market& market, AccountPair pair, bool backwards) {
  AccountIndex from = backwards ? pair.b : pair.a;
  const AccountIndex to = backwards ? pair.a : pair.b;
  const auto steps = market.links().path(from, to);
  if (steps.empty()) {
    std::printf("%s and %s are in no common group\n", account_text(market, from).c_str(),
                account_text(market, to).c_str());
    return;
  }
  std::printf("%s\n", account_text(market, from).c_str());
  for (const PathStep& step : steps) {
    std::string by = declared_text(market, step.by);
    if (step.by.kind == LinkValue::Kind::pair) {
      const LinkSum sum = link_sum(market, market.links().why(AccountPair::of(from, step.account)));
      by = sum.parts.empty() ? "confirmed by a person" : part_text(sum.parts.front());
      by += " (sum " + sum.sum + ")";
    }
    std::printf("  %s\n%s\n", by.c_str(), account_text(market, step.account).c_str());
    from = step.account;
  }
}

// For the matching engine's self-trade prevention: accounts of one group must not trade with each
// other. Fragile groups are left out: no measure rests on them without a person.
std::expected<void, std::string> write_export(const Market& market, Output& output) {
  std::uint64_t fragile = 0;
  for (std::uint32_t i = 0; i < market.groups().size(); ++i) {
    const GroupIndex group{i};
    const auto members = market.groups().members(group);
    if (!members.empty() && market.links().fragile(group)) {
      ++fragile;
      continue;
    }
    for (const AccountIndex member : members) {
      std::string line = "{\"account_id\":";
      write_json_string(account_text(market, member), line);
      line += ",\"group_id\":";
      write_json_string(market.group_id(group), line);
      if (auto written = output.line(line + "}"); !written) {
        return written;
      }
    }
  }
  if (fragile > 0) {
    std::fprintf(stderr, "%llu fragile groups left out\n",
                 static_cast<unsigned long long>(fragile));
  }
  return output.finish();
}

using Write = std::expected<void, std::string> (*)(const Market&, Output&);

// Reads to the end, then `answer(market)` gives the exit code.
template <class Answer>
Exit read_then(const GroupsOptions& options, const char* command, Answer&& answer) {
  auto session = Session::open(options.source);
  if (!session) {
    return complain(command, Exit::usage, session.error());
  }
  (*session)->use_configured();
  if (auto read = (*session)->read({}); !read) {
    return complain(command, Exit::fault, read.error());
  }
  const Exit exit = answer((*session)->engine().market());
  return exit == Exit::done ? (*session)->exit() : exit;
}

Exit write_all(const GroupsOptions& options, const char* command, Write write) {
  return read_then(options, command, [&](const Market& market) {
    auto output = Output::open("-");
    auto written = output ? write(market, *output)
                          : std::expected<void, std::string>(std::unexpected(output.error()));
    return written ? Exit::done : complain(command, Exit::fault, written.error());
  });
}

template <class Print>
Exit ask(const GroupsOptions& options, const char* command, Print&& print) {
  return read_then(options, command, [&](const Market& market) {
    const AccountIndex from = market.directory().find_account(make_text(options.from));
    const AccountIndex to = market.directory().find_account(make_text(options.to));
    if (!from.exists() || !to.exists() || from == to) {
      const std::string unknown = from.exists() ? options.to : options.from;
      return complain(command, Exit::usage,
                      from.exists() && from == to
                          ? "name two accounts"
                          : "no event names the account \"" + unknown + "\"");
    }
    print(market, AccountPair::of(from, to), to < from);
    return Exit::done;
  });
}

CLI::App* add_part(CLI::App& groups, const char* name, const char* what,
                   const std::shared_ptr<GroupsOptions>& options, bool asks) {
  CLI::App* part = groups.add_subcommand(name, what);
  if (asks) {
    part->add_option("A", options->from, "an account")->required();
    part->add_option("B", options->to, "another account")->required();
  }
  part->add_option("FILE", options->source.files,
                   "NDJSON, a journal, a data directory, or what --from says; - is standard input")
      ->required();
  options->source.add_to(*part);
  return part;
}

}  // namespace

void add_groups(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<GroupsOptions>();
  CLI::App* groups = app.add_subcommand("groups", "Which accounts are one hand, and why.");
  groups->require_subcommand(1);
  add_part(*groups, "list", "All control groups, one a line (NDJSON).", options, false)
      ->callback([options, &chosen] {
        chosen = [options] { return write_all(*options, "groups list", write_groups); };
      });
  add_part(*groups, "why", "The evidence on two accounts as a sum, with its limits.", options, true)
      ->callback([options, &chosen] {
        chosen = [options] {
          return ask(*options, "groups why",
                     [](const Market& market, AccountPair pair, bool) { print_why(market, pair); });
        };
      });
  add_part(*groups, "path", "By which links two accounts of one group hang together.", options,
           true)
      ->callback([options, &chosen] {
        chosen = [options] { return ask(*options, "groups path", print_path); };
      });
  add_part(*groups, "export",
           "Accounts with their groups for the matching engine's self-trade prevention (NDJSON).",
           options, false)
      ->callback([options, &chosen] {
        chosen = [options] { return write_all(*options, "groups export", write_export); };
      });
}

}  // namespace marktwacht
