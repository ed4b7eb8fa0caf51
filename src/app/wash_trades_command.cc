// `marktwacht wash-trades`: labels the trades of a file, all at once (docs/wash-trades.md).
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <variant>

#include "app/session.h"
#include "app/wash_trades_csv.h"
#include "edges/adapters/inputs.h"
#include "edges/adapters/peeked_source.h"
#include "edges/journal/journal.h"
#include "events/ndjson.h"

namespace marktwacht {
namespace {

using Done = std::expected<void, std::string>;

// In the order of WashLabel.
constexpr std::array<std::string_view, 4> label_words = {"not_in_relevant_scc", "checked_not_wash",
                                                         "wash", "self_trade"};

struct WashTradesOptions {
  SourceOptions source;
  WashOptions algorithm;
  std::string margin = "0.01";
};

struct CommandFault {
  Exit code;
  std::string text;
};

struct ReadTrades {
  WashTradeList list;
  std::uint64_t rejected = 0;
  std::uint64_t nameless = 0;  // trades of events that do not say who bought and who sold
};

using TradesRead = std::expected<ReadTrades, CommandFault>;

// At most 9 digits behind the point, as WashOptions wants it.
std::expected<Ratio, std::string> parse_margin(const std::string& text) {
  constexpr int places_max = 9;
  constexpr Int128 margin_max = 1'000'000;
  const auto value = parse_decimal(text);
  const auto scaled =
      value && !value->negative()
          ? scaled_int64(*value, places_max)
          : std::expected<std::int64_t, ScaleFault>(std::unexpected(ScaleFault::too_large));
  const Int128 one = power_of_ten(places_max);
  if (!scaled || *scaled > margin_max * one) {
    return std::unexpected("--margin " + text +
                           ": a number from 0 to 1000000 with at most 9 digits behind the point");
  }
  return Ratio{static_cast<std::uint64_t>(*scaled), static_cast<std::uint64_t>(one)};
}

void add_trade(const event::Trade& trade, const Market& market, ReadTrades& read) {
  for (const Derived& one : market.derived()) {
    const Fill* fill = std::get_if<Fill>(&one);
    if (fill != nullptr && fill->side == Side::buy && fill->counterparty.exists()) {
      const Directory& directory = market.directory();
      read.list.add({trade.trade_id.view(), trade.ts, trade.instrument_id.view(),
                     directory.account_id(fill->account), directory.account_id(fill->counterparty),
                     trade.quantity});
      return;
    }
  }
  ++read.nameless;
}

TradesRead read_events(std::expected<std::unique_ptr<Session>, std::string> session) {
  if (!session) {
    return std::unexpected(CommandFault{Exit::usage, session.error()});
  }
  ReadTrades read;
  Engine& engine = (*session)->engine();
  engine.listen({.fill = true});
  (*session)->use({.texts = {}, .given = true});  // a journal's rules have no part in this
  const Done done = (*session)->read([&](const Event& event, const Step&) -> Done {
    if (event.type == EventType::trade) {
      add_trade(as<event::Trade>(event), engine.market(), read);
    }
    return {};
  });
  if (!done) {
    return std::unexpected(CommandFault{Exit::fault, done.error()});
  }
  read.rejected = (*session)->counts().rejected_total();
  return read;
}

TradesRead read_csv(const SourceOptions& source, std::unique_ptr<ByteSource> bytes) {
  std::optional<Output> output;
  if (!source.rejected_file.empty()) {
    auto opened = Output::open(source.rejected_file);
    if (!opened) {
      return std::unexpected(CommandFault{Exit::usage, opened.error()});
    }
    output = std::move(*opened);
  }
  ProgressLine progress;
  ReadTrades read;
  const auto rejected = read_wash_trades_csv(
      std::move(bytes),
      {.rejected = [&](const Rejected& row) -> Done {
         std::string line;
         write_rejected(row, line);
         return output ? output->line(line) : Done{};
       },
       .progress = [&](std::uint64_t rows, const Progress& far) { progress.show(rows, far); }},
      read.list);
  progress.clear();
  if (!rejected) {
    const Exit code = rejected.error().unreadable ? Exit::fault : Exit::usage;
    return std::unexpected(CommandFault{code, rejected.error().text});
  }
  read.rejected = *rejected;
  if (const Done done = output ? output->finish() : Done{}; !done) {
    return std::unexpected(CommandFault{Exit::fault, done.error()});
  }
  return read;
}

TradesRead read_trades(const SourceOptions& source) {
  const std::string& file = source.files.front();
  if (source.from != "auto" || (file != "-" && is_journal(file))) {
    return read_events(Session::open(source));
  }
  auto bytes = open_bytes(file);
  if (!bytes) {
    return std::unexpected(CommandFault{Exit::usage, bytes.error()});
  }
  auto peeked = std::make_unique<PeekedSource>(std::move(*bytes));
  const auto events = peeked->begins_with_object();
  if (!events) {
    return std::unexpected(CommandFault{Exit::fault, events.error()});
  }
  return *events ? read_events(Session::open(source, read_ndjson(std::move(peeked))))
                 : read_csv(source, std::move(peeked));
}

// A cell as RFC 4180 has it.
void append_cell(std::string_view text, std::string& out) {
  if (text.find_first_of(",\"\r\n") == text.npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    out.append(c == '"' ? 2 : 1, c);
  }
  out += '"';
}

Done write_labels(const WashTradeList& list, const std::vector<WashLabel>& labels) {
  auto output = Output::open("-");
  if (!output) {
    return std::unexpected(output.error());
  }
  Done written = output->line("trade_id,label");
  std::string line;
  for (std::size_t row = 0; row < labels.size() && written; ++row) {
    line.clear();
    append_cell(list.trade_id(row), line);
    line += ',';
    line += label_words[static_cast<std::size_t>(labels[row])];
    written = output->line(line);
  }
  return written ? output->finish() : written;
}

void print_counts(const ReadTrades& read, const std::vector<WashLabel>& labels) {
  std::string text = std::to_string(labels.size()) + " trades";
  for (std::size_t word = 0; word < label_words.size(); ++word) {
    const auto count = std::ranges::count(labels, static_cast<WashLabel>(word));
    text +=
        (word == 0 ? ": " : ", ") + std::to_string(count) + " " + std::string(label_words[word]);
  }
  std::fprintf(stderr, "%s; %llu rejected, %llu without buyer and seller\n", text.c_str(),
               static_cast<unsigned long long>(read.rejected),
               static_cast<unsigned long long>(read.nameless));
}

Exit wash_trades(const WashTradesOptions& options) {
  WashOptions algorithm = options.algorithm;
  const auto margin = parse_margin(options.margin);
  if (!margin) {
    return complain("wash-trades", Exit::usage, margin.error());
  }
  algorithm.margin = *margin;
  const TradesRead read = read_trades(options.source);
  if (!read) {
    return complain("wash-trades", read.error().code, read.error().text);
  }
  const auto trades = read->list.trades();
  if (!trades) {
    return complain("wash-trades", Exit::usage, trades.error());
  }
  const std::vector<WashLabel> labels = label_wash_trades(*trades, algorithm);
  if (const Done done = write_labels(read->list, labels); !done) {
    return complain("wash-trades", Exit::fault, done.error());
  }
  print_counts(*read, labels);
  return options.source.strict && read->rejected > 0 ? Exit::strict : Exit::done;
}

}  // namespace

void add_wash_trades(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<WashTradesOptions>();
  CLI::App* command = app.add_subcommand(
      "wash-trades",
      "Label the trades of a file as wash trades or not: the algorithm of Victor & Weintraud "
      "(WWW '21). Writes CSV trade_id,label.");
  command
      ->add_option("FILE", options->source.files,
                   "CSV with trade_id,timestamp,token,buyer,seller,amount (seconds since 1970), or "
                   "events; - is standard input, .gz and .zst are unpacked")
      ->required()
      ->expected(1);
  command
      ->add_option("--occurrence-min", options->algorithm.occurrence_min,
                   "in how many layers of tokens a set of accounts must trade in circles")
      ->check(CLI::Range(std::uint64_t{1}, UINT64_MAX))
      ->capture_default_str();
  command
      ->add_option("--margin", options->margin,
                   "the largest net position left, as a share of the mean trade")
      ->capture_default_str();
  command
      ->add_option("--windows", options->algorithm.windows_s,
                   "lengths in seconds, comma-separated; one pass each, in this order")
      ->delimiter(',')
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000'000}))
      ->capture_default_str();
  options->source.add_to(*command);
  command->get_option("--from")->description(
      "form of the input: auto (a journal; else NDJSON where it begins with {, else CSV as above), "
      "ndjson, journal, trades-csv, hyperliquid");
  command->callback([options, &chosen] { chosen = [options] { return wash_trades(*options); }; });
}

}  // namespace marktwacht
