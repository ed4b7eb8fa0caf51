// Opening and closing journals.
#include "app/journal_output.h"

#include "engine/records.h"

namespace marktwacht {

std::expected<JournalWriter, std::string> open_journal_output(const std::string& path,
                                                              const Config& config,
                                                              std::uint32_t engine) {
  JournalOptions options;
  options.engine = engine;
  if (!config.journal_signing_key_file.empty()) {
    auto key = SigningKey::load(config.journal_signing_key_file);
    if (!key) {
      return std::unexpected(key.error());
    }
    options.key = *key;
  }
  auto writer = JournalWriter::open(path, options);
  if (writer && writer->next_seq() != options.start_seq) {
    return std::unexpected(path + " already holds a journal; name a fresh place");
  }
  return writer;
}

std::expected<void, std::string> record(const BaselinesMade& baselines, JournalWriter& writer) {
  return writer.append(baselines_record(baselines));
}

std::expected<void, std::string> record(const ProposalMade& proposal, JournalWriter& writer) {
  const std::string id = measure_id(proposal.seq);
  return writer.append(proposal_record(proposal, id));
}

std::expected<void, std::string> close_journal_output(JournalWriter& writer, const Engine& engine) {
  if (auto recorded = writer.record_state_hash(engine.state_hash()); !recorded) {
    return recorded;
  }
  return writer.close();
}

}  // namespace marktwacht
