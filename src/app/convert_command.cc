// `marktwacht convert`: between NDJSON, journals and the adapters, and to ITCH. Converts what `run`
// accepts.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/journal_output.h"
#include "app/session.h"
#include "edges/itch/itch_stream.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

struct ConvertOptions {
  SourceOptions source;
  std::string input, output;
  std::string to;
};

std::expected<void, std::string> to_ndjson(Session& session, const std::string& path) {
  auto output = Output::open(path);
  if (!output) {
    return std::unexpected(output.error());
  }
  std::string line;
  const auto write = [&](const Event& event) {
    line.clear();
    write_ndjson(event, line);
    return output->line(line);
  };
  const auto read =
      session.read([&](const Event& event, const Step&) { return write(event); }, write);
  const auto finished = output->finish();
  return read ? finished : read;
}

// Records of a journal stay those of the engine that made them.
std::uint32_t engine_of(const std::string& input) {
  if (!is_journal(input)) {
    return engine_version;
  }
  const auto journal = JournalReader::open(input);  // a folder may also be another adapter's
  return journal ? journal->engine() : engine_version;
}

std::expected<void, std::string> to_journal(Session& session, const ConvertOptions& options) {
  const std::string& path = options.output;
  auto writer = open_journal_output(path, session.config(), engine_of(options.input));
  if (!writer) {
    return std::unexpected(writer.error());
  }
  const auto write = [&](const Event& event) { return writer->append(event); };
  const auto read =
      session.read([&](const Event& event, const Step&) { return write(event); }, write);
  const RecordedLines& alerts = session.engine().recorded();
  if (alerts.unmatched() + alerts.unrecorded() > 0) {
    return read ? writer->close() : read;  // its end is not the engine's: no state to record
  }
  const auto closed = close_journal_output(*writer, session.engine());
  return read ? closed : read;
}

void tell(const ItchStream& itch) {
  std::string counts;
  for (const char type : std::string_view("SRAECXDUP")) {
    counts +=
        std::string(counts.empty() ? "" : ", ") + type + " " + std::to_string(itch.count(type));
  }
  std::fprintf(stderr, "%llu messages written: %s\n", static_cast<unsigned long long>(itch.total()),
               counts.c_str());
  if (const std::string note = itch.note(); !note.empty()) {
    std::fprintf(stderr, "note: %s\n", note.c_str());
  }
}

std::expected<void, std::string> to_itch(Session& session, const std::string& path) {
  auto output = Output::open(path);
  if (!output) {
    return std::unexpected(output.error());
  }
  ItchStream itch(session.engine());
  const auto write = [&] {
    const auto written = output->text(itch.bytes());
    itch.bytes().clear();
    return written;
  };
  auto done = session.read([&](const Event& event, const Step& step) {
    const auto taken = itch.take(event, step);
    return taken ? write() : taken;
  });
  done = done ? itch.finish() : done;
  done = done ? write() : done;
  done = done ? output->finish() : done;
  if (done) {
    tell(itch);
  }
  return done;
}

std::expected<void, std::string> write(Session& session, const ConvertOptions& options) {
  if (options.to == "journal") {
    return to_journal(session, options);
  }
  return options.to == "itch" ? to_itch(session, options.output)
                              : to_ndjson(session, options.output);
}

Exit convert(const ConvertOptions& options) {
  auto session = Session::open(options.source);
  if (!session) {
    return complain("convert", Exit::usage, session.error());
  }
  const auto done = write(**session, options);
  if (!done) {
    return complain("convert", Exit::fault, done.error());
  }
  const ReadingCounts& counts = (*session)->counts();
  std::fprintf(stderr, "%llu events %s, %llu lines rejected, %llu repeated\n",
               static_cast<unsigned long long>(counts.accepted_total()),
               options.to == "itch" ? "taken" : "written",
               static_cast<unsigned long long>(counts.rejected_total()),
               static_cast<unsigned long long>(counts.repeated));
  return (*session)->exit();
}

}  // namespace

void add_convert(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ConvertOptions>();
  CLI::App* command = app.add_subcommand(
      "convert", "Convert between NDJSON, journals and other forms. Refuses what run refuses.");
  command->add_option("IN", options->input, "a file, a folder or - for standard input")->required();
  command
      ->add_option("OUT", options->output,
                   "ndjson, itch: a file or -; journal: a file ending in .mwj, else a folder")
      ->required();
  command->add_option("--to", options->to, "ndjson, journal or itch (Nasdaq TotalView-ITCH 5.0)")
      ->required()
      ->check(CLI::IsMember({"ndjson", "journal", "itch"}));
  options->source.add_to(*command);
  command->callback([options, &chosen] {
    options->source.files = {options->input};
    chosen = [options] { return convert(*options); };
  });
}

}  // namespace marktwacht
