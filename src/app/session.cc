// Joins the parts that every reading command needs.
#include "app/session.h"

#include <cstdio>

#include "events/ndjson.h"

namespace marktwacht {

Session::Session(const SourceOptions& source, Config config, std::unique_ptr<Input> input)
    : source_(source),
      config_(std::move(config)),
      input_(std::move(input)),
      engine_(EngineConfig{config_.trading_day_start}) {}

std::expected<std::unique_ptr<Session>, std::string> Session::open(const SourceOptions& source) {
  auto input = source.open();
  if (!input) {
    return std::unexpected(input.error());
  }
  return open(source, std::move(*input));
}

std::expected<std::unique_ptr<Session>, std::string> Session::open(const SourceOptions& source,
                                                                   std::unique_ptr<Input> input) {
  auto config = source.load();
  if (!config) {
    return std::unexpected(config.error());
  }
  std::unique_ptr<Session> session(new Session(source, *config, std::move(input)));
  if (!source.rejected_file.empty()) {
    auto output = Output::open(source.rejected_file);
    if (!output) {
      return std::unexpected(output.error());
    }
    session->rejected_ = std::move(*output);
  }
  return session;
}

std::expected<void, std::string> Session::write(const Rejected& rejected) {
  line_.clear();
  write_rejected(rejected, line_);
  return rejected_->line(line_);
}

std::expected<void, std::string> Session::read(Accepted accepted, Recorded recorded) {
  Reading::Handlers handlers;
  handlers.accepted = std::move(accepted);
  handlers.recorded = std::move(recorded);
  if (rejected_) {
    handlers.rejected = [this](const Rejected& rejected) { return write(rejected); };
  }
  handlers.journals_verify = [this] { return source_.journals_verify(); };
  handlers.progress = [this] { progress_.show(engine_.last_seq(), input_->progress()); };
  Reading reading(engine_, {source_.trust, config_.jump_max, rulebooks_}, std::move(handlers));
  auto result = reading.read_all(*input_);
  counts_ = reading.counts();
  progress_.clear();
  for (const std::string& errors : counts_.rulebook_errors) {
    std::fprintf(stderr, "rulebook refused, nothing of it is in force:\n%s\n", errors.c_str());
  }
  for (const std::string& note : input_->notes()) {
    std::fprintf(stderr, "note: %s\n", note.c_str());
  }
  if (result && rejected_) {
    result = rejected_->finish();
  }
  return result;
}

Exit Session::exit() const {
  return source_.strict && counts_.rejected_total() > 0 ? Exit::strict : Exit::done;
}

Exit complain(const char* command, Exit code, const std::string& text) {
  std::fprintf(stderr, "marktwacht %s: %s\n", command, text.c_str());
  return code;
}

}  // namespace marktwacht
