// One pass over what was decoded.
#include "service/admission.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "events/ndjson.h"

namespace marktwacht {
namespace {

bool may_come(const Sender& sender, const Item& item) {
  const EventType type = item.event != nullptr ? item.event->type : item.type;
  if (type == EventType{}) {
    return true;  // a line that says no type has a fault of its own
  }
  if (!sender.types.empty() &&
      std::ranges::find(sender.types, event_info(type).word) == sender.types.end()) {
    return false;
  }
  if (sender.only_results) {
    return type == EventType::command_result;
  }
  return item.event != nullptr ? may_send(*item.event, sender.may)
                               : may_send(event_info(type).origin, sender.may);
}

}  // namespace

void admit(const Sender& sender, Batch& batch) {
  const Text source = make_text(batch.arena.copy(sender.source));
  for (Item& item : batch.items) {
    if (!may_come(sender, item)) {
      item.event = nullptr;
      item.fault = {RejectReason::forbidden_type, "type"};
    } else if (item.event != nullptr &&
               item.event->ts.ns - sender.received.ns > sender.skew_max.ns) {
      item.event = nullptr;
      item.fault = {RejectReason::skew, "ts"};
    } else if (item.event != nullptr) {
      const_cast<Event*>(item.event)->source = source;  // the batch is ours
    }
  }
}

Batch decode_lines(std::string body) {
  Batch batch;
  const std::size_t size = body.size();
  body.append(NdjsonReader::padding, ' ');
  batch.bytes = std::move(body);
  NdjsonReader reader;
  const char* const begin = batch.bytes.data();
  std::size_t at = size >= 3 && std::memcmp(begin, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  for (std::uint64_t number = 1; at < size; ++number) {
    const auto* end = static_cast<const char*>(std::memchr(begin + at, '\n', size - at));
    const std::size_t next = end == nullptr ? size : static_cast<std::size_t>(end - begin);
    const std::string_view line(begin + at, next - at);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
      ++batch.blank_lines;
    } else {
      Item& item = batch.items.emplace_back();
      item.line = number;
      item.offset = at;
      item.text = line;
      if (line.size() > line_bytes_max) {
        item.fault = {RejectReason::too_large, {}};
      } else {
        reader.read(line, batch, item);
      }
    }
    at = next + 1;
  }
  return batch;
}

}  // namespace marktwacht
