// One line of a scenario's story as an event of the stream. The language: docs/scenarios.md.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace marktwacht {

// "10ms", "5s", "10m", "24h".
std::optional<Duration> parse_span(std::string_view text);

// Remembers what short lines leave out: the instruments of orders, the numbers of trades.
class ScenarioLines {
 public:
  // The NDJSON line of `line`, which is without its time; an error says what is allowed.
  std::expected<std::string, std::string> event_of(std::string_view line, Time at);

 private:
  using Fields = std::map<std::string, std::string>;
  std::expected<void, std::string> complete(std::string_view word, Fields& fields);

  std::map<std::string, std::string> instruments_;  // by order id
  std::uint64_t trades_ = 0;
};

}  // namespace marktwacht
