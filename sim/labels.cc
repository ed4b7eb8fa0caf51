// Writing labels: see labels.h.
#include "sim/labels.h"

#include <algorithm>

namespace marktwacht::sim {

std::size_t LabelBook::open(LabelFacts facts, Time from) {
  std::string instrument_id(facts.instrument_id);
  entries_.push_back({std::move(facts), std::move(instrument_id), from, from});
  return entries_.size() - 1;
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
    text += "{\"clause\":\"" + std::string(entry->facts.clause) + "\",\"detector\":\"" +
            std::string(entry->facts.detector) + "\",\"account_ids\":[";
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
