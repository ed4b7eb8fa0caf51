// `marktwacht verify`: is this journal what was written, and does it replay to the same state?
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/journal_output.h"
#include "app/record_difference.h"
#include "app/session.h"
#include "edges/journal/head.h"

namespace marktwacht {
namespace {

using Printed = unsigned long long;

struct VerifyOptions {
  std::string path;
  std::string config_file;
  std::vector<std::string> public_keys;  // 64 hexadecimal digits each
  std::string heads_file;                // that were published
};

std::optional<std::array<std::uint8_t, 32>> parse_key(const std::string& text) {
  std::array<std::uint8_t, 32> key{};
  if (text.size() != 64 || text.find_first_not_of("0123456789abcdefABCDEF") != text.npos) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<std::uint8_t>(std::stoi(text.substr(2 * i, 2), nullptr, 16));
  }
  return key;
}

std::optional<PublicKeys> parse_keys(const std::vector<std::string>& texts) {
  PublicKeys keys;
  for (const std::string& text : texts) {
    const auto key = parse_key(text);
    if (!key) {
      return std::nullopt;
    }
    keys.push_back(*key);
  }
  return keys;
}

std::expected<std::vector<SignedHead>, std::string> published_heads(const VerifyOptions& options,
                                                                    const PublicKeys& keys) {
  if (options.heads_file.empty()) {
    return std::vector<SignedHead>();
  }
  std::ifstream file(options.heads_file, std::ios::binary);
  const std::string lines(std::istreambuf_iterator<char>(file), {});
  auto heads = read_heads(lines, keys);
  return heads ? heads : std::unexpected(options.heads_file + ", " + heads.error());
}

void print(const JournalReport& report) {
  std::printf("segments %llu, records %llu (seq %llu to %llu), blocks %llu, signed %llu\n",
              static_cast<Printed>(report.segments), static_cast<Printed>(report.records),
              static_cast<Printed>(report.first_seq), static_cast<Printed>(report.last_seq),
              static_cast<Printed>(report.blocks), static_cast<Printed>(report.signed_blocks));
  std::printf("head %s\n", hex(report.head).c_str());
  std::printf("%s\n", sign_head({report.head_seq, report.head}, {}).json().c_str());
  for (const std::string& note : report.notes) {
    std::printf("note: %s\n", note.c_str());
  }
  for (const std::string& fault : report.faults) {
    std::printf("FAULT: %s\n", fault.c_str());
  }
}

// Whether this engine is the one that wrote all of the journal; says so where it is not.
bool same_engine(const JournalReport& report) {
  std::string others;
  for (const std::uint32_t engine : report.engines) {
    if (engine != engine_version) {
      others += (others.empty() ? "" : ", ") + std::to_string(engine);
    }
  }
  if (!others.empty()) {
    std::printf(
        "note: written by engine version %s, replayed by version %u: alerts and states may "
        "differ\n",
        others.c_str(), static_cast<unsigned>(engine_version));
  }
  return others.empty();
}

// The recorded alerts or proposals against those made now. Of a journal that was not closed, the
// last may not be recorded yet.
bool records_agree(const char* what, const RecordedLines& lines, const JournalReport& report) {
  const std::uint64_t open_end = report.closed ? 0 : lines.unrecorded();
  const std::uint64_t wrong = lines.different() + lines.unmatched() + lines.unrecorded() - open_end;
  if (lines.same() + wrong > 0) {
    std::printf("%s records: %llu as this version makes them, %llu not\n", what,
                static_cast<Printed>(lines.same()), static_cast<Printed>(wrong));
  }
  if (wrong > 0) {
    const auto [recorded, now] = lines.first_parting();
    std::printf("the first that differs: %s\n", difference_in_words(what, recorded, now).c_str());
  }
  if (open_end > 0) {
    std::printf("note: %llu %s records at its end are not written yet\n",
                static_cast<Printed>(open_end), what);
  }
  return wrong == 0;
}

// What the journal states of closed days against what this engine learns of them.
bool baselines_agree(const BaselinesCompared& compared) {
  if (compared.same + compared.different > 0) {
    std::printf("baselines: %llu numbers as this version learns them, %llu not%s\n",
                static_cast<Printed>(compared.same), static_cast<Printed>(compared.different),
                compared.different > 0 ? " (the recorded ones were used)" : "");
  }
  return compared.different == 0;
}

// Replays the journal and compares the alerts, and the state hash wherever one was recorded. Both
// are the engine's who wrote it: under another version a difference is told, and is no fault.
std::expected<bool, std::string> replay(const VerifyOptions& options, const JournalReport& report) {
  SourceOptions source;
  source.files = {options.path};
  source.from = "journal";
  source.config_file = options.config_file;
  source.trust = true;  // its chain has just been verified
  auto session = Session::open(source);
  if (!session) {
    return std::unexpected(session.error());
  }
  Engine& engine = (*session)->engine();
  const auto& recorded = report.state_hashes;
  const bool same = same_engine(report);
  std::size_t next = 0, wrong = 0;
  const auto compare = [&] {
    for (; next < recorded.size() && recorded[next].seq <= engine.last_seq(); ++next) {
      const bool equal = recorded[next].hash == engine.state_hash();
      wrong += equal ? 0 : 1;
      std::printf("state after seq %llu: %s\n", static_cast<Printed>(recorded[next].seq),
                  equal ? "as recorded" : "DIFFERS from the recorded hash");
    }
    return std::expected<void, std::string>{};
  };
  const auto read = (*session)->read([&](const Event&, const Step&) { return compare(); });
  if (!read) {
    return std::unexpected(read.error());
  }
  if (engine.recorded().unmatched() > 0) {
    engine.close();  // as the run that wrote the journal did
  }
  compare();
  const bool alerts = records_agree("alert", engine.recorded(), report);
  const bool proposals = records_agree("proposal", engine.recorded_proposals(), report);
  const bool baselines = baselines_agree(engine.rules().baselines_compared());
  const std::uint64_t refused = (*session)->counts().rejected_total();
  std::printf("replayed %llu records, %llu refused on replay\n",
              static_cast<Printed>(engine.last_seq()), static_cast<Printed>(refused));
  if (next < recorded.size()) {
    std::printf("%s: %zu recorded state hashes were not reached\n", same ? "FAULT" : "note",
                recorded.size() - next);
  }
  return refused == 0 &&
         (!same || (alerts && proposals && baselines && wrong == 0 && next == recorded.size()));
}

Exit verify(const VerifyOptions& options) {
  if (!is_journal(options.path)) {
    return complain("verify", Exit::usage, options.path + " is no journal");
  }
  const auto keys = parse_keys(options.public_keys);
  if (!keys) {
    return complain("verify", Exit::usage, "--public-key takes 64 hexadecimal digits");
  }
  const auto heads = published_heads(options, *keys);
  if (!heads) {
    return complain("verify", Exit::verification, heads.error());
  }
  const JournalReport report = verify_journal_holds(options.path, *keys, *heads);
  print(report);
  if (!report.ok) {
    std::puts("verification FAILED");
    return Exit::verification;
  }
  const auto same = replay(options, report);
  if (!same) {
    return complain("verify", Exit::fault, same.error());
  }
  std::puts(*same ? "verified" : "verification FAILED");
  return *same ? Exit::done : Exit::verification;
}

}  // namespace

void add_verify(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = app.add_subcommand(
      "verify", "Check a journal: CRCs, hash chain, signatures; replay it and compare the state.");
  command->add_option("DIR", options->path, "a journal file, its folder, or a data directory")
      ->required();
  command->add_option("--public-key", options->public_keys,
                      "the signer's Ed25519 key in hexadecimal, again for each that signed before "
                      "it; default: the journal's own");
  command
      ->add_option("--head", options->heads_file,
                   "heads that were published, one a line of JSON: the journal must hold each")
      ->check(CLI::ExistingFile);
  command
      ->add_option("--config", options->config_file,
                   "the marktwacht.toml it was written with (trading day)")
      ->check(CLI::ExistingFile);
  command->callback([options, &chosen] { chosen = [options] { return verify(*options); }; });
}

}  // namespace marktwacht
