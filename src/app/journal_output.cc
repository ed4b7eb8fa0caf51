// Opening and closing journals.
#include "app/journal_output.h"

#include "events/config_names.h"

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
  event::Config event;
  event.type = EventType::config;
  event.ts = baselines.at;
  event.name = make_text(baselines_config);
  event.text = make_text(baselines.text);
  event.present = 0b11;
  return writer.append(event);
}

std::expected<void, std::string> record(const ProposalMade& proposal, JournalWriter& writer) {
  const std::string id = measure_id(proposal.seq);
  event::Proposal event;
  event.type = EventType::proposal;
  event.ts = proposal.at;
  event.proposal_id = make_text(id);
  event.case_id = make_text(proposal.case_id);
  event.measure = make_text(proposal.measure);
  event.present = 0b111;
  return writer.append(event);
}

std::expected<void, std::string> close_journal_output(JournalWriter& writer, const Engine& engine) {
  if (auto recorded = writer.record_state_hash(engine.state_hash()); !recorded) {
    return recorded;
  }
  return writer.close();
}

}  // namespace marktwacht
