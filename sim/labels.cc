// Writing labels: see labels.h.
#include "sim/labels.h"

#include <algorithm>

namespace marktwacht::sim {

std::size_t LabelBook::open(LabelFacts facts, Time from) {
  std::string instrument_id(facts.instrument_id);
  entries_.push_back({std::move(facts), std::move(instrument_id), from, from, {}});
  return entries_.size() - 1;
}

void LabelBook::look_alike(std::string_view what, std::vector<std::uint32_t> accounts,
                           std::string_view instrument_id, Time from) {
  entries_[open({.clause = {},
                 .detector = {},
                 .accounts = std::move(accounts),
                 .instrument_id = instrument_id},
                from)]
      .look_alike = what;
}

void LabelBook::close(std::size_t label, Time to) {
  entries_[label].to = to;
  entries_[label].open = false;
}

void LabelBook::drop(std::size_t label) { entries_[label].dropped = true; }

std::string LabelBook::lines(Time stream_end) const {
  std::vector<const Entry*> sorted;
  for (const Entry& entry : entries_) {
    if (!entry.dropped) {
      sorted.push_back(&entry);
    }
  }
  std::ranges::stable_sort(sorted, {}, [](const Entry* entry) { return entry->from; });
  std::string text;
  for (const Entry* entry : sorted) {
    text += entry->look_alike.empty()
                ? "{\"clause\":\"" + std::string(entry->facts.clause) + "\",\"detector\":\"" +
                      std::string(entry->facts.detector)
                : "{\"look_alike\":\"" + std::string(entry->look_alike);
    text += "\",\"account_ids\":[";
    bool first = true;
    for (const std::uint32_t account : entry->facts.accounts) {
      text += first ? "\"" : ",\"";
      text += population_.account_id(account).view();
      text += "\"";
      first = false;
    }
    text += "]";
    if (!entry->instrument_id.empty()) {
      text += ",\"instrument_id\":\"" + entry->instrument_id + "\"";
    }
    text += ",\"from_ts\":" + std::to_string(entry->from.ns) + ",\"to_ts\":" +
            std::to_string(entry->open ? std::max(entry->from, stream_end).ns : entry->to.ns) +
            "}\n";
  }
  return text;
}

}  // namespace marktwacht::sim
