// One reading command from its options to its end: input, engine, rejected file, progress.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/reading.h"
#include "app/source_options.h"

namespace marktwacht {

class Session {
 public:
  using Accepted = std::function<std::expected<void, std::string>(const Event&, const Step&)>;
  using Recorded = std::function<std::expected<void, std::string>(const Event&)>;

  // Opens everything `source` names; an error is one of usage. `source` must outlive it.
  static std::expected<std::unique_ptr<Session>, std::string> open(const SourceOptions& source);
  // The same with an input that is open already.
  static std::expected<std::unique_ptr<Session>, std::string> open(const SourceOptions& source,
                                                                   std::unique_ptr<Input> input);
  // So many sessions over one reading of the same input: each must be read on a thread of its own.
  // The first tells of what was refused, the others are silent.
  static std::expected<std::vector<std::unique_ptr<Session>>, std::string> open_several(
      const SourceOptions& source, std::size_t count);

  // The rules to run with; without a call, those that come in a journal.
  void use(Rulebooks rulebooks) { rulebooks_ = std::move(rulebooks); }
  // What other rules would have found: a journal's alerts and proposals are passed over.
  void ask_what_if() { what_if_ = true; }
  // Reads to the end, handing each accepted event on, and each record that came in.
  std::expected<void, std::string> read(Accepted accepted, Recorded recorded = {});

  Engine& engine() { return engine_; }
  const Config& config() const { return config_; }
  // The configuration's weights of evidence and its policy, if it has any, are in force before the
  // first event, and weights of journals are passed over.
  void use_configured() {
    links_text_ = config_.links_text;
    policy_text_ = config_.policy_text;
  }

  const ReadingCounts& counts() const { return counts_; }
  double seconds() const { return progress_.seconds(); }
  // `strict` when that was asked for and something was refused, else `done`.
  Exit exit() const;

 private:
  static std::expected<std::vector<std::unique_ptr<Session>>, std::string> open_all(
      const SourceOptions& source, std::vector<std::unique_ptr<Input>> inputs);
  Session(const SourceOptions& source, Config config, std::unique_ptr<Input> input);
  std::expected<bool, std::string> restore();
  void tell();
  std::expected<void, std::string> write(const Rejected& rejected);

  const SourceOptions& source_;
  bool silent_ = false;
  Config config_;
  std::unique_ptr<Input> input_;  // until all is read
  std::function<bool()> journals_verify_;
  Engine engine_;
  Rulebooks rulebooks_;
  std::string links_text_, policy_text_;
  bool what_if_ = false;
  std::optional<Output> rejected_;
  std::string line_;
  ReadingCounts counts_;
  ProgressLine progress_;
};

// Says on standard error which command failed and how; gives `code` back.
Exit complain(const char* command, Exit code, const std::string& text);

}  // namespace marktwacht
