// `marktwacht gate`: asks the gate of a data directory, as an exchange would. docs/gate.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "app/commands.h"
#include "app/session.h"
#include "base/token.h"
#include "edges/gate/gate_reader.h"
#include "gate/question_text.h"

namespace marktwacht {
namespace {

struct GateCommandOptions {
  std::map<std::string, std::string> fields;  // of the question, by name
  bool spot = false, liquidation = false;
  std::string data, key_file;
  bool json = false;
};

// Where there is a key, the gate knows these by their tokens.
constexpr std::string_view with_tokens[] = {"device_id", "ip", "address"};

std::expected<std::string, std::string> read_key(const std::string& path) {
  if (path.empty()) {
    return "";
  }
  std::ifstream file(path, std::ios::binary);
  std::string key(std::istreambuf_iterator<char>(file), {});
  while (key.ends_with('\n') || key.ends_with('\r')) {
    key.pop_back();
  }
  if (!file || key.empty()) {
    return std::unexpected(path + ": no key can be read there");
  }
  return key;
}

std::expected<void, std::string> fill(const GateCommandOptions& options, const std::string& key,
                                      QuestionText& text) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  auto done = text.set("now_ns", std::to_string(now_ns));
  for (const auto& [name, value] : options.fields) {
    if (value.empty()) {
      continue;
    }
    const bool token = !key.empty() && std::ranges::find(with_tokens, name) != end(with_tokens);
    done = text.set(name, token ? token_of(key, value) : value);
    if (!done) {
      return done;
    }
  }
  done = text.set("spot", options.spot ? "true" : "false");
  return done ? text.set("liquidation", options.liquidation ? "true" : "false") : done;
}

// "deny freeze_account m-7": the word first.
std::string line_of(const GateAnswer& answer) {
  std::string line(word_of(answer.word));
  for (const std::string& part : {std::string(word_of(answer.reason)), measure_id(answer)}) {
    line += (part.empty() ? "" : " ") + part;
  }
  return line;
}

Exit ask(const GateCommandOptions& options) {
  const auto key = read_key(options.key_file);
  if (!key) {
    return complain("gate", Exit::usage, key.error());
  }
  QuestionText text;
  if (const auto filled = fill(options, *key, text); !filled) {
    return complain("gate", Exit::usage, filled.error());
  }
  const auto gate = GateReader::open(options.data + "/gate", *key);
  if (!gate) {
    return complain("gate", Exit::usage, gate.error());
  }
  const GateAnswer answer = gate->ask(text.question());
  const std::string line = options.json ? answer_json(answer) : line_of(answer);
  if (std::printf("%s\n", line.c_str()) < 0 || std::fflush(stdout) != 0) {
    return complain("gate", Exit::fault, "cannot write to standard output");
  }
  return Exit::done;
}

}  // namespace

void add_gate(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<GateCommandOptions>();
  CLI::App* command = app.add_subcommand(
      "gate", "Ask the gate whether an account may do something now; prints the answer's word.");
  auto& fields = options->fields;
  command->add_option("ACCOUNT", fields["account_id"], "who")->required();
  command->add_option("ACTION", fields["action"], "what, such as place_order, withdraw, login")
      ->required();
  command->add_option("INSTRUMENT", fields["instrument_id"], "where");
  command->add_option("--data", options->data, "the data directory whose gate is asked")
      ->required();
  const struct {
    const char *option, *field, *says;
  } more[] = {
      {"--side", "side", "buy or sell"},
      {"--position-side", "position_side", "long or short, where an account holds both at once"},
      {"--quantity", "quantity", "of the order"},
      {"--position", "position", "before the order; negative = short; on spot what is held"},
      {"--asset", "asset", "of a withdrawal, deposit or transfer"},
      {"--amount", "amount", "of it"},
      {"--leverage", "leverage", "of use_leverage"},
      {"--position-opened-ts", "position_opened_ts", "ns since 1970, or as 2026-04-30T20:46:43Z"},
      {"--device", "device_id", "plain, also where the gate has tokens"},
      {"--ip", "ip", "plain, too"},
      {"--address", "address", "plain, too: where a withdrawal goes"},
      {"--now", "now_ns", "ns since 1970, or as 2026-04-30T20:46:43Z; the clock's if not given"}};
  for (const auto& one : more) {
    command->add_option(one.option, fields[one.field], one.says);
  }
  command->add_flag("--spot", options->spot, "a spot instrument: each sell reduces");
  command->add_flag("--liquidation", options->liquidation,
                    "the exchange's own order that closes a position");
  command->add_option("--key-file", options->key_file, "the deployment key, where there is one");
  command->add_flag("--json", options->json, "print answer, reason and measure_id as JSON");
  command->callback([options, &chosen] { chosen = [options] { return ask(*options); }; });
}

}  // namespace marktwacht
