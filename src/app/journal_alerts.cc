// Alert records and rulebooks out of a journal; all other records are passed over.
#include "app/journal_alerts.h"

#include <algorithm>
#include <ranges>

#include "alerts/alert.h"
#include "alerts/alert_id.h"
#include "app/alert_words.h"
#include "edges/journal/visit.h"
#include "events/config_names.h"

namespace marktwacht {

std::expected<JournalAlerts, std::string> JournalAlerts::read(const std::string& path) {
  JournalAlerts result;
  const auto read = visit_journal(path, 0, [&](const Event& event, std::uint64_t seq) {
    if (event.type == EventType::alert) {
      const auto& alert = as<event::Alert>(event);
      const auto [at, fresh] = result.records_.try_emplace(std::string(alert.alert_id.view()));
      if (fresh) {
        result.ids_.push_back(at->first);
      }
      at->second.revisions.push_back({static_cast<std::uint64_t>(alert.revision),
                                      std::string(alert.state.view()), event.ts, seq});
      at->second.body = alert.body.view();
    } else if (is_config(event, rulebook_config)) {
      result.rulebooks_.emplace_back(as<event::Config>(event).text.view());
    }
    return true;
  });
  if (!read) {
    return std::unexpected(read.error());
  }
  return result;
}

std::optional<Rulebook> JournalAlerts::cited(const std::string& rulebook) const {
  for (const std::string& text : rulebooks_ | std::views::reverse) {
    auto book = load_rulebook(text);
    if (book && book->cited() == rulebook) {
      return *std::move(book);
    }
  }
  return std::nullopt;
}

std::expected<RecordedAlert, std::string> JournalAlerts::alert(const std::string& alert_id) const {
  const Record& record = records_.at(alert_id);
  auto alert = read_alert(record.body);
  if (!alert) {
    return std::unexpected("the record of alert " + alert_id + ": " + alert.error());
  }
  alert->at = record.revisions.back().at;
  alert->seq = record.revisions.back().seq;
  const auto book = cited(alert->source->rulebook);
  add_words(*alert, book ? &*book : nullptr);
  return RecordedAlert{*std::move(alert), record.revisions};
}

std::vector<std::string> JournalAlerts::near(std::string_view alert_id, std::size_t most) const {
  std::vector<std::string> found = ids_;
  if (const std::uint64_t wanted = alert_number(alert_id); wanted > 0) {
    const auto distance = [&](const std::string& id) {
      const std::uint64_t number = alert_number(id);
      return number > wanted ? number - wanted : wanted - number;
    };
    std::ranges::stable_sort(found, {}, distance);
  }
  found.resize(std::min(most, found.size()));
  std::ranges::sort(found, {}, [&](const std::string& id) {
    return records_.find(id)->second.revisions.front().seq;
  });
  return found;
}

}  // namespace marktwacht
