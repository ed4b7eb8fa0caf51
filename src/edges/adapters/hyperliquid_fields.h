// The fields of one JSON object of the node's output, read with the first failure kept.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/decimal.h"
#include "base/fixed.h"
#include "base/time.h"
#include "events/batch.h"

namespace marktwacht {

// "2026-04-30T20:46:43.304461819": UTC without saying so.
std::optional<Time> parse_node_time(std::string_view text);

// After a failure every further value is a default; ask `fault` once at the end. Keys must be
// literals: they become Fault::field. JSON null counts as absent.
class NodeFields {
 public:
  explicit NodeFields(simdjson::dom::element element);

  const std::optional<Fault>& fault() const { return fault_; }
  void fail(RejectReason reason, std::string_view field);

  bool has(std::string_view key) const;
  std::string_view text(std::string_view key);           // required
  std::string_view text_or_empty(std::string_view key);  // absent = empty
  std::string_view id(std::string_view key);             // 1–128 bytes
  std::uint64_t number(std::string_view key);
  bool flag(std::string_view key);  // absent = false
  Decimal decimal(std::string_view key);
  Decimal price(std::string_view key);                 // > 0
  std::int64_t size(std::string_view key, int scale);  // >= 0, in 10^-scale
  Side side(std::string_view key);                     // "B" bid, "A" ask
  Time time(std::string_view key);
  simdjson::dom::element element(std::string_view key);  // after a failure the object itself

 private:
  std::optional<simdjson::dom::element> find(std::string_view key) const;

  simdjson::dom::element object_;
  std::optional<Fault> fault_;
};

}  // namespace marktwacht
