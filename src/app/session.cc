// Joins the parts that every reading command needs.
#include "app/session.h"

#include <cstdio>
#include <mutex>

#include "edges/adapters/inputs.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

// Whether the journals verify, found out once for all who ask.
class OnceVerified {
 public:
  explicit OnceVerified(const SourceOptions& source) : source_(source) {}
  bool ask() {
    std::call_once(asked_, [this] { verified_ = source_.journals_verify(); });
    return verified_;
  }

 private:
  const SourceOptions& source_;
  std::once_flag asked_;
  bool verified_ = false;
};

}  // namespace

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
  return open(source, *std::move(input));
}

std::expected<std::unique_ptr<Session>, std::string> Session::open(const SourceOptions& source,
                                                                   std::unique_ptr<Input> input) {
  std::vector<std::unique_ptr<Input>> inputs;
  inputs.push_back(std::move(input));
  auto sessions = open_all(source, std::move(inputs));
  if (!sessions) {
    return std::unexpected(sessions.error());
  }
  return std::move(sessions->front());
}

std::expected<std::vector<std::unique_ptr<Session>>, std::string> Session::open_several(
    const SourceOptions& source, std::size_t count) {
  auto input = source.open();
  if (!input) {
    return std::unexpected(input.error());
  }
  return open_all(source, share_input(*std::move(input), count));
}

std::expected<std::vector<std::unique_ptr<Session>>, std::string> Session::open_all(
    const SourceOptions& source, std::vector<std::unique_ptr<Input>> inputs) {
  auto config = source.load();
  if (!config) {
    return std::unexpected(config.error());
  }
  const auto verified = std::make_shared<OnceVerified>(source);
  std::vector<std::unique_ptr<Session>> sessions;
  for (auto& one : inputs) {
    Session* session = new Session(source, *config, std::move(one));
    sessions.emplace_back(session);
    session->silent_ = sessions.size() > 1;
    session->journals_verify_ = [verified] { return verified->ask(); };
  }
  if (!source.rejected_file.empty()) {
    auto output = Output::open(source.rejected_file);
    if (!output) {
      return std::unexpected(output.error());
    }
    sessions.front()->rejected_ = std::move(*output);
  }
  return sessions;
}

std::expected<void, std::string> Session::write(const Rejected& rejected) {
  line_.clear();
  write_rejected(rejected, line_);
  return rejected_->line(line_);
}

// A journal whose older segments were dropped goes on from its checkpoint's state, with the rules
// in force there: what others would have made of what is gone nobody can say.
std::expected<bool, std::string> Session::restore() {
  const auto state = source_.first_state();
  if (!state || !*state) {
    return state ? std::expected<bool, std::string>(false) : std::unexpected(state.error());
  }
  if (rulebooks_.given || what_if_ || !links_text_.empty()) {
    return std::unexpected("the journal's records up to " + std::to_string((*state)->seq) +
                           " were dropped: other rules or weights need it from its start");
  }
  const auto restored = engine_.restore((*state)->engine);
  return restored ? std::expected<bool, std::string>(true) : std::unexpected(restored.error());
}

std::expected<void, std::string> Session::read(Accepted accepted, Recorded recorded) {
  const auto restored = restore();
  if (!restored) {
    return std::unexpected(restored.error());
  }
  Reading::Handlers handlers;
  handlers.accepted = std::move(accepted);
  handlers.recorded = std::move(recorded);
  if (rejected_) {
    handlers.rejected = [this](const Rejected& rejected) { return write(rejected); };
  }
  handlers.journals_verify = journals_verify_;
  if (!silent_) {
    handlers.progress = [this] { progress_.show(engine_.last_seq(), input_->progress()); };
  }
  Reading reading(engine_,
                  {.trust = source_.trust,
                   .jump_max = config_.jump_max,
                   .rulebooks = rulebooks_,
                   .links_text = links_text_,
                   .policy_text = policy_text_,
                   .restored = *restored,
                   .what_if = what_if_},
                  std::move(handlers));
  auto result = reading.read_all(*input_);
  counts_ = reading.counts();
  tell();
  input_.reset();
  if (result && rejected_) {
    result = rejected_->finish();
  }
  return result;
}

void Session::tell() {
  if (silent_) {
    return;
  }
  progress_.clear();
  for (const std::string& errors : counts_.config_errors) {
    std::fprintf(stderr, "configuration refused, nothing of it is in force:\n%s\n", errors.c_str());
  }
  for (const std::string& note : input_->notes()) {
    std::fprintf(stderr, "note: %s\n", note.c_str());
  }
}

Exit Session::exit() const {
  return source_.strict && counts_.rejected_total() > 0 ? Exit::strict : Exit::done;
}

Exit complain(const char* command, Exit code, const std::string& text) {
  std::fprintf(stderr, "marktwacht %s: %s\n", command, text.c_str());
  return code;
}

}  // namespace marktwacht
