// One line after the other, as the engine gave them.
#include "app/enforcement_output.h"

#include <vector>

namespace marktwacht {
namespace {

using Done = std::expected<void, std::string>;

Done open_one(const std::string& path, std::optional<Output>& to) {
  if (path.empty()) {
    return {};
  }
  auto output = Output::open(path);
  if (!output) {
    return std::unexpected(output.error());
  }
  to = std::move(*output);
  return {};
}

template <class Lines>
Done write_lines(const Lines& lines, std::optional<Output>& to) {
  for (const auto& line : lines) {
    if (auto written = to ? to->line(line.text) : Done{}; !written) {
      return written;
    }
  }
  return {};
}

}  // namespace

std::expected<EnforcementFilesOutput, std::string> EnforcementFilesOutput::open(
    const EnforcementFiles& files) {
  EnforcementFilesOutput output;
  for (auto& [path, to] :
       {std::pair(&files.cases, &output.cases_), std::pair(&files.measures, &output.measures_),
        std::pair(&files.decisions, &output.decisions_),
        std::pair(&files.outbox, &output.outbox_)}) {
    if (auto opened = open_one(*path, *to); !opened) {
      return std::unexpected(opened.error());
    }
  }
  return output;
}

Done EnforcementFilesOutput::write(const EnforcementOutput& made) {
  auto written = write_lines(made.decisions, decisions_);
  written = written ? write_lines(made.cases, cases_) : written;
  written = written ? write_lines(made.measures, measures_) : written;
  if (!written) {
    return written;
  }
  std::string line;
  for (const ExchangeCommand& command : made.commands) {
    line.clear();
    write_command(command, line);
    if (written = outbox_ ? outbox_->line(line) : Done{}; !written) {
      return written;
    }
  }
  return {};
}

Done EnforcementFilesOutput::finish() {
  for (std::optional<Output>* output : {&cases_, &measures_, &decisions_, &outbox_}) {
    if (auto done = *output ? (*output)->finish() : Done{}; !done) {
      return done;
    }
  }
  return {};
}

}  // namespace marktwacht
